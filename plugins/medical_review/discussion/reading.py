"""What is said of a post: every thread once, with its place in the revision that is asked for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, select, tuple_

from cms.content import posts
from cms.content.models import Post
from cms.content.rendering import aside
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.medical_review.discussion.errors import NotYours
from plugins.medical_review.discussion.keeping import get
from plugins.medical_review.discussion.models import (
    Comment,
    CommentVersion,
    Thread,
    ThreadAct,
    ThreadState,
    Written,
)
from plugins.medical_review.discussion.places import Kept, Reader, Today
from plugins.medical_review.discussion.rights import discussed_post
from plugins.medical_review.reviewing.names import names_of
from plugins.medical_review.reviewing.reading import may_oversee


@dataclass(frozen=True)
class Said:
    """A comment with its words of today, and how many versions it had."""

    comment: Comment
    version: CommentVersion


@dataclass(frozen=True)
class Discussed:
    """A thread, where its place is today, and what was said in it, the oldest first."""

    thread: Thread
    today: Today
    comments: Sequence[Said]
    acts: Sequence[ThreadAct] = ()


@dataclass(frozen=True)
class Discussion:
    """Threads of a post, of a revision, and the names of everybody in them."""

    post_id: int
    revision_id: int
    threads: Sequence[Discussed]
    people: Mapping[int, str] = field(default_factory=dict)


async def of_post(
    work: UnitOfWork,
    post_id: int,
    *,
    revision_id: int | None = None,
    state: str = "",
    limit: int,
    after: int | None = None,
) -> Discussion:
    """The threads of a post, the oldest first; `after` is the last one of the page before."""
    post = await discussed_post(work, post_id, "thread.read")
    statement = select(Thread).where(Thread.tenant_id == work.tenant_id, Thread.post_id == post.id)
    if state:
        statement = statement.where(Thread.state == _known(state))
    if after is not None:
        last = await get(work, after)
        place = tuple_(Thread.opened_at, Thread.id)
        statement = statement.where(place > (last.opened_at, last.id))
    rows = await work.all(statement.order_by(Thread.opened_at, Thread.id).limit(limit))
    return await _discussion(work, post, [row[0] for row in rows], revision_id)


async def one(work: UnitOfWork, thread_id: int, revision_id: int | None = None) -> Discussion:
    """One thread with every step of it."""
    thread = await get(work, thread_id)
    post = await discussed_post(work, thread.post_id, "thread.read")
    rows = await work.all(
        select(ThreadAct)
        .where(ThreadAct.tenant_id == work.tenant_id, ThreadAct.post_id == post.id)
        .where(ThreadAct.thread_id == thread_id)
        .order_by(ThreadAct.taken_at, ThreadAct.id)
    )
    return await _discussion(work, post, [thread], revision_id, [row[0] for row in rows])


async def versions(work: UnitOfWork, comment_id: int) -> list[CommentVersion]:
    """Everything that a comment ever said, for who wrote it and for those who oversee reviews."""
    found = select(Comment).where(Comment.tenant_id == work.tenant_id, Comment.id == comment_id)
    comment: Comment | None = await work.entity(found)
    if comment is None:
        raise NotFound("comment", comment_id)
    await discussed_post(work, comment.post_id, "thread.read")
    if comment.author_id != work.actor.user_id and not may_oversee(work):
        raise NotYours("The history of a comment is for who wrote it, and for reviewers.",
                       action="thread.read")  # fmt: skip
    rows = await work.all(
        select(CommentVersion)
        .where(CommentVersion.tenant_id == work.tenant_id)
        .where(CommentVersion.comment_id == comment_id)
        .order_by(CommentVersion.number)
    )
    return [row[0] for row in rows]


def _known(state: str) -> str:
    states = [one.value for one in ThreadState]
    if state not in states:
        raise InvalidInput({"state": f"{state[:40]!r} must be one of {', '.join(states)}"})
    return state


async def _discussion(
    work: UnitOfWork,
    post: Post,
    threads: Sequence[Thread],
    revision_id: int | None,
    acts: Sequence[ThreadAct] = (),
) -> Discussion:
    revision = await posts.revision(work, post.id, revision_id or post.working_revision_id or 0)
    said = await _comments(work, post, [thread.id for thread in threads])
    kept = [Kept.of(thread) for thread in threads]
    places = await aside(len(revision.content) * len(kept), _places, Reader(revision), kept)
    found = [
        Discussed(thread, today, said[thread.id], acts)
        for thread, today in zip(threads, places, strict=True)
    ]
    return Discussion(post.id, revision.id, found, await _people(work, found))


def _places(reader: Reader, kept: Sequence[Kept]) -> list[Today]:
    return [reader.find(one) for one in kept]


async def _comments(
    work: UnitOfWork, post: Post, thread_ids: Sequence[int]
) -> dict[int, list[Said]]:
    """Each comment with its last version, in one statement."""
    last = (
        select(CommentVersion.comment_id, func.max(CommentVersion.number).label("number"))
        .join(
            Comment,
            and_(
                Comment.tenant_id == CommentVersion.tenant_id,
                Comment.id == CommentVersion.comment_id,
            ),
        )
        .where(
            CommentVersion.tenant_id == work.tenant_id,
            Comment.post_id == post.id,
            Comment.thread_id.in_(thread_ids),
        )
        .group_by(CommentVersion.comment_id)
        .subquery()
    )
    rows: Sequence[Any] = await work.all(
        select(Comment, CommentVersion)
        .join(last, last.c.comment_id == Comment.id)
        .join(
            CommentVersion,
            and_(
                CommentVersion.tenant_id == Comment.tenant_id,
                CommentVersion.comment_id == Comment.id,
                CommentVersion.number == last.c.number,
            ),
        )
        .where(Comment.tenant_id == work.tenant_id)
        .order_by(Comment.written_at, Comment.id)
    )
    found: dict[int, list[Said]] = defaultdict(list)
    for comment, version in rows:
        found[comment.thread_id].append(Said(comment, version))
    return found


async def _people(work: UnitOfWork, found: Sequence[Discussed]) -> dict[int, str]:
    ids: set[int] = set()
    for each in found:
        ids |= {each.thread.opened_by, each.thread.settled_by or 0}
        ids |= {act.taken_by for act in each.acts}
        for said in each.comments:
            ids |= {said.comment.author_id, *said.version.mentioned}
    return await names_of(work, ids)


def is_deleted(said: Said) -> bool:
    """Whether its author took the comment back."""
    return said.version.act == Written.DELETED
