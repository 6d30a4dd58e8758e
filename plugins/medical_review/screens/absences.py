"""When one is away, and who decides for one meanwhile."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.reviewing import people
from plugins.medical_review.reviewing.candidates import reviewers
from plugins.medical_review.reviewing.names import names_of
from plugins.medical_review.reviewing.reading import VIEW
from plugins.medical_review.roles import CAPABILITIES
from plugins.medical_review.screens.asking import moment_of
from plugins.medical_review.screens.said import show

ABSENCES, DELEGATIONS = "/admin/reviews/absences", "/admin/reviews/delegations"
_JUDGE = [name for name in CAPABILITIES if name.startswith("approve_")]


@screen(ABSENCES, action="absence.list", resource="absence")
async def list_absences(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Who is away and who speaks for whom: everybody for who assigns reviews, else oneself."""
    return await _list(work, page, {})


async def _list(work: UnitOfWork, page: Page, faults: dict[str, str]) -> Response[bytes]:
    away, given = await people.absences(work), await people.delegations(work)
    known = {one.user_id for one in away}
    known |= {person for one in given for person in (one.from_user_id, one.to_user_id)}
    reviews = work.actor.has(VIEW)
    others = await reviewers(work, _JUDGE) if reviews or page.may("review.assign") else []
    return show(
        page,
        "absences",
        status=422 if faults else 200,
        absences=away,
        delegations=given,
        names=await names_of(work, known),
        others=others,
        may_delegate=reviews,
        may_assign=page.may("review.assign"),
        faults=faults,
        typed=page.form,
    )


@form(ABSENCES, action="absence.note", resource="absence")
async def note_absence(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Note when somebody is away; what she has in hand is free again when it begins."""
    try:
        begins, ends = moment_of(work, page, "from_at"), moment_of(work, page, "to_at")
        if begins is None or ends is None:
            empty = "from_at" if begins is None else "to_at"
            raise InvalidInput({empty: "must be a day and a time"})
        await people.note_absence(work, page.form.number("user_id"), begins, ends)
    except InvalidInput as refused:
        return await _list(work, page, refused.faults)
    return page.redirect(ABSENCES, page.say("The absence is noted."))


@form(f"{ABSENCES}/{{absence_id:int}}/end", action="absence.note", resource="absence")
async def end_absence(work: UnitOfWork, page: Page, absence_id: int) -> Response[bytes]:
    """She is back, or never went."""
    await people.end_absence(work, absence_id)
    return page.redirect(ABSENCES, page.say("The absence has ended."))


@form(DELEGATIONS, action="delegation.make", resource="delegation")
async def make_delegation(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Let another reviewer decide for one, until a day."""
    try:
        to, until = page.form.number("to_user_id"), moment_of(work, page, "ends_at")
        if to is None or until is None:
            name = "to_user_id" if to is None else "ends_at"
            raise InvalidInput({name: "must be chosen"})
        await people.delegate(work, to, until)
    except InvalidInput as refused:
        return await _list(work, page, refused.faults)
    return page.redirect(ABSENCES, page.say("She may decide for you until then."))


@form(f"{DELEGATIONS}/{{delegation_id:int}}/end", action="delegation.make", resource="delegation")
async def end_delegation(work: UnitOfWork, page: Page, delegation_id: int) -> Response[bytes]:
    """Take a delegation back."""
    await people.end_delegation(work, delegation_id)
    return page.redirect(ABSENCES, page.say("The delegation has ended."))


ABSENCE_SCREENS: list[Any] = [
    list_absences,
    note_absence,
    end_absence,
    make_delegation,
    end_delegation,
]
