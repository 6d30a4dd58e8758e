"""Several wrong values are told in one answer, whoever finds them: the table of arguments, the
content, or a plugin."""

V2 = "/wp-json/wp/v2"
ARTICLES = f"{V2}/medical-articles"
WRONG = {
    "evidence_level": "IX",
    "responsible_professional": 999,
    "scientific_references": [{"doi": "abc"}, {}],
    "categories": [77],
}


def fields(refused):
    assert (refused.status_code, refused.json()["code"]) == (400, "rest_invalid_param")
    data = refused.json()["data"]
    assert set(data["details"]) == set(data["params"])
    return {name.partition("[")[0] for name in data["params"]}


async def test_every_wrong_field_is_named_in_one_answer(cms):
    editor = await cms.person("ed", ["editor"])
    draft = await cms.draft(editor, "medical-articles")
    for path in (ARTICLES, f"{ARTICLES}/{draft['id']}"):
        assert fields(await editor.post(path, {"title": "Dor", **WRONG})) == set(WRONG)
    more = {**WRONG, "author": 998, "featured_media": 997}
    assert fields(await editor.post(ARTICLES, {"title": "Dor", **more})) == set(more)
    kept = (await editor.get(f"{ARTICLES}?status=any&context=edit")).json()
    assert [(one["id"], one["title"]["raw"]) for one in kept] == [(draft["id"], "Dor de cabeça")]


async def test_a_text_that_was_refused_is_not_called_missing_too(cms):
    editor = await cms.person("ed", ["editor"])
    assert fields(await editor.post(f"{V2}/posts", {"title": ["x"]})) == {"title"}
    assert fields(await editor.post(f"{V2}/posts", {"categories": [77]})) == {"categories"}


async def test_a_single_fault_keeps_the_code_of_wordpress(cms):
    editor = await cms.person("ed", ["editor"])
    for body, code in (
        ({"title": "x", "author": 998}, "rest_invalid_author"),
        ({"title": "x", "featured_media": 998}, "rest_invalid_featured_media"),
        ({}, "empty_content"),
    ):
        refused = await editor.post(f"{V2}/posts", body)
        assert (refused.status_code, refused.json()["code"]) == (400, code)


async def test_wrong_values_are_told_before_the_lack_of_a_right_as_in_wordpress(cms):
    contributor = await cms.person("caio", ["contributor"])
    for path, author in ((f"{V2}/posts", 998), (f"{V2}/posts/999", 1)):
        body = {"title": "x", "status": "unheard", "author": author}
        assert fields(await contributor.post(path, body)) == {"status"}
