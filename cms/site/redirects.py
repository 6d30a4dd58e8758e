"""Redirects: kept by administrators, recorded when a post moves, followed by visitors."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from cms.content.models import Post
from cms.content.permalinks import paths
from cms.content.permissions import require
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.events import difference
from cms.site.outward_actions import MANAGE
from cms.site.outward_events import RedirectRemoved, RedirectSaved
from cms.site.outward_models import Redirect, RedirectHits
from cms.site.paths import (
    WILDCARD,
    checked_source,
    checked_target,
    encoded,
    normal,
    sources_for,
    tail_of,
)

GONE = 410
STATUSES = (301, 302, 307, 308, GONE)
MOST_HOPS = 5
# One request of so many is counted, for all of them: counting each would write on every visit.
SAMPLE = 10


@dataclass(frozen=True)
class Outcome:
    """Where a redirect ends, whatever lies between: one hop for the visitor. `target` is a path or
    an address, and empty when the thing is gone."""

    redirect_id: int
    status: int
    target: str


async def candidates(work: UnitOfWork, path: str) -> list[Redirect]:
    """The redirects that speak of the path, the most exact first."""
    wanted = sources_for(path)
    rows = await work.all(
        select(Redirect).where(Redirect.tenant_id == work.tenant_id, Redirect.source.in_(wanted))
    )
    found = [row[0] for row in rows]
    return sorted(found, key=lambda one: wanted.index(one.source))


async def outcome(work: UnitOfWork, redirect: Redirect, path: str) -> Outcome | None:
    """The end of the way from here; None when it leads nowhere, or in a circle."""
    first, seen = redirect, {redirect.id}
    for _ in range(MOST_HOPS):
        if redirect.status == GONE:
            return Outcome(first.id, GONE, "")
        target = await _target(work, redirect, path)
        if target is None:
            return None
        path = normal(target)
        is_end = redirect.post_id is not None or not target.startswith("/")
        further = [] if is_end else await candidates(work, path)
        following = [one for one in further if not one.is_automatic]
        if not following:
            return None if first.source == path else Outcome(first.id, first.status, target)
        redirect = following[0]
        if redirect.id in seen:
            return None
        seen.add(redirect.id)
    return None


async def _target(work: UnitOfWork, redirect: Redirect, path: str) -> str | None:
    if redirect.post_id is None:
        return _filled(redirect, path)
    post = await work.session.get(Post, (work.tenant_id, redirect.post_id))
    if post is None or not is_open(work, post):
        return None
    return (await paths(work, [post]))[post.id]


def is_open(work: UnitOfWork, post: Post) -> bool:
    """Whether everybody may see the post, password or not."""
    declared = work.registry.post_types.get(post.post_type)
    return declared is not None and declared.is_public and post.status == Status.PUBLISH.value


def _filled(redirect: Redirect, path: str) -> str:
    """The target, with the tail of the path in place of its wildcard."""
    if not redirect.target.endswith(WILDCARD):
        return redirect.target
    tail = encoded(tail_of(redirect.source, path)).replace("?", "%3F").replace("#", "%23")
    return redirect.target[:-1] + tail


async def count_hit(work: UnitOfWork, redirect_id: int) -> None:
    """Now and then; the figure is an estimate."""
    if secrets.randbelow(SAMPLE):
        return
    row = insert(RedirectHits).values(
        tenant_id=work.tenant_id, redirect_id=redirect_id, hits=SAMPLE, last_hit_on=work.now.date()
    )
    await work.execute(
        row.on_conflict_do_update(
            index_elements=["tenant_id", "redirect_id"],
            set_={
                "hits": RedirectHits.hits + row.excluded.hits,
                "last_hit_on": row.excluded.last_hit_on,
            },
        )
    )


# -- what administrators do


async def listing(
    work: UnitOfWork, *, search: str = "", after: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[tuple[Redirect, RedirectHits | None]], int]:
    """A page of redirects by source, from the one after `after`, each with its hits; and how many
    there are from there on."""
    require_manager(work, "redirect.list")
    conditions = [Redirect.tenant_id == work.tenant_id]
    if after:
        conditions.append(Redirect.source > after)
    if search:
        conditions.append(
            Redirect.source.contains(search, autoescape=True)
            | Redirect.target.contains(search, autoescape=True)
        )
    rows = await work.all(
        select(Redirect, RedirectHits, func.count().over().label("total"))
        .outerjoin(
            RedirectHits,
            (RedirectHits.tenant_id == Redirect.tenant_id)
            & (RedirectHits.redirect_id == Redirect.id),
        )
        .where(*conditions)
        .order_by(Redirect.source)
        .limit(limit)
        .offset(offset)
    )
    return [(row[0], row[1]) for row in rows], rows[0].total if rows else 0


def require_manager(work: UnitOfWork, action: str) -> None:
    require(
        not work.actor.is_anonymous and work.actor.has(MANAGE),
        action,
        "Only who may change the settings of the site (manage_options) may do this.",
    )


async def get(work: UnitOfWork, redirect_id: int) -> Redirect:
    """The redirect, or NotFound."""
    require_manager(work, "redirect.read")
    found = await work.session.get(Redirect, (work.tenant_id, redirect_id))
    if found is None:
        raise NotFound("redirect", redirect_id)
    return found


async def save(
    work: UnitOfWork, *, source: str, target: str, status: int, redirect_id: int | None = None
) -> Redirect:
    """A new or changed redirect. InvalidInput names each fault; Conflict when the source is taken
    or the way would lead in a circle."""
    require_manager(work, "redirect.edit" if redirect_id else "redirect.create")
    source, target = checked(source, target, status)
    found = await get(work, redirect_id) if redirect_id else None
    taken = await work.one(
        select(Redirect.id, Redirect.is_automatic).where(
            Redirect.tenant_id == work.tenant_id, Redirect.source == source
        )
    )
    if taken is not None and taken.id != redirect_id:
        if not taken.is_automatic:
            raise Conflict(
                f"{source} is redirected already; change the redirect {taken.id}.",
                redirect_id=taken.id,
            )
        # What a person says of an address counts before what was recorded.
        found = found or await get(work, taken.id)
        if redirect_id:
            await remove(work, taken.id)
    await refuse_circle(work, source, target)
    if found is None:
        found = Redirect(
            tenant_id=work.tenant_id,
            id=await work.next_id("redirect"),
            created_by=work.actor.user_id,
            created_at=work.now,
        )
        work.session.add(found)
    before, after = _apply(work, found, source, target, status)
    await work.emit(RedirectSaved(redirect_id=found.id, before=before, after=after))
    return found


def _apply(
    work: UnitOfWork, found: Redirect, source: str, target: str, status: int
) -> tuple[dict[str, object], dict[str, object]]:
    old = {"source": found.source, "target": found.target, "status": found.status}
    found.source, found.target, found.status = source, target, status
    found.post_id, found.is_automatic, found.updated_at = None, False, work.now
    return difference(old, {"source": source, "target": target, "status": status})


def checked(source: str, target: str, status: int) -> tuple[str, str]:
    """Source and target in their kept form; InvalidInput names every fault at once."""
    faults: dict[str, str] = {}
    if status not in STATUSES:
        faults["status"] = f"must be one of {', '.join(map(str, STATUSES))}"
    try:
        source = checked_source(source)
    except InvalidInput as refused:
        faults |= refused.faults
    if status == GONE:
        if target:
            faults["target"] = "must be empty for 410: what is gone leads nowhere"
    else:
        try:
            target = checked_target(target, source)
        except InvalidInput as refused:
            faults |= refused.faults
    if faults:
        raise InvalidInput(faults)
    return source, target


async def refuse_circle(work: UnitOfWork, source: str, target: str) -> None:
    """Conflict when a visitor would come back to the source, with the way he would go."""
    way = await chain(work, source, target)
    if way and way[-1] == source:
        raise Conflict(
            f"This leads in a circle: {' → '.join([source, *way])}. Choose another target, or "
            "remove one of these redirects.",
            circle=[source, *way],
        )


async def chain(work: UnitOfWork, source: str, target: str) -> list[str]:
    """The paths that a visitor passes from the source on, without it; the last is the source when
    it is a circle."""
    way: list[str] = []
    while target.startswith("/") and len(way) <= MOST_HOPS:
        path = normal(target.removesuffix("*"))
        covers = source in sources_for(f"{path}/x" if target.endswith(WILDCARD) else path)
        if covers:
            return [*way, source]
        way.append(path)
        following = [one for one in await candidates(work, path) if not one.is_automatic]
        if not following or following[0].status == GONE:
            return way
        target = _filled(following[0], path)
    return [*way, source] if len(way) > MOST_HOPS else way


async def remove(work: UnitOfWork, redirect_id: int) -> None:
    require_manager(work, "redirect.delete")
    found = await get(work, redirect_id)
    before = {"source": found.source, "target": found.target, "status": found.status}
    await work.session.delete(found)
    await work.emit(RedirectRemoved(redirect_id=redirect_id, before=before))


# -- what happens by itself


async def record_moves(work: UnitOfWork, moves: Sequence[tuple[str, int]]) -> None:
    """Each (old path, post) leads to the post from now on, unless a person has said otherwise."""
    for source, post_id in moves:
        redirect_id = await work.next_id("redirect")
        row = insert(Redirect).values(
            tenant_id=work.tenant_id,
            id=redirect_id,
            source=source,
            target="",
            post_id=post_id,
            status=301,
            is_automatic=True,
            created_by=work.actor.user_id,
            created_at=work.now,
            updated_at=work.now,
        )
        saved = await work.one(
            row.on_conflict_do_update(
                index_elements=["tenant_id", "source"],
                set_={"post_id": row.excluded.post_id, "updated_at": row.excluded.updated_at},
                where=Redirect.is_automatic.is_(True),
            ).returning(Redirect.id)
        )
        if saved is not None:
            after = {"source": source, "post_id": post_id}
            await work.emit(RedirectSaved(redirect_id=saved.id, after=after))
