"""What plugins keep of a post beside its text, as inputs: drawn from the schema that REST has too.

Those that stand in a form of custom fields already, with better words, are left to it; lists of
objects are left to the panels of their plugins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.admin.forms import Form
from cms.admin.offering import Choices, PeopleOffered
from cms.admin.page import Page
from cms.admin.screens.posts.facets import drawn_field, field_label, said
from cms.database.work import UnitOfWork
from cms.kernel.declarations import RestField

PREFIX = "part."
_SCALARS = frozenset({"string", "boolean", "integer"})
_LONG = ("_disclaimer", "_description", "_statement", "_reason", "_interest", "funding", "_note")


@dataclass(frozen=True)
class Attribute:
    """An input. `kind` is choice, tick, line, text, lines, number or date."""

    name: str
    label: str
    kind: str
    value: Any
    choices: Sequence[tuple[str, str]] = ()


def attributes_of(work: UnitOfWork, post_type: str) -> list[RestField]:
    """What can be typed into a form."""
    return [
        one
        for one in work.registry.rest_fields(post_type)
        if one.part is not None and _kind(one) and drawn_field(work, one) is None
    ]


async def inputs(
    work: UnitOfWork, page: Page, post_type: str, values: Mapping[str, Any]
) -> list[Attribute]:
    """The inputs of a form with these values."""
    fields = attributes_of(work, post_type)
    numbers = [values.get(one.name) for one in fields if _kind(one) == "number"]
    chosen = [one for one in numbers if isinstance(one, int)]
    offered = await work.shape(PeopleOffered(post_type, chosen))
    return [
        _person(page, one, values.get(one.name), offered.people[one.name])
        if one.name in offered.people
        else _input(page, one, values.get(one.name))
        for one in fields
    ]


def _person(page: Page, one: RestField, value: Any, people: Choices) -> Attribute:
    """Somebody, by name. Whoever stands in the text and is not offered stays as a number."""
    known = {key for key, _ in people}
    lost = [] if value is None or str(value) in known else [(str(value), str(value))]
    return Attribute(
        f"{PREFIX}{one.name}", field_label(page, one, None), "choice", value, [*people, *lost]
    )


def _input(page: Page, one: RestField, value: Any) -> Attribute:
    choices = [
        (str(key), said(page, str(key), {}))
        for key in one.schema.get("enum", ())
        if key is not None
    ]
    kind, label = _kind(one), field_label(page, one, None)
    if kind == "lines":
        value = "\n".join(value or ())
    return Attribute(f"{PREFIX}{one.name}", label, kind, value, choices)


def sent_attributes(work: UnitOfWork, post_type: str, form: Form) -> dict[str, Any]:
    """The values of those inputs that the form held."""
    return {
        one.name: _read(one, form, f"{PREFIX}{one.name}")
        for one in attributes_of(work, post_type)
        if form.has(f"{PREFIX}{one.name}")
    }


def _read(one: RestField, form: Form, name: str) -> Any:
    kind, text = _kind(one), form.text(name)
    if kind == "tick":
        return text == "1"
    if kind == "number":
        return form.number(name)
    if kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text or (None if _is_optional(one) else "")


def _is_optional(one: RestField) -> bool:
    return "null" in _types(one)


def _types(one: RestField) -> Sequence[str]:
    said_type = one.schema.get("type", "string")
    return [said_type] if isinstance(said_type, str) else said_type


def _kind(one: RestField) -> str:
    """What input fits; empty for what none does."""
    types = [kind for kind in _types(one) if kind != "null"]
    if types == ["array"]:
        return "lines" if one.schema.get("items", {}).get("type") == "string" else ""
    if len(types) != 1 or types[0] not in _SCALARS or one.schema.get("readonly"):
        return ""
    if "enum" in one.schema:
        return "choice"
    if types[0] != "string":
        return {"boolean": "tick", "integer": "number"}[types[0]]
    if one.name.endswith("_date"):
        return "date"
    return "text" if one.name.endswith(_LONG) else "line"
