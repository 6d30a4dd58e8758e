"""What waits for review, and taking it up, giving it back, giving it to somebody."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.translating import N_
from cms.api.own_paths import own_path
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.reviewing import board, claims, handing_over, reviews, rounds
from plugins.medical_review.reviewing.board import Card, by_name
from plugins.medical_review.reviewing.candidates import beyond_reach, reviewers
from plugins.medical_review.reviewing.names import names_of
from plugins.medical_review.reviewing.queueing import Wanted, waiting
from plugins.medical_review.reviewing.reading import may_oversee
from plugins.medical_review.screens.said import show

QUEUE = "/admin/reviews"
MINE = "mine"
VIEWS = {
    MINE: N_("For me"),
    "hand": N_("In my hand"),
    "free": N_("Unclaimed"),
    "due": N_("Due soon"),
    "escalated": N_("Escalated"),
    "all": N_("All open reviews"),
}
A_PAGE = 50


@screen(QUEUE, action="review.list", resource="review")
async def list_queue(
    work: UnitOfWork,
    page: Page,
    *,
    view: str = MINE,
    stage: str = "",
    risk: str = "",
    priority: str = "",
    after: str | None = None,
) -> Response[bytes]:
    """Open reviews by due date: what is for the reader, or one of the other views."""
    wanted = Wanted(view, stage, risk, priority)
    return await _queue(work, page, wanted, after)


async def _queue(
    work: UnitOfWork,
    page: Page,
    wanted: Wanted,
    after: str | None = None,
    faults: dict[str, str] | None = None,
) -> Response[bytes]:
    cards, following = await _cards(work, wanted, after)
    ways = by_name(await board.ways_waiting(work)) if may_oversee(work) else {}
    may_assign = page.may("review.assign")
    seats = {s.capability for some in ways.values() for way in some for s in way.stage.seats}
    here = _address(wanted)
    return show(
        page,
        "queue",
        status=422 if faults else 200,
        cards=cards,
        people=await names_of(work, {one for card in cards for one in card.in_hand_of}),
        wanted=wanted,
        views=VIEWS if may_oversee(work) else {MINE: VIEWS[MINE]},
        stages=[(name, some[-1].stage.label) for name, some in ways.items()],
        reviewers=await reviewers(work, seats) if may_assign and seats else [],
        faults=faults or {},
        here=here,
        first=here if after else "",
        next=_address(wanted, after=following) if following else "",
    )


async def _cards(
    work: UnitOfWork, wanted: Wanted, after: str | None
) -> tuple[list[Card], str | None]:
    if wanted.view == MINE:
        return await board.mine(work, after, A_PAGE)
    return await waiting(work, wanted, after, A_PAGE)


def _address(wanted: Wanted, **more: str) -> str:
    said = {"view": wanted.view, "stage": wanted.stage, "risk": wanted.risk}
    said |= {"priority": wanted.priority, **more}
    kept = {name: value for name, value in said.items() if value}
    return f"{QUEUE}?{urlencode(kept)}"


@form(f"{QUEUE}/{{review_id:int}}/claim", action="review.claim", resource="review")
async def claim(work: UnitOfWork, page: Page, review_id: int) -> Response[bytes]:
    """Take a review up, and go on to its text."""
    await claims.claim(work, review_id)
    told = page.say("You have this review in hand now.")
    return page.redirect(f"{QUEUE}/{review_id}", told)


@form(f"{QUEUE}/{{review_id:int}}/release", action="review.claim", resource="review")
async def release(work: UnitOfWork, page: Page, review_id: int) -> Response[bytes]:
    """Give a review back."""
    await claims.release(work, review_id)
    return page.redirect(back_of(page, QUEUE), page.say("The review is free for others again."))


@form(f"{QUEUE}/{{review_id:int}}/withdraw", action="review.take_back", resource="review")
async def withdraw(work: UnitOfWork, page: Page, review_id: int) -> Response[bytes]:
    """Take one's text out of review before it is decided on."""
    await reviews.take_out(work, review_id)
    told = page.say("The text is no longer under review. You can go on working on it.")
    return page.redirect(back_of(page, f"{QUEUE}/{review_id}"), told)


@form(f"{QUEUE}/of-post/{{post_id:int}}/submit", action="review.submit", resource="review")
async def submit(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Hand over the working text of a post, and say what its quorum could not get today."""
    review = await reviews.submit(work, post_id)
    missing = await beyond_reach(work, await rounds.of(work, review.id), review)
    told = [page.say("The text is handed over for review.")]
    told += [page.words.told(f"{one.message} {one.remedy}") for one in missing]
    return page.redirect(back_of(page, f"{QUEUE}/{review.id}"), " ".join(told))


@form(f"{QUEUE}/hand-over", action="review.assign", resource="review")
async def hand_over(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Give the ticked reviews to one person, all or none."""
    sent = page.form
    try:
        to = sent.number("to_user_id")
        if to is None:
            raise InvalidInput({"to_user_id": "choose who is to review them"})
        given = await handing_over.hand_over(work, sent.numbers("review"), to)
    except InvalidInput as refused:
        return await _queue(work, page, Wanted(), faults=refused.faults)
    many = page.words.ngettext(
        "One review has a new reviewer.", "%(num)d reviews have a new reviewer.", given
    )
    return page.redirect(back_of(page, QUEUE), many % {"num": given})


def back_of(page: Page, otherwise: str) -> str:
    """Where the form was, if it says so; only addresses of this site."""
    back = page.form.text("back")
    return own_path(back) if back else otherwise


QUEUE_SCREENS: list[Any] = [
    list_queue,
    claim,
    release,
    withdraw,
    submit,
    hand_over,
]
