"""Ending a thread, and opening it again."""

from cms.content.models import Post
from cms.content.permissions import may_edit
from cms.content.posts import type_of
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict
from plugins.medical_review.discussion.errors import ThreadSettledAlready
from plugins.medical_review.discussion.events import (
    SuggestionRejected,
    ThreadReopened,
    ThreadSettled,
)
from plugins.medical_review.discussion.keeping import STATE_AFTER, checked_text, get, lock, take
from plugins.medical_review.discussion.models import Act, Kind, Severity, Thread, ThreadState
from plugins.medical_review.discussion.rights import (
    discussed_post,
    hold_back,
    person_of,
    require_settling,
    require_severity,
)

_TOLD_AS = {
    Act.RESOLVE: ThreadSettled,
    Act.REOPEN: ThreadReopened,
    Act.REJECT: SuggestionRejected,
    Act.WITHDRAW: SuggestionRejected,
}


async def resolve(work: UnitOfWork, thread_id: int, reason: str = "") -> Thread:
    """Say that a comment is settled. NotYoursToSettle for what must be fixed, by its author."""
    post, thread = await _held(work, thread_id, "thread.resolve")
    if thread.kind == Kind.SUGGESTION:
        raise Conflict(
            f"Thread {thread_id} is a suggestion: accept it, or reject it with a reason.",
            code="discussion.suggestion",
        )
    _require_open(thread, "resolved")
    await require_settling(work, post, thread)
    said = checked_text("reason", reason, is_needed=False)
    return await _settle(work, post, thread, Act.RESOLVE, said)


async def reopen(work: UnitOfWork, thread_id: int, reason: str = "") -> Thread:
    """Say that something is not settled after all. An accepted suggestion stands in the text: what
    is wrong with it is a new comment."""
    found = await get(work, thread_id)
    await hold_back(work, found.post_id, Severity(found.severity))
    post, thread = await _held(work, thread_id, "thread.reopen")
    if thread.state in {ThreadState.OPEN, ThreadState.ACCEPTED}:
        raise ThreadSettledAlready(thread, "reopened")
    if thread.opened_by != work.actor.user_id:
        require_severity(work, Severity(thread.severity))
    said = checked_text("reason", reason, is_needed=False)
    return await _settle(work, post, thread, Act.REOPEN, said)


async def reject(work: UnitOfWork, thread_id: int, reason: str) -> Thread:
    """Not take a suggestion, and say why; who made it takes it back in the same way."""
    post, thread = await _held(work, thread_id, "suggestion.reject")
    if thread.kind != Kind.SUGGESTION:
        raise Conflict(
            f"Thread {thread_id} is a comment and suggests no words: resolve it.",
            code="discussion.comment",
        )
    _require_open(thread, "rejected")
    is_own = thread.opened_by == work.actor.user_id
    if not is_own and not may_edit(work.actor, type_of(work, post), post):
        raise CapabilityMissing(
            "A suggestion is rejected by who may edit the text, or taken back by who made it.",
            action="suggestion.reject",
        )
    said = checked_text("reason", reason, is_needed=not is_own)
    act = Act.WITHDRAW if is_own else Act.REJECT
    return await _settle(work, post, thread, act, said)


async def _held(work: UnitOfWork, thread_id: int, action: str) -> tuple[Post, Thread]:
    thread = await lock(work, thread_id)
    post = await discussed_post(work, thread.post_id, action)
    person_of(work, action)
    return post, thread


def _require_open(thread: Thread, done: str) -> None:
    if thread.state != ThreadState.OPEN:
        raise ThreadSettledAlready(thread, done)


async def _settle(work: UnitOfWork, post: Post, thread: Thread, act: Act, reason: str) -> Thread:
    before = thread.state
    await take(work, post, thread, act, reason=reason)
    await work.emit(
        _TOLD_AS[act](
            thread_id=thread.id,
            post_id=post.id,
            opened_by=thread.opened_by,
            severity=Severity(thread.severity),
            before={"state": before},
            after={"state": STATE_AFTER[act].value},
        )
    )
    return thread
