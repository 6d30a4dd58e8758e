"""Where a post, a term and an author stand on the public site: paths, without scheme and host."""

from collections.abc import Sequence

from cms.content.models import Post, Term
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.kernel.declarations import Taxonomy


async def paths(work: UnitOfWork, posts: Sequence[Post]) -> dict[int, str]:
    """The path of each post by its id, whatever their number with the same few statements."""
    return {post.id: _path(work, post) for post in posts}


def _path(work: UnitOfWork, post: Post) -> str:
    if not Status(post.status).shows_revision or not post.slug:
        kind = "" if post.post_type == "post" else f"post_type={post.post_type}&"
        return f"/?{kind}p={post.id}"
    prefix = "" if post.post_type == "post" else f"/{_base(work, post)}"
    return f"{prefix}/{post.slug}/"


def _base(work: UnitOfWork, post: Post) -> str:
    declared = work.registry.post_types.get(post.post_type)
    return (declared.rewrite or declared.rest_base) if declared is not None else post.post_type


def term_path(taxonomy: Taxonomy, term: Term) -> str:
    base = taxonomy.rewrite or taxonomy.name
    return f"/{base}/{term.slug}/"


def author_path(user: User) -> str:
    return f"/author/{user.nicename}/"
