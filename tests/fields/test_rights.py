"""Who sees and who changes a field: levels of compliance, capabilities of its own, secrets."""

from typing import Any

import pytest

from cms.fields.field import Field, Group, Layout
from cms.fields.rights import (
    READ_PROFESSIONAL,
    FieldForbidden,
    refuse_changes,
    refuse_hidden,
    visible_fields,
)
from cms.kernel.actors import ANONYMOUS, SYSTEM, Actor, ActorKind
from tests.fields.groups_of_tests import V2, field, group, keep
from tests.support.clinic import Clinic


def person(*capabilities: str) -> Actor:
    return Actor(ActorKind.PERSON, 1, (), frozenset(capabilities))


def of(name: str, **more: Any) -> Field:
    said = {
        word: more.pop(word) for word in ("read_capability", "write_capability") if word in more
    }
    return Field(f"field_{name}", name, name, "text", definition=said, **more)


def fields(*found: Field, level: str = "basic") -> dict[str, tuple[Field, Group]]:
    group = Group("group_g", "G", found, compliance_level=level)
    return {one.name: (one, group) for one in found}


@pytest.mark.parametrize(
    ("level", "actor", "sees"),
    [
        ("basic", ANONYMOUS, True),
        ("professional", ANONYMOUS, False),
        ("professional", person(), False),
        ("professional", person(READ_PROFESSIONAL), True),
        ("sensitive", person(READ_PROFESSIONAL), False),
        ("sensitive", person("read_sensitive_fields"), True),
        ("of another version", person(READ_PROFESSIONAL), False),
        ("sensitive", SYSTEM, True),
    ],
)
def test_levels(level: str, actor: Actor, sees: bool) -> None:
    assert bool(visible_fields(actor, fields(of("a"), level=level))) is sees


def test_capabilities_of_a_field_come_on_top_also_inside_another() -> None:
    locked = of("crm", read_capability="x")
    rows = of("rows", sub_fields=(of("unit"), locked))
    flexible = of("parts", layouts=(Layout("layout_a", "a", "A", (locked, of("b"))),))
    seen = visible_fields(person(), fields(of("a", read_capability="x"), rows, flexible))
    assert list(seen) == ["rows", "parts"]
    assert [one.name for one in seen["rows"][0].sub_fields] == ["unit"]
    assert [one.name for one in seen["parts"][0].layouts[0].sub_fields] == ["b"]
    whole = visible_fields(person("x"), fields(rows))
    assert whole["rows"][0] is rows


def test_secrets_are_for_those_who_edit() -> None:
    secret = fields(of("a", is_secret=True))
    assert not visible_fields(person(), secret)
    assert visible_fields(person(), secret, edits=True)


def test_a_change_needs_the_right_and_what_comes_back_unchanged_does_not() -> None:
    known = fields(of("a", write_capability="x"), of("b"))
    before = {"a": "1", "b": "1"}
    refuse_changes(person(), known, before, {"a": "1", "b": "2"})
    refuse_changes(person("x"), known, before, {"a": "2"})
    for after in ({"a": "2"}, {"b": "1"}):
        with pytest.raises(FieldForbidden) as refused:
            refuse_changes(person(), known, before, after)
        assert refused.value.fields == ["a"]


def test_inner_fields_are_named_with_their_rows_and_cannot_be_lost() -> None:
    rows = of("rows", sub_fields=(of("unit"), of("crm", read_capability="x")))
    known = fields(rows)
    before = {"rows": [{"unit": "mg"}, {"unit": "g", "crm": "52"}]}
    with pytest.raises(FieldForbidden) as refused:
        refuse_hidden(person(), known, {"rows": [{"unit": "mg", "field_crm": "1"}]})
    assert refused.value.fields == ["rows[0].crm"]
    with pytest.raises(FieldForbidden) as refused:
        refuse_changes(person(), known, before, {"rows": [{"unit": "mg"}, {"unit": "g"}]})
    assert refused.value.fields == ["rows[1].crm"]
    refuse_changes(person(), known, {"rows": [{"unit": "mg"}]}, {"rows": []})


async def test_values_are_left_out_wherever_they_would_be_shown(cms: Clinic) -> None:
    clinical = group(
        "g", "post_type", "post", field("dose", "number"), compliance_level="professional"
    )
    of_terms = group("t", "taxonomy", "category", field("note"), compliance_level="professional")
    await keep(cms, clinical, of_terms)
    ana = await cms.person("ana", roles=("editor",))
    term = await ana.post(f"{V2}/categories", {"name": "Dor", "acf": {"note": "x"}})
    term_id = term.json()["id"]
    post = await cms.draft(ana, acf={"dose": 2}, categories=[term_id], status="publish")
    one, reader = f"{V2}/posts/{post['id']}", await cms.person("eva", roles=("subscriber",))
    for address in (one, f"{V2}/posts?include={post['id']}", f"{one}?context=embed"):
        for headers in ({}, reader.bearer):
            told = (await cms.http.get(address, headers=headers)).json()
            assert (told[0] if isinstance(told, list) else told)["acf"] == []
        mine = (await ana.get(address)).json()
        assert (mine[0] if isinstance(mine, list) else mine)["acf"] == {"dose": 2}
    embedded = (await cms.http.get(f"{one}?_embed")).json()["_embedded"]["wp:term"][0][0]
    assert embedded["acf"] == []


async def test_writing_without_the_right_is_refused_by_name_and_saves_nothing(
    cms: Clinic,
) -> None:
    sealed = field("note", write_capability="manage_options", read_capability="read")
    guarded = group("g", "post_type", "post", field("unit"), sealed)
    of_terms = {**sealed, "key": "field_of_terms"}
    await keep(cms, guarded, group("t", "taxonomy", "category", of_terms))
    root = await cms.person("root", roles=("administrator",))
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(root, acf={"unit": "mg", "note": "x"})
    one = f"{V2}/posts/{post['id']}"
    same = await ana.post(one, {"acf": {"unit": "g", "note": "x"}})
    assert same.json()["acf"] == {"unit": "g", "note": "x"}
    refused = await ana.post(one, {"title": "Outro", "acf": {"note": "y"}})
    assert refused.status_code == 403
    told = refused.json()
    assert told["code"] == "rest_cannot_edit_field"
    assert "note" in told["message"]
    assert told["data"] == {"status": 403, "fields": ["note"]}
    after = (await ana.get(f"{one}?context=edit")).json()
    assert (after["title"]["raw"], after["acf"]["note"]) == ("Dor de cabeça", "x")
    term = await ana.post(f"{V2}/categories", {"name": "Dor", "acf": {"note": "y"}})
    assert (term.status_code, term.json()["code"]) == (403, "rest_cannot_edit_field")
    assert (await root.post(one, {"acf": {"note": "y"}})).json()["acf"]["note"] == "y"


async def test_default_roles(cms: Clinic) -> None:
    roles = cms.host.registry.roles
    holders = {
        name: {role for role, one in roles.items() if name in one.capabilities}
        for name in ("read_professional_fields", "read_sensitive_fields", "edit_sensitive_fields")
    }
    officers = {"administrator", "compliance_officer"}
    assert holders["read_sensitive_fields"] == holders["edit_sensitive_fields"] == officers
    assert holders["read_professional_fields"] == officers | {
        "editor", "author", "contributor",
        "medical_professional", "content_reviewer", "legal_reviewer",
    }  # fmt: skip


def test_another_name_for_a_value_of_a_plugin_is_as_open_as_the_value() -> None:
    known = fields(of("a", source=("medical", "a")), of("b"), level="professional")
    assert list(visible_fields(ANONYMOUS, known)) == ["a"]
