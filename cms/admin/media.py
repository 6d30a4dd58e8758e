"""Pages of the media library, read for a screen: newest first, on by the last one seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request
from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_

from cms.content import attachment_reading
from cms.content.attachment_reading import MediaView, visible
from cms.content.models import Post, RenderingUse, Revision
from cms.content.posts import ATTACHMENT
from cms.content.visibility import editable
from cms.database.work import UnitOfWork
from cms.media.models import MediaRecord
from cms.rest.shape import uploads_url

A_PAGE = 40
KINDS = ("image", "video", "audio", "application", "text")


@dataclass(frozen=True)
class Shown:
    """A file as a list shows it; `thumbnail` is empty for what is no picture."""

    id: int
    title: str
    url: str
    thumbnail: str
    alt: str
    mime_type: str
    bytes: int
    width: int
    height: int
    view: MediaView

    def sized(self, size: str) -> str:
        """The address of the picture in this size; that of the whole where it has none."""
        return _address(self.url.rpartition("/")[0], self.view.record, size) or self.url

    @property
    def lacks_alt(self) -> bool:
        return self.view.record.is_image and not self.alt


async def page_of(
    work: UnitOfWork, request: Request[Any, Any, Any], *, words: str, kind: str, after: int | None
) -> tuple[list[Shown], int | None]:
    """Files that this person may see, and the id after which the next page begins."""
    statement = (
        select(Post.id)
        .where(
            Post.tenant_id == work.tenant_id,
            Post.post_type == ATTACHMENT,
            visible(work),
            _has_files(kind),
            *_matching(words),
        )
        .order_by(Post.date_gmt.desc(), Post.id.desc())
        .limit(A_PAGE + 1)
    )
    if after is not None:
        last = select(Post.date_gmt).where(Post.tenant_id == work.tenant_id, Post.id == after)
        statement = statement.where(
            tuple_(Post.date_gmt, Post.id) < tuple_(last.scalar_subquery(), after)
        )
    ids = [row.id for row in await work.all(statement)]
    shown = await shown_of(work, request, ids[:A_PAGE])
    return shown, ids[A_PAGE - 1] if len(ids) > A_PAGE else None


def _has_files(kind: str) -> ColumnElement[bool]:
    wanted = [
        MediaRecord.tenant_id == Post.tenant_id,
        MediaRecord.post_id == Post.id,
        MediaRecord.removed_at.is_(None),
    ]
    if kind in KINDS:
        wanted.append(MediaRecord.mime_type.startswith(f"{kind}/"))
    return exists().where(*wanted)


def _matching(words: str) -> list[ColumnElement[bool]]:
    """Each word stands in the title or in the name of the file."""
    return [
        or_(
            Post.slug.contains(word.lower(), autoescape=True),
            exists().where(
                Revision.tenant_id == Post.tenant_id,
                Revision.id == Post.working_revision_id,
                Revision.title.icontains(word, autoescape=True),
            ),
        )
        for word in words.split()[:5]
    ]


async def shown_of(
    work: UnitOfWork, request: Request[Any, Any, Any], ids: Sequence[int]
) -> list[Shown]:
    """These files in this order, as far as they are there."""
    found = {media.post.id: media for media in await attachment_reading.many(work, ids)}
    return [_shown(request, found[one]) for one in ids if one in found]


def _shown(request: Request[Any, Any, Any], media: MediaView) -> Shown:
    record = media.record
    base = f"{uploads_url(request)}/{record.folder}"
    url = f"{base}/{record.full['name']}"
    return Shown(
        id=media.post.id,
        title=media.view.revision.title,
        url=url,
        thumbnail=_address(base, record, "medium") or (url if record.is_image else ""),
        alt=str(media.view.part("media").get("alt_text") or ""),
        mime_type=record.mime_type,
        bytes=record.full["bytes"],
        width=record.width,
        height=record.height,
        view=media,
    )


def _address(base: str, record: MediaRecord, size: str) -> str:
    names = (f["name"] for f in record.files if f["size"] == size and not f["variant"])
    name = next(names, "")
    return f"{base}/{name}" if name else ""


@dataclass(frozen=True)
class Use:
    """A text that shows a file."""

    id: int
    post_type: str
    title: str
    is_live: bool


async def uses_of(work: UnitOfWork, media_id: int, *, limit: int = 20) -> list[Use]:
    """Texts that show the file, live or being worked on, as far as this person may edit them; the
    first so many."""
    of_post = and_(Revision.tenant_id == Post.tenant_id, Revision.post_id == Post.id)
    is_current = Revision.id.in_([Post.live_revision_id, Post.working_revision_id])
    shows = or_(
        Revision.featured_media == media_id,
        exists().where(
            RenderingUse.tenant_id == Revision.tenant_id,
            RenderingUse.revision_id == Revision.id,
            RenderingUse.kind == "media",
            RenderingUse.used_id == media_id,
        ),
    )
    types = [editable(work.actor, one) for one in work.registry.post_types.values()]
    rows = await work.all(
        select(Post.id, Post.post_type, Revision.title, Revision.id, Post.live_revision_id)
        .join(Revision, and_(of_post, is_current))
        .where(Post.tenant_id == work.tenant_id, shows, or_(*types))
        .order_by(Post.id.desc())
        .limit(limit)
    )
    seen: dict[int, Use] = {}
    for post_id, post_type, title, revision_id, live_id in rows:
        is_live = revision_id == live_id
        if post_id not in seen or is_live:
            seen[post_id] = Use(post_id, post_type, title, is_live)
    return list(seen.values())
