"""The rules of a site about comments: where they are open, what waits, what is too much."""

import re
from datetime import timedelta

from sqlalchemy import func, literal, or_, select

from cms.content.comment_models import Comment
from cms.content.comment_reading import MODERATE
from cms.content.models import Post
from cms.content.permissions import may_edit
from cms.content.posts import type_of
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, TooManyRequests
from cms.kernel.actors import IMPORTER

# As WordPress waits between two comments of one person; and a bound that a script meets.
PAUSE = timedelta(seconds=15)
MOST_IN_AN_HOUR = 20

_LINK = re.compile(r"<a\s[^>]*href", re.IGNORECASE)


def is_open(work: UnitOfWork, post: Post) -> bool:
    """Whether the post takes comments now; old posts close when the site says so."""
    site = work.tenant.site
    if post.comment_status != "open":
        return False
    if not site.close_comments_for_old_posts or post.date_gmt is None:
        return True
    return work.now - post.date_gmt < timedelta(days=site.close_comments_days_old)


def moderates(work: UnitOfWork, post: Post) -> bool:
    """Whether the actor may change the comments of this post: a moderator, or who may edit it."""
    return work.actor.has(MODERATE) or may_edit(work.actor, type_of(work, post), post)


async def refuse_too_deep(work: UnitOfWork, parent_id: int | None) -> None:
    """InvalidInput for an answer where the site has none, or deeper than it nests them."""
    site = work.tenant.site
    if not parent_id or work.actor is IMPORTER:
        return
    if not site.thread_comments:
        raise InvalidInput(
            {"parent": "Comments do not answer each other on this site: leave out the parent."}
        )
    most = site.thread_comments_depth
    above = (
        select(Comment.parent_id.label("parent_id"), literal(1).label("depth"))
        .where(Comment.tenant_id == work.tenant_id, Comment.id == parent_id)
        .cte(recursive=True)
    )
    above = above.union_all(
        select(Comment.parent_id, above.c.depth + 1).where(
            Comment.tenant_id == work.tenant_id,
            Comment.id == above.c.parent_id,
            above.c.depth < most,
        )
    )
    row = await work.one(select(func.max(above.c.depth)))
    if (row[0] or 0) >= most:
        raise InvalidInput(
            {"parent": f"Answers are nested at most {most} deep here: answer a comment above."}
        )


async def refuse_repetition(work: UnitOfWork, comment: Comment) -> None:
    """Conflict for the same words by the same person at the same place."""
    same_person = (
        Comment.author_id == comment.author_id
        if comment.author_id is not None
        else or_(
            Comment.author_name == comment.author_name,
            (Comment.author_email == comment.author_email) & (Comment.author_email != ""),
        )
    )
    row = await work.one(
        select(Comment.id)
        .where(
            Comment.tenant_id == work.tenant_id,
            Comment.post_id == comment.post_id,
            func.coalesce(Comment.parent_id, 0) == (comment.parent_id or 0),
            Comment.status != "trash",
            Comment.content == comment.content,
            same_person,
        )
        .limit(1)
    )
    if row is not None:
        raise Conflict(
            "Duplicate comment detected; it looks as though you&#8217;ve already said that!",
            code="comment_duplicate",
        )


async def refuse_flood(work: UnitOfWork, comment: Comment) -> None:
    """TooManyRequests for whoever comments faster than people write; moderators may."""
    if work.actor.has(MODERATE) or work.actor.has("manage_options"):
        return
    if comment.author_id is not None:
        # Members are told apart by their accounts: a whole clinic may share one address.
        who = [Comment.author_id == comment.author_id]
    else:
        who = [Comment.author_ip == work.request.ip] if work.request.ip else []
        who += [Comment.author_email == comment.author_email] if comment.author_email else []
    if not who:
        return
    row = await work.one(
        select(func.count(), func.max(Comment.created_at)).where(
            Comment.tenant_id == work.tenant_id,
            Comment.created_at > work.now - timedelta(hours=1),
            or_(*who),
        )
    )
    is_too_soon = row[1] is not None and work.now - row[1] < PAUSE
    if is_too_soon or row[0] >= MOST_IN_AN_HOUR:
        raise TooManyRequests(
            "You are posting comments too quickly. Slow down.",
            code="comment_flood",
            retry_after=int((PAUSE if is_too_soon else timedelta(hours=1)).total_seconds()),
        )


async def status_for(work: UnitOfWork, comment: Comment, post: Post) -> str:
    """What the site's rules make of a new comment: `approved`, `hold` or `spam`."""
    site = work.tenant.site
    is_trusted = moderates(work, post) or (
        comment.author_id is not None and comment.author_id == post.author_id
    )
    if is_trusted:
        return "approved"
    if _holds_any(comment, site.disallowed_keys):
        return "spam"
    if site.comment_moderation or _holds_any(comment, site.moderation_keys):
        return "hold"
    most = site.comment_max_links
    if most and len(_LINK.findall(comment.content)) >= most:
        return "hold"
    if site.comment_previously_approved and not await _is_known(work, comment):
        return "hold"
    return "approved"


async def _is_known(work: UnitOfWork, comment: Comment) -> bool:
    """Whether a comment of this person was approved before. A visitor's name and address prove
    nothing, but WordPress takes them too, and a moderator sees what is shown."""
    same = (
        Comment.author_id == comment.author_id
        if comment.author_id is not None
        else (Comment.author_id.is_(None))
        & (Comment.author_name == comment.author_name)
        & (Comment.author_email == comment.author_email)
        & (Comment.author_email != "")
    )
    row = await work.one(
        select(Comment.id)
        .where(Comment.tenant_id == work.tenant_id, Comment.status == "approved", same)
        .limit(1)
    )
    return row is not None


def _holds_any(comment: Comment, words: str) -> bool:
    """Whether a word of the list, one a line, stands anywhere in the comment."""
    listed = [word.strip().casefold() for word in words.splitlines() if word.strip()]
    fields = (
        comment.content, comment.author_name, comment.author_email, comment.author_url,
        comment.author_ip or "", comment.author_agent or "",
    )  # fmt: skip
    text = "\n".join(fields).casefold()
    return any(word in text for word in listed)
