"""Who the actors of rows are, where the trail has a database of its own and knows no people."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cms.database.work import UnitOfWork
from plugins.audit_trail.officers.purposes import Purpose

_PEOPLE = """
select u.id, u.display_name, u.left_at is not null as has_left from cms.users u
where u.tenant_id = :tenant and u.id = any(:ids)
"""


class NamedRow:
    """A row with the name of its actor."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._mapping = dict(fields)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._mapping[name]
        except KeyError:
            raise AttributeError(name) from None


async def named(work: UnitOfWork, rows: Sequence[Any], purpose: Purpose) -> list[Any]:
    """The rows as they are, or with names from the database that people are in."""
    ids = sorted({row.actor_id for row in rows if row.actor_id is not None})
    if work.audit is work or not ids:
        return list(rows)
    people = await people_of(work, ids)
    return [_named(row, people.get(row.actor_id), purpose) for row in rows]


async def people_of(work: UnitOfWork, ids: Collection[int]) -> Mapping[int, Any]:
    """Those of this site among the ids, with `display_name` and `has_left`."""
    if not ids:
        return {}
    found = await work.all(_PEOPLE, {"tenant": work.tenant_id, "ids": sorted(ids)})
    return {person.id: person for person in found}


def _named(row: Any, person: Any, purpose: Purpose) -> NamedRow:
    is_erased = row.actor_id is not None and (person is None or person.has_left)
    name = person.display_name if person is not None and purpose.sees_names else None
    return NamedRow({**row._mapping, "actor_name": name, "is_erased": is_erased})
