"""What whoever assigns reviews does with one: give it to somebody, say when it is due, ask somebody
from outside."""

from datetime import datetime
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.inviting import invitations
from plugins.medical_review.inviting.invitations import Guest
from plugins.medical_review.reviewing import claims, due, rounds
from plugins.medical_review.reviewing.reading import of_review
from plugins.medical_review.screens.queue import back_of
from plugins.medical_review.screens.review import REVIEW, show_review
from plugins.medical_review.screens.said import show
from plugins.medical_review.workflows.choosing import definition_of

DAYS = 7


@form(f"{REVIEW}/assignment", action="review.assign", resource="review")
async def assign(work: UnitOfWork, page: Page, review_id: int) -> Response[bytes]:
    """Give a review into somebody's hand, instead of hers who has it."""
    try:
        to = page.form.number("to_user_id")
        if to is None:
            raise InvalidInput({"to_user_id": "choose who is to review it"})
        await claims.reassign(work, review_id, to, page.form.number("instead_of"))
    except InvalidInput as refused:
        return await show_review(work, page, review_id, part="people", faults=refused.faults)
    told = page.say("The review has a new reviewer.")
    return page.redirect(f"/admin/reviews/{review_id}?part=people", told)


@form(f"{REVIEW}/schedule", action="review.assign", resource="review")
async def schedule(work: UnitOfWork, page: Page, review_id: int) -> Response[bytes]:
    """Another priority, or another time until which it is due."""
    try:
        due_at = moment_of(work, page, "due_at")
        priority = None if due_at else page.form.text("priority")
        await due.schedule(work, review_id, priority, due_at)
    except InvalidInput as refused:
        return await show_review(work, page, review_id, part="people", faults=refused.faults)
    told = page.say("The review is due at another time.")
    return page.redirect(f"/admin/reviews/{review_id}?part=people", told)


def moment_of(work: UnitOfWork, page: Page, name: str) -> datetime | None:
    """A date with its time as the browser's field has it, on the clock of the site; None when the
    field is empty, InvalidInput for anything else."""
    written = page.form.text(name)
    if not written:
        return None
    try:
        return datetime.fromisoformat(written).replace(tzinfo=work.tenant.zone)
    except ValueError:
        fault = "is no day with its time, such as 2031-05-04T08:00"
        raise InvalidInput({name: fault}) from None


@screen(f"{REVIEW}/invite", action="invitation.make", resource="invitation")
async def show_invite(work: UnitOfWork, page: Page, review_id: int) -> Response[bytes]:
    """The form that asks somebody without an account."""
    return await _invite(work, page, review_id, {})


async def _invite(
    work: UnitOfWork, page: Page, review_id: int, faults: dict[str, str]
) -> Response[bytes]:
    review = await of_review(work, review_id)
    way = await rounds.of(work, review_id)
    definition = await definition_of(work, way.workflow, way.version)
    stage = definition.stage(way.stage) or definition.stages[0]
    facts = {"review": review, "seats": [seat.name for seat in stage.seats], "days": DAYS}
    status = 422 if faults else 200
    return show(page, "invite", status=status, typed=page.form, faults=faults, **facts)


@form(f"{REVIEW}/invite", action="invitation.make", resource="invitation")
async def invite(work: UnitOfWork, page: Page, review_id: int) -> Response[bytes]:
    """Send her a link to this one text."""
    sent = page.form
    guest = Guest(sent.text("name"), sent.text("registration"), sent.text("email"))
    days = sent.number("days") or 0
    try:
        await invitations.invite(work, review_id, guest, sent.text("seat"), days)
    except InvalidInput as refused:
        return await _invite(work, page, review_id, refused.faults)
    told = page.say("The link is on its way to her address.")
    return page.redirect(f"/admin/reviews/{review_id}?part=people", told)


@form(
    "/admin/reviews/invitations/{invitation_id:int}/end",
    action="invitation.make",
    resource="invitation",
)
async def end_invitation(work: UnitOfWork, page: Page, invitation_id: int) -> Response[bytes]:
    """Take a link back."""
    await invitations.take_back(work, invitation_id)
    return page.redirect(
        back_of(page, "/admin/reviews"), page.say("The link is worth nothing now.")
    )


ASKING_SCREENS: list[Any] = [
    assign,
    schedule,
    show_invite,
    invite,
    end_invitation,
]
