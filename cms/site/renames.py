"""When a published post moves, its old address leads to the new one."""

from functools import partial
from typing import cast

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cms.content.events import PropertiesChanged, RevisionSaved, Transition
from cms.content.models import Post
from cms.content.permalinks import paths
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.hooks import Hooks
from cms.kernel.work import Work
from cms.site.outward_models import PublicAddress
from cms.site.paths import normal
from cms.site.redirects import is_open, record_moves

# Properties of a post that can stand in its address.
_PLACED = frozenset({"slug", "parent", "parent_id", "date_gmt", "date_local", "author", "terms"})


def connect(hooks: Hooks) -> None:
    hooks.observe(Transition, follow_transition)
    hooks.observe(RevisionSaved, follow_change)
    hooks.observe(PropertiesChanged, follow_change)


async def follow_transition(work: Work, event: Transition) -> None:
    """A post that goes live has an address from now on."""
    if event.to_status is Status.PUBLISH:
        await _settle_later(work, event.post_id)


async def follow_change(work: Work, event: RevisionSaved | PropertiesChanged) -> None:
    """A live post of which something changed that can stand in its address."""
    if event.before and _PLACED & set(event.after or ()):
        await _settle_later(work, event.post_id)


async def _settle_later(work: Work, post_id: int) -> None:
    # The protocol that hooks see knows no session; what runs them is always the unit of work.
    whole = cast(UnitOfWork, work)
    post = await whole.session.get(Post, (whole.tenant_id, post_id))
    if post is not None and is_open(whole, post):
        # Once for all that a request changes, when its last word on the address is spoken.
        work.before_commit(f"address of post {post_id}", partial(_settle, whole, post))


async def _settle(work: UnitOfWork, post: Post) -> None:
    if not is_open(work, post):
        return
    written = (await paths(work, [post]))[post.id]
    if "?" in written:
        return  # an address by id does not change
    new = normal(written)
    known = await work.one(
        select(PublicAddress.path).where(
            PublicAddress.tenant_id == work.tenant_id, PublicAddress.post_id == post.id
        )
    )
    if known is not None and known.path == new:
        return
    moved = {post.id: new}
    old = {post.id: known.path} if known is not None else {}
    declared = work.registry.post_types[post.post_type]
    if known is not None and declared.is_hierarchical:
        below = await _below(work, known.path)
        old |= below
        moved |= await _now(work, list(below))
    await _remember(work, moved)
    # The front page stays where it is, whichever page is shown there.
    left = {one: path for one, path in old.items() if path not in {moved.get(one, path), "/"}}
    await record_moves(work, [(path, one) for one, path in left.items()])


async def _below(work: UnitOfWork, path: str) -> dict[int, str]:
    """The posts whose address begins with this one's: its children and theirs."""
    rows = await work.all(
        select(PublicAddress.post_id, PublicAddress.path).where(
            PublicAddress.tenant_id == work.tenant_id,
            PublicAddress.path.startswith(f"{path}/", autoescape=True),
        )
    )
    return {row.post_id: row.path for row in rows}


async def _now(work: UnitOfWork, post_ids: list[int]) -> dict[int, str]:
    if not post_ids:
        return {}
    rows = await work.all(
        select(Post).where(Post.tenant_id == work.tenant_id, Post.id.in_(post_ids))
    )
    standing = [row[0] for row in rows if is_open(work, row[0])]
    return {post_id: normal(path) for post_id, path in (await paths(work, standing)).items()}


async def _remember(work: UnitOfWork, addresses: dict[int, str]) -> None:
    row = insert(PublicAddress).values(
        [
            {"tenant_id": work.tenant_id, "post_id": post_id, "path": path}
            for post_id, path in addresses.items()
        ]
    )
    await work.execute(
        row.on_conflict_do_update(
            index_elements=["tenant_id", "post_id"], set_={"path": row.excluded.path}
        )
    )
