"""Which posts a list holds, and in which order."""

import pytest

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


@pytest.mark.parametrize("share", [1, 3])
async def test_a_frequent_word_and_a_rare_one_find_the_same_for_readers_and_editors(cms, share):
    """Readers' searches are answered by one statement, which walks through the posts for a word
    that most of them hold; editors' by the general one."""
    ana, editor = await cms.person("ana.autora"), await cms.person("ed", ["editor"])
    held = []
    for number in range(6):
        words = "tosse" if number % share == 0 else "febre"
        date = f"2024-01-{20 - number:02d}"
        made = await cms.draft(ana, title=words, slug=f"s{number}", date=date, status="publish")
        held += [made["slug"]] if words == "tosse" else []
    await cms.draft(ana, title="tosse", slug="rascunho")
    await cms.draft(editor, title="tosse", slug="segredo", status="publish", password="uma senha")
    assert await slugs(cms.http, "search=tosse") == held
    assert await slugs(editor, "search=tosse&exclude=999999") == ["segredo", *held]
    page = await cms.http.get(f"{V2}/posts?search=tosse&per_page=2")
    assert [one["slug"] for one in page.json()] == held[:2]
    assert page.headers["X-WP-Total"] == str(len(held))
    beyond = await cms.http.get(f"{V2}/posts?search=tosse&page=9")
    assert beyond.json()["code"] == "rest_post_invalid_page_number"
    for nothing in ("varicela", "%3F!", "tosse -tosse"):
        assert await slugs(cms.http, f"search={nothing}") == []


async def test_an_order_that_lacks_its_argument_is_refused(cms):
    for query, code in (
        ("orderby=include", "rest_orderby_include_missing_include"),
        ("orderby=relevance", "rest_no_search_term_defined"),
    ):
        response = await cms.http.get(f"{V2}/posts?{query}")
        assert (response.status_code, response.json()["code"]) == (400, code)


async def test_terms_are_combined(cms):
    editor = await cms.person("ed.editor", ["editor"])

    async def category(name, parent=0):
        made = await editor.post(f"{V2}/categories", {"name": name, "parent": parent})
        return made.json()["id"]

    above = await category("Saúde")
    dor, pele = await category("Dor", above), await category("Pele")
    for title, filed in (("a", [above]), ("b", [dor]), ("c", [dor, pele]), ("d", [])):
        await cms.draft(editor, title=title, categories=filed, status="publish")
    wanted = {
        f"categories[terms]={dor},{pele}&categories[operator]=AND": ["c"],
        f"categories[terms][]={dor}&categories[terms][]={pele}": ["b", "c"],
        f"categories[terms]={above}": ["a"],
        f"categories[terms]={above}&categories[include_children]=true": ["a", "b", "c"],
        f"categories_exclude[terms]={above}&categories_exclude[include_children]=1": ["d"],
        f"categories_exclude[terms]={dor}": ["a", "d"],
        f"categories={above}&categories_exclude={dor}&tax_relation=OR": ["a", "d"],
        f"categories={dor}&categories_exclude={pele}&tax_relation=AND": ["b"],
        "categories[terms]=": ["a", "b", "c", "d"],
        "tax_relation=OR": ["a", "b", "c", "d"],
    }
    for query, expected in wanted.items():
        assert await slugs(cms.http, f"{query}&orderby=slug&order=asc") == expected, query


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (
            "categories=a",
            "categories is not a valid Term ID List. Reason: categories[0] is not of type integer.",
        ),
        (
            "categories[terms]=1&categories[operator]=XOR",
            "categories is not a valid Term ID Taxonomy Query. Reason: categories[operator] is "
            "not one of AND and OR.",
        ),
    ],
)
async def test_a_bad_filter_by_terms_is_refused_with_its_reason(cms, query, reason):
    response = await cms.http.get(f"{V2}/posts?{query}")
    detail = response.json()["data"]["details"]["categories"]
    assert response.status_code == 400
    assert (detail["code"], detail["message"]) == ("rest_no_matching_schema", reason)


async def test_pages_of_a_list_and_offsets(cms):
    """An offset counts before the number of the page, and the total stays that of all."""
    ana = await cms.person("ana.autora")
    for number in range(5):
        date = f"2024-01-0{number + 1}T00:00:00"
        await cms.draft(ana, title=f"n{number}", date=date, status="publish")
    assert await slugs(cms.http, "order=asc&offset=3") == ["n3", "n4"]
    paged = await cms.http.get(f"{V2}/posts?per_page=2&offset=1&page=3&order=asc")
    assert [post["slug"] for post in paged.json()] == ["n1", "n2"]
    assert (paged.headers["X-WP-Total"], paged.headers["X-WP-TotalPages"]) == ("5", "3")
    beyond = await cms.http.get(f"{V2}/posts?per_page=2&page=4")
    assert beyond.json()["code"] == "rest_post_invalid_page_number"
    nothing = await cms.http.get(f"{V2}/posts?search=nada&page=2")
    assert (nothing.status_code, nothing.json()) == (200, [])
    assert await slugs(cms.http, "slug[]=n1&slug[]=n4&orderby=include_slugs") == ["n1", "n4"]


async def test_sticky_posts_are_flagged_and_found(cms):
    editor = await cms.person("ed.editor", ["editor"])
    await cms.draft(editor, title="a", date="2024-01-01", status="publish", sticky=True)
    await cms.draft(editor, title="b", date="2024-01-02", status="publish")
    assert await slugs(cms.http, "") == ["b", "a"]
    assert await slugs(cms.http, "sticky=true") == ["a"]
    assert await slugs(cms.http, "sticky=false") == ["b"]
    known = await cms.http.get(f"{V2}/pages?sticky=maybe")
    assert known.status_code == 200


async def test_statuses_that_no_post_has_are_known(cms):
    ana = await cms.person("ana.autora")
    await cms.draft(ana)
    answers = await ana.get(f"{V2}/posts?status=request-pending")
    assert (answers.status_code, answers.json()) == (200, [])
    unknown = await ana.get(f"{V2}/posts?status=zz")
    assert unknown.status_code == 400
    mixed = await ana.get(f"{V2}/posts?status=draft,request-failed")
    assert len(mixed.json()) == 1


async def test_every_page_is_a_slice_of_the_whole_from_whichever_end_it_is_reached(cms):
    ana = await cms.person("ana.autora")
    for number in range(7):
        # Two of each date: the ids break the tie.
        date = f"2024-01-{1 + number // 2:02d}"
        await cms.draft(ana, title="Dor", slug=f"s{number}", date=date, status="publish")
    await cms.draft(ana, title="Rascunho")
    whole = await slugs(cms.http, "")
    assert len(whole) == 7
    for limit in (1, 2, 3, 5, 10):
        for offset in range(8):
            response = await cms.http.get(f"{V2}/posts?per_page={limit}&offset={offset}")
            part = [post["slug"] for post in response.json()]
            assert part == whole[offset : offset + limit], (limit, offset)
            assert response.headers["X-WP-Total"] == "7"
