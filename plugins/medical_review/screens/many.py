"""What is done with many texts of the list of posts: other reviewers, and new reviews. A page
between shows what it would change; then each text is judged by itself, and is told why not."""

from typing import Any
from urllib.parse import parse_qsl

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.posts.asking import wanted
from cms.admin.screens.posts.bulk import Done, reasons_of, tell_done, tell_refusal
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput, StepUpRequired
from plugins.medical_review.aftercare import asking_many, due
from plugins.medical_review.reviewing import board, claims
from plugins.medical_review.reviewing.candidates import reviewers
from plugins.medical_review.reviewing.names import names_of
from plugins.medical_review.screens.said import show

READERS, AGAIN = "/admin/reviews/many/readers", "/admin/reviews/many/again"
MOST = asking_many.MOST


@screen(READERS, action="review.assign", resource="review")
async def show_readers(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The open reviews of the ticked texts, and who has each in hand now."""
    return await _readers(work, page, _ticked(page), page.request.query_params.get("query", ""), {})


async def _readers(
    work: UnitOfWork, page: Page, ids: list[int], query: str, faults: dict[str, str]
) -> Response[bytes]:
    page.here = _back(work, query)
    cards = await board.of_posts(work, ids)
    ways = {(one.workflow, one.version, one.stage.name): one for one in await _ways(work, cards)}
    seats = {seat.capability for one in ways.values() for seat in one.stage.seats}
    return show(
        page,
        "many_readers",
        status=422 if faults else 200,
        cards=cards,
        labels={one.stage.name: one.stage.label for one in ways.values()},
        without=len(set(ids) - {card.post_id for card in cards}),
        people=await names_of(work, {one for card in cards for one in card.in_hand_of}),
        reviewers=await reviewers(work, seats) if seats else [],
        query=query,
        back=_back(work, query),
        faults=faults,
    )


async def _ways(work: UnitOfWork, cards: list[board.Card]) -> list[board.Way]:
    wanted_ways = {(card.workflow, card.version, card.stage) for card in cards}
    if not cards:
        return []
    return [
        one
        for one in await board.ways_waiting(work)
        if (one.workflow, one.version, one.stage.name) in wanted_ways
    ]


@form(READERS, action="review.assign", resource="review")
async def give_readers(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Give each ticked review to the one who was chosen, instead of whom it was shown with."""
    sent = page.form
    to, query = sent.number("to_user_id"), sent.text("query")
    ids, chosen = sent.numbers("post")[:MOST], sent.numbers("review")
    cards = [card for card in await board.of_posts(work, ids) if card.review_id in chosen]
    if to is None:
        fault = {"to_user_id": "choose who is to review them"}
        return await _readers(work, page, ids, query, fault)
    if not cards:
        return await _readers(work, page, ids, query, {"review": f"tick 1 to {MOST} reviews"})
    held = sent.below("held.")
    done = [await _give(work, card, to, held.get(str(card.review_id), "")) for card in cards]
    return tell_done(page, _back(work, query), done)


async def _give(work: UnitOfWork, card: board.Card, to: int, held: str) -> Done:
    instead = int(held) if held.isascii() and held.isdigit() else None
    try:
        await claims.reassign(work, card.review_id, to, instead if instead != to else None)
    except StepUpRequired:
        raise
    except CmsError as refusal:
        await tell_refusal(work, refusal)
        return Done(card.post_id, card.title, reasons_of(refusal))
    return Done(card.post_id, card.title)


@screen(AGAIN, action="upkeep.ask", resource="review")
async def show_again(work: UnitOfWork, page: Page, specialty: int | None = None) -> Response[bytes]:
    """The ticked texts, or those of a specialty, and which approvals would count no longer."""
    query = page.request.query_params.get("query", "")
    if specialty is None:
        found = await asking_many.ticked(work, _ticked(page))
    else:
        found = await asking_many.of_specialty(work, specialty)
    page.here = _back(work, query)
    return show(
        page,
        "many_again",
        texts=found,
        specialty=specialty or "",
        specialties=await due.specialties(work),
        most=MOST,
        query=query,
        back=_back(work, query),
    )


@form(AGAIN, action="upkeep.ask", resource="review")
async def ask_for_many(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Ask for a new review of each ticked text, as it is."""
    ids = page.form.numbers("post")
    if not 1 <= len(ids) <= MOST:
        raise InvalidInput({"post": f"tick 1 to {MOST} texts"})
    shown = {one.post_id: one.title for one in await asking_many.ticked(work, ids)}
    done = [await _ask(work, post_id, shown.get(post_id, "")) for post_id in sorted(set(ids))]
    return tell_done(page, _back(work, page.form.text("query")), done)


async def _ask(work: UnitOfWork, post_id: int, title: str) -> Done:
    try:
        await due.ask_again(work, post_id)
    except StepUpRequired:
        raise
    except CmsError as refusal:
        await tell_refusal(work, refusal)
        return Done(post_id, title, reasons_of(refusal))
    return Done(post_id, title)


def _ticked(page: Page) -> list[int]:
    """The texts that the list has sent; what is no number was sent by no list."""
    given = page.request.query_params.getall("post", [])
    return [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19][:MOST]


def _back(work: UnitOfWork, query: str) -> str:
    """The list that the texts were ticked in."""
    return wanted(work, dict(parse_qsl(query))).address


MANY_SCREENS: list[Any] = [show_readers, give_readers, show_again, ask_for_many]
