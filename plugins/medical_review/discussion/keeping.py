"""Rows of a discussion: a thread, a comment in it, a step of it. Who calls tells the event."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.medical_review.discussion.events import (
    PersonMentioned,
    RemarkDeleted,
    RemarkEdited,
    RemarkWritten,
)
from plugins.medical_review.discussion.mentions import mentioned
from plugins.medical_review.discussion.models import (
    Act,
    Comment,
    CommentVersion,
    Thread,
    ThreadAct,
    ThreadState,
    Written,
)

LONGEST_BODY = 5000

_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_TOLD_AS = {
    Written.WRITTEN: RemarkWritten,
    Written.EDITED: RemarkEdited,
    Written.DELETED: RemarkDeleted,
}
STATE_AFTER = {
    Act.RESOLVE: ThreadState.RESOLVED,
    Act.REOPEN: ThreadState.OPEN,
    Act.ACCEPT: ThreadState.ACCEPTED,
    Act.REJECT: ThreadState.REJECTED,
    Act.WITHDRAW: ThreadState.WITHDRAWN,
}


def checked_text(name: str, text: str, *, is_needed: bool = True) -> str:
    """Plain text as it is kept. InvalidInput names the fault."""
    said = text.strip()
    if (is_needed and not said) or len(said) > LONGEST_BODY or _UNSTORABLE.search(said):
        least = 1 if is_needed else 0
        raise InvalidInput({name: f"must be plain text of {least} to {LONGEST_BODY} characters"})
    return said


async def lock(work: UnitOfWork, thread_id: int) -> Thread:
    """The thread, held until the end of the transaction, or NotFound."""
    return await _thread(work, thread_id, is_held=True)


async def get(work: UnitOfWork, thread_id: int) -> Thread:
    """The thread as it stands, or NotFound."""
    return await _thread(work, thread_id, is_held=False)


async def _thread(work: UnitOfWork, thread_id: int, *, is_held: bool) -> Thread:
    statement = (
        select(Thread)
        .where(Thread.tenant_id == work.tenant_id, Thread.id == thread_id)
        .execution_options(populate_existing=True)
    )
    found: Thread | None = await work.entity(statement.with_for_update() if is_held else statement)
    if found is None:
        raise NotFound("thread", thread_id)
    return found


@dataclass(frozen=True)
class Words:
    """The next version of a comment. `known` were called by the words before, and are not again."""

    number: int
    act: Written
    body: str
    known: tuple[int, ...] = ()


async def say(work: UnitOfWork, post: Post, thread_id: int, person: int, body: str) -> Comment:
    """Add a comment to a thread, and tell of it and of everybody it calls."""
    comment = Comment(
        tenant_id=work.tenant_id,
        id=await work.next_id("review_comment"),
        thread_id=thread_id,
        post_id=post.id,
        author_id=person,
        written_at=work.now,
    )
    work.session.add(comment)
    await work.session.flush()
    await put_words(work, post, comment, Words(1, Written.WRITTEN, body))
    return comment


async def put_words(work: UnitOfWork, post: Post, comment: Comment, words: Words) -> None:
    """Keep the next words of a comment, and tell of them and of everybody they call."""
    people = await mentioned(work, post, words.body)
    work.session.add(
        CommentVersion(
            tenant_id=work.tenant_id,
            id=await work.next_id("review_comment_version"),
            comment_id=comment.id,
            number=words.number,
            act=words.act.value,
            body=words.body,
            mentioned=people,
            written_at=work.now,
        )
    )
    ids: dict[str, Any] = {
        "comment_id": comment.id,
        "thread_id": comment.thread_id,
        "post_id": post.id,
    }
    await work.emit(_TOLD_AS[words.act](**ids, after={"version": words.number}))
    for user_id in people:
        if user_id not in words.known and user_id != comment.author_id:
            await work.emit(PersonMentioned(user_id=user_id, **ids))


async def last_version(work: UnitOfWork, comment_id: int) -> CommentVersion:
    """The words of a comment as they are now."""
    row = await work.one(
        select(CommentVersion)
        .where(CommentVersion.tenant_id == work.tenant_id, CommentVersion.comment_id == comment_id)
        .order_by(CommentVersion.number.desc())
        .limit(1)
    )
    found: CommentVersion = row[0]
    return found


async def take(
    work: UnitOfWork,
    post: Post,
    thread: Thread,
    act: Act,
    *,
    reason: str = "",
    made: int | None = None,
) -> None:
    """Keep a step of the thread and the state that it leads to; `made` is the revision that an
    accepted suggestion made."""
    await _note(work, post, thread, act, reason=reason, made=made)
    if act is Act.OPEN:
        return
    state = STATE_AFTER[act]
    is_open = state is ThreadState.OPEN
    values = {
        "state": state.value,
        "settled_by": None if is_open else work.actor.user_id,
        "settled_at": None if is_open else work.now,
        "made_revision_id": made,
    }
    await work.execute(
        update(Thread)
        .where(Thread.tenant_id == work.tenant_id, Thread.id == thread.id)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )


async def _note(
    work: UnitOfWork, post: Post, thread: Thread, act: Act, *, reason: str, made: int | None
) -> None:
    step = ThreadAct(
        tenant_id=work.tenant_id,
        id=await work.next_id("review_thread_act"),
        thread_id=thread.id,
        post_id=post.id,
        revision_id=made or post.working_revision_id,
        act=act.value,
        reason=reason,
        taken_by=work.actor.user_id,
        taken_at=work.now,
    )
    work.session.add(step)
    await work.session.flush()
