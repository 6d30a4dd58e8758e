"""Attributes of `<img>`: dimensions, `srcset` and `sizes` from the library, lazy loading."""

import re
from html import escape

from cms.markup.surroundings import Image, Source, Surroundings

_IMG = re.compile(r"""(?i)<img\b((?:[^<>"']|"[^"]*"|'[^']*')*+)>""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_OF_LIBRARY = re.compile(r"\bwp-image-([0-9]{1,18})\b")
_WIDEST = 2048
# Of another crop than the image, by more than a pixel of rounding: no source of the same picture.
_ROUNDING = 1.0


def wanted_images(html: str) -> set[int]:
    """The attachments whose images a text shows, by the class that editors give them."""
    return {int(found[1]) for found in _OF_LIBRARY.finditer(html)}


def with_image_attributes(html: str, around: Surroundings) -> str:
    """Every image loads lazily and decodes aside; one of the library knows its sizes."""
    return _IMG.sub(lambda found: _image(found, around), html) if "<img" in html.lower() else html


def img(image: Image, size: str, *, extra: str = "") -> str:
    """An image of the library in one of its sizes, as a gallery shows it."""
    source = image.size(size)
    made = (
        f'<img width="{source.width}" height="{source.height}" src="{escape(source.url)}" '
        f'class="attachment-{size} size-{size}" alt="{escape(image.alt)}"{extra}'
    )
    return f"{made}{_srcset(image, source.width, source.height)} />"


def _image(found: re.Match[str], around: Surroundings) -> str:
    inside = found[1].rstrip()
    closes = " />" if inside.endswith("/") else ">"
    inside = inside.removesuffix("/").rstrip()
    has = {name.lower(): one or two for name, one, two in _ATTRIBUTE.findall(inside)}
    named = _OF_LIBRARY.search(has.get("class", ""))
    image = around.images.get(int(named[1])) if named else None
    added = ""
    if image is not None:
        source = _shown(image, has)
        if "width" not in has and "height" not in has and source is not None:
            added += f' width="{source.width}" height="{source.height}"'
            has |= {"width": str(source.width), "height": str(source.height)}
        if "srcset" not in has:
            added += _srcset(image, _pixels(has.get("width")), _pixels(has.get("height")))
    before = ""
    if "decoding" not in has:
        before += ' decoding="async"'
    if "loading" not in has and {"src", "width", "height"} <= set(has):
        before += ' loading="lazy"'
    return f"<img{before}{inside}{added}{closes}"


def _shown(image: Image, has: dict[str, str]) -> Source | None:
    """The file of the image that the tag shows."""
    name = has.get("src", "").rpartition("/")[2]
    files = (one for one in image.sizes.values() if one.url.rpartition("/")[2] == name)
    return next(files, None)


def _pixels(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _srcset(image: Image, width: int, height: int) -> str:
    """Sources of the same picture, by width; nothing when there is only one."""
    if width < 1 or height < 1:
        return ""
    sources: dict[int, str] = {}
    for one in image.sizes.values():
        is_same = abs(round(one.width * height / width) - one.height) <= _ROUNDING
        if is_same and (one.width <= _WIDEST or one.width == width):
            sources.setdefault(one.width, one.url)
    if len(sources) < 2:
        return ""
    ordered = sorted(sources.items(), key=lambda pair: (pair[0] != width, -pair[0]))
    listed = ", ".join(f"{escape(url)} {wide}w" for wide, url in ordered)
    return f' srcset="{listed}" sizes="(max-width: {width}px) 100vw, {width}px"'
