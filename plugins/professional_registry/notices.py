"""The person and the officers are told of each step of a case."""

from datetime import datetime

import msgspec

from cms.database.work import UnitOfWork
from cms.kernel.work import Work
from cms.notices import reading
from cms.notices.telling import tell
from plugins.professional_registry.case_events import (
    CaseClosed,
    CaseContested,
    CaseOpened,
    CaseReviewed,
)
from plugins.professional_registry.events import RegistrationStatusChanged
from plugins.professional_registry.messages import (
    CASE_NOTICES,
    CHANGED,
    CHANGED_OF_OTHER,
    CLOSED,
    CONTESTED,
    OPENED,
    REVIEWED,
    SUSPENDED,
)
from plugins.professional_registry.permissions import MANAGE, OVERSEE, holders

MOST = 100


class Told(msgspec.Struct, frozen=True):
    """A notice of a case as its reader gets it."""

    id: int
    case_id: int
    kind: str
    title: str
    text: str
    created_at: datetime
    read_at: datetime | None


async def tell_of_change(work: Work, event: RegistrationStatusChanged) -> None:
    """The person and the officers learn what the registration is now."""
    facts = {
        "professional_id": event.professional_id,
        "status": event.status,
        "validation": event.validation,
    }
    await tell(work, CHANGED.slug, [event.user_id], facts)
    await tell(work, CHANGED_OF_OTHER.slug, await _officers(work, event.user_id), facts)


async def tell_of_opening(work: Work, event: CaseOpened) -> None:
    """The person learns that she is suspended, the officers that there is something to do."""
    of_case = {"case_id": event.case_id}
    await tell(work, SUSPENDED.slug, [event.user_id], of_case)
    await tell(work, OPENED.slug, await _officers(work, event.user_id), of_case)


async def tell_of_contest(work: Work, event: CaseContested) -> None:
    """The officers learn that a review is wanted."""
    officers = await _officers(work, event.user_id)
    await tell(work, CONTESTED.slug, officers, {"case_id": event.case_id})


async def tell_of_review(work: Work, event: CaseReviewed) -> None:
    """The person learns what came of it."""
    await tell(work, REVIEWED.slug, [event.user_id], {"case_id": event.case_id})


async def tell_of_end(work: Work, event: CaseClosed) -> None:
    """The person learns that her case has ended."""
    await tell(work, CLOSED.slug, [event.user_id], {"case_id": event.case_id})


async def _officers(work: Work, besides: int) -> list[int]:
    found = await holders(work, [MANAGE, OVERSEE])
    return [one.user_id for one in found if one.user_id != besides]


async def unread_first(work: UnitOfWork) -> list[Told]:
    """The actor's own notices of cases: unread ones first, then the newest."""
    found = await reading.about(work, [kind.slug for kind in CASE_NOTICES], MOST)
    return [
        Told(
            one.id,
            one.about.id,
            one.kind.partition(".")[2],
            one.title,
            one.text,
            one.created_at,
            one.read_at,
        )
        for one in found
    ]
