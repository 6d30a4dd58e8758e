"""Cases: a lost standing opens one, the person may contest it, somebody else reviews it, and it
closes when nothing is left to do (LGPD, art. 20)."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from cms.content.events import PostErased
from cms.errors import CapabilityMissing, Conflict, InvalidInput, NotFound
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork, Work
from plugins.professional_registry import registrations
from plugins.professional_registry.case_events import (
    CaseClosed,
    CaseContested,
    CaseOpened,
    CaseReviewed,
)
from plugins.professional_registry.case_models import Case, CaseAction, CaseState, Outcome
from plugins.professional_registry.events import RegistrationStatusChanged
from plugins.professional_registry.models import Professional
from plugins.professional_registry.permissions import oversees, require_manage, require_own
from plugins.professional_registry.statuses import Status, Validation

LONGEST_TEXT = 5000
_REASONS = {Validation.REVOKED: "revoked", Validation.EXPIRED: "expired"}


async def follow_standing(work: Work, change: RegistrationStatusChanged) -> None:
    """Open a case for a registration that may sign no more; end one that had only run out."""
    before = change.before or {}
    could = _may_sign(
        before.get("status", change.status), before.get("validation", change.validation)
    )
    can = _may_sign(change.status, change.validation)
    if could and not can:
        await _open(work, change, before.get("status", change.status.value))
    elif can and not could:
        await _end_expired(work, change.professional_id)


def _may_sign(status: str, validation: str) -> bool:
    return status == Status.ACTIVE and validation == Validation.VERIFIED


async def _open(work: Work, change: RegistrationStatusChanged, was: str) -> None:
    person = await registrations.get(work, change.professional_id)
    reason = _REASONS.get(change.validation, "unverified")
    case_id = await work.next_id("registration_case")
    inserted = await work.execute(
        insert(Case)
        .values(
            tenant_id=work.tenant_id,
            id=case_id,
            professional_id=person.id,
            user_id=person.user_id,
            opened_at=work.now,
            opened_by_request=work.request.request_id,
            reason=reason,
            from_status=was,
            to_status=change.status.value,
            criteria=_criteria(person, reason),
            state=CaseState.OPEN.value,
        )
        # The index keeps it to one: a second loss before the first is seen to is the same case.
        .on_conflict_do_nothing()
        .returning(Case.id)
    )
    if inserted.one_or_none() is not None:
        after = {"state": CaseState.OPEN.value, "reason": reason}
        await work.emit(CaseOpened(after=after, **_ids(case_id, person)))


def _ids(case_id: int, person: Professional) -> dict[str, Any]:
    return {"case_id": case_id, "professional_id": person.id, "user_id": person.user_id}


def _criteria(person: Professional, reason: str) -> dict[str, Any]:
    """What the suspension rests on, as the person may read it: which source said what when, and
    which rule made it a suspension."""
    answer = person.external_validation_response or {}
    return {
        "rule": f"registry.{reason}",
        "source": person.validation_api_used,
        "status": person.status_normalised,
        "status_raw": person.status_raw,
        "validation": person.validation_status,
        "note": answer.get("note", ""),
        "as_of": answer.get("as_of"),
        "checked_at": _text(person.last_validation_check),
        "fresh_until": _text(person.expires_at),
    }


def _text(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


async def _end_expired(work: Work, professional_id: int) -> None:
    """What had only run out is over with the new verification. After a penalty an officer looks at
    the texts first, whatever the register says now."""
    row = await work.one(
        select(Case)
        .where(
            Case.tenant_id == work.tenant_id,
            Case.professional_id == professional_id,
            Case.state == CaseState.OPEN.value,
            Case.reason == "expired",
        )
        .with_for_update()
    )
    if row is not None:
        await _close(work, row[0], outcome=row[0].outcome or Outcome.RESTORED.value)


# -- reading


async def get(work: ReadableWork, case_id: int, *, lock: bool = False) -> Case:
    """The case, or NotFound; CapabilityMissing for somebody else's."""
    statement = (
        select(Case)
        .where(Case.tenant_id == work.tenant_id, Case.id == case_id)
        .execution_options(populate_existing=True)
    )
    row = await work.one(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound("case", case_id)
    case: Case = row[0]
    require_own(work, case.user_id, "case.read")
    return case


async def listed(
    work: ReadableWork,
    *,
    state: str | None = None,
    professional_id: int | None = None,
    limit: int = 100,
    after: int | None = None,
) -> list[Case]:
    """Cases by id: everybody's for who oversees them, for others their own."""
    statement = select(Case).where(Case.tenant_id == work.tenant_id)
    if not oversees(work):
        statement = statement.where(Case.user_id == (work.actor.user_id or 0))
    if state is not None:
        statement = statement.where(Case.state == state)
    if professional_id is not None:
        statement = statement.where(Case.professional_id == professional_id)
    if after is not None:
        statement = statement.where(Case.id > after)
    return [row[0] for row in await work.all(statement.order_by(Case.id).limit(limit))]


# -- steps


async def contest(work: Work, case_id: int, said: str) -> Case:
    """The person says, once, why the automatic suspension is wrong; homonyms happen."""
    case = await get(work, case_id, lock=True)
    if work.actor.user_id != case.user_id:
        raise CapabilityMissing(
            "Only the person whose registration it is can contest this case.",
            action="case.contest",
        )
    words = _words("contest", said)
    if case.state != CaseState.OPEN or case.outcome is not None:
        raise Conflict("This case was contested, reviewed or closed before.", state=case.state)
    await _change(work, case, state="contested", contest=words, contested_at=work.now)
    await work.emit(CaseContested(**_told(case, CaseState.OPEN, CaseState.CONTESTED)))
    return case


async def review(work: Work, case_id: int, ruling: str, why: str) -> Case:
    """Judge the automatic suspension. Overturned makes nobody active: that takes a verification,
    by the source or by a manual proof, which the reason should point to."""
    case = await get(work, case_id, lock=True)
    reviewer = _reviewer(work, case)
    if ruling not in {Outcome.UPHELD, Outcome.OVERTURNED}:
        raise InvalidInput({"outcome": f"{ruling[:40]!r} must be upheld or overturned"})
    words = _words("reason", why)
    if case.state == CaseState.CLOSED or case.outcome is not None:
        raise Conflict("This case was reviewed or closed before.", state=case.state)
    was = CaseState(case.state)
    await _change(
        work,
        case,
        state="open",
        outcome=ruling,
        outcome_reason=words,
        reviewed_by=reviewer,
        reviewed_at=work.now,
    )
    told = _told(case, was, CaseState.OPEN)
    await work.emit(CaseReviewed(ruling=Outcome(ruling), **told))
    return case


def _reviewer(work: ReadableWork, case: Case) -> int:
    require_manage(work, "case.review")
    if work.actor.user_id is None or work.actor.user_id == case.user_id:
        raise CapabilityMissing(
            "A person has to review this case, and not the one whose registration it is.",
            action="case.review",
        )
    return work.actor.user_id


async def close(work: Work, case_id: int) -> Case:
    """End a case. One that is contested has to be reviewed first; nobody closes her own."""
    case = await get(work, case_id, lock=True)
    require_manage(work, "case.close")
    if work.actor.user_id == case.user_id:
        raise CapabilityMissing("Nobody closes a case about herself.", action="case.close")
    if case.state != CaseState.OPEN:
        raise Conflict(
            "A contested case has to be reviewed before it is closed, and a closed one stays so.",
            state=case.state,
        )
    await _close(work, case, outcome=case.outcome)
    return case


async def _close(work: Work, case: Case, *, outcome: str | None) -> None:
    await _change(work, case, state="closed", closed_at=work.now, outcome=outcome)
    await work.emit(CaseClosed(**_told(case, CaseState.OPEN, CaseState.CLOSED)))


async def _change(work: Work, case: Case, **values: Any) -> None:
    await work.execute(
        update(Case).where(Case.tenant_id == work.tenant_id, Case.id == case.id).values(**values)
    )


def _told(case: Case, before: CaseState, after: CaseState) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "professional_id": case.professional_id,
        "user_id": case.user_id,
        "before": {"state": before.value},
        "after": {"state": after.value, "outcome": case.outcome},
    }


def _words(field: str, said: str) -> str:
    words = said.strip()
    if not words or len(words) > LONGEST_TEXT or "\0" in words:
        raise InvalidInput({field: f"must be a text of 1 to {LONGEST_TEXT} characters"})
    return words


async def texts_stay(work: ReadableWork, erased: PostErased) -> AsyncIterator[Objection]:
    """A text about which something was done in a case is part of that case."""
    found = await work.one(
        select(CaseAction.id)
        .where(CaseAction.tenant_id == work.tenant_id, CaseAction.post_id == erased.post_id)
        .limit(1)
    )
    if found is not None:
        yield Objection(
            "registry.case_evidence",
            "Something was done about this text in a case of a registration, which keeps it.",
            "Leave out 'force' to keep it in the bin, where readers do not find it.",
        )
