"""Suggested words become the text: all of a request at once, in one new revision, or none."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cms.content import posts, saving
from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from plugins.medical_review.discussion import replacing
from plugins.medical_review.discussion.anchors import Found
from plugins.medical_review.discussion.errors import (
    NotReplaceable,
    PassageGone,
    SuggestionsOverlap,
    ThreadSettledAlready,
)
from plugins.medical_review.discussion.events import SuggestionAccepted
from plugins.medical_review.discussion.keeping import get, take
from plugins.medical_review.discussion.models import Act, Kind, Severity, Thread, ThreadState
from plugins.medical_review.discussion.places import Kept, Reader
from plugins.medical_review.discussion.replacing import CannotReplace, Replacement
from plugins.medical_review.discussion.rights import discussed_post, person_of, require_editor
from plugins.medical_review.discussion.texts import changes_of, spoken

MOST = 50


@dataclass(frozen=True)
class Accepted:
    """The threads that were accepted, and the revision that their words stand in."""

    post_id: int
    revision_id: int
    content_hash: str
    threads: list[int]


async def accept(work: UnitOfWork, thread_id: int) -> Accepted:
    """Take the words of one suggestion into the working text."""
    return await accept_all(work, (await get(work, thread_id)).post_id, [thread_id])


async def accept_all(work: UnitOfWork, post_id: int, thread_ids: Sequence[int]) -> Accepted:
    """Take the words of several suggestions into the working text, by the host's own saving.

    Raises PassageGone with what stands there now, SuggestionsOverlap, NotReplaceable,
    ThreadSettledAlready; then nothing has changed.
    """
    wanted = sorted(set(thread_ids))
    if not 0 < len(wanted) <= MOST:
        raise InvalidInput({"threads": f"must name 1 to {MOST} suggestions"})
    await discussed_post(work, post_id, "suggestion.accept")
    person_of(work, "suggestion.accept")
    post = await posts.lock(work, post_id)
    require_editor(work, post, "suggestion.accept")
    threads = await _held(work, post, wanted)
    texts = await _texts(work, post, threads)
    before = post.working_revision_id
    await saving.edit(work, post, changes_of(texts))
    if post.working_revision_id in {None, before}:
        raise Conflict(
            "The text would be what it is: nothing was saved. Reject the suggestion.",
            code="suggestion.nothing",
        )
    await _conclude(work, post, threads)
    made = await posts.revision(work, post.id, post.working_revision_id or 0)
    return Accepted(post.id, made.id, made.content_hash.hex(), wanted)


async def _held(work: UnitOfWork, post: Post, wanted: Sequence[int]) -> list[Thread]:
    """The suggestions, held until the end of the transaction, in the order of their numbers."""
    rows = await work.all(
        select(Thread)
        .where(Thread.tenant_id == work.tenant_id, Thread.post_id == post.id, Thread.id.in_(wanted))
        .order_by(Thread.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    threads: list[Thread] = [row[0] for row in rows]
    for absent in set(wanted) - {thread.id for thread in threads}:
        raise NotFound("suggestion", absent)
    for thread in threads:
        if thread.kind != Kind.SUGGESTION:
            raise Conflict(
                f"Thread {thread.id} is a comment and suggests no words: resolve it.",
                code="discussion.comment",
            )
        if thread.state != ThreadState.OPEN:
            raise ThreadSettledAlready(thread, "accepted")
    return threads


async def _texts(work: UnitOfWork, post: Post, threads: Sequence[Thread]) -> dict[str, str]:
    """Each field that changes, with all its replacements made in the working text."""
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    reader = Reader(revision)
    by_field: defaultdict[str, list[tuple[Thread, Replacement]]] = defaultdict(list)
    for thread in threads:
        by_field[thread.field].append((thread, _replacement(reader, thread)))
    return {name: _replaced(reader, name, wanted) for name, wanted in by_field.items()}


def _replacement(reader: Reader, thread: Thread) -> Replacement:
    """The words are taken only where the very words stand that they are for."""
    today = reader.find(Kept.of(thread))
    if today.found not in {Found.EXACT, Found.MOVED}:
        raise PassageGone(thread, today.found.value, today.text, reader.revision.id)
    return Replacement(today.place.start, today.place.end, thread.replacement or "")


def _replaced(reader: Reader, name: str, wanted: Sequence[tuple[Thread, Replacement]]) -> str:
    threads, replacements = [one for one, _ in wanted], [one for _, one in wanted]
    if clash := replacing.overlapping(replacements):
        raise SuggestionsOverlap(sorted(threads[index].id for index in clash))
    one = spoken(reader.revision, name)
    if one is None:
        raise NotFound("field", name)
    try:
        return replacing.replaced(reader.passages(one), replacements, is_markup=one.is_markup)
    except CannotReplace as cannot:
        number = threads[0].id if len(threads) == 1 else None
        raise NotReplaceable(number, cannot.reason, cannot.remedy) from cannot


async def _conclude(work: UnitOfWork, post: Post, threads: Sequence[Thread]) -> None:
    made = post.working_revision_id or 0
    for thread in threads:
        await take(work, post, thread, Act.ACCEPT, made=made)
        await work.emit(
            SuggestionAccepted(
                thread_id=thread.id,
                post_id=post.id,
                severity=Severity(thread.severity),
                revision_id=made,
                opened_by=thread.opened_by,
                before={"state": ThreadState.OPEN.value},
                after={"state": ThreadState.ACCEPTED.value},
            )
        )
