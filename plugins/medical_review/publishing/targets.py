"""Which of the things that a text points to readers cannot get: listed, never silently dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import text

from cms.content import posts
from cms.content.models import Revision
from cms.content.naming import TRASHED
from cms.content.posts import ATTACHMENT
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.attributes import MEDIA_HASHES
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.publishing.pointers import Kind, Pointer, pointers
from plugins.medical_review.publishing.together import goes_along

MISSING = "missing"

# One array each: a text of a thousand links is one plan. `sha256` is of the file that stands for an
# attachment, null where there is none any more.
_POINTED_AT = text(
    """
    with pointed as (
      select id, post_type, status, slug, parent_id from cms.posts
      where tenant_id = :tenant and id = any(cast(:ids as bigint[]))
      union
      select id, post_type, status, slug, parent_id from cms.posts
      where tenant_id = :tenant and slug = any(cast(:slugs as text[])) and slug <> ''
    )
    select p.id, p.post_type, p.status, p.slug, p.parent_id, above.status as parent_status,
           (select file ->> 'sha256' from jsonb_array_elements(m.files) as file
            where file ->> 'size' = 'full' and coalesce(file ->> 'variant', '') in ('', 'false')
            limit 1) as sha256
    from pointed p
    left join cms.posts above on above.tenant_id = :tenant and above.id = p.parent_id
    left join cms.media_files m
      on m.tenant_id = :tenant and m.post_id = p.id and m.removed_at is null
    """
)


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
    sha256: str | None


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
    slugs = {one.slug for one in wanted if one.slug}
    values = {
        "tenant": work.tenant_id,
        "ids": sorted({one.post_id for one in wanted if one.post_id}),
        "slugs": sorted(slugs | {f"{slug}{TRASHED}" for slug in slugs}),
    }
    return [_Row(*row) for row in await work.all(_POINTED_AT, values)]


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
            return row.sha256 is not None and row.status == Status.INHERIT and hangs_well
        # What waits for a time may point to what waits too: both are asked again when it comes.
        waits = self.to is Status.FUTURE and row.status == Status.FUTURE
        return row.post_type in self.types and (row.status == Status.PUBLISH or waits)


def _status(row: _Row) -> str:
    if row.post_type != ATTACHMENT or row.status != Status.INHERIT:
        return row.status
    return MISSING if row.sha256 is None else str(row.parent_status)


def _changed(revision: Revision, rows: Sequence[_Row]) -> tuple[int, ...]:
    """The attachments whose file is not the one that the revision has noted."""
    noted: Mapping[str, str] = revision.parts.get(PART, {}).get(MEDIA_HASHES, {})
    now = {str(row.id): row.sha256 for row in rows if row.sha256 is not None}
    return tuple(int(name) for name, sha in noted.items() if name in now and now[name] != sha)
