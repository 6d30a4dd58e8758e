"""What becomes of texts after their publication: which are to be reviewed again, and when."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.api.routing import refusal_told
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict, InvalidInput, NotFound, PolicyDenied
from plugins.medical_review.aftercare import due
from plugins.medical_review.aftercare.cursors import day_cursor, read_day
from plugins.medical_review.reviewing.names import names_of
from plugins.medical_review.screens.queue import back_of
from plugins.medical_review.screens.said import show

DUE, REOPENED = "/admin/reviews/due", "/admin/reviews/reopened"
A_PAGE, MOST_AT_ONCE = 50, 50
WITHIN = (0, 30, 90, 365, 3660)


@screen(DUE, action="upkeep.list", resource="review")
async def list_due(
    work: UnitOfWork,
    page: Page,
    *,
    within_days: int = 90,
    specialty: str = "",
    after: str | None = None,
) -> Response[bytes]:
    """Live texts whose next review is overdue or near, the longest overdue first."""
    within = within_days if within_days in WITHIN else 90
    specialties = await due.specialties(work)
    # A filter that nothing is chosen in is sent empty.
    chosen = next((id for id, _ in specialties if str(id) == specialty), None)
    found = await due.due(
        work, within_days=within, limit=A_PAGE, after=read_day(after), specialty=chosen
    )
    asked = {"within_days": within, **({"specialty": chosen} if chosen else {})}
    here = f"{DUE}?{urlencode(asked)}"
    more = ""
    if len(found) == A_PAGE:
        last = day_cursor(found[-1].next_review, found[-1].post_id)
        more = f"{DUE}?{urlencode({**asked, 'after': last})}"
    return show(
        page,
        "due",
        texts=found,
        names=await names_of(work, {one.responsible for one in found if one.responsible}),
        within=within,
        spans=WITHIN,
        specialty=chosen or "",
        specialties=specialties,
        here=here,
        first=here if after else "",
        next=more,
    )


@form(f"{DUE}/again", action="upkeep.ask", resource="review")
async def ask_again(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Have the ticked texts reviewed again as they are. Each is asked for by itself: of one that
    cannot be it is said why, and the others are."""
    ids = page.form.numbers("post")
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        raise InvalidInput({"post": f"tick 1 to {MOST_AT_ONCE} texts"})
    refused: list[str] = []
    for post_id in sorted(set(ids)):
        try:
            await due.ask_again(work, post_id)
        except (CapabilityMissing, PolicyDenied, Conflict, NotFound) as why:
            if why.is_refusal:
                await work.emit(refusal_told(why, "upkeep.ask", "review"))
            refused.append(f"{post_id}: {page.words.told(why.message)}")
    asked = len(set(ids)) - len(refused)
    many = page.words.ngettext(
        "One text is reviewed again.", "%(num)d texts are reviewed again.", asked
    )
    told = " ".join([many % {"num": asked}, *refused])
    return page.redirect(back_of(page, DUE), told)


@screen(REOPENED, action="upkeep.list", resource="review")
async def list_reopened(work: UnitOfWork, page: Page, after: int = 0) -> Response[bytes]:
    """Texts that have to be judged again although they were approved."""
    return await _reopened(work, page, after, {})


async def _reopened(
    work: UnitOfWork, page: Page, after: int, faults: dict[str, str]
) -> Response[bytes]:
    found = await due.reopened(work, limit=A_PAGE, after=after)
    more = f"{REOPENED}?after={found[-1].id}" if len(found) == A_PAGE else ""
    return show(
        page,
        "reopened",
        status=422 if faults else 200,
        texts=found,
        may_dismiss=page.may("reopening.dismiss"),
        first=REOPENED if after else "",
        next=more,
        faults=faults,
    )


@form(f"{REOPENED}/{{reopening_id:int}}/dismiss", action="reopening.dismiss", resource="review")
async def dismiss(work: UnitOfWork, page: Page, reopening_id: int) -> Response[bytes]:
    """Say why a text need not be judged again."""
    try:
        await due.dismiss(work, reopening_id, page.form.text("reason"))
    except InvalidInput as refused:
        return await _reopened(work, page, 0, refused.faults)
    return page.redirect(REOPENED, page.say("The text need not be judged again."))


AFTERCARE_SCREENS: list[Any] = [list_due, ask_again, list_reopened, dismiss]
