"""Giving out names that must be free: slugs of posts and terms, one at a time."""

import re

from sqlalchemy import func, or_, select, text

from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.markup.slugs import MAX_LENGTH

TRASHED = "__trashed"
_NUMBERS = re.compile(r"(?:-\d+)+$")
_HALF_OCTET = re.compile(r"%[0-9a-f]?$")
_HOLD = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")


async def hold(work: UnitOfWork, *name: object) -> None:
    """Wait for whoever is giving out this name, and hold it until the end of the transaction. Two
    who want it at once are served in turn, and the second sees what the first took. A rehearsal of
    thousands of posts would hold more names than the server can keep, and needs none."""
    if work.is_rehearsal:
        return
    await work.execute(_HOLD, {"name": "/".join(map(str, (work.tenant_id, *name)))})


async def free_slug(work: UnitOfWork, post: Post, wanted: str) -> str:
    """The slug, or with `-2`, `-3`, … when another post of the type, language and parent has it."""
    # `dor` may become `dor-2`, so all numbers of a name wait for each other.
    await hold(work, "slug", post.language, post.post_type, _NUMBERS.sub("", wanted))
    stem = _shortened(wanted, MAX_LENGTH - 8)
    rows = await work.all(
        select(Post.slug).where(
            Post.tenant_id == work.tenant_id,
            Post.language == post.language,
            Post.post_type == post.post_type,
            func.coalesce(Post.parent_id, 0) == (post.parent_id or 0),
            Post.id != post.id,
            or_(Post.slug == wanted, Post.slug.startswith(f"{stem}-", autoescape=True)),
        )
    )
    taken = {row.slug for row in rows}
    candidate, number = wanted, 2
    while candidate in taken:
        candidate, number = f"{stem}-{number}", number + 1
    return candidate


def _shortened(slug: str, length: int) -> str:
    """Room for a number, without half an octet at the end."""
    return slug if len(slug) <= length else _HALF_OCTET.sub("", slug[:length]).rstrip("-")


def without_trashed(slug: str) -> str:
    """The slug that a post had before it went into the bin."""
    head, suffix, number = slug.rpartition(TRASHED)
    return head if suffix and not number.strip("-0123456789") else slug
