"""The board: the stages of all workflows as columns. Nothing is dragged; decisions move texts."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.database.work import UnitOfWork
from plugins.medical_review.reviewing import board, lifecycle
from plugins.medical_review.reviewing.names import names_of
from plugins.medical_review.screens.said import show

BOARD = "/admin/reviews/board"
A_PAGE = 50


@screen(BOARD, action="review.board", resource="review")
async def show_board(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Every stage with its first cards, and how many texts stand before and behind them."""
    columns = await board.board(work)
    places = [one for one in await lifecycle.columns(work) if not one.is_stage]
    return show(page, "board", columns=columns, places=places, people=await _people(work, columns))


@screen(f"{BOARD}/{{stage:str}}", action="review.board", resource="review")
async def show_column(
    work: UnitOfWork, page: Page, stage: str, after: str | None = None
) -> Response[bytes]:
    """One stage, page by page."""
    column = await board.column(work, stage, after, A_PAGE)
    here = f"{BOARD}/{column.name}"
    return show(
        page,
        "column",
        column=column,
        people=await _people(work, [column]),
        first=here if after else "",
        next=f"{here}?after={column.next}" if column.next else "",
    )


@screen("/admin/reviews/places/{place:str}", action="review.board", resource="review")
async def show_place(work: UnitOfWork, page: Page, place: str, after: int = 0) -> Response[bytes]:
    """The texts that are in no stage: drafts, sent back, approved, published, in the bin."""
    found = await lifecycle.texts(work, place, after, A_PAGE)
    here = f"/admin/reviews/places/{place}"
    more = len(found) == A_PAGE
    return show(
        page,
        "place",
        label=lifecycle.LABELS[place],
        texts=found,
        people=await names_of(work, {one.author_id for one in found}),
        first=here if after else "",
        next=f"{here}?after={found[-1].post_id}" if more else "",
    )


async def _people(work: UnitOfWork, columns: list[board.Column]) -> dict[int, str]:
    return await names_of(work, {one for c in columns for k in c.cards for one in k.in_hand_of})


BOARD_SCREENS: list[Any] = [show_board, show_column, show_place]
