"""Finding references in the library, and the texts that rest on one."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from cms.content.models import Post, Revision
from cms.content.visibility import editable, readable
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import reviewed_types
from plugins.medical_review.references.identifiers import normal
from plugins.medical_review.references.library import names_of, require_write
from plugins.medical_review.references.models import LibraryEntry, ReferenceUse


class Use(msgspec.Struct, frozen=True):
    """A text that names the publication, as readers have it (`is_live`) or in its working head."""

    post_id: int
    post_type: str
    status: str
    title: str
    revision_id: int
    is_live: bool


async def listed(
    work: ReadableWork, *, q: str = "", notice: str = "", limit: int = 50, before: int | None = None
) -> list[LibraryEntry]:
    """Living entries that hold all words of `q`, the newest first, from behind `before` on."""
    require_write(work, "reference.list")
    statement = select(LibraryEntry).where(
        LibraryEntry.tenant_id == work.tenant_id, LibraryEntry.merged_into.is_(None)
    )
    for word in normal(q).split():
        statement = statement.where(func.strpos(LibraryEntry.words, word) > 0)
    if notice:
        statement = statement.where(LibraryEntry.notice == notice)
    if before is not None:
        statement = statement.where(LibraryEntry.id < before)
    rows = await work.all(statement.order_by(LibraryEntry.id.desc()).limit(limit))
    return [row[0] for row in rows]


async def used_in(
    work: ReadableWork, entry: LibraryEntry, *, limit: int = 100, after: int = 0
) -> list[Use]:
    """Texts whose live or working revision names this publication by any of its names, also by
    those of entries that were merged into it."""
    is_live = Revision.id == Post.live_revision_id
    rows = await work.all(
        select(Post.id, Post.post_type, Post.status, Revision.title, Revision.id, is_live)
        .join(Revision, and_(Revision.tenant_id == Post.tenant_id, Revision.post_id == Post.id))
        .join(
            ReferenceUse,
            and_(
                ReferenceUse.tenant_id == Revision.tenant_id,
                ReferenceUse.revision_id == Revision.id,
            ),
        )
        .where(
            Post.tenant_id == work.tenant_id,
            Post.id > after,
            ReferenceUse.key.in_(await all_names(work, [entry])),
            _seen_by(work),
        )
        .order_by(Post.id, Revision.id)
        .limit(limit)
    )
    return [Use(*row) for row in rows]


def _seen_by(work: ReadableWork) -> ColumnElement[bool]:
    """A title that somebody may not read is not shown to her by what it rests on."""
    live, working = Post.live_revision_id, Post.working_revision_id
    return or_(
        *(
            and_(
                Post.post_type == one.name,
                or_(
                    and_(Revision.id == live, readable(work.actor, one)),
                    and_(Revision.id == working, editable(work.actor, one)),
                ),
            )
            for one in map(work.registry.post_types.__getitem__, reviewed_types(work))
        )
    )


def naming(work: ReadableWork) -> Select[int]:
    """The posts whose live or working revision names any publication; for conditions on
    `ReferenceUse.key` and on posts."""
    live, working = Post.live_revision_id, Post.working_revision_id
    return (
        select(Post.id)
        .join(
            ReferenceUse,
            and_(
                ReferenceUse.tenant_id == Post.tenant_id,
                ReferenceUse.post_id == Post.id,
                or_(ReferenceUse.revision_id == live, ReferenceUse.revision_id == working),
            ),
        )
        .where(Post.tenant_id == work.tenant_id)
        .distinct()
        .order_by(Post.id)
    )


async def all_names(work: ReadableWork, entries: Sequence[LibraryEntry]) -> set[str]:
    """The names of these entries and of what was merged into them; one statement."""
    ids = [entry.id for entry in entries]
    rows = await work.all(
        select(LibraryEntry).where(
            LibraryEntry.tenant_id == work.tenant_id,
            or_(LibraryEntry.id.in_(ids), LibraryEntry.merged_into.in_(ids)),
        )
    )
    return {name for row in rows for name in names_of(row[0])}
