"""Types, taxonomies and statuses: objects keyed by slug, with the fields of each context."""

import json
from pathlib import Path

import pytest

from tests.support import wordpress

V2 = "/wp-json/wp/v2"
DATA = Path(__file__).parent / "data"
MEASURED = json.loads((DATA / "wordpress-types.json").read_text())
DEEP = frozenset({"visibility"})
FORBIDDEN = {"types": "rest_forbidden_context", "taxonomies": "rest_forbidden_context"}


@pytest.mark.parametrize(
    ("kind", "slug"), [("types", "post"), ("taxonomies", "category"), ("statuses", "publish")]
)
async def test_fields_by_context_are_those_of_wordpress(cms, kind, slug):
    editor = await cms.person("ed", ["editor"])
    for context in ("view", "embed", "edit"):
        expected = set(wordpress.fields(f"wp_v2_{kind}", context))
        if context != "edit":
            expected = {name for name in expected if not name.startswith("visibility")}
        one = await editor.get(f"{V2}/{kind}/{slug}?context={context}")
        listed = await editor.get(f"{V2}/{kind}?context={context}")
        assert wordpress.flat(one.json(), deep=DEEP) == expected, context
        assert listed.json()[slug] == one.json()
        assert one.headers["Allow"] == listed.headers["Allow"] == "GET"


async def test_a_type_says_what_was_measured(cms):
    editor = await cms.person("ed", ["editor"])
    body = (await editor.get(f"{V2}/types/post?context=edit")).json()
    measured = MEASURED["post_types"]["post"]
    assert body["capabilities"] == measured["cap"]
    assert (body["rest_base"], body["hierarchical"]) == ("posts", False)
    assert body["labels"]["singular_name"] == "Post"
    assert {"category", "post_tag"} <= set(body["taxonomies"])
    assert body["supports"]["title"] is True
    assert body["_links"]["wp:items"] == [{"href": f"http://clinica.example{V2}/posts"}]


@pytest.mark.parametrize("slug", ["category", "post_tag"])
async def test_a_taxonomy_says_what_was_measured(cms, slug):
    editor = await cms.person("ed", ["editor"])
    body = (await editor.get(f"{V2}/taxonomies/{slug}?context=edit")).json()
    measured = MEASURED["taxonomies"][slug]
    assert body["capabilities"] == measured["cap"]
    for name in ("rest_base", "hierarchical"):
        assert body[name] == measured[name]
    assert "post" in body["types"]
    assert body["labels"]["name"] == body["name"]
    assert set(body["_links"]) == {"collection", "wp:items", "curies"}


async def test_statuses_are_shown_to_those_who_may_set_them(cms):
    subscriber, contributor = (
        await cms.person("sub", ["subscriber"]),
        await cms.person("con", ["contributor"]),
    )
    for who in (cms.http, subscriber):
        assert list((await who.get(f"{V2}/statuses")).json()) == ["publish"]
    shown = (await contributor.get(f"{V2}/statuses?context=edit")).json()
    assert list(shown) == ["publish", "future", "draft", "pending", "private", "trash"]
    for slug, body in shown.items():
        measured = MEASURED["statuses"][slug]
        for ours, theirs in (
            ("name", "label"),
            ("public", "public"),
            ("protected", "protected"),
            ("private", "private"),
            ("queryable", "publicly_queryable"),
            ("show_in_list", "show_in_admin_all_list"),
            ("date_floating", "date_floating"),
        ):
            assert body[ours] == measured[theirs], (slug, ours)
    archives = [body["_links"]["archives"][0]["href"] for body in shown.values()]
    assert archives[0] == f"http://clinica.example{V2}/posts"
    assert archives[2].endswith("/posts?status=draft")
    for who, status in ((cms.http, 401), (subscriber, 403), (contributor, 200)):
        response = await who.get(f"{V2}/statuses/draft")
        assert response.status_code == status
    for slug in ("inherit", "auto-draft"):
        response = await contributor.get(f"{V2}/statuses/{slug}")
        assert response.json()["code"] == "rest_cannot_read_status"


@pytest.mark.parametrize(
    ("kind", "slug", "message"),
    [
        ("types", "post", "Sorry, you are not allowed to edit posts in this post type."),
        ("taxonomies", "category", "Sorry, you are not allowed to manage terms in this taxonomy."),
        ("statuses", None, "Sorry, you are not allowed to manage post statuses."),
    ],
)
async def test_the_edit_context_is_for_those_who_write(cms, kind, slug, message):
    subscriber = await cms.person("sub", ["subscriber"])
    contributor = await cms.person("con", ["contributor"])
    for who, status in ((cms.http, 401), (subscriber, 403)):
        listed = await who.get(f"{V2}/{kind}?context=edit")
        assert (listed.status_code, listed.json()["code"]) == (status, "rest_cannot_view")
        assert listed.json()["message"] == message
        if slug is not None:
            one = await who.get(f"{V2}/{kind}/{slug}?context=edit")
            assert (one.status_code, one.json()["code"]) == (status, "rest_forbidden_context")
    assert (await contributor.get(f"{V2}/{kind}?context=edit")).status_code == 200


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("types", "rest_type_invalid"),
        ("taxonomies", "rest_taxonomy_invalid"),
        ("statuses", "rest_status_invalid"),
    ],
)
async def test_what_does_not_exist_is_not_found(cms, kind, code):
    response = await cms.http.get(f"{V2}/{kind}/nada")
    assert (response.status_code, response.json()["code"]) == (404, code)


async def test_taxonomies_are_listed_by_type(cms):
    for query, slugs in {
        "": {"category", "nav_menu", "post_tag"},
        "?type=post": {"category", "post_tag"},
        "?type=medical_article": {"category"},
        "?type=nada": set(),
    }.items():
        body = (await cms.http.get(f"{V2}/taxonomies{query}")).json()
        assert set(body) == slugs, query
