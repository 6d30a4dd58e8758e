"""Saying something about a text, answering, putting it otherwise, taking it back."""

from dataclasses import dataclass

from sqlalchemy import select

from cms.content import posts
from cms.content.models import Post, Revision
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from plugins.medical_review.discussion import replacing
from plugins.medical_review.discussion.anchors import LONGEST_QUOTE
from plugins.medical_review.discussion.errors import (
    NotReplaceable,
    NotYours,
    ThreadSettledAlready,
)
from plugins.medical_review.discussion.events import ThreadOpened
from plugins.medical_review.discussion.keeping import (
    Words,
    checked_text,
    last_version,
    lock,
    put_words,
    say,
    take,
)
from plugins.medical_review.discussion.models import (
    Act,
    Comment,
    Kind,
    Severity,
    Thread,
    ThreadState,
    Written,
)
from plugins.medical_review.discussion.passages import in_one_line
from plugins.medical_review.discussion.places import Asked, Kept, Reader, Target
from plugins.medical_review.discussion.rights import (
    discussed_post,
    hold_back,
    person_of,
    require_severity,
)
from plugins.medical_review.discussion.texts import spoken


@dataclass(frozen=True)
class Opening:
    """What somebody wants to say, and of what. `replacement` makes it a suggestion."""

    asked: Asked
    body: str = ""
    severity: str = Severity.NOTE.value
    replacement: str | None = None
    revision_id: int | None = None


async def open_thread(work: UnitOfWork, post_id: int, opening: Opening) -> Thread:
    """Comment on a text, or suggest other words for a passage. InvalidInput for a place that is not
    in the revision, CapabilityMissing for who may not say that something must be fixed,
    NotReplaceable for a suggestion that would break the markup."""
    post = await discussed_post(work, post_id, "thread.open")
    person = person_of(work, "thread.open")
    severity = _severity(opening.severity)
    require_severity(work, severity)
    await hold_back(work, post_id, severity)
    body = checked_text("body", opening.body, is_needed=opening.replacement is None)
    revision_id = opening.revision_id or post.working_revision_id or 0
    revision = await posts.revision(work, post.id, revision_id)
    reader = Reader(revision)
    kept = reader.keep(opening.asked)
    words = _replacement(reader, kept, opening)
    thread = await _keep(work, revision, kept, words, severity)
    await take(work, post, thread, Act.OPEN)
    await work.emit(
        ThreadOpened(
            thread_id=thread.id,
            post_id=post.id,
            revision_id=revision.id,
            kind=Kind(thread.kind),
            severity=severity,
            after={"state": thread.state, "target": thread.target},
        )
    )
    if body:
        await say(work, post, thread.id, person, body)
    return thread


def _severity(wanted: str) -> Severity:
    known = [one.value for one in Severity]
    if wanted not in known:
        raise InvalidInput({"severity": f"{wanted[:40]!r} must be one of {', '.join(known)}"})
    return Severity(wanted)


def _replacement(reader: Reader, kept: Kept, opening: Opening) -> str | None:
    """The suggested words, tried out on the revision that they are for."""
    if opening.replacement is None:
        return None
    words = in_one_line(checked_text("replacement", opening.replacement, is_needed=False))
    faults: dict[str, str] = {}
    if kept.target is not Target.PASSAGE:
        faults["quote"] = "must be the words that are to be replaced"
    if len(words) > LONGEST_QUOTE or words == kept.quote.exact:
        faults["replacement"] = (
            f"must be other words than those that stand there, {LONGEST_QUOTE} characters at most"
        )
    if faults:
        raise InvalidInput(faults)
    one = spoken(reader.revision, kept.field)
    if one is not None:
        start = kept.quote.position
        wanted = [replacing.Replacement(start, start + len(kept.quote.exact), words)]
        try:
            replacing.replaced(reader.passages(one), wanted, is_markup=one.is_markup)
        except replacing.CannotReplace as cannot:
            raise NotReplaceable(None, cannot.reason, cannot.remedy) from cannot
    return words


async def _keep(
    work: UnitOfWork,
    revision: Revision,
    kept: Kept,
    words: str | None,
    severity: Severity,
) -> Thread:
    thread = Thread(
        tenant_id=work.tenant_id,
        id=await work.next_id("review_thread"),
        post_id=revision.post_id,
        revision_id=revision.id,
        kind=(Kind.COMMENT if words is None else Kind.SUGGESTION).value,
        severity=severity.value,
        target=kept.target.value,
        field=kept.field,
        quote=kept.quote.exact,
        prefix=kept.quote.prefix,
        suffix=kept.quote.suffix,
        position=kept.quote.position,
        block=list(kept.block),
        block_name=kept.block_name,
        replacement=words,
        state=ThreadState.OPEN.value,
        opened_by=person_of(work, "thread.open"),
        opened_at=work.now,
    )
    work.session.add(thread)
    await work.session.flush()
    return thread


async def reply(work: UnitOfWork, thread_id: int, body: str) -> Comment:
    """Answer in a thread that is open. ThreadSettledAlready for another one."""
    thread = await lock(work, thread_id)
    post = await discussed_post(work, thread.post_id, "thread.reply")
    if thread.state != ThreadState.OPEN:
        raise ThreadSettledAlready(thread, "answered")
    person = person_of(work, "thread.reply")
    return await say(work, post, thread_id, person, checked_text("body", body))


async def edit_comment(work: UnitOfWork, comment_id: int, body: str) -> Comment:
    """Put one's own comment otherwise; the words before are kept. The same words are no version."""
    said = checked_text("body", body)
    comment, post = await _own(work, comment_id)
    last = await last_version(work, comment_id)
    if last.act == Written.DELETED:
        raise Conflict(
            f"Comment {comment_id} was taken back and cannot be put otherwise. Write a new one.",
            code="discussion.deleted",
        )
    if last.body != said:
        words = Words(last.number + 1, Written.EDITED, said, tuple(last.mentioned))
        await put_words(work, post, comment, words)
    return comment


async def delete_comment(work: UnitOfWork, comment_id: int) -> Comment:
    """Take one's own comment back. That there was one stays, and what it said is kept."""
    comment, post = await _own(work, comment_id)
    last = await last_version(work, comment_id)
    if last.act != Written.DELETED:
        await put_words(work, post, comment, Words(last.number + 1, Written.DELETED, ""))
    return comment


async def _own(work: UnitOfWork, comment_id: int) -> tuple[Comment, Post]:
    """A comment of the actor in an open thread, which is held until the end of the transaction."""
    statement = select(Comment).where(Comment.tenant_id == work.tenant_id, Comment.id == comment_id)
    comment: Comment | None = await work.entity(statement)
    if comment is None:
        raise NotFound("comment", comment_id)
    post = await discussed_post(work, comment.post_id, "thread.amend")
    if comment.author_id != person_of(work, "thread.amend"):
        raise NotYours(
            "Another person wrote this comment. Answer it in its thread.", action="thread.amend"
        )
    thread = await lock(work, comment.thread_id)
    if thread.state != ThreadState.OPEN:
        raise ThreadSettledAlready(thread, "changed")
    return comment, post
