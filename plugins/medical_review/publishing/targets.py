"""Which of the things that a text points to readers cannot get: listed, never silently dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ARRAY, BigInteger, Text, and_, any_, or_, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from cms.content import posts
from cms.content.models import Post, Revision
from cms.content.naming import TRASHED
from cms.content.posts import ATTACHMENT
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.work import ReadableWork
from cms.media.models import MediaRecord
from plugins.medical_review.articles.attributes import MEDIA_HASHES
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.publishing.pointers import Kind, Pointer, pointers
from plugins.medical_review.publishing.together import goes_along

MISSING = "missing"
_PARENT = aliased(Post)


@dataclass(frozen=True)
class Target:
    """Something that readers cannot get; `status` is its own, or `missing`, or, of an attachment
    that hangs on another post, that of this post."""

    kind: Kind
    post_id: int
    post_type: str
    status: str


@dataclass(frozen=True)
class Found:
    """What stands in the way of a text's targets, and whose file is another one than was noted."""

    unpublished: tuple[Target, ...] = ()
    changed: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Row:
    id: int
    post_type: str
    status: str
    slug: str
    parent_id: int | None
    parent_status: str | None
    file: Any


async def look(
    work: ReadableWork, post_id: int, revision_id: int, to: Status = Status.PUBLISH
) -> Found:
    """What the revision points to and readers would not get once the post has the status `to`; with
    one statement, or none where it points to nothing."""
    revision = await posts.revision(cast(UnitOfWork, work), post_id, revision_id)
    wanted = pointers(work, revision)
    if not wanted:
        return Found()
    rows = await _rows(work, wanted)
    seen = _Seen(rows, frozenset(work.registry.post_types), {*goes_along(work), post_id}, to)
    unpublished = [target for pointer in wanted for target in seen.unpublished(pointer)]
    return Found(tuple(dict.fromkeys(unpublished)), _changed(revision, rows))


async def _rows(work: ReadableWork, wanted: Sequence[Pointer]) -> list[_Row]:
    ids = sorted({one.post_id for one in wanted if one.post_id})
    slugs = sorted({one.slug for one in wanted if one.slug})
    # One array each: a text of a thousand links is one plan.
    spelled = sql_cast(
        [*slugs, *(f"{slug}{TRASHED}" for slug in slugs)], ARRAY(Text(collation="C"))
    )
    found = await work.all(
        select(
            Post.id,
            Post.post_type,
            Post.status,
            Post.slug,
            Post.parent_id,
            _PARENT.status.label("parent_status"),
            MediaRecord,
        )
        .outerjoin(_PARENT, and_(_PARENT.tenant_id == Post.tenant_id, _PARENT.id == Post.parent_id))
        .outerjoin(
            MediaRecord,
            and_(
                MediaRecord.tenant_id == Post.tenant_id,
                MediaRecord.post_id == Post.id,
                MediaRecord.removed_at.is_(None),
            ),
        )
        .where(
            Post.tenant_id == work.tenant_id,
            or_(
                Post.id == any_(sql_cast(ids, ARRAY(BigInteger))),
                and_(Post.slug == any_(spelled), Post.slug != ""),
            ),
        )
    )
    return [_Row(*row) for row in found]


@dataclass(frozen=True)
class _Seen:
    """What was found, and what counts as shown: `shown` are the text itself and what goes live
    with it."""

    rows: Sequence[_Row]
    types: frozenset[str]
    shown: set[int]
    to: Status

    def unpublished(self, pointer: Pointer) -> list[Target]:
        """Posts of several types and languages may share a slug: one that is shown is enough. An
        address that leads nowhere is no text that waits; what a field or a block names was there.
        """
        if pointer.slug:
            named = [row for row in self.rows if row.slug.removesuffix(TRASHED) == pointer.slug]
        else:
            named = [row for row in self.rows if row.id == pointer.post_id]
        if any(self._is_shown(row) for row in named):
            return []
        if not named and pointer.kind is not Kind.LINK:
            return [Target(pointer.kind, pointer.post_id, "", MISSING)]
        return [Target(pointer.kind, row.id, row.post_type, _status(row)) for row in named]

    def _is_shown(self, row: _Row) -> bool:
        if row.id in self.shown:
            return True
        if row.post_type == ATTACHMENT:
            hangs_well = row.parent_id in {None, *self.shown} or row.parent_status == Status.PUBLISH
            return row.file is not None and row.status == Status.INHERIT and hangs_well
        # What waits for a time may point to what waits too: both are asked again when it comes.
        waits = self.to is Status.FUTURE and row.status == Status.FUTURE
        return row.post_type in self.types and (row.status == Status.PUBLISH or waits)


def _status(row: _Row) -> str:
    if row.post_type != ATTACHMENT or row.status != Status.INHERIT:
        return row.status
    return MISSING if row.file is None else str(row.parent_status)


def _changed(revision: Revision, rows: Sequence[_Row]) -> tuple[int, ...]:
    """The attachments whose file is not the one that the revision has noted."""
    noted: Mapping[str, str] = revision.parts.get(PART, {}).get(MEDIA_HASHES, {})
    now = {str(row.id): row.file.full["sha256"] for row in rows if row.file is not None}
    return tuple(int(name) for name, sha in noted.items() if name in now and now[name] != sha)
