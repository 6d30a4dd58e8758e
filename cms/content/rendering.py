"""The stored form that readers get of a revision: made on write, and made again when what it shows
of other things has changed."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from cms.content.models import Post, Rendering, RenderingUse, Revision
from cms.content.surrounding import Uses, surroundings
from cms.database.work import UnitOfWork
from cms.database.writes import Insertion
from cms.markup.render import RENDER_VERSION, render_content, render_excerpt, render_title
from cms.markup.surroundings import Surroundings

P = ParamSpec("P")
T = TypeVar("T")

MEDIA, BLOCK = "media", "block"
_KEEP = Insertion(Revision, Rendering)
# In characters: what takes longer than about five milliseconds lets other requests go on.
LARGE = 8_192


@dataclass(frozen=True)
class Rendered:
    """What readers will get of a revision: `texts` are its title, content and excerpt. Filters of
    this class shape them; what a filter shows of other things it has to have made anew itself
    (`render_again`)."""

    post: Post
    revision: Revision
    texts: Mapping[str, str | int]

    @property
    def content(self) -> str:
        return str(self.texts["content"])

    def with_texts(self, **texts: str) -> "Rendered":
        return replace(self, texts={**self.texts, **texts})


async def aside(size: int, fn: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """The result of a pure function; for a text as large as this, from a thread."""
    if size < LARGE:
        return fn(*args, **named)
    return await asyncio.to_thread(fn, *args, **named)


async def keep_rendered(work: UnitOfWork, post: Post, revision: Revision) -> Rendering:
    """Store a new revision with its rendering. The session knows neither: revisions never change,
    and a rendering is loaded by who makes it anew."""
    texts, uses = await _rendered(work, post, revision)
    rendering = Rendering(
        tenant_id=revision.tenant_id, revision_id=revision.id, dependencies=uses.stored(), **texts
    )
    await work.put(_KEEP.query, _KEEP.values(revision, rendering))
    if uses.stored():
        await _keep_uses(work, revision.id, uses)
    return rendering


async def render_again(work: UnitOfWork, post: Post, revision_id: int) -> None:
    """Make a rendering anew. It is held from before its
    surroundings are read, so that of two jobs the later one reads what is newest."""
    rendering = await work.entity(
        select(Rendering)
        .where(Rendering.tenant_id == work.tenant_id, Rendering.revision_id == revision_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    revision = await work.session.get(Revision, (work.tenant_id, revision_id))
    if rendering is None or revision is None:
        return
    texts, uses = await _rendered(work, post, revision)
    for name, text in texts.items():
        setattr(rendering, name, text)
    if rendering.dependencies != uses.stored():
        rendering.dependencies = uses.stored()
        await _keep_uses(work, revision_id, uses, is_new=False)
    await work.session.flush()


async def _rendered(
    work: UnitOfWork, post: Post, revision: Revision
) -> tuple[dict[str, str | int], Uses]:
    around, uses = await surroundings(work, post, revision.content)
    size = len(revision.content) + sum(map(len, around.patterns.values()))
    texts = await aside(size, _texts, revision.title, revision.content, revision.excerpt, around)
    shown = await work.shape(Rendered(post, revision, texts))
    return dict(shown.texts), uses


def _texts(title: str, content: str, excerpt: str, around: Surroundings) -> dict[str, str | int]:
    return {
        "render_version": RENDER_VERSION,
        "title": render_title(title),
        "content": render_content(content, around),
        "excerpt": render_excerpt(excerpt, content),
    }


async def _keep_uses(
    work: UnitOfWork, revision_id: int, uses: Uses, *, is_new: bool = True
) -> None:
    if not is_new:
        await work.execute(
            delete(RenderingUse).where(
                RenderingUse.tenant_id == work.tenant_id, RenderingUse.revision_id == revision_id
            )
        )
    rows = [
        {"tenant_id": work.tenant_id, "kind": kind, "used_id": used, "revision_id": revision_id}
        for kind, ids in ((MEDIA, uses.media), (BLOCK, uses.blocks))
        for used in sorted(ids)
    ]
    if rows:
        await work.execute(insert(RenderingUse).values(rows))
