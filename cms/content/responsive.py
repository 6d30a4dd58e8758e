"""What an `<img>` needs to be as large as its reader's screen, for many pictures at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.content.attachment_reading import MediaView, many, may_read_media
from cms.database.work import UnitOfWork

_WIDEST = 2048


@dataclass(frozen=True)
class Responsive:
    """The attributes of one picture. `sources` are the same sizes in newer formats, by MIME type,
    for `<source srcset>`; `focal_point` is in per cent, for `object-position`."""

    size: str
    src: str
    width: int
    height: int
    alt: str
    srcset: str = ""
    sizes: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    focal_point: Mapping[str, Any] | None = None


async def responsive(
    work: UnitOfWork, ids: Sequence[int], uploads: str, size: str = "large"
) -> dict[int, Responsive]:
    """The attributes of the pictures among these attachments that this reader may see, by two
    statements. `uploads` is the address below which files are, such as https://x/wp-content/uploads.
    """
    found = await many(work, ids)
    return {
        media.post.id: responsive_of(media, uploads, size)
        for media in found
        if media.record.is_image and may_read_media(work, media.post, media.parent)
    }


def responsive_of(media: MediaView, uploads: str, size: str) -> Responsive:
    """The attributes of one picture in the size, or in the full one where it has none such."""
    record, part = media.record, media.view.part("media")
    plain = [one for one in record.files if not one["variant"] and one["size"] != "upload"]
    chosen = next((one for one in plain if one["size"] == size), record.full)
    base = f"{uploads}/{record.folder}"
    alike = [one for one in plain if _is_alike(one, chosen)]
    sources = {
        mime_type: _srcset(base, group)
        for mime_type, group in _variants(record.files, alike).items()
    }
    return Responsive(
        size=str(chosen["size"]),
        src=f"{base}/{chosen['name']}",
        width=chosen["width"],
        height=chosen["height"],
        alt=part.get("alt_text", ""),
        srcset=_srcset(base, alike) if len(alike) > 1 else "",
        sizes=f"(max-width: {chosen['width']}px) 100vw, {chosen['width']}px"
        if len(alike) > 1
        else "",
        sources=sources,
        focal_point=part.get("focal_point"),
    )


def _is_alike(one: Mapping[str, Any], chosen: Mapping[str, Any]) -> bool:
    """Whether it is the same picture, not a crop of it, up to a pixel of rounding."""
    if one["width"] > _WIDEST and one is not chosen:
        return False
    expected = chosen["height"] * one["width"] / chosen["width"]
    return bool(abs(expected - one["height"]) <= max(1.0, one["width"] / chosen["width"]))


def _variants(
    files: Sequence[Mapping[str, Any]], alike: Sequence[Mapping[str, Any]]
) -> dict[str, list[Mapping[str, Any]]]:
    names = {one["size"] for one in alike}
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for one in files:
        if one["variant"] and one["size"] in names:
            groups.setdefault(one["mime_type"], []).append(one)
    return groups


def _srcset(base: str, files: Sequence[Mapping[str, Any]]) -> str:
    widths = {one["width"]: one["name"] for one in files}
    return ", ".join(f"{base}/{name} {width}w" for width, name in widths.items())
