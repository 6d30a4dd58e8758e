"""Correcting the councils' table without a release. What lets somebody sign takes two people."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import select

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.work import ReadableWork
from plugins.professional_registry import registrations
from plugins.professional_registry.corrections import checked, loosens, meaning
from plugins.professional_registry.manual_events import CouncilCorrected
from plugins.professional_registry.manual_models import Correction, CorrectionState, Kind
from plugins.professional_registry.statuses import Status, normalise
from plugins.professional_registry.two_people import (
    SecondPersonNeeded,
    person_of,
    require_manager,
    saved,
)

LONGEST_NOTE = 2000


class Proposal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`subject` is the word, the region's code, or nothing for a pattern; `note` names the source
    that the administrator goes by."""

    council: str
    kind: str
    value: dict[str, Any]
    note: str
    subject: str = ""


async def propose(work: UnitOfWork, proposal: Proposal) -> Correction:
    """Correct an item. In force at once, unless somebody might sign by it who may not today: then a
    second person has to confirm. Conflict when another proposal for the same item waits."""
    require_manager(work, "council.correct")
    kind, subject = checked(proposal.council, proposal.kind, proposal.subject, proposal.value)
    if not proposal.note.strip() or len(proposal.note) > LONGEST_NOTE:
        raise InvalidInput({"note": f"must name the source, in at most {LONGEST_NOTE} characters"})
    waits = await _needs_second(work, proposal.council, kind, subject, proposal.value)
    correction = Correction(
        tenant_id=work.tenant_id,
        id=await work.next_id("council_correction"),
        council=proposal.council,
        kind=kind.value,
        subject=subject,
        value=proposal.value,
        state=CorrectionState.PROPOSED.value,
        note=proposal.note.strip(),
        proposed_by=person_of(work, "council.correct") if waits else work.actor.user_id,
        proposed_at=work.now,
    )
    if not waits:
        await _put_in_force(work, correction)
        return correction
    await saved(
        work, correction, "A correction of this item waits already: confirm or withdraw it."
    )
    await work.emit(_event(correction))
    return correction


async def confirm(work: UnitOfWork, correction_id: int) -> Correction:
    """Put a proposed correction in force, as somebody else than who proposed it."""
    require_manager(work, "council.confirm")
    second = person_of(work, "council.confirm")
    correction = await get(work, correction_id, lock=True)
    if correction.state != CorrectionState.PROPOSED:
        raise Conflict(f"The correction is {correction.state} already.", state=correction.state)
    if second == correction.proposed_by:
        raise SecondPersonNeeded("You proposed this correction.", action="council.confirm")
    correction.confirmed_by, correction.confirmed_at = second, work.now
    await _put_in_force(work, correction)
    return correction


async def withdraw(work: UnitOfWork, correction_id: int) -> Correction:
    """Take a correction back. Conflict when somebody might sign again by that: propose instead what
    the word should mean, so that a second person sees it."""
    require_manager(work, "council.withdraw")
    correction = await get(work, correction_id, lock=True)
    if correction.state == CorrectionState.WITHDRAWN:
        raise Conflict("The correction is withdrawn already.")
    was_in_force = correction.state == CorrectionState.IN_FORCE
    if was_in_force and _would_loosen(correction):
        raise Conflict(
            "Without this correction somebody could sign who may not today. Propose what the word "
            "should mean; a second person confirms it."
        )
    _retire(work, correction)
    await work.emit(_event(correction))
    if was_in_force:
        await _verify_again(work, correction)
    return correction


async def all_of(work: ReadableWork) -> Sequence[Correction]:
    """The living corrections of the tenant: in force, and waiting for a second person."""
    require_manager(work, "council.read")
    rows = await work.all(
        select(Correction)
        .where(
            Correction.tenant_id == work.tenant_id, Correction.state != CorrectionState.WITHDRAWN
        )
        .order_by(Correction.council, Correction.kind, Correction.subject, Correction.id)
    )
    return [row[0] for row in rows]


async def get(work: ReadableWork, correction_id: int, *, lock: bool = False) -> Correction:
    """The correction, or NotFound."""
    statement = select(Correction).where(
        Correction.tenant_id == work.tenant_id, Correction.id == correction_id
    )
    statement = statement.execution_options(populate_existing=True)
    row = await work.one(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound("correction", correction_id)
    found: Correction = row[0]
    return found


async def _needs_second(
    work: UnitOfWork, council: str, kind: Kind, subject: str, value: Mapping[str, Any]
) -> bool:
    if kind is not Kind.STATUS:
        return False
    return loosens(await meaning(work, council, subject), Status(value["status"]))


def _would_loosen(correction: Correction) -> bool:
    if correction.kind != Kind.STATUS:
        return False
    without = normalise(correction.council, correction.subject)
    return loosens(Status(correction.value["status"]), without)


async def _put_in_force(work: UnitOfWork, correction: Correction) -> None:
    previous = await work.entity(
        select(Correction)
        .where(
            Correction.tenant_id == work.tenant_id,
            Correction.council == correction.council,
            Correction.kind == correction.kind,
            Correction.subject == correction.subject,
            Correction.state == CorrectionState.IN_FORCE,
        )
        .with_for_update()
    )
    if previous is not None:
        _retire(work, previous)
        await work.emit(_event(previous))
    correction.state = CorrectionState.IN_FORCE.value
    await saved(work, correction, "Somebody corrected the same item at this moment: look again.")
    await work.emit(_event(correction))
    await _verify_again(work, correction)


def _retire(work: UnitOfWork, correction: Correction) -> None:
    correction.state = CorrectionState.WITHDRAWN.value
    correction.withdrawn_by, correction.withdrawn_at = work.actor.user_id, work.now


async def _verify_again(work: UnitOfWork, correction: Correction) -> None:
    """A word that means something else makes some registrations something else, today."""
    if correction.kind == Kind.STATUS:
        await registrations.verify_all(work, correction.council)


def _event(correction: Correction) -> CouncilCorrected:
    return CouncilCorrected(
        correction_id=correction.id,
        council=correction.council,
        kind=Kind(correction.kind),
        state=CorrectionState(correction.state),
        after={"subject": correction.subject, "value": correction.value, "state": correction.state},
    )
