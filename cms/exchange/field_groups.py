"""ACF's field groups in a WordPress file: items of their own, put together as ACF exports them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cms.errors import NotFound
from cms.exchange.errors import PhpFault
from cms.exchange.php import unserialize
from cms.exchange.plan import Batch
from cms.exchange.report import Line, Outcome
from cms.exchange.wxr import Item
from cms.fields import groups
from cms.fields.defining import DEEPEST
from cms.fields.groups import Kept
from cms.kernel.declared import StoredGroup
from cms.kernel.tenant import Tenant

GROUP, FIELD = "acf-field-group", "acf-field"
TYPES = frozenset({GROUP, FIELD})


def definitions(items: Iterable[Item]) -> Iterator[tuple[Item, dict[str, Any] | str]]:
    """Each group of the items with its JSON, or why there is none; then the fields that belong to
    no group of the file."""
    listed = [one for one in items if one.status != "trash"]
    below: dict[int, list[Item]] = {}
    for one in listed:
        if one.type == FIELD:
            below.setdefault(one.parent, []).append(one)
    reader = _Reader(below)
    for one in listed:
        if one.type == GROUP:
            try:
                yield one, reader.group(one)
            except PhpFault as fault:
                yield one, str(fault)
    for one in listed:
        if one.type == FIELD and one.id not in reader.seen:
            yield one, "its field group is not in the file"


class _Reader:
    def __init__(self, below: Mapping[int, list[Item]]) -> None:
        self._below = below
        self.seen: set[int] = set()

    def group(self, item: Item) -> dict[str, Any]:
        told = _settings(item)
        return {
            "key": item.slug,
            "title": item.title,
            "fields": self._fields(item, 1),
            **told,
            "menu_order": item.menu_order,
            "active": item.status == "publish",
        }

    def _fields(self, above: Item, depth: int) -> list[dict[str, Any]]:
        inner = self._below.get(above.id, []) if above.id else []
        if depth > DEEPEST + 1:
            raise PhpFault(f"has fields nested deeper than {DEEPEST}")
        found = []
        for one in sorted(inner, key=lambda each: (each.menu_order, each.id)):
            if one.id in self.seen:
                raise PhpFault(f"has the field {one.slug} in two places")
            self.seen.add(one.id)
            found.append(self._field(one, depth))
        return found

    def _field(self, item: Item, depth: int) -> dict[str, Any]:
        told = _settings(item)
        inner = self._fields(item, depth + 1)
        field = {"key": item.slug, "label": item.title, "name": item.excerpt, **told}
        layouts = told.get("layouts")
        if layouts:
            rows = list(layouts.values()) if isinstance(layouts, dict) else layouts
            field["layouts"] = [_with_fields(row, inner) for row in rows if isinstance(row, dict)]
        elif inner:
            field["sub_fields"] = inner
        return field


def _with_fields(row: dict[str, Any], inner: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **row,
        "sub_fields": [one for one in inner if one.get("parent_layout") == row.get("key")],
    }


def _settings(item: Item) -> dict[str, Any]:
    """PhpFault when the item says nothing that can be read."""
    told = unserialize(item.content)
    if not isinstance(told, dict):
        raise PhpFault("holds no settings")
    named: dict[str, Any] = _with_names(told)
    return named


def _with_names(value: Any) -> Any:
    """Keys of objects are texts in JSON; PHP makes numbers of those that look like some."""
    if isinstance(value, dict):
        return {str(name): _with_names(one) for name, one in value.items()}
    return [_with_names(one) for one in value] if isinstance(value, list) else value


async def bring(batch: Batch, item: Item, definition: dict[str, Any] | str) -> tuple[Line, Any]:
    """The group, unless one of its key is here; with it what is kept, if it is new."""
    if isinstance(definition, str):
        batch.left_out[f"items of type {item.type}"] += 1
        return Line(
            item.type, item.key, Outcome.NOT_IMPORTED, item.title, None, (definition,)
        ), None
    key = str(definition["key"])
    try:
        await groups.one(batch.work, key)
    except NotFound:
        kept = await groups.save(batch.work, definition, is_new=True)
        notes = tuple(f"{one.place}: {one.message}" for one in kept.notices)
        return Line(GROUP, key, Outcome.CREATED, item.title, None, notes), kept
    note = "a field group of its key is here: kept as it is here"
    return Line(GROUP, key, Outcome.SKIPPED, item.title, None, (note,)), None


def known_to(tenant: Tenant, kept: Iterable[Kept]) -> Tenant:
    """The tenant as it is with these groups, for the rest of the import."""
    new = (StoredGroup(one.key, one.version, one.definition) for one in kept)
    declared = tenant.declared
    own = (*declared.field_groups, *new)
    return replace(tenant, declared=replace(declared, field_groups=own))
