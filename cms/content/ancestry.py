"""Which post stands below which: a parent is of the same type, and nobody is her own ancestor."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from cms.content.models import Post
from cms.content.naming import hold
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput

_LINE = text("""
with recursive up as (
  select id, parent_id from cms.posts
  where tenant_id = :tenant and id = :parent and post_type = :type
  union
  select p.id, p.parent_id from cms.posts p join up on p.id = up.parent_id
  where p.tenant_id = :tenant
) select id from up
""")


async def refuse_bad_parent(work: UnitOfWork, post: Post, wanted: Mapping[str, Any]) -> None:
    """InvalidInput when the wanted parent is no post of this type, or stands below this one."""
    parent_id = wanted.get("parent_id")
    if not parent_id or parent_id == post.parent_id:
        return
    # Two moves at once could close a circle that neither of them sees.
    await hold(work, "parents", post.post_type)
    rows = await work.all(
        _LINE, {"tenant": work.tenant_id, "parent": parent_id, "type": post.post_type}
    )
    line = {row.id for row in rows}
    if not line:
        raise _refused("Invalid post parent ID.")
    if post.id in line:
        raise _refused(
            f"Invalid post parent ID: {parent_id} is this post or stands below it. Choose a post "
            "that does not, or 0 for none."
        )


def _refused(message: str) -> InvalidInput:
    return InvalidInput({"parent": message}, codes={"parent": "rest_post_invalid_id"})
