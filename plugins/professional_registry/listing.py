"""Everybody's registrations, a page at a time, for who oversees them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, select, text
from sqlalchemy.sql.elements import ColumnElement

from cms.errors import CapabilityMissing, InvalidInput
from cms.kernel.work import ReadableWork
from plugins.professional_registry.models import Professional, Roster
from plugins.professional_registry.permissions import oversees
from plugins.professional_registry.statuses import Validation

ENDING = "ending"
SOON = timedelta(days=14)
SHOWN = (*(one.value for one in Validation), ENDING)
_MOST_FOUND = 50
_MOST_ROSTERS = 20
_NAMES = text("select id, display_name from cms.users where tenant_id = :tenant and id = any(:ids)")


class Listed(NamedTuple):
    """A registration, and what its person is called on the site."""

    person: Professional
    name: str


def require_overseer(work: ReadableWork, action: str) -> None:
    """CapabilityMissing for whoever sees her own registrations only."""
    if not oversees(work):
        raise CapabilityMissing("Sorry, you are not allowed to see registrations.", action=action)


async def listed(
    work: ReadableWork, *, only: str | None = None, after: int | None = None, limit: int = 50
) -> list[Listed]:
    """Registrations by id; `only` those with one validation, or those that end soon."""
    require_overseer(work, "registration.list")
    if only is not None and only not in SHOWN:
        raise InvalidInput({"only": f"must be one of {', '.join(SHOWN)}"})
    statement = _of_tenant(work)
    if only == ENDING:
        statement = statement.where(*_ends_soon(work))
    elif only is not None:
        statement = statement.where(Professional.validation_status == only)
    if after is not None:
        statement = statement.where(Professional.id > after)
    return await _named(work, statement.order_by(Professional.id).limit(limit))


async def found(work: ReadableWork, said: str) -> list[Listed]:
    """Registrations whose number or whose person's name holds these words."""
    require_overseer(work, "registration.list")
    like = "%" + said.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    statement = _of_tenant(work).where(
        Professional.full_name.ilike(like) | Professional.number.ilike(like)
    )
    return await _named(work, statement.order_by(Professional.id).limit(_MOST_FOUND))


async def may_sign(work: ReadableWork, limit: int = 200) -> list[Listed]:
    """Those that are verified and fresh, by name: who a text can be handed to."""
    require_overseer(work, "registration.list")
    statement = _of_tenant(work).where(
        Professional.validation_status == Validation.VERIFIED.value,
        Professional.expires_at > work.now,
    )
    return await _named(work, statement.order_by(Professional.full_name).limit(limit))


async def ending_soon(work: ReadableWork, *, limit: int, own: bool) -> list[Listed]:
    """Those that count for two weeks at most, the first to end first; `own` ones alone, or all."""
    statement = _of_tenant(work).where(*_ends_soon(work))
    if own:
        statement = statement.where(Professional.user_id == (work.actor.user_id or 0))
    else:
        require_overseer(work, "registration.list")
    return await _named(work, statement.order_by(Professional.expires_at).limit(limit))


async def of_user(work: ReadableWork, user_id: int) -> list[Professional]:
    """The registrations of one person."""
    statement = _of_tenant(work).where(Professional.user_id == user_id)
    return [row[0] for row in await work.all(statement.order_by(Professional.id))]


async def rosters(work: ReadableWork) -> list[Roster]:
    """What was imported, the newest of each council first."""
    require_overseer(work, "registration.list")
    rows = await work.all(
        select(Roster)
        .where(Roster.tenant_id == work.tenant_id)
        .order_by(Roster.council, Roster.generation.desc())
        .limit(_MOST_ROSTERS)
    )
    return [row[0] for row in rows]


async def names_of(work: ReadableWork, user_ids: Sequence[int | None]) -> dict[int, str]:
    """What these people are called on the site; those who have left are not in it."""
    ids = sorted({one for one in user_ids if one is not None})
    if not ids:
        return {}
    rows = await work.all(_NAMES, {"tenant": work.tenant_id, "ids": ids})
    return {row.id: row.display_name for row in rows}


def _of_tenant(work: ReadableWork) -> Select[Any]:
    return select(Professional).where(Professional.tenant_id == work.tenant_id)


def _ends_soon(work: ReadableWork) -> tuple[ColumnElement[bool], ...]:
    return (
        Professional.validation_status == Validation.VERIFIED.value,
        Professional.expires_at <= work.now + SOON,
    )


async def _named(work: ReadableWork, statement: Select[Any]) -> list[Listed]:
    people = [row[0] for row in await work.all(statement)]
    names = await names_of(work, [one.user_id for one in people])
    return [Listed(one, names.get(one.user_id, "")) for one in people]
