"""Comments on a text, and suggestions for it, by forms."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.discussion import accepting, settling, threads
from plugins.medical_review.discussion.keeping import get
from plugins.medical_review.discussion.models import Severity
from plugins.medical_review.discussion.places import Asked
from plugins.medical_review.discussion.threads import Opening
from plugins.medical_review.screens.queue import back_of
from plugins.medical_review.screens.review import show_review

THREAD = "/admin/reviews/threads/{thread_id:int}"


@form("/admin/reviews/of-post/{post_id:int}/threads", action="thread.open", resource="review")
async def open_thread(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Comment on the text or a passage of it, or suggest other words for the passage."""
    sent = page.form
    asked = Asked(quote=sent.text("quote"), prefix=sent.text("prefix"), suffix=sent.text("suffix"))
    opening = Opening(
        asked,
        sent.text("body"),
        sent.text("severity") or Severity.NOTE.value,
        sent.text("replacement") or None,
        sent.number("revision"),
    )
    review_id = sent.number("review")
    try:
        opened = await threads.open_thread(work, post_id, opening)
    except InvalidInput as refused:
        if review_id is None:
            raise
        return await show_review(work, page, review_id, faults=refused.faults)
    place = f"/admin/reviews/{review_id}#thread-{opened.id}" if review_id else "/admin/reviews"
    return page.redirect(back_of(page, place), page.say("Your comment is kept."))


@form(f"{THREAD}/reply", action="thread.reply", resource="review")
async def reply(work: UnitOfWork, page: Page, thread_id: int) -> Response[bytes]:
    """Answer in an open thread."""
    await threads.reply(work, thread_id, page.form.text("body"))
    return _back(page, page.say("Your answer is kept."))


@form(f"{THREAD}/resolve", action="thread.resolve", resource="review")
async def resolve(work: UnitOfWork, page: Page, thread_id: int) -> Response[bytes]:
    """Say that a comment is settled."""
    await settling.resolve(work, thread_id, page.form.text("reason"))
    return _back(page, page.say("The comment is settled."))


@form(f"{THREAD}/reopen", action="thread.reopen", resource="review")
async def reopen(work: UnitOfWork, page: Page, thread_id: int) -> Response[bytes]:
    """Say that something is not settled after all."""
    await settling.reopen(work, thread_id, page.form.text("reason"))
    return _back(page, page.say("The comment is open again."))


@form(f"{THREAD}/accept", action="suggestion.accept", resource="review")
async def accept(work: UnitOfWork, page: Page, thread_id: int) -> Response[bytes]:
    """Take suggested words into the text: a new revision, so the review of the old one ends."""
    await accepting.accept(work, thread_id)
    post_id = (await get(work, thread_id)).post_id
    told = page.say("The words are in the text now. Hand it over again when you are ready.")
    return page.redirect(f"/admin/posts/{post_id}", told)


@form(f"{THREAD}/reject", action="suggestion.reject", resource="review")
async def reject(work: UnitOfWork, page: Page, thread_id: int) -> Response[bytes]:
    """Not take a suggestion, and say why."""
    await settling.reject(work, thread_id, page.form.text("reason"))
    return _back(page, page.say("The suggestion is refused."))


def _back(page: Page, told: str) -> Response[bytes]:
    return page.redirect(back_of(page, "/admin/reviews"), told)


TALKING_SCREENS: list[Any] = [open_thread, reply, resolve, reopen, accept, reject]
