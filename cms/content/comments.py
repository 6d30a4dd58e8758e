"""Commenting and moderating: each change of a comment, with the rules of the site and its event."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

from sqlalchemy import func, or_, select, update

from cms.content import posts
from cms.content.comment_events import (
    CommentAdded,
    CommentDeleted,
    CommentEdited,
    CommentersForgotten,
    CommentModerated,
)
from cms.content.comment_models import Comment
from cms.content.comment_rules import (
    moderates,
    refuse_flood,
    refuse_repetition,
    refuse_too_deep,
    status_for,
)
from cms.content.dates import at_site
from cms.content.models import Post
from cms.content.naming import hold
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, Forbidden, InvalidInput
from cms.kernel.actors import IMPORTER
from cms.kernel.declarations import Job
from cms.kernel.lawfulness import DataSubject
from cms.markup.autop import autop
from cms.markup.clean import clean_comment, clean_title
from cms.markup.texturize import texturize
from cms.markup.tokens import MARKUP

# bleach needs tens of milliseconds for so much, and grows faster than its text.
LONGEST = 8_000
KEEP_ADDRESSES = timedelta(days=30)

_STATUS_OF = {
    "approve": "approved", "approved": "approved", "1": "approved", "hold": "hold", "0": "hold",
    "spam": "spam", "trash": "trash",
}  # fmt: skip
_OUT_OF = {"unspam": "spam", "untrash": "trash"}
SETTABLE = (*_STATUS_OF, *_OUT_OF)


async def add(work: UnitOfWork, post: Post, given: Mapping[str, Any]) -> Comment:
    """A new comment on a post that takes them. Conflict for a repeated one, TooManyRequests for a
    flood; InvalidInput when nothing is left of the text."""
    content, rendered = await cleaned(given["content"])
    await _refuse_bad_parent(work, post.id, given.get("parent_id"))
    await refuse_too_deep(work, given.get("parent_id"))
    date_gmt = given.get("date_gmt") or work.now
    comment = Comment(
        tenant_id=work.tenant_id,
        id=await work.next_id("comment"),
        post_id=post.id,
        parent_id=given.get("parent_id"),
        author_id=given.get("author_id"),
        author_name=plain(given.get("author_name", "")),
        author_email=given.get("author_email", "").lower(),
        author_url=given.get("author_url", ""),
        author_ip=given.get("author_ip") or work.request.ip,
        author_agent=given.get("author_agent") or work.request.user_agent,
        content=content,
        rendered=rendered,
        kind="comment",
        date_gmt=date_gmt,
        date_local=given.get("date_local") or at_site(date_gmt, work.tenant.zone),
        created_at=work.now,
        meta=dict(given.get("meta") or {}),
    )
    # Two of one person at once are looked at one after the other.
    await hold(work, "comment", comment.author_id or work.request.ip or "visitor")
    await refuse_repetition(work, comment)
    await refuse_flood(work, comment)
    comment.status = await status_for(work, comment, post)
    if given.get("status"):
        comment.status = _STATUS_OF.get(given["status"], comment.status)
    work.session.add(comment)
    await work.emit(
        CommentAdded(
            comment_id=comment.id,
            post_id=post.id,
            after={"status": comment.status},
            about=written_by(comment),
        )
    )
    return comment


async def bring(
    work: UnitOfWork, post: Post, given: Mapping[str, Any], comment_id: int | None = None
) -> Comment:
    """A comment as it was elsewhere, with its status and its date: no rule of this site is asked,
    and its network address is not taken over. InvalidInput when nothing is left of the text."""
    if work.actor is not IMPORTER:
        raise Forbidden("Only an import brings comments as they were.", action="comment.bring")
    content, rendered = await cleaned(given["content"])
    comment = Comment(
        tenant_id=work.tenant_id,
        id=comment_id or await work.next_id("comment"),
        post_id=post.id,
        parent_id=given["parent_id"],
        author_id=given["author_id"],
        author_name=plain(given["author_name"]),
        author_email=given["author_email"].lower(),
        author_url=given["author_url"],
        content=content,
        rendered=rendered,
        status=given["status"],
        kind=given["kind"],
        date_gmt=given["date_gmt"],
        date_local=given["date_local"],
        # When it was said, not when it came: floods are counted by it.
        created_at=given["date_gmt"],
        meta=dict(given.get("meta") or {}),
    )
    work.session.add(comment)
    # Answers refer to it, and no relationship orders the flush.
    await work.session.flush()
    await work.emit(
        CommentAdded(
            comment_id=comment.id,
            post_id=post.id,
            after={"status": comment.status},
            about=written_by(comment),
        )
    )
    return comment


async def bring_again(work: UnitOfWork, comment: Comment, given: Mapping[str, Any]) -> None:
    """The comment as it has become elsewhere since it was brought."""
    if work.actor is not IMPORTER:
        raise Forbidden("Only an import brings comments as they are.", action="comment.bring")
    content, rendered = await cleaned(given["content"])
    values = {
        "content": content,
        "author_name": plain(given["author_name"]),
        "author_email": given["author_email"].lower(),
        "author_url": given["author_url"],
        "author_id": given["author_id"],
        "parent_id": given["parent_id"],
        "date_gmt": given["date_gmt"],
        "date_local": given["date_local"],
        "meta": {**comment.meta, **given["meta"]},
    }
    if values["parent_id"] != comment.parent_id:
        await _refuse_bad_place(work, comment, values)
    changed = sorted(name for name, value in values.items() if getattr(comment, name) != value)
    for name in changed:
        setattr(comment, name, values[name])
    if changed:
        comment.rendered = rendered
        told = {"fields": changed}
        about = written_by(comment)
        await work.emit(
            CommentEdited(comment_id=comment.id, post_id=comment.post_id, after=told, about=about)
        )
    await _move(work, comment, given["status"])


def written_by(comment: Comment) -> DataSubject | None:
    """Whose comment it is, for the trail: a user, or who has left an address."""
    if comment.author_id:
        return DataSubject.user(comment.author_id)
    return DataSubject.email(comment.author_email) if comment.author_email else None


async def cleaned(content: str) -> tuple[str, str]:
    """The text as it is kept and as readers get it. InvalidInput when it is empty or too long."""
    if len(content) > LONGEST:
        raise InvalidInput(
            {"content": f"Your comment is too long: at most {LONGEST} characters."},
            codes={"content": "comment_content_column_length"},
        )
    kept = (await asyncio.to_thread(clean_comment, content)).strip()
    if not unescape(MARKUP.sub("", kept)).strip():
        raise InvalidInput(
            {"content": "Invalid comment content."},
            codes={"content": "rest_comment_content_invalid"},
        )
    return kept, autop(texturize(kept))


def plain(name: str) -> str:
    """A name is text, whatever was typed."""
    return " ".join(unescape(MARKUP.sub("", clean_title(name))).split())


async def _refuse_bad_parent(work: UnitOfWork, post_id: int, parent_id: int | None) -> None:
    if not parent_id:
        return
    parent = await work.session.get(Comment, (work.tenant_id, parent_id))
    if parent is None or parent.post_id != post_id:
        raise InvalidInput({"parent": f"There is no comment {parent_id} on this post."})


async def edit(work: UnitOfWork, comment: Comment, post: Post, wanted: Mapping[str, Any]) -> None:
    """Change the text, the author or the place of a comment."""
    _require_edit(work, post, "comment.edit")
    await work.decide("comment.edit", "comment", comment.id, posts.facts(post))
    values = {name: value for name, value in wanted.items() if name != "content"}
    if "content" in wanted and wanted["content"] != comment.content:
        values["content"], values["rendered"] = await cleaned(wanted["content"])
    if "parent_id" in values or "post_id" in values:
        await _refuse_bad_place(work, comment, values)
    if "author_name" in values:
        values["author_name"] = plain(values["author_name"])
    changed = sorted(name for name, value in values.items() if getattr(comment, name) != value)
    for name in changed:
        setattr(comment, name, values[name])
    if changed:
        await work.emit(
            CommentEdited(
                comment_id=comment.id,
                post_id=comment.post_id,
                after={"fields": changed},
                about=written_by(comment),
            )
        )


async def _refuse_bad_place(work: UnitOfWork, comment: Comment, values: Mapping[str, Any]) -> None:
    post_id = values.get("post_id", comment.post_id)
    parent_id = values.get("parent_id", comment.parent_id)
    await _refuse_bad_parent(work, post_id, parent_id)
    if parent_id != comment.parent_id:
        await refuse_too_deep(work, parent_id)
    above, seen = parent_id, set()
    while above and above not in seen:
        seen.add(above)
        if above == comment.id:
            raise InvalidInput({"parent": "A comment cannot answer itself or its own answers."})
        parent = await work.session.get(Comment, (work.tenant_id, above))
        above = parent.parent_id if parent is not None else None
    if post_id != comment.post_id:
        answers = await work.one(
            select(func.count())
            .select_from(Comment)
            .where(Comment.tenant_id == work.tenant_id, Comment.parent_id == comment.id)
        )
        if answers[0]:
            raise InvalidInput({"post": "A comment with answers stays on its post."})


async def moderate(work: UnitOfWork, comment: Comment, post: Post, wanted: str) -> None:
    """Approve, hold, call spam, bin; `unspam` and `untrash` give back the status before."""
    _require_edit(work, post, "comment.edit")
    if wanted in _OUT_OF:
        is_there = comment.status == _OUT_OF[wanted]
        target = (comment.trashed_status or "hold") if is_there else comment.status
    else:
        target = _STATUS_OF[wanted]
    await _move(work, comment, target)


async def _move(work: UnitOfWork, comment: Comment, target: str) -> None:
    before = comment.status
    if before == target:
        return
    goes = target in {"spam", "trash"}
    comment.trashed_status = (comment.trashed_status or before) if goes else None
    comment.status = target
    await work.emit(
        CommentModerated(
            comment_id=comment.id,
            post_id=comment.post_id,
            before={"status": before},
            after={"status": target},
            about=written_by(comment),
        )
    )


async def trash(work: UnitOfWork, comment: Comment, post: Post) -> None:
    """Into the bin; Conflict (410) when it is there."""
    await _require_delete(work, comment, post)
    if comment.status == "trash":
        raise Conflict("The comment has already been trashed.", code="rest_already_trashed")
    await _move(work, comment, "trash")


async def remove(work: UnitOfWork, comment: Comment, post: Post) -> None:
    """Gone for good; what answered it answers its parent."""
    await _require_delete(work, comment, post)
    before = {"status": comment.status}
    await work.execute(
        update(Comment)
        .where(Comment.tenant_id == work.tenant_id, Comment.parent_id == comment.id)
        .values(parent_id=comment.parent_id)
    )
    await work.session.delete(comment)
    about = written_by(comment)
    await work.emit(
        CommentDeleted(comment_id=comment.id, post_id=comment.post_id, before=before, about=about)
    )


async def _require_delete(work: UnitOfWork, comment: Comment, post: Post) -> None:
    _require_edit(work, post, "comment.delete")
    await work.decide("comment.delete", "comment", comment.id, posts.facts(post))


def _require_edit(work: UnitOfWork, post: Post, action: str) -> None:
    require(moderates(work, post), action, "Sorry, you are not allowed to edit this comment.")


async def forget_addresses(work: UnitOfWork) -> None:
    """Wipe the network address and the browser of comments that no flood can be part of."""
    wiped = await work.execute(
        update(Comment)
        .where(
            Comment.tenant_id == work.tenant_id,
            Comment.created_at < work.now - KEEP_ADDRESSES,
            or_(Comment.author_ip.is_not(None), Comment.author_agent.is_not(None)),
        )
        .values(author_ip=None, author_agent=None)
    )
    if wiped.rowcount:
        await work.emit(CommentersForgotten(after={"count": int(wiped.rowcount)}))


COMMENT_JOBS = (Job("comments.forget_addresses", forget_addresses, cron="20 3 * * *"),)
