"""Categories: listed for everybody, added by those who manage them."""

V2 = "/wp-json/wp/v2"


async def test_terms_are_listed_with_the_published_posts_they_hold(cms):
    editor = await cms.person("ed.editor", ["editor"])
    made = {}
    for name in ("Ânimo", "Bem-estar", "Zika", "agenda"):
        made[name] = (await editor.post(f"{V2}/categories", {"name": name})).json()
    child = await editor.post(
        f"{V2}/categories", {"name": "Zika grave", "parent": made["Zika"]["id"]}
    )
    assert (child.status_code, child.json()["parent"]) == (201, made["Zika"]["id"])
    zika, animo = made["Zika"]["id"], made["Ânimo"]["id"]
    live = await cms.draft(editor, categories=[zika, animo, zika], status="publish")
    draft = await cms.draft(editor, categories=[zika])
    assert live["categories"] == sorted({zika, animo})
    listed = (await cms.http.get(f"{V2}/categories")).json()
    assert [term["slug"] for term in listed] == [
        "agenda",
        "animo",
        "bem-estar",
        "zika",
        "zika-grave",
    ]
    assert {t["slug"]: t["count"] for t in listed}["zika"] == 1
    wanted = {
        "order=desc": ["zika-grave", "zika", "bem-estar", "animo", "agenda"],
        "orderby=count&order=desc&per_page=2": ["animo", "zika"],
        "hide_empty=true": ["animo", "zika"],
        f"post={live['id']}": ["animo", "zika"],
        f"parent={zika}": ["zika-grave"],
        "parent=0&per_page=1&page=4": ["zika"],
        "search=ANIMO": ["animo"],
        "slug=zika,agenda": ["agenda", "zika"],
        f"include={zika}": ["zika"],
        f"exclude={zika}&per_page=1": ["agenda"],
        "page=9": [],
    }
    for query, slugs in wanted.items():
        response = await cms.http.get(f"{V2}/categories?{query}")
        assert {t["slug"] for t in response.json()} == set(slugs), query
        if "count" not in query:
            assert [t["slug"] for t in response.json()] == slugs, query
    paged = await cms.http.get(f"{V2}/categories?per_page=2&page=2")
    assert (paged.headers["X-WP-Total"], paged.headers["X-WP-TotalPages"]) == ("5", "3")
    # What a draft is filed under is for those who may read the draft.
    hidden = f"{V2}/categories?post={draft['id']}"
    assert (await cms.http.get(hidden)).json() == []
    assert [t["slug"] for t in (await editor.get(hidden)).json()] == ["zika"]


async def test_a_term_is_shown_by_context(cms):
    editor, author = await cms.person("ed", ["editor"]), await cms.person("ana.autora")
    made = (await editor.post(f"{V2}/categories", {"name": "Dor"})).json()
    path = f"{V2}/categories/{made['id']}"
    keys = ["id", "count", "description", "link", "name", "slug", "taxonomy", "parent", "meta"]
    assert list((await cms.http.get(path)).json()) == [*keys, "_links"]
    embedded = (await cms.http.get(f"{path}?context=embed")).json()
    assert list(embedded) == ["id", "link", "name", "slug", "taxonomy", "_links"]
    for who, status in ((cms.http, 401), (author, 403), (editor, 200)):
        for address in (path, f"{V2}/categories"):
            assert (await who.get(f"{address}?context=edit")).status_code == status


async def test_a_bad_term_is_refused(cms):
    editor = await cms.person("ed", ["editor"])
    for body, code in (
        ({}, "rest_missing_callback_param"),
        ({"name": ""}, "rest_invalid_param"),
        ({"name": "!!!"}, "rest_invalid_param"),
        ({"name": "<script>x</script>"}, "rest_invalid_param"),
        ({"name": "x", "parent": 999}, "rest_term_invalid"),
    ):
        response = await editor.post(f"{V2}/categories", body)
        assert (response.status_code, response.json()["code"]) == (400, code), body


async def test_an_unknown_category_is_named_and_nothing_is_saved(cms):
    """WordPress drops it in silence; an editor would think that the post is filed."""
    editor = await cms.person("ed", ["editor"])
    response = await editor.post(f"{V2}/posts", {"title": "x", "categories": [999]})
    assert response.json()["data"]["params"] == {"categories": "there is no term 999 in categories"}
    assert (await editor.get(f"{V2}/posts?status=any")).json() == []
