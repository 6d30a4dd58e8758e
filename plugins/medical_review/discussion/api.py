"""/api/v1/reviews/threads: comments on a text and suggestions for it."""

from typing import Annotated, Any

import msgspec
from litestar.params import QueryParameter

from cms.api.routing import delete, get, patch, post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.discussion import accepting, reading, settling, threads
from plugins.medical_review.discussion.places import Asked
from plugins.medical_review.discussion.shapes import (
    AcceptedOut,
    DiscussionOut,
    ThreadOut,
    VersionOut,
)
from plugins.medical_review.discussion.threads import Opening

MOST = 100

State = Annotated[str, QueryParameter(name="state")]


class PlaceIn(msgspec.Struct, frozen=True):
    """What a comment is about. A `quote` makes it a passage of `field` (`content` when left out);
    where the words stand more than once, `prefix`, `suffix` or `start` (in characters of what
    people read) say which. A `block` is named by its path, `[2, 0]` is the first in the third one.
    A `field` alone is the whole field; nothing at all the post."""

    field: str = ""
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    block: list[int] | None = None


class ThreadIn(msgspec.Struct, frozen=True):
    """`replacement` makes it a suggestion: plain words for those of the quote. `severity` is note
    or must_fix. `revision_id` is the revision that was read, else the working one."""

    body: str = ""
    place: PlaceIn = PlaceIn()
    severity: str = "note"
    replacement: str | None = None
    revision_id: int | None = None


class BodyIn(msgspec.Struct, frozen=True):
    """Plain text; `@login` calls somebody who may read the discussion."""

    body: str


class ReasonIn(msgspec.Struct, frozen=True):
    """Why; a rejection needs one."""

    reason: str = ""


class ThreadsIn(msgspec.Struct, frozen=True):
    """The suggestions to accept, all or none."""

    threads: list[int]


@get("/threads/of-post/{post_id:int}", action="thread.read", resource="review")
async def list_threads(
    work: UnitOfWork,
    post_id: int,
    *,
    revision: int | None = None,
    standing: State = "",
    limit: int = 50,
    after: int | None = None,
) -> DiscussionOut:
    """What is said of a post, each thread once, with its place in the revision (the working one if
    none is named). What is found nowhere any more is orphaned and keeps its quote."""
    if not 1 <= limit <= MOST:
        raise InvalidInput({"limit": f"{limit} must be between 1 and {MOST}"})
    asked: dict[str, Any] = {"revision_id": revision, "state": standing, "after": after}
    found = await reading.of_post(work, post_id, limit=limit, **asked)
    return DiscussionOut.of(found, limit)


@post("/threads/of-post/{post_id:int}", action="thread.open", resource="review", status_code=201)
async def open_thread(work: UnitOfWork, post_id: int, data: ThreadIn) -> ThreadOut:
    """Comment on a post, a field, a block or a passage, or suggest other words for a passage."""
    place = data.place
    asked = Asked(place.field, place.quote, place.prefix, place.suffix, place.start, place.block)
    opening = Opening(asked, data.body, data.severity, data.replacement, data.revision_id)
    opened = await threads.open_thread(work, post_id, opening)
    return await _shown(work, opened.id)


@post(
    "/threads/of-post/{post_id:int}/accept",
    action="suggestion.accept",
    resource="review",
    status_code=200,
)
async def accept_suggestions(work: UnitOfWork, post_id: int, data: ThreadsIn) -> AcceptedOut:
    """Take several suggestions into the text, in one new revision; if one cannot be taken, none
    is."""
    return AcceptedOut.of(await accepting.accept_all(work, post_id, data.threads))


@get("/threads/{thread_id:int}", action="thread.read", resource="review")
async def read_thread(work: UnitOfWork, thread_id: int, revision: int | None = None) -> ThreadOut:
    """One thread with every step of it."""
    return await _shown(work, thread_id, revision)


@post("/threads/{thread_id:int}/comments", action="thread.reply", resource="review")
async def reply(work: UnitOfWork, thread_id: int, data: BodyIn) -> ThreadOut:
    """Answer in an open thread."""
    await threads.reply(work, thread_id, data.body)
    return await _shown(work, thread_id)


@patch("/comments/{comment_id:int}", action="thread.amend", resource="review")
async def edit_comment(work: UnitOfWork, comment_id: int, data: BodyIn) -> ThreadOut:
    """Put one's own comment otherwise; the words before are kept."""
    comment = await threads.edit_comment(work, comment_id, data.body)
    return await _shown(work, comment.thread_id)


@delete("/comments/{comment_id:int}", action="thread.amend", resource="review", status_code=200)
async def delete_comment(work: UnitOfWork, comment_id: int) -> ThreadOut:
    """Take one's own comment back. It stays in the list, without its words."""
    comment = await threads.delete_comment(work, comment_id)
    return await _shown(work, comment.thread_id)


@get("/comments/{comment_id:int}/versions", action="thread.read", resource="review")
async def read_versions(work: UnitOfWork, comment_id: int) -> list[VersionOut]:
    """Everything that a comment ever said, for who wrote it and for reviewers."""
    return [VersionOut.of(one) for one in await reading.versions(work, comment_id)]


@post(
    "/threads/{thread_id:int}/resolve", action="thread.resolve", resource="review", status_code=200
)
async def resolve(work: UnitOfWork, thread_id: int, data: ReasonIn) -> ThreadOut:
    """Say that a comment is settled. What must be fixed is resolved by a reviewer."""
    await settling.resolve(work, thread_id, data.reason)
    return await _shown(work, thread_id)


@post("/threads/{thread_id:int}/reopen", action="thread.reopen", resource="review", status_code=200)
async def reopen(work: UnitOfWork, thread_id: int, data: ReasonIn) -> ThreadOut:
    """Say that something is not settled after all."""
    await settling.reopen(work, thread_id, data.reason)
    return await _shown(work, thread_id)


@post(
    "/threads/{thread_id:int}/accept",
    action="suggestion.accept",
    resource="review",
    status_code=200,
)
async def accept(work: UnitOfWork, thread_id: int) -> AcceptedOut:
    """Take the suggested words into the text: a new revision, as any save makes."""
    return AcceptedOut.of(await accepting.accept(work, thread_id))


@post(
    "/threads/{thread_id:int}/reject",
    action="suggestion.reject",
    resource="review",
    status_code=200,
)
async def reject(work: UnitOfWork, thread_id: int, data: ReasonIn) -> ThreadOut:
    """Not take a suggestion, and say why; who made it takes it back by this too."""
    await settling.reject(work, thread_id, data.reason)
    return await _shown(work, thread_id)


async def _shown(work: UnitOfWork, thread_id: int, revision: int | None = None) -> ThreadOut:
    found = await reading.one(work, thread_id, revision)
    return ThreadOut.of(found.threads[0], found.people)


routes = [
    list_threads,
    open_thread,
    accept_suggestions,
    read_thread,
    reply,
    edit_comment,
    delete_comment,
    read_versions,
    resolve,
    reopen,
    accept,
    reject,
]
