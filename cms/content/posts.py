"""Finding and locking single posts."""

from collections.abc import Sequence

from sqlalchemy import select

from cms.content.dates import CLOCK_SKEW, at_site
from cms.content.models import Post, Revision
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.declarations import PostType

# The post type under which media are kept.
ATTACHMENT = "attachment"


async def lock(work: UnitOfWork, post_id: int, post_type: PostType | None = None) -> Post:
    """The post, held until the end of the transaction. NotFound when it is of another type."""
    statement = select(Post).where(Post.tenant_id == work.tenant_id, Post.id == post_id)
    if post_type is not None:
        statement = statement.where(Post.post_type == post_type.name)
    # Its key never changes, so what only refers to it (a comment, a page below) need not wait.
    post: Post | None = await work.entity(
        statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    )
    if post is None:
        raise NotFound("post", post_id)
    return post


async def get(work: UnitOfWork, post_id: int) -> Post:
    """The post as it stands, not locked."""
    post = await work.session.get(Post, (work.tenant_id, post_id))
    if post is None:
        raise NotFound("post", post_id)
    return post


async def some(work: UnitOfWork, post_ids: Sequence[int]) -> list[Post]:
    """Those of these posts that exist, not checked for the reader."""
    if not post_ids:
        return []
    statement = select(Post).where(Post.tenant_id == work.tenant_id, Post.id.in_(post_ids))
    return [row[0] for row in await work.all(statement)]


async def revision(work: UnitOfWork, post_id: int, revision_id: int) -> Revision:
    """A revision of this very post, or NotFound. Revisions never change, so one that this work has
    read already is not read again."""
    found = await work.session.get(Revision, (work.tenant_id, revision_id))
    if found is None or found.post_id != post_id:
        raise NotFound("revision", revision_id)
    # The session forgets what nobody holds; this work will ask for it again.
    work.session.info.setdefault("revisions", {})[revision_id] = found
    return found


def type_of(work: UnitOfWork, post: Post) -> PostType:
    """The declared type of a post. NotFound when its plugin is not enabled."""
    post_type = work.registry.post_types.get(post.post_type)
    if post_type is None:
        raise NotFound("post type", post.post_type)
    return post_type


def touch(work: UnitOfWork, post: Post) -> None:
    """The post has changed now: a floating date follows, and who copies changes will see it."""
    post.modified_gmt, post.modified_local = work.now, at_site(work.now, work.tenant.zone)
    if post.is_date_floating:
        post.date_local = post.modified_local


def version(post: Post) -> str:
    """The state of a post: every change of it touches the moment or the working revision."""
    moment = int(post.modified_gmt.timestamp() * 1_000_000)
    return f"{moment:x}-{post.working_revision_id or 0:x}-{post.live_revision_id or 0:x}"


def is_ahead(work: UnitOfWork, post: Post) -> bool:
    """Whether the post's date is still to come, by more than clocks may differ."""
    return post.date_gmt is not None and post.date_gmt >= work.now + CLOCK_SKEW


def facts(post: Post) -> dict[str, object]:
    """What a policy may know of a post: flat, small, no content."""
    return {
        "post_type": post.post_type,
        "status": post.status,
        "author_id": post.author_id,
        "language": post.language,
    }
