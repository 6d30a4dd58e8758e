"""What visitors said, as feeds tell it: approved comments on texts that everybody may read."""

from collections.abc import Sequence
from datetime import UTC
from html import escape

from sqlalchemy import select

from cms.content.comment_models import Comment
from cms.content.models import Post
from cms.content.permalinks import paths
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.markup.render import automatic_excerpt, render_title
from cms.site.feeds import Entry

_NAMELESS = "Anonymous"


async def newest_comments(work: UnitOfWork, post_id: int | None, limit: int) -> Sequence[Entry]:
    """The newest of one post, or (None) of all; whoever asks gets what everybody gets. What is said
    of a protected text tells what stands in it, so it stays away."""
    public = [one.name for one in work.registry.post_types.values() if one.is_public]
    conditions = [
        Comment.tenant_id == work.tenant_id,
        Comment.status == "approved",
        Comment.kind == "comment",
        Post.post_type.in_(public),
        Post.status == Status.PUBLISH.value,
        Post.password == "",
    ]
    if post_id is not None:
        conditions.append(Comment.post_id == post_id)
    rows = await work.all(
        select(Comment, Post)
        .join(Post, (Post.tenant_id == Comment.tenant_id) & (Post.id == Comment.post_id))
        .where(*conditions)
        .order_by(Comment.date_gmt.desc(), Comment.id.desc())
        .limit(limit)
    )
    posts = {row[1].id: row[1] for row in rows}
    places = await paths(work, list(posts.values())) if posts else {}
    is_whole = post_id is None
    return [_entry(work, row[0], row[1], places[row[1].id], is_whole=is_whole) for row in rows]


def _entry(work: UnitOfWork, comment: Comment, post: Post, path: str, *, is_whole: bool) -> Entry:
    name = comment.author_name or _NAMELESS
    anchor, said_by = f"#comment-{comment.id}", escape(name, quote=False)
    whole_title = f"Comment on {render_title(post.title)} by {said_by}"
    said_at = comment.date_gmt.astimezone(UTC)
    return Entry(
        path=path + anchor,
        guid=f"/?p={post.id}{anchor}",
        title=whole_title if is_whole else f"By: {said_by}",
        author=name,
        published=said_at,
        modified=said_at,
        summary=automatic_excerpt(comment.content),
        content="" if work.tenant.site.rss_use_excerpt else comment.rendered,
    )
