"""Rules of location: every parameter and operator, for everything that can have fields."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.content.faults import Faults
from cms.fields.field import Group, LocationRule
from cms.fields.group_settings import Notices
from cms.fields.locations import (
    PARAMETERS,
    Outcome,
    Place,
    applies,
    may_apply,
    outcome,
    read_location,
)
from tests.fields.test_groups import GROUPS, admin_of
from tests.support.clinic import Clinic, Person
from tests.support.pictures import telling_photo

FACTS = json.loads((Path(__file__).parent / "data" / "acf.json").read_text())
FOR = f"{GROUPS}/for"


def test_the_parameters_are_those_of_the_facts() -> None:
    assert set(PARAMETERS) == {*FACTS["location_params"], *FACTS["pro_location_params"]}
    for name, one in FACTS["location_params"].items():
        own = PARAMETERS[name]
        assert (own.label, own.category) == (one["label"], one["category"])
        kind = {"attachment": "post"}.get(one["object_type"], one["object_type"])
        assert own.kind == kind


def test_a_rule_holds_fails_or_is_not_known_yet() -> None:
    page = Place("post", {"post_type": frozenset({"page"}), "post_category": frozenset()})
    for param, operator, value, expected in (
        ("post_type", "==", "page", Outcome.HOLDS),
        ("post_type", "==", "all", Outcome.HOLDS),
        ("post_type", "!=", "page", Outcome.FAILS),
        ("post_type", "!=", "post", Outcome.HOLDS),
        ("page_template", "==", "wide", Outcome.UNKNOWN),
        ("post_category", "!=", "category:news", Outcome.FAILS),
        ("taxonomy", "==", "category", Outcome.FAILS),
        ("taxonomy", "!=", "category", Outcome.FAILS),
        ("moon", "==", "full", Outcome.FAILS),
        ("attachment", "!=", "image", Outcome.FAILS),
    ):
        assert outcome(LocationRule(param, operator, value), page) is expected, (param, operator)


def test_media_are_not_meant_by_rules_about_posts() -> None:
    photo = {"post_type": frozenset({"attachment"}), "attachment": frozenset({"image"})}
    place = Place("post", photo)
    assert outcome(LocationRule("post_type", "!=", "page"), place) is Outcome.FAILS
    assert outcome(LocationRule("post_status", "==", "all"), place) is Outcome.FAILS
    assert outcome(LocationRule("attachment", "==", "all"), place) is Outcome.HOLDS
    assert outcome(LocationRule("attachment", "==", "video"), place) is Outcome.FAILS


def test_alternatives_are_or_and_their_rules_and() -> None:
    def rule(name: str) -> LocationRule:
        return LocationRule("post_type", "==", name)

    group = Group("group_x", "X", (), location=((rule("a"), rule("b")), (rule("c"),), ()))
    for name, expected in (("a", False), ("c", True), ("d", False)):
        assert applies(group, Place("post", {"post_type": frozenset({name})})) is expected
    assert may_apply(group, "post")
    assert not may_apply(group, "user")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["param", "operator", "value", "0"]) | st.text(max_size=3), inner
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_as_location_is_read_or_refused(found: Any) -> None:
    faults, notices = Faults(), Notices()
    location = read_location(found, faults, notices)
    group = Group("group_x", "X", (), location=location)
    assert applies(group, Place("post", {})) in {True, False}


def group_for(*rules: tuple[str, str, str]) -> dict[str, Any]:
    key = "_".join(part for rule in rules for part in rule if part.isalnum()) or "x"
    return {
        "key": f"group_{key}",
        "title": key,
        "show_in_rest": True,
        "fields": [
            {"key": f"field_{key}", "name": f"of_{key}", "label": key, "type": "text"},
        ],
        "location": [[{"param": p, "operator": o, "value": v} for p, o, v in rules]],
    }


async def keep(admin: Person, *definitions: dict[str, Any]) -> None:
    for one in definitions:
        made = await admin.post(GROUPS, one)
        assert made.status_code == 201, made.text


async def told(person: Person, **query: Any) -> dict[str, Any]:
    answer = await person.get(FOR, params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def applying(person: Person, **query: Any) -> set[str]:
    found = (await told(person, **query))["field_groups"]
    return {one["title"] for one in found if one["applies"] and one["source"] == "site"}


async def test_a_post_is_asked_for_all_that_it_is(cms: Clinic) -> None:
    admin = await admin_of(cms)
    news = (await admin.post("/wp-json/wp/v2/categories", {"name": "News"})).json()["id"]
    post = await cms.draft(admin, categories=[news], format="quote")
    rules = {
        "type": ("post_type", "==", "post"),
        "template": ("post_template", "==", "default"),
        "status": ("post_status", "==", "draft"),
        "format": ("post_format", "==", "quote"),
        "category": ("post_category", "==", "category:news"),
        "by_id": ("post_category", "==", str(news)),
        "taxonomy": ("post_taxonomy", "!=", "post_tag:old"),
        "post": ("post", "==", str(post["id"])),
        "top": ("page_type", "==", "top_level"),
        "user": ("current_user", "==", "logged_in"),
        "role": ("current_user_role", "==", "administrator"),
        "not_page": ("page", "!=", str(post["id"])),
        "not_template": ("page_template", "!=", "wide"),
        "not_status": ("post_status", "!=", "draft"),
        "not_role": ("current_user_role", "==", "author"),
    }
    groups = [{**group_for(rule), "key": f"group_{n}", "title": n} for n, rule in rules.items()]
    for i, one in enumerate(groups):
        one["fields"] = [{**one["fields"][0], "key": f"field_{i}", "name": f"n{i}"}]
    await keep(admin, *groups)
    expected = {name for name in rules if not name.startswith("not_")}
    assert await applying(admin, type="post", id=post["id"]) == expected
    found = await told(admin, type="post", id=post["id"])
    (rule,) = next(o for o in found["field_groups"] if o["title"] == "not_status")["rules"][0]
    assert (rule["outcome"], rule["compared_with"]) == ("fails", ["draft"])


async def test_pages_know_their_family_and_their_template(cms: Clinic) -> None:
    admin = await admin_of(cms)
    top = await cms.draft(admin, "pages", title="Top")
    child = await cms.draft(admin, "pages", title="Child", parent=top["id"])
    await cms.set_options(show_on_front="page", page_on_front=top["id"])
    await keep(
        admin,
        group_for(("page_type", "==", "parent")),
        group_for(("page_type", "==", "child")),
        group_for(("page_type", "==", "front_page")),
        group_for(("page_parent", "==", str(top["id"]))),
        group_for(("page", "==", str(child["id"]))),
        group_for(("page_template", "==", "default")),
    )
    of_top = await applying(admin, type="post", id=top["id"])
    of_child = await applying(admin, type="post", id=child["id"])
    assert {"default"} < of_top
    assert len(of_top) == 3
    assert len(of_child) == 4


async def test_rules_decide_what_a_post_may_be_written_with(cms: Clinic) -> None:
    admin = await admin_of(cms)
    await keep(admin, group_for(("post_format", "==", "quote")))
    quote = await cms.draft(admin, format="quote", acf={"of_quote": "Said"})
    plain = await cms.draft(admin, acf={"of_quote": "Said"})
    address = "/wp-json/wp/v2/posts"
    assert quote["acf"] == {"of_quote": "Said"}
    async with cms.as_system() as work:
        row = await work.one("select count(*) from cms.revisions where parts ? 'fields'")
    assert row[0] == 1
    assert (await admin.get(f"{address}/{plain['id']}?context=edit")).status_code == 200


async def test_what_does_not_exist_yet_is_asked_for_by_what_is_known(cms: Clinic) -> None:
    admin = await admin_of(cms)
    await keep(
        admin,
        group_for(("post_type", "==", "page"), ("page_template", "==", "wide")),
        group_for(("post_type", "==", "page"), ("post_status", "==", "draft")),
    )
    assert len(await applying(admin, post_type="page")) == 2
    assert len(await applying(admin, post_type="page", template="narrow")) == 1
    assert len(await applying(admin, post_type="page", template="wide", status="publish")) == 1
    assert await applying(admin, post_type="post") == set()


async def test_terms_people_comments_media_and_options(cms: Clinic) -> None:
    admin, ana = await admin_of(cms), await cms.person("ana", roles=("author",))
    post = await cms.draft(admin, status="publish")
    comment = await admin.post(
        "/wp-json/wp/v2/comments", {"post": post["id"], "content": "Boa leitura."}
    )
    term = (await admin.post("/wp-json/wp/v2/tags", {"name": "Dor"})).json()["id"]
    sent = {"file": ("rim.jpg", telling_photo(60, 40))}
    photo = await cms.http.post("/wp-json/wp/v2/media", headers=admin.bearer, files=sent)
    menu = (
        await admin.post("/wp-json/wp/v2/menus", {"name": "T", "locations": ["primary"]})
    ).json()
    await keep(
        admin,
        group_for(("taxonomy", "==", "post_tag")),
        group_for(("user_role", "==", "author")),
        group_for(("user_form", "==", "edit")),
        group_for(("comment", "==", "post")),
        group_for(("attachment", "==", "image")),
        group_for(("attachment", "==", "video")),
        group_for(("options_page", "==", "theme")),
        group_for(("nav_menu", "==", "location/primary")),
        group_for(("widget", "==", "block")),
        group_for(("block", "==", "acf/quote")),
    )
    for query, expected in (
        ({"type": "term", "taxonomy": "post_tag", "id": term}, 1),
        ({"type": "term", "taxonomy": "category"}, 0),
        ({"type": "user", "id": ana.id}, 2),
        ({"type": "user", "id": admin.id}, 1),
        ({"type": "comment", "id": comment.json()["id"]}, 1),
        ({"type": "comment", "post_type": "page"}, 0),
        ({"type": "media", "id": photo.json()["id"]}, 1),
        ({"type": "media"}, 2),
        ({"type": "option", "name": "theme"}, 1),
        ({"type": "option", "name": "other"}, 0),
        ({"type": "menu", "id": menu["id"]}, 1),
        ({"type": "widget", "name": "block"}, 1),
        ({"type": "block", "name": "acf/quote"}, 1),
    ):
        assert len(await applying(admin, **query)) == expected, query
    assert len(await applying(ana, type="user", id=ana.id)) == 2


async def test_only_who_may_edit_a_thing_is_told_its_fields(cms: Clinic) -> None:
    admin, ana = await admin_of(cms), await cms.person("ana", roles=("author",))
    secret = await cms.draft(admin)
    shown = await cms.draft(admin, status="publish")
    reader = await cms.person("leo", roles=("subscriber",))
    for person, query, status in (
        (ana, {"type": "post", "id": secret["id"]}, 404),
        (ana, {"type": "post", "id": shown["id"]}, 403),
        (ana, {"post_type": "post"}, 200),
        (reader, {"post_type": "post"}, 403),
        (reader, {"type": "user", "id": reader.id}, 200),
        (reader, {"type": "user", "id": ana.id}, 403),
        (ana, {"type": "option", "name": "x"}, 403),
        (ana, {"type": "term", "taxonomy": "category"}, 403),
        (ana, {"type": "menu", "id": 1}, 403),
        (admin, {"type": "moon"}, 400),
        (admin, {"type": "option"}, 400),
        (admin, {"post_type": "moon"}, 400),
        (admin, {"type": "post", "id": "x"}, 400),
        (admin, {"type": "post", "id": 1, "colour": "red"}, 400),
        (admin, {"type": "post", "id": 99999}, 404),
    ):
        answer = await person.get(FOR, params=query)
        assert answer.status_code == status, (query, answer.text)
    assert (await cms.http.get(FOR, params={"post_type": "post"})).status_code == 401


@pytest.mark.parametrize("param", sorted(PARAMETERS))
def test_both_operators_are_opposites_where_something_is_known(param: str) -> None:
    kind = PARAMETERS[param].kind or "post"
    place = Place(kind, {param: frozenset({"x"})})
    for value in ("x", "y"):
        is_so = outcome(LocationRule(param, "==", value), place)
        is_not = outcome(LocationRule(param, "!=", value), place)
        assert {is_so, is_not} == {Outcome.HOLDS, Outcome.FAILS}
