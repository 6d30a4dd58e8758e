"""Custom fields of an item: ACF's pairs as typed values, with what they refer to as it is here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cms.database.work import UnitOfWork
from cms.exchange.acf_pairs import Pair, PairReader, pairs_of
from cms.exchange.errors import PhpFault
from cms.exchange.ledger import PERSON, POST, TERM
from cms.exchange.plan import Batch
from cms.exchange.wxr import Item
from cms.fields.drafts import fields_of_site
from cms.fields.faults import FieldFaults
from cms.fields.field import Field, Group
from cms.fields.history import FieldsThen
from cms.fields.knowing import Loaded
from cms.fields.locations import Place
from cms.fields.type import Reference, Showing, Taking, Types
from cms.fields.types.rows import LAYOUT
from cms.kernel.declarations import PostType

UNKNOWN = "_cms_fields"
"""The meta key of values whose fields no group knows any more, as JSON."""

_SPACES = {"post": POST, "term": TERM, "user": PERSON}


@dataclass
class Brought:
    """What came of an item's pairs: values by name, the meta keys that have their place by it, and
    values that name posts which are not here yet, with the ids of the old site."""

    values: dict[str, Any] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    waiting: dict[str, Any] = field(default_factory=dict)


async def bring(batch: Batch, post_type: PostType, item: Item, notes: list[str]) -> Brought:
    """The typed values of the item's custom fields; what has no place or is refused is noted."""
    site = fields_of_site(batch.work)
    fields = _fields(batch.work, post_type)
    pairs = ((pair.key, pair.value) for pair in item.meta)
    reader = PairReader(pairs, site.types, batch.rewrite)
    brought = Brought()
    for name, (one, _) in fields.items():
        if not reader.holds(one):
            continue
        before = set(reader.used)
        value, faults = _taken(reader, one, site.types)
        if faults:
            reader.used = before
            notes += [f"custom field {fault}; it was put away as it is" for fault in faults]
        elif value is not None:
            brought.values[name] = value
    brought.used = reader.used
    _note_strangers(reader, fields, notes)
    return await _here(batch, fields, brought, notes)


def _fields(work: UnitOfWork, post_type: PostType) -> dict[str, tuple[Field, Group]]:
    place = Place("post", {"post_type": frozenset({post_type.name})})
    return fields_of_site(work).fields_for(place)


def _taken(reader: PairReader, one: Field, types: Types) -> tuple[Any, list[str]]:
    taking = Taking(types, FieldFaults())
    try:
        value = taking.take(one, reader.read(one), one.name)
    except PhpFault as fault:
        return None, [f"{one.name} {fault}"]
    return value, [f"{fault.path} {fault.message}" for fault in list(taking.faults)[:5]]


def _note_strangers(
    reader: PairReader, fields: Mapping[str, tuple[Field, Group]], notes: list[str]
) -> None:
    """Fields of groups that are not here."""
    strangers = sorted(name for name in reader.references if name not in reader.used)
    absent = [name for name in strangers if name not in fields]
    if absent:
        listed = ", ".join(absent[:10])
        notes.append(f"custom fields that no group of the site has, put away: {listed}")


async def _here(
    batch: Batch, fields: Mapping[str, tuple[Field, Group]], brought: Brought, notes: list[str]
) -> Brought:
    """The values with the ids that things have here."""
    types = fields_of_site(batch.work).types
    for name, value in list(brought.values.items()):
        one = fields[name][0]
        ids, absent = await _ids(batch, one, value, types)
        moved = _moved(one, value, types, ids)
        if moved is None:
            del brought.values[name]
        else:
            brought.values[name] = moved
        if any(each.kind == "post" for each in absent):
            # It may come later in the file.
            brought.waiting[name] = value
        gone = sorted({f"{each.kind} {each.id}" for each in absent if each.kind != "post"})
        if gone:
            notes.append(f"custom field {name} named what is not in the file: {', '.join(gone)}")
    return brought


async def come(
    batch: Batch, post_type: PostType, waiting: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The values that waited for posts, as far as these are here now, and remarks."""
    types, fields = fields_of_site(batch.work).types, _fields(batch.work, post_type)
    found: dict[str, Any] = {}
    notes = []
    for name, value in waiting.items():
        if name not in fields:
            continue
        one = fields[name][0]
        ids, absent = await _ids(batch, one, value, types)
        found[name] = _moved(one, value, types, ids)
        listed = ", ".join(sorted({str(each.id) for each in absent if each.kind == "post"}))
        notes.append(
            f"custom field {name} names what is not in the file: {listed}"
            if listed
            else f"custom field {name} names what has come"
        )
    return found, notes


Ids = Mapping[tuple[str, int], int]


async def _ids(batch: Batch, one: Field, value: Any, types: Types) -> tuple[Ids, list[Reference]]:
    """What the things that a value names have become, and those that are not here."""
    named = list(types[one.type].references(one, value, types))
    await batch.ledger.load(_key(each) for each in named)
    ids: dict[tuple[str, int], int] = {}
    absent = []
    for each in named:
        known = await batch.ledger.find(*_key(each))
        if known is None:
            absent.append(each)
        else:
            ids[each.kind, each.id] = known.new_id
    return ids, absent


def _key(reference: Reference) -> tuple[str, str]:
    number = f"#{reference.id}" if reference.kind == "term" else str(reference.id)
    return _SPACES[reference.kind], number


def _moved(one: Field, value: Any, types: Types, ids: Ids) -> Any:
    """The value with new ids for old ones, without those that are not here."""
    if one.layouts:
        rows = ((row, one.layout_by_name[row[LAYOUT]].sub_fields) for row in value)
        return [
            {LAYOUT: row[LAYOUT], **_moved_members(members, row, types, ids)}
            for row, members in rows
        ]
    if one.sub_fields and isinstance(value, list):
        return [_moved_members(one.sub_fields, row, types, ids) for row in value]
    if one.sub_fields:
        return _moved_members(one.sub_fields, value, types, ids) or None
    kinds = {(each.id): each.kind for each in types[one.type].references(one, value, types)}
    return _replaced(value, kinds, ids) if kinds else value


def _moved_members(
    fields: Iterable[Field], values: Mapping[str, Any], types: Types, ids: Ids
) -> dict[str, Any]:
    found = {
        one.name: _moved(one, values[one.name], types, ids) for one in fields if one.name in values
    }
    return {name: value for name, value in found.items() if value is not None}


def _replaced(value: Any, kinds: Mapping[int, str], ids: Ids) -> Any:
    if isinstance(value, list):
        return [moved for one in value if (moved := _replaced(one, kinds, ids)) is not None] or None
    if isinstance(value, dict):
        found = {name: _replaced(one, kinds, ids) for name, one in value.items()}
        return None if None in found.values() else found
    if isinstance(value, int) and not isinstance(value, bool) and value in kinds:
        return ids.get((kinds[value], value))
    return value


def pairs(work: UnitOfWork, then: FieldsThen) -> Iterator[Pair]:
    """The fields of a revision as ACF keeps them. Sensitive ones never leave by this door, which
    asks nobody for the right to read them."""
    groups = {one.key: group for one, group in then.site.field_by_key.values()}
    open_fields = [one for one in then.fields if groups[one.key].compliance_level != "sensitive"]
    showing = Showing(then.site.types, Loaded(), work.tenant.language)
    yield from pairs_of(open_fields, then.values, showing)
    named = {one.name for one in then.fields}
    unknown = {name: value for name, value in then.values.items() if name not in named}
    if unknown:
        yield UNKNOWN, msgspec.json.encode(unknown, order="sorted").decode()


def digest_facts(work: UnitOfWork, item: Item) -> list[Any]:
    """What decides what an item's custom fields become, so that groups that come later count."""
    if not any(pair.key.startswith("_") and pair.value.startswith("field_") for pair in item.meta):
        return []
    groups = fields_of_site(work).groups
    return [sorted((group.key, group.version) for group in groups if group.is_active)]
