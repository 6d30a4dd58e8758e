"""The `meta` of terms, comments and people: registered keys, their defaults, who may write them."""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.database.work import UnitOfWork
from cms.kernel.declarations import SubjectMeta
from cms.rest.errors import RestError
from cms.rest.post_arguments import Table, or_null

Keys = Sequence[SubjectMeta]


def shown_keys(keys: Keys) -> list[SubjectMeta]:
    return [key for key in keys if key.in_rest]


def argument(keys: Keys) -> Mapping[str, Any]:
    """`meta` as a body gives it: null takes a value away."""
    properties = {key.name: or_null(key.shape) for key in shown_keys(keys)}
    return {"type": "object", "properties": properties} if properties else {"type": "object"}


def with_argument(table: Table, keys: Keys) -> Table:
    """The table of a body, with the registered keys besides those that it names itself."""
    given = argument(keys)
    own = table["meta"].get("properties", {})
    properties = {**own, **given.get("properties", {})}
    return {**table, "meta": {**given, **({"properties": properties} if properties else {})}}


def with_schema(schema: Mapping[str, Any], keys: Keys) -> dict[str, Any]:
    """The schema of the subject, with the registered keys."""
    fields = schema["properties"]
    own = fields["meta"]
    properties = {**own.get("properties", {}), **{k.name: dict(k.shape) for k in shown_keys(keys)}}
    return {**schema, "properties": {**fields, "meta": {**own, "properties": properties}}}


def shown(keys: Keys, stored: Mapping[str, Any], context: str) -> dict[str, Any]:
    """Every registered key that the context shows, with its default where nothing is stored."""
    return {
        key.name: stored.get(key.name, key.unset)
        for key in shown_keys(keys)
        if context in key.shape.get("context", (context,))
    }


def changed(
    work: UnitOfWork,
    keys: Keys,
    stored: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    may_edit: bool,
) -> dict[str, Any]:
    """What is stored from now on. RestError, in WordPress's words, names a key that this person may
    not write."""
    kept = dict(stored)
    for key in shown_keys(keys):
        if key.name not in given:
            continue
        value = given[key.name]
        goes = value is None or (value == [] and not key.is_single)
        if not (may_edit and _may_write(work, key)):
            raise RestError(
                "rest_cannot_delete" if goes else "rest_cannot_update",
                f"Sorry, you are not allowed to edit the {key.name} custom field.",
                403,
                key=key.name,
            )
        kept.pop(key.name, None)
        if not goes:
            kept[key.name] = value
    return kept


def _may_write(work: UnitOfWork, key: SubjectMeta) -> bool:
    if key.capability is not None:
        return work.actor.has(key.capability)
    return not key.name.startswith("_")
