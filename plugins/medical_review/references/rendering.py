"""What readers get of a text with citations: numbered when it is stored, and made anew by a job
when a publication was retracted, or when the site changes its style.

What the library says of a publication changes nothing here: a text shows its own copies.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy.dialects.postgresql import insert

from cms.content import posts
from cms.content.events import RevisionSaved
from cms.content.models import Post
from cms.content.rendering import Rendered, aside, render_again
from cms.database.work import UnitOfWork
from cms.jobs.queue import enqueue
from cms.kernel.declarations import Job
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.references import library
from plugins.medical_review.references.entries import LISTED_IN, names_of_entry
from plugins.medical_review.references.events import (
    CitationStyleChanged,
    OfEntry,
    ReferencesMerged,
)
from plugins.medical_review.references.guarding import known_entries, notices_in
from plugins.medical_review.references.listing import Among, is_citing, with_references
from plugins.medical_review.references.models import ReferenceUse
from plugins.medical_review.references.searching import all_names, naming
from plugins.medical_review.references.style_option import style_of

RENDER_CITING = "medical_review.render_citing"
BATCH = 50

# A list of a hundred references takes as long as a text of this many characters.
_WEIGHT = 400


# A revision is rendered just before it is told of: whoever has seen it need not read it again.
_Parts = Mapping[str, Mapping[str, Any]]
_seen: WeakKeyDictionary[Any, dict[int, _Parts]] = WeakKeyDictionary()


async def show_citations(work: ReadableWork, rendered: Rendered) -> Rendered:
    """The text with its citations and its list; three statements for one that cites."""
    if not is_reviewed(work, rendered.post.post_type):
        return rendered
    _seen.setdefault(work, {})[rendered.revision.id] = rendered.revision.parts
    if not is_citing(rendered.content):
        return rendered
    entries = rendered.revision.parts.get(PART, {}).get(LISTED_IN) or []
    among = Among(
        rendered.post.id,
        rendered.revision.language,
        await style_of(work),
        notices_in(await known_entries(work, entries)),
    )
    size = len(rendered.content) + _WEIGHT * len(entries)
    text = await aside(size, with_references, rendered.content, entries, among)
    return rendered.with_texts(content=text)


# -- which texts name what


async def note_uses(work: Work, saved: RevisionSaved) -> None:
    """Write down which publications the new revision names."""
    parts = _seen.get(work, {}).pop(saved.revision_id, None)
    if parts is not None:
        await keep_uses(work, saved.post_id, saved.revision_id, parts)


async def keep_uses(work: Work, post_id: int, revision_id: int, parts: _Parts) -> None:
    """Every name of every reference, so that a text is found by whichever the library knows."""
    entries = parts.get(PART, {}).get(LISTED_IN) or []
    rows = [
        {"tenant_id": work.tenant_id, "key": key, "revision_id": revision_id, "post_id": post_id}
        for key in sorted({name for entry in entries for name in names_of_entry(entry)})
    ]
    if rows:
        await work.execute(insert(ReferenceUse).values(rows).on_conflict_do_nothing())


# -- when something changes


async def follow_entry(work: Work, event: OfEntry) -> None:
    """Have the texts that name this publication made anew."""
    into = event.into_id if isinstance(event, ReferencesMerged) else event.reference_id
    _later(cast(UnitOfWork, work), into)


async def follow_style(work: Work, _: CitationStyleChanged) -> None:
    """Have every text that names any publication made anew."""
    _later(cast(UnitOfWork, work), 0)


def _later(work: UnitOfWork, reference_id: int) -> None:
    args = {"reference_id": reference_id}
    work.before_commit(
        f"render: citing {reference_id}", partial(enqueue, work, RENDER_CITING, args)
    )


async def render_citing(work: UnitOfWork, reference_id: int, after: int = 0) -> None:
    """Make a batch of the renderings anew that name this publication; with 0, any."""
    statement = naming(work).where(Post.id > after)
    if reference_id:
        entry = await library.get(work, reference_id)
        statement = statement.where(ReferenceUse.key.in_(await all_names(work, [entry])))
    rows = await work.all(statement.limit(BATCH))
    for row in rows:
        await _render(work, row.id)
    if len(rows) == BATCH:
        args = {"reference_id": reference_id, "after": rows[-1].id}
        await enqueue(work, RENDER_CITING, args)


async def _render(work: UnitOfWork, post_id: int) -> None:
    post = await posts.get(work, post_id)
    for revision_id in {post.live_revision_id, post.working_revision_id} - {None}:
        await render_again(work, post, cast(int, revision_id))


RENDERING_JOBS = (Job(RENDER_CITING, render_citing),)
