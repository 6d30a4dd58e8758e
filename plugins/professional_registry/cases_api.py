"""/api/v1/medical/cases and /notices: what a lost standing asks of whom."""

from datetime import datetime
from typing import Any

import msgspec

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.notices import reading
from plugins.professional_registry import case_actions, cases, notices
from plugins.professional_registry.carried import CarriedText, carried_at_opening, carried_by
from plugins.professional_registry.case_actions import Deed
from plugins.professional_registry.case_models import Case, CaseAction, CaseState
from plugins.professional_registry.notices import Told
from plugins.professional_registry.permissions import MANAGE, Officer, reviewers_of

MOST = 100


class CaseOut(msgspec.Struct, frozen=True):
    """A case. `criteria` is what the automatic suspension rests on (LGPD, art. 20 §1): which source
    said what when, and the rule that made it a suspension."""

    id: int
    professional_id: int
    user_id: int
    state: str
    reason: str
    from_status: str
    to_status: str
    criteria: dict[str, Any]
    opened_at: datetime
    opened_by_request: str
    contest: str | None
    contested_at: datetime | None
    reviewed_by: int | None
    reviewed_at: datetime | None
    outcome: str | None
    outcome_reason: str
    closed_at: datetime | None

    @classmethod
    def of(cls, case: Case) -> "CaseOut":
        return cls(**{name: getattr(case, name) for name in cls.__struct_fields__})


class ActionOut(msgspec.Struct, frozen=True):
    """Something that was done about a case."""

    id: int
    kind: str
    post_id: int | None
    to_user_id: int | None
    by_user_id: int | None
    at: datetime
    detail: str

    @classmethod
    def of(cls, action: CaseAction) -> "ActionOut":
        return cls(**{name: getattr(action, name) for name in cls.__struct_fields__})


class WholeCase(msgspec.Struct, frozen=True):
    """A case with the texts that carry the person now, and that did when it was opened, what was
    done, and who reviews it."""

    case: CaseOut
    texts: tuple[CarriedText, ...]
    texts_at_opening: tuple[CarriedText, ...]
    actions: list[ActionOut]
    reviewed_with: str
    reviewers: list[Officer]


class CasesPage(msgspec.Struct, frozen=True):
    """A page of cases; `next` is the value of `after` that continues it."""

    cases: list[CaseOut]
    next: int | None


class ContestIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the suspension is wrong."""

    text: str


class ReviewIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`outcome` is upheld or overturned."""

    outcome: str
    reason: str


class DeedIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kind` is reassign, re_review, unpublish, add_notice, restore or note."""

    kind: str
    post_id: int | None = None
    to_user_id: int | None = None
    detail: str = ""


class NoticesOut(msgspec.Struct, frozen=True):
    """One's own notices, unread ones first."""

    notices: list[Told]


@get("/cases", action="case.list", resource="case")
async def list_cases(
    work: UnitOfWork, only: str | None = None, limit: int = 50, after: int | None = None
) -> CasesPage:
    """Cases by id: everybody's for officers, for others their own; `only` those in one state."""
    faults: dict[str, str] = {}
    if only is not None and only not in set(CaseState):
        faults["only"] = f"{only[:40]!r} must be one of {', '.join(CaseState)}"
    if not 1 <= limit <= MOST:
        faults["limit"] = f"{limit} must be between 1 and {MOST}"
    if faults:
        raise InvalidInput(faults)
    found = await cases.listed(work, state=only, limit=limit, after=after)
    more = found[-1].id if len(found) == limit else None
    return CasesPage([CaseOut.of(case) for case in found], more)


@get("/cases/{case_id:int}", action="case.read", resource="case")
async def read_case(case_id: int, work: UnitOfWork) -> WholeCase:
    """One case with everything that a decision needs."""
    return await _whole(work, await cases.get(work, case_id))


@post("/cases/{case_id:int}/contest", action="case.contest", resource="case", status_code=200)
async def contest(case_id: int, data: ContestIn, work: UnitOfWork) -> WholeCase:
    """The person contests the automatic suspension."""
    return await _whole(work, await cases.contest(work, case_id, data.text))


@post("/cases/{case_id:int}/review", action="case.review", resource="case", status_code=200)
async def review(case_id: int, data: ReviewIn, work: UnitOfWork) -> WholeCase:
    """Somebody else judges it."""
    return await _whole(work, await cases.review(work, case_id, data.outcome, data.reason))


@post("/cases/{case_id:int}/actions", action="case.act", resource="case", status_code=201)
async def act(case_id: int, data: DeedIn, work: UnitOfWork) -> ActionOut:
    """Do something about a text of the case."""
    deed = Deed(data.kind, data.post_id, data.to_user_id, data.detail)
    return ActionOut.of(await case_actions.act(work, case_id, deed))


@post("/cases/{case_id:int}/close", action="case.close", resource="case", status_code=200)
async def close(case_id: int, work: UnitOfWork) -> WholeCase:
    """Nothing is left to do."""
    return await _whole(work, await cases.close(work, case_id))


@get("/notices", action="notice.list", resource="notice")
async def list_notices(work: UnitOfWork) -> NoticesOut:
    """What one was told, in one's own language."""
    return NoticesOut(await notices.unread_first(work))


@post("/notices/{notice_id:int}/read", action="notice.mark", resource="notice", status_code=200)
async def mark_read(notice_id: int, work: UnitOfWork) -> NoticesOut:
    """Note that one has read it."""
    await reading.mark_read(work, notice_id)
    return NoticesOut(await notices.unread_first(work))


async def _whole(work: UnitOfWork, case: Case) -> WholeCase:
    return WholeCase(
        CaseOut.of(case),
        await carried_by(work, case.user_id),
        await carried_at_opening(work, case.id),
        [ActionOut.of(one) for one in await case_actions.actions_of(work, case.id)],
        MANAGE,
        await reviewers_of(work, case.user_id),
    )


case_routes = [
    list_cases,
    read_case,
    contest,
    review,
    act,
    close,
    list_notices,
    mark_read,
]
