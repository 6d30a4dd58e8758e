"""What an officer does about the texts of a case. The registry notes it and tells of it; whoever
keeps the texts observes that and does it, or nothing happens at all."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.work import ReadableWork, Work
from plugins.professional_registry import cases
from plugins.professional_registry.carried import carried_by
from plugins.professional_registry.case_events import CaseActionTaken
from plugins.professional_registry.case_models import ActionKind, Case, CaseAction, CaseState
from plugins.professional_registry.guards import responsible_may_sign
from plugins.professional_registry.permissions import require_manage


@dataclass(frozen=True)
class Deed:
    """What is to be done: `post_id` for all but a note, `to_user_id` for a reassignment."""

    kind: str
    post_id: int | None = None
    to_user_id: int | None = None
    detail: str = ""


async def act(work: Work, case_id: int, deed: Deed) -> CaseAction:
    """Do it and note it. InvalidInput for a text that does not carry the person."""
    case = await cases.get(work, case_id, lock=True)
    require_manage(work, "case.act")
    kind = await _checked(work, case, deed)
    action_id = await work.next_id("registration_case_action")
    await work.execute(
        insert(CaseAction).values(
            tenant_id=work.tenant_id,
            id=action_id,
            case_id=case.id,
            kind=kind.value,
            post_id=deed.post_id,
            to_user_id=deed.to_user_id,
            by_user_id=work.actor.user_id,
            at=work.now,
            detail=deed.detail.strip(),
        )
    )
    await work.emit(
        CaseActionTaken(
            case_id=case.id,
            professional_id=case.professional_id,
            user_id=case.user_id,
            action_id=action_id,
            kind=kind,
            post_id=deed.post_id,
            to_user_id=deed.to_user_id,
        )
    )
    return await action_of(work, action_id)


async def actions_of(work: ReadableWork, case_id: int) -> list[CaseAction]:
    """What was done about a case, in the order it was done."""
    rows = await work.all(
        select(CaseAction)
        .where(CaseAction.tenant_id == work.tenant_id, CaseAction.case_id == case_id)
        .order_by(CaseAction.at, CaseAction.id)
    )
    return [row[0] for row in rows]


async def _checked(work: ReadableWork, case: Case, deed: Deed) -> ActionKind:
    faults: dict[str, str] = {}
    if deed.kind not in set(ActionKind):
        known = ", ".join(ActionKind)
        raise InvalidInput({"kind": f"{deed.kind[:40]!r} must be one of {known}"})
    kind = ActionKind(deed.kind)
    if (kind is ActionKind.REASSIGN) != (deed.to_user_id is not None):
        faults["to_user_id"] = "names the new responsible professional of a reassign, and only that"
    if len(deed.detail) > cases.LONGEST_TEXT or "\0" in deed.detail:
        faults["detail"] = f"must be a text of at most {cases.LONGEST_TEXT} characters"
    if kind is ActionKind.NOTE and not deed.detail.strip():
        faults["detail"] = "a note says something"
    if faults:
        raise InvalidInput(faults)
    if case.state == CaseState.CLOSED:
        raise Conflict("This case is closed; nothing more can be done in it.", state=case.state)
    await _refuse_strange_text(work, case, kind, deed.post_id)
    await _refuse_unable(work, case, deed.to_user_id)
    return kind


async def _refuse_strange_text(
    work: ReadableWork, case: Case, kind: ActionKind, post_id: int | None
) -> None:
    """A case opens the texts that carry its person, and no others."""
    if kind is ActionKind.NOTE and post_id is None:
        return
    known = {text.post_id for text in await carried_by(work, case.user_id)}
    # What this case took away from readers carries nobody any more, and may be brought back.
    known |= {a.post_id for a in await actions_of(work, case.id) if a.post_id is not None}
    if post_id not in known:
        raise InvalidInput({"post_id": f"{post_id} is no text of this case; it lists its texts"})


async def _refuse_unable(work: ReadableWork, case: Case, to_user_id: int | None) -> None:
    if to_user_id is None:
        return
    if to_user_id == case.user_id:
        raise InvalidInput({"to_user_id": "is the person that this case is about"})
    objections = await responsible_may_sign(work, to_user_id)
    if objections:
        raise InvalidInput({"to_user_id": objections[0].message})


async def action_of(work: ReadableWork, action_id: int) -> CaseAction:
    """One action by its id, or NotFound."""
    row = await work.one(
        select(CaseAction).where(CaseAction.tenant_id == work.tenant_id, CaseAction.id == action_id)
    )
    if row is None:
        raise NotFound("case action", action_id)
    found: CaseAction = row[0]
    return found
