"""What one person may not do alone, and how a row is written that two may want to write at once."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict, Forbidden
from cms.kernel.work import ReadableWork
from plugins.professional_registry.registrations import MANAGE


class SecondPersonNeeded(Forbidden):
    """The same person may not both vouch for something and confirm it."""

    slug = "second-person-needed"


def require_manager(work: ReadableWork, action: str) -> None:
    if not work.actor.has(MANAGE):
        raise CapabilityMissing(
            "Sorry, you are not allowed to manage registrations.", action=action
        )


def person_of(work: ReadableWork, action: str) -> int:
    """The person who acts. A job or a command line has no eyes: it vouches for nothing."""
    require_manager(work, action)
    if work.actor.user_id is None:
        raise CapabilityMissing("Only a person may do this, not a command.", action=action)
    return work.actor.user_id


async def saved(work: UnitOfWork, row: Any, conflict: str) -> None:
    """Write the row now. Conflict, in these words, when another one stands in its place."""
    work.session.add(row)
    try:
        await work.session.flush()
    except IntegrityError as error:
        raise Conflict(conflict) from error
