"""Where a site asks for it, no picture is published without words for those who do not see it."""

from collections.abc import AsyncIterator

from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from cms.content.events import Transition
from cms.content.models import Post, Revision
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork
from cms.media.models import MediaRecord

_REMEDY = (
    "Describe in 'alt_text' what the picture shows, or write alt=\"\" in the text for one that "
    "only decorates."
)


async def pictures_have_words(work: ReadableWork, move: Transition) -> AsyncIterator[Objection]:
    """Object to publishing a text with pictures that nothing describes (option
    `require_alt_text`; WCAG 2.2, 1.1.1)."""
    if not (move.publishes and work.tenant.site.require_alt_text):
        return
    row = await work.one(
        select(Revision.content, Revision.featured_media).where(
            Revision.tenant_id == work.tenant_id, Revision.id == move.revision_id
        )
    )
    missing = pictures_without_words(row.content)
    if missing:
        listed = ", ".join(missing[:5])
        yield Objection(
            "media.alt_text_missing",
            f"{len(missing)} of the text's pictures have no alternative text: {listed}.",
            _REMEDY,
        )
    if row.featured_media and await _lacks_words(work, row.featured_media):
        yield Objection(
            "media.featured_alt_text_missing",
            f"The featured picture (media {row.featured_media}) has no alternative text.",
            _REMEDY,
        )


def pictures_without_words(html: str) -> list[str]:
    """The file names of the images without an `alt` attribute; an empty one is a decision."""
    found = LexborHTMLParser(html).css("img:not([alt])")
    return [(image.attributes.get("src") or "?").rsplit("/", 1)[-1][:80] for image in found]


async def _lacks_words(work: ReadableWork, media_id: int) -> bool:
    row = await work.one(
        select(Revision.parts, MediaRecord.mime_type)
        .join(
            Post,
            (Post.tenant_id == Revision.tenant_id) & (Post.working_revision_id == Revision.id),
        )
        .join(
            MediaRecord,
            (MediaRecord.tenant_id == Post.tenant_id) & (MediaRecord.post_id == Post.id),
        )
        .where(Post.tenant_id == work.tenant_id, Post.id == media_id)
    )
    if row is None or not row.mime_type.startswith("image/"):
        return False
    return not row.parts.get("media", {}).get("alt_text")
