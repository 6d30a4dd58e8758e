"""What a site has declared for itself, from its rows."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
import structlog

from cms.kernel.declarations import PostType, Taxonomy
from cms.kernel.declared import Declared, StoredGroup

log = structlog.get_logger()

D = TypeVar("D")


def declared_by(rows: Iterable[Any], groups: Iterable[Any]) -> Declared:
    """From rows of kind, name and value, those of other kinds are passed over; and from rows of
    field groups."""
    found: dict[str, dict[str, Any]] = {"type": {}, "taxonomy": {}, "dropped": {}}
    for row in rows:
        if row.kind in found:
            found[row.kind][row.name] = row.value
    return Declared(
        tuple(_read(found["type"], PostType)),
        tuple(_read(found["taxonomy"], Taxonomy)),
        {int(term): heir for term, heir in found["dropped"].items()},
        tuple(StoredGroup(row.key, row.version, row.definition) for row in groups),
    )


def _read(stored: dict[str, Any], kind: type[D]) -> Iterable[D]:
    """In the order of their names. One that this version cannot read is not served, and the rest
    of the site goes on."""
    for name in sorted(stored):
        try:
            yield msgspec.convert(stored[name], kind)
        except msgspec.ValidationError:
            log.exception("a stored declaration cannot be read", declared=name, kind=kind.__name__)
