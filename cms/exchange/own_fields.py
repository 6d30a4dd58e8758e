"""Fields of plugins on their way through a WordPress file: in postmeta of our own, as JSON."""

from collections.abc import Mapping
from typing import Any

import msgspec

from cms.content import seo
from cms.content.attachments import MEDIA
from cms.content.saving import Changes
from cms.database.work import UnitOfWork
from cms.exchange.ledger import AUTHOR
from cms.exchange.plan import Batch
from cms.exchange.wxr import Item
from cms.fields.faults import ARGUMENT
from cms.kernel.declarations import PostType, RevisionPart

_OWN = "_cms_"
# WordPress has keys of its own for these.
_WITH_KEYS = {seo.PART, MEDIA}


def keys_of(work: UnitOfWork, post_type: PostType) -> dict[str, tuple[RevisionPart, str]]:
    """The meta keys of the type's fields."""
    return {
        f"{_OWN}{part.name}_{name}": (part, name)
        for part in work.registry.parts_of(post_type.name)
        if part.name not in _WITH_KEYS
        for name in part.defaults
    }


async def parts_of(
    batch: Batch, post_type: PostType, item: Item, notes: list[str]
) -> dict[str, dict[str, Any]]:
    """The parts that the item's own keys make. A person is named by her login, because her id is
    somebody else's on another site."""
    keys = keys_of(batch.work, post_type)
    found: dict[str, dict[str, Any]] = {}
    for pair in item.meta:
        if pair.key not in keys:
            continue
        part, name = keys[pair.key]
        try:
            value = msgspec.json.decode(pair.value)
        except msgspec.DecodeError:
            notes.append(f"meta {pair.key!r} is no JSON: left out")
            continue
        if name in part.people and value is not None:
            known = await batch.ledger.find(AUTHOR, str(value))
            if known is None:
                notes.append(f"{name} is left out: the file does not introduce the person")
                continue
            value = known.new_id
        found.setdefault(part.name, {})[name] = value
    return found


def without(changes: Changes, faults: Mapping[str, str]) -> tuple[Changes, list[str]]:
    """The changes without the fields of plugins that were refused, and their names."""
    plain = (fault.removeprefix(f"{ARGUMENT}.") for fault in faults)
    refused = {fault.partition("[")[0].partition(".")[0] for fault in plain}
    parts = {
        name: {key: value for key, value in part.items() if key not in refused}
        for name, part in changes.parts.items()
    }
    named = [key for part in changes.parts.values() for key in part if key in refused]
    kept = Changes(
        changes.versioned, parts, changes.immediate, changes.meta, changes.faults, changes.kind
    )
    return kept, named
