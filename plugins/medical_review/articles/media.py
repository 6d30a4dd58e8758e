"""The files that a medical text shows, by their hashes: a part of what is approved.

An address of a file always means the same bytes, yet what stands behind the id of an attachment is
for other code to change. So a revision says which bytes its author had before her, and another file
under the same id makes another text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeGuard, cast

from sqlalchemy import select

from cms.content import posts
from cms.content.draft import Draft
from cms.content.models import Post
from cms.content.surrounding import images_in
from cms.database.work import UnitOfWork
from cms.kernel.work import ReadableWork
from cms.markup.blocks import delimiters, read_attributes
from cms.media.models import MediaRecord
from plugins.medical_review.articles.attributes import MEDIA_HASHES
from plugins.medical_review.articles.kinds import PART, is_reviewed

_OF_MEDIA = frozenset({"image", "gallery", "cover", "media-text", "file", "audio", "video"})
_HINT = re.compile(
    rf"wp-image-|\[gallery\b|caption\b|wp:(?:core/)?(?:{'|'.join(sorted(_OF_MEDIA))})\b"
)
_MOST = 500


async def note_files(work: ReadableWork, draft: Draft) -> Draft:
    """The draft with the hashes of its files. A text of before that shows what it always showed
    goes without: its hash, and with it its approval, stays."""
    part = draft.parts.get(PART, {})
    if not is_reviewed(work, draft.post_type):
        return draft
    ids = files_of(draft.content, draft.featured_media)
    if MEDIA_HASHES not in part and (not ids or await _shows_the_same(work, draft)):
        return draft
    hashes = {str(media_id): sha for media_id, sha in (await current_hashes(work, ids)).items()}
    if hashes:
        return draft.with_part(PART, **{MEDIA_HASHES: hashes})
    kept = {name: value for name, value in part.items() if name != MEDIA_HASHES}
    return replace(draft, parts={**draft.parts, PART: kept})


def files_of(content: str, featured_media: int | None) -> list[int]:
    """The attachments that a text shows or offers, by id."""
    found = {featured_media} if featured_media else set()
    # Most texts show nothing, and taking one apart takes its time.
    if _HINT.search(content):
        found |= images_in(content) | set(_of_blocks(content))
    return sorted(found)[:_MOST]


def _of_blocks(content: str) -> Iterator[int]:
    for delimiter in delimiters(content):
        if delimiter.name.removeprefix("core/") in _OF_MEDIA and delimiter.json:
            said = read_attributes(delimiter.json) or {}
            yield from filter(_is_id, (said.get("id"), said.get("mediaId")))


def _is_id(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53


async def current_hashes(work: ReadableWork, ids: Iterable[int]) -> Mapping[int, str]:
    """The SHA-256 of the file that each of these attachments stands for now, where there is one."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await work.all(
        select(MediaRecord).where(
            MediaRecord.tenant_id == work.tenant_id,
            MediaRecord.post_id.in_(wanted),
            MediaRecord.removed_at.is_(None),
        )
    )
    return {row[0].post_id: str(row[0].full["sha256"]) for row in rows}


async def _shows_the_same(work: ReadableWork, draft: Draft) -> bool:
    """Whether the revision before it has the same text and picture; false for a new post."""
    real = cast(UnitOfWork, work)
    post = await real.session.get(Post, (work.tenant_id, draft.immediate["id"]))
    if post is None or not post.working_revision_id:
        return False
    before = await posts.revision(real, post.id, post.working_revision_id)
    return (before.content, before.featured_media) == (draft.content, draft.featured_media)
