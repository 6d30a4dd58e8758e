"""Values of custom fields as Advanced Custom Fields keeps them in postmeta, and back.

A value `<name>` stands beside `_<name>`, the key of its field. A group has `<name>_<sub>`, a
repeater its number of rows and `<name>_<row>_<sub>`, flexible content the list of its layouts and
the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.content.models import Post, Revision
from cms.database.work import UnitOfWork
from cms.exchange.errors import PhpFault
from cms.exchange.php import looks_serialized, serialize, unserialize
from cms.exchange.wxr import Item
from cms.fields.drafts import fields_of_site
from cms.fields.field import Field
from cms.fields.knowing import Loaded
from cms.fields.locations import Place
from cms.fields.places import PostFacts, places_of
from cms.fields.type import MOST_ROWS, Showing
from cms.fields.values import values_in

REPEATER, FLEXIBLE, CLONE = "repeater", "flexible_content", "clone"
LAYOUT = "acf_fc_layout"
SENSITIVE = "sensitive"

Pairs = Iterator[tuple[str, str]]


# -- out


def pairs_of(work: UnitOfWork, post: Post, revision: Revision) -> Pairs:
    """The meta of all values of a revision but those of sensitive groups, which are kept encrypted
    and leave by no file, and those that plugins write by their own names."""
    site = fields_of_site(work)
    place = Place("post", {"post_type": frozenset({post.post_type})})
    fields = [one for one, group in site.fields_for(place).values()
              if group.compliance_level != SENSITIVE and one.source is None]  # fmt: skip
    values = values_in(revision.parts, fields)
    showing = Showing(site.types, Loaded())
    for one in fields:
        if one.name in values:
            yield from _written(one, one.name, values[one.name], showing)


def _written(one: Field, name: str, value: Any, showing: Showing) -> Pairs:
    if one.type in {REPEATER, FLEXIBLE} and isinstance(value, list):
        kinds = [row[LAYOUT] for row in value] if one.type == FLEXIBLE else None
        yield name, serialize(kinds) if kinds is not None else str(len(value))
        for i, row in enumerate(value):
            yield from _row(_fields_of_row(one, row), f"{name}_{i}_", row, showing)
    elif one.sub_fields and isinstance(value, Mapping):
        yield name, ""
        yield from _row(one.sub_fields, _prefix(one, name), value, showing)
    else:
        yield name, _text(_raw(one, value, showing))
    yield f"_{name}", one.key


def _row(fields: Sequence[Field], prefix: str, row: Mapping[str, Any], showing: Showing) -> Pairs:
    for one in fields:
        if one.name in row:
            yield from _written(one, f"{prefix}{one.name}", row[one.name], showing)


def _prefix(one: Field, name: str) -> str:
    """The fields of a clone stand by their own names, prefixed or not."""
    return "" if one.type == CLONE else f"{name}_"


def _fields_of_row(one: Field, row: Mapping[str, Any]) -> Sequence[Field]:
    if one.type == REPEATER:
        return one.sub_fields
    layout = one.layout_by_name.get(str(row.get(LAYOUT)))
    return layout.sub_fields if layout is not None else ()


def _raw(one: Field, value: Any, showing: Showing) -> Any:
    """What ACF would keep: its light form, and of what names other things the ids."""
    kind = showing.types[one.type]
    if any(kind.references(one, value, showing.types)):
        return value
    return kind.light(one, value, showing)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | dict):
        return serialize(value)
    text = "" if value is None else str(value)
    # As WordPress does, so that a text that looks like a value stays a text.
    return serialize(text) if looks_serialized(text) else text


# -- in


@dataclass
class Read:
    """What the meta of an item say about fields: values by name, and the keys that were used."""

    values: dict[str, Any] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    rows: int = 0


async def read(work: UnitOfWork, facts: PostFacts, item: Item, notes: list[str]) -> Read:
    """The values of the fields that such a post may have. What cannot be read is noted, and put
    away as it is."""
    site = fields_of_site(work)
    (place,) = await places_of(work, site, [facts], edits=True)
    fields = [one for one, _ in site.fields_for(place).values()]
    meta = {pair.key: pair.value for pair in reversed(item.meta)}
    found = Read()
    for one in fields:
        if one.source is not None or not meta.get(f"_{one.name}", "").startswith("field_"):
            continue
        used = Read()
        try:
            value = _value(one, one.name, meta, used)
        except (PhpFault, ValueError) as fault:
            notes.append(f"field {one.name!r} {fault}; it was put away as it is")
            continue
        found.keys |= used.keys
        if value not in (None, ""):
            found.values[one.name] = value
    return found


def _value(one: Field, name: str, meta: Mapping[str, str], used: Read) -> Any:
    if name not in meta:
        return None
    used.keys |= {name, f"_{name}"}
    if one.type == REPEATER:
        count = _count(meta[name], used)
        return [_fields_in(one.sub_fields, f"{name}_{i}_", meta, used) for i in range(count)]
    if one.type == FLEXIBLE:
        kinds = _list(meta[name], used)
        return [
            {LAYOUT: kind, **_fields_in(_fields_of_row(one, {LAYOUT: kind}), f"{name}_{i}_", meta,
                                        used)}
            for i, kind in enumerate(kinds)
        ]  # fmt: skip
    if one.sub_fields:
        return _fields_in(one.sub_fields, _prefix(one, name), meta, used)
    return unserialize(meta[name]) if looks_serialized(meta[name]) else meta[name]


def _fields_in(
    fields: Sequence[Field], prefix: str, meta: Mapping[str, str], used: Read
) -> dict[str, Any]:
    found = {one.name: _value(one, f"{prefix}{one.name}", meta, used) for one in fields if one.name}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _count(written: str, used: Read) -> int:
    count = int(written or 0)
    _add(count, used)
    return count


def _list(written: str, used: Read) -> list[str]:
    kinds = unserialize(written) if looks_serialized(written) else []
    if not isinstance(kinds, list):
        raise PhpFault("is no list of layouts")
    _add(len(kinds), used)
    return [str(kind) for kind in kinds]


def _add(count: int, used: Read) -> None:
    used.rows += count
    if used.rows > MOST_ROWS:
        raise PhpFault(f"has more than {MOST_ROWS} rows")
