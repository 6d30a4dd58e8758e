"""Whom a text can name as the one who answers for it: everybody with a registration."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text

from cms.kernel.work import ReadableWork
from plugins.professional_registry.identity import RegistrationId, canonical

MOST = 200

# One line for each person, with the registration that was added first; whoever asks stands on top.
_HOLDERS = text(
    """
  select u.id, u.display_name, p.council, p.regional, p.number, p.category, p.country
  from cms.users u
  join lateral (
    select council, regional, number, category, country from professional_registry.professionals
    where tenant_id = u.tenant_id and user_id = u.id order by id limit 1) p on true
  where u.tenant_id = :tenant and (u.left_at is null or u.id = any(:also))
  order by u.id = any(:also) desc, u.id = :asker desc, cms.fold(u.display_name), u.id
  limit :most
"""
)


class Holder(NamedTuple):
    """A person, and her registration as it is written."""

    user_id: int
    name: str
    registration: str


async def holders(work: ReadableWork, also: Sequence[int] = ()) -> list[Holder]:
    """At most MOST people who are here and hold a registration, whatever it is worth today, and
    those of `also` who have left. What stands here is public: the councils publish it."""
    of = {"tenant": work.tenant_id, "also": list(also), "asker": work.actor.user_id, "most": MOST}
    return [
        Holder(row.id, row.display_name, canonical(_identity(row)))
        for row in await work.all(_HOLDERS, of)
    ]


def _identity(row: object) -> RegistrationId:
    names = ("council", "regional", "number", "category", "country")
    return RegistrationId(**{name: getattr(row, name) for name in names})
