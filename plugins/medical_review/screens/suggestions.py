"""Suggested words while the text is written: shown at their passages in the editor, taken over or
refused without leaving it. Without scripts the same buttons are forms beside the text."""

from collections.abc import Sequence
from typing import Any

from litestar import Response

from cms.admin.page import Page, to_script
from cms.admin.routing import form
from cms.content import posts
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from plugins.medical_review.discussion import accepting, settling
from plugins.medical_review.discussion.anchors import Found
from plugins.medical_review.discussion.keeping import get
from plugins.medical_review.discussion.models import Kind
from plugins.medical_review.discussion.places import Target
from plugins.medical_review.discussion.shapes import ThreadOut
from plugins.medical_review.discussion.texts import CONTENT
from plugins.medical_review.screens.talking import THREAD


def suggestions_of(threads: Sequence[ThreadOut], reader: int | None) -> list[dict[str, Any]]:
    """The suggestions among open threads. `anchor` is for the editor: there is none where the words
    are not those of the text, or not for the text itself."""
    return [
        {"thread": one, "is_own": one.opened_by.id == reader, "anchor": _anchor(one)}
        for one in threads
        if one.kind == Kind.SUGGESTION
    ]


def _anchor(one: ThreadOut) -> dict[str, Any] | None:
    place = one.place
    is_there = one.today.found in {Found.EXACT, Found.MOVED}
    if place.target != Target.PASSAGE or place.field != CONTENT or not is_there:
        return None
    around = {"quote": place.quote, "prefix": place.prefix, "suffix": place.suffix}
    return {"block": {"path": one.today.block}, **around, "start": place.start}


@form(f"{THREAD}/take-over", action="suggestion.accept", resource="review")
async def take_over(work: UnitOfWork, page: Page, thread_id: int) -> Response[bytes]:
    """Take suggested words into the very text that the page has open, and answer that which it
    makes. 409 when somebody has saved another text meanwhile."""
    post = await posts.lock(work, (await get(work, thread_id)).post_id)
    before = await posts.revision(work, post.id, post.working_revision_id or 0)
    if page.form.text("base") != before.content_hash.hex():
        said = page.say("Somebody saved another text meanwhile. Save to compare the two.")
        return to_script({"told": said}, 409)
    try:
        made = await accepting.accept(work, thread_id)
    except (Conflict, InvalidInput) as refused:
        return await _refused(work, page, refused)
    revision = await posts.revision(work, made.post_id, made.revision_id)
    said = page.say("The words are in the text now.")
    return to_script({"told": said, "base": made.content_hash, "content": revision.content})


@form(f"{THREAD}/decline", action="suggestion.reject", resource="review")
async def decline(work: UnitOfWork, page: Page, thread_id: int) -> Response[bytes]:
    """Refuse suggested words and say why; the text stays what it is."""
    try:
        await settling.reject(work, thread_id, page.form.text("reason"))
    except (Conflict, InvalidInput) as refused:
        return await _refused(work, page, refused)
    return to_script({"told": page.say("The suggestion is refused.")})


async def _refused(
    work: UnitOfWork, page: Page, refused: Conflict | InvalidInput
) -> Response[bytes]:
    await work.begin_anew()
    faults = refused.faults.values() if isinstance(refused, InvalidInput) else [refused.message]
    return to_script({"told": " ".join(map(page.words.told, faults))}, refused.status)


SUGGESTION_SCREENS: list[Any] = [take_over, decline]
