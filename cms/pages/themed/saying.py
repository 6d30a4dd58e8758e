"""What visitors said of a text: the threads below it, and the form."""

from collections.abc import Sequence
from typing import Any

from cms.content import comment_reading
from cms.content.comment_reading import CommentQuery, CommentView
from cms.content.comment_rules import is_open
from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.site.themes import stored

Facts = dict[str, Any]

# The newest of them; a page with more would be read by nobody.
MOST = 200
STATES = ("held", "shown")
_WEB = ("http://", "https://")


async def of_post(work: UnitOfWork, post: Post, *, is_unlocked: bool) -> Facts:
    """The threads of a text, and whether it takes more. A text without comments that takes none
    costs nothing."""
    takes = is_open(work, post)
    unlocked = [post.id] if is_unlocked else []
    query = CommentQuery(posts=[post.id], limit=MOST, unlocked=unlocked)
    views, total = await comment_reading.page(work, query)
    site = work.tenant.site
    return {
        "threads": threads(list(reversed(views)), site.thread_comments_depth),
        "total": total,
        "is_open": takes and not site.comment_registration,
        "needs_name": site.require_name_email,
        "may_answer": site.thread_comments,
        "answers": None,
        "said": "",
        "faults": {},
        "given": {},
        "post_id": post.id,
    }


def threads(views: Sequence[CommentView], depth: int) -> list[Facts]:
    """Answers below what they answer; one whose question is not shown stands by itself."""
    shown: dict[int, Facts] = {}
    top: list[Facts] = []
    for view in views:
        comment = view.comment
        above = shown.get(comment.parent_id or 0)
        one = _facts(view, 1 if above is None else above["depth"] + 1)
        one["may_be_answered"] = one["depth"] < depth
        shown[comment.id] = one
        (top if above is None else above["answers"]).append(one)
    return top


def _facts(view: CommentView, depth: int) -> Facts:
    comment = view.comment
    return {
        "id": comment.id,
        "name": comment.author_name,
        # What a visitor typed leads to web pages only.
        "url": comment.author_url if comment.author_url.startswith(_WEB) else "",
        "at": comment.date_local,
        "content": stored(comment.rendered),
        "depth": depth,
        "answers": [],
    }
