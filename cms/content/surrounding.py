"""What a text is rendered among: its reusable blocks and images, loaded before with few statements.

Rendered texts are stored and read by everybody who may read the post, so nothing is loaded with the
rights of whoever saves: what the public may not see is left out of them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select

from cms.content.attachment_reading import MediaView, many, may_read_media
from cms.content.models import Post, Revision
from cms.content.permalinks import paths
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.actors import ANONYMOUS
from cms.markup.expanding import wanted_patterns
from cms.markup.images import wanted_images
from cms.markup.surroundings import Image, Source, Surroundings
from cms.markup.texturize import texturize

REUSABLE = "wp_block"
UPLOADS = "/wp-content/uploads"

# Blocks within blocks; and no text shows more of them, or of images, than this.
_DEEPEST = 20
_MOST = 500
_LARGEST_ID = 2**63 - 1

_GALLERY = re.compile(r"\[gallery\b([^\[\]]*)\]")
_IDS = re.compile(r"""\b(?:ids|include)\s*=\s*["']?([0-9,\s]+)""")
_CAPTION = re.compile(r"""\[(?:wp_)?caption\b[^\[\]]*\bid\s*=\s*["']?attachment_([0-9]{1,18})\b""")
_MEDIA_BLOCK = re.compile(r"<!--\s+wp:(?:core/)?(?:image|gallery)\s+(\{[^\n]*?\})\s+/?-->")
_BLOCK_IDS = re.compile(r'"ids?":\s*(\[[0-9,\s"]*\]|[0-9]{1,18})')
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Uses:
    """What a text refers to, by id, also what is not there or not public: it may come to be."""

    media: frozenset[int] = frozenset()
    blocks: frozenset[int] = frozenset()

    def stored(self) -> dict[str, list[int]]:
        kinds = {"media": sorted(self.media), "blocks": sorted(self.blocks)}
        return {name: ids for name, ids in kinds.items() if ids}


async def surroundings(
    work: UnitOfWork, post: Post | None, *texts: str
) -> tuple[Surroundings, Uses]:
    """What these texts of the post (or of none) are rendered among, and what they refer to. Texts
    that refer to nothing ask nothing."""
    raw = "\n\n".join(texts)
    blocks, patterns = await _patterns(work, post, raw)
    media = _some(found for text in (raw, *patterns.values()) for found in images_in(text))
    around = Surroundings(
        post_id=post.id if post is not None else 0,
        images=await _images(work, post, media) if media else {},
        patterns=patterns,
        shortcodes=work.registry.shortcodes,
        dynamic_blocks=work.registry.dynamic_blocks,
    )
    return around, Uses(media, blocks)


def images_in(text: str) -> set[int]:
    """The attachments that a text shows: by class, shortcode or block."""
    found = wanted_images(text)
    lists = [ids for given in _GALLERY.findall(text) for ids in _IDS.findall(given)]
    lists += _CAPTION.findall(text)
    lists += [ids for given in _MEDIA_BLOCK.findall(text) for ids in _BLOCK_IDS.findall(given)]
    return found | {int(number) for ids in lists for number in _NUMBER.findall(ids)}


def _some(ids: Iterable[int]) -> frozenset[int]:
    return frozenset(sorted({one for one in ids if 0 < one <= _LARGEST_ID})[:_MOST])


async def _patterns(
    work: UnitOfWork, post: Post | None, raw: str
) -> tuple[frozenset[int], dict[int, str]]:
    # Whoever changes a reusable block would change a reviewed text, and nobody would judge it.
    if post is not None:
        declared = work.registry.post_types.get(post.post_type)
        if declared is None or declared.is_reviewed:
            return frozenset(), {}
    asked: frozenset[int] = frozenset()
    found: dict[int, str] = {}
    wanted = _some(wanted_patterns(raw))
    for _ in range(_DEEPEST):
        if not wanted - asked:
            break
        more = await reusable(work, wanted - asked)
        found |= more
        asked |= wanted
        wanted = _some(one for text in more.values() for one in wanted_patterns(text))
    return asked, found


async def reusable(work: UnitOfWork, ids: Iterable[int]) -> dict[int, str]:
    """The stored text of each published block by its id, with one statement. Drafts, protected ones
    and those in the bin are left out: what refers to them shows nothing."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = await work.all(
        select(Post.id, Revision.content)
        .join(
            Revision,
            and_(Revision.tenant_id == Post.tenant_id, Revision.id == Post.live_revision_id),
        )
        .where(
            Post.tenant_id == work.tenant_id,
            Post.id.in_(wanted),
            Post.post_type == REUSABLE,
            Post.status == Status.PUBLISH.value,
            Post.password == "",
        )
    )
    return {row.id: row.content for row in rows}


async def _images(work: UnitOfWork, post: Post | None, ids: Iterable[int]) -> dict[int, Image]:
    found = [
        media
        for media in await many(work, sorted(ids))
        if media.record.is_image and _is_shown(work, post, media)
    ]
    if not found:
        return {}
    parents = [media.parent for media in found if media.parent is not None]
    above = await paths(work, parents) if parents else {}
    return {media.post.id: _image(work, media, _page(media, above)) for media in found}


def _is_shown(work: UnitOfWork, post: Post | None, media: MediaView) -> bool:
    """Whether every reader of the post may see the picture: it is public, or hangs on this post."""
    if may_read_media(work, media.post, media.parent, ANONYMOUS):
        return True
    if post is None:
        return False
    return media.post.parent_id == post.id and Status(media.post.status) is Status.INHERIT


def _page(media: MediaView, above: Mapping[int, str]) -> str:
    """The page of an attachment hangs below that of its post, if that has one."""
    post, parent = media.post, above.get(media.post.parent_id or 0, "/")
    if not post.slug or "?" in parent:
        return f"/?attachment_id={post.id}"
    return f"{parent}{post.slug}/"


def _image(work: UnitOfWork, media: MediaView, path: str) -> Image:
    tenant = work.tenant
    uploads = work.shop.media_url.rstrip("/") or f"{tenant.address}{UPLOADS}"
    base = f"{uploads}/{media.record.folder}"
    front = tenant.site.front_end_url.rstrip("/") or tenant.address
    plain = [one for one in media.record.files if not one["variant"] and one["size"] != "upload"]
    return Image(
        id=media.post.id,
        page=front + path,
        alt=media.view.part("media").get("alt_text", ""),
        caption=texturize(media.view.revision.excerpt).strip(),
        sizes={
            str(one["size"]): Source(f"{base}/{one['name']}", one["width"], one["height"])
            for one in plain
        },
    )
