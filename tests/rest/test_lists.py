"""Which posts a list holds, and in which order."""

V2 = "/wp-json/wp/v2"


async def slugs(http, query):
    response = await http.get(f"{V2}/posts?per_page=100&{query}")
    assert response.status_code == 200, response.text
    return [post["slug"] for post in response.json()]


async def test_posts_are_filtered_and_ordered(cms):
    editor = await cms.person("ed.editor", ["editor"])
    ana = await cms.person("ana.autora")
    dor = (await editor.post(f"{V2}/categories", {"name": "Dor"})).json()["id"]
    pele = (await editor.post(f"{V2}/categories", {"name": "Pele"})).json()["id"]
    plan = [
        ("Ácaro", editor, "2024-01-01T00:00:00", [pele]),
        ("bursite", ana, "2024-01-03T00:00:00", [dor]),
        ("Dermatite dolorosa", ana, "2024-01-02T00:00:00", [dor, pele]),
    ]
    ids = {}
    for title, person, date, categories in plan:
        made = await cms.draft(
            person, title=title, date=date, categories=categories, status="publish"
        )
        ids[title[0].lower()] = made["id"]
    a, b, d = "acaro", "bursite", "dermatite-dolorosa"
    i, j, k = ids["á"], ids["b"], ids["d"]
    wanted = {
        "": [b, d, a],
        "order=asc": [a, d, b],
        "orderby=title&order=asc": [a, b, d],
        "orderby=slug": [d, b, a],
        "orderby=author&order=asc": [a, *([b, d] if j < k else [d, b])],
        f"include={k},{i},{j}&orderby=include": [d, a, b],
        f"include[]={k}&include[]={i}&orderby=id&order=asc": [a, d] if i < k else [d, a],
        f"exclude={i}": [b, d],
        f"slug={d},{a}&orderby=include_slugs": [d, a],
        f"author={ana.id}": [b, d],
        f"author_exclude={ana.id}": [a],
        f"categories={dor}": [b, d],
        f"categories={dor},{pele}": [b, d, a],
        f"categories[]={pele}&categories_exclude={dor}": [a],
        "categories=99999": [],
        "after=2024-01-01T00:00:00&before=2024-01-03T00:00:00": [d],
        "after=2024-01-02T02:59:59Z": [b, d],
        "after=2024-01-02T03:00:00Z": [b],
        "modified_before=2024-01-01": [],
        "search=DERMATITES": [d],
        "search=acaro": [a],
        "search=texto -bursite": [d, a],
        "search=texto&orderby=relevance": None,
        "sticky=true": [],
        "zz=1": [b, d, a],
    }
    for query, expected in wanted.items():
        got = await slugs(cms.http, query)
        assert got == expected or (expected is None and len(got) == 3), query


async def test_relevance_puts_the_best_first(cms):
    ana = await cms.person("ana.autora")
    often = "<p>Tosse seca, tosse, mais tosse e outra tosse.</p>"
    await cms.draft(ana, title="Tosse", content=often, date="2020-01-01", status="publish")
    seldom = "<p>" + "Outras palavras sobre saúde. " * 40 + "tosse</p>"
    await cms.draft(ana, title="Saúde", content=seldom, date="2024-01-01", status="publish")
    assert await slugs(cms.http, "search=tosse") == ["saude", "tosse"]
    assert await slugs(cms.http, "search=tosse&orderby=relevance") == ["tosse", "saude"]


async def test_an_order_that_lacks_its_argument_is_refused(cms):
    for query, code in (
        ("orderby=include", "rest_orderby_include_missing_include"),
        ("orderby=relevance", "rest_no_search_term_defined"),
    ):
        response = await cms.http.get(f"{V2}/posts?{query}")
        assert (response.status_code, response.json()["code"]) == (400, code)
