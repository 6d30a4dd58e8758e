"""The shortcodes of classic texts: caption, gallery, audio, video, embed; as HTML5 themes get them.

Nothing here asks the network: an embed stays a link, as it does in WordPress when the other site
does not answer.
"""

import re
from collections.abc import Iterable
from html import escape, unescape

from cms.markup.addresses import may_link, may_load
from cms.markup.images import img
from cms.markup.surroundings import Call, Image, Shortcode, Surroundings

_ALIGNMENTS = frozenset({"alignnone", "alignleft", "alignright", "aligncenter"})
_LEADING_IMAGE = re.compile(r"\s*((?:<a [^>]+>\s*)?<img [^>]+>(?:\s*</a>)?)([\s\S]*)", re.I)
_TYPES = {
    "audio": {"mp3": "audio/mpeg", "m4a": "audio/mpeg", "ogg": "audio/ogg", "flac": "audio/flac",
              "wav": "audio/wav"},
    "video": {"mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "ogv": "video/ogg",
              "flv": "video/flv"},
}  # fmt: skip
_PRELOADS = frozenset({"none", "metadata", "auto"})


def _number(text: str | None, otherwise: int, most: int = 5000) -> int:
    return min(int(text), most) if text and re.fullmatch(r"[0-9]{1,6}(?:px)?", text) else otherwise


def _plain_number(text: str | None) -> str:
    return (text or "").removesuffix("px")


def _link(text: str | None) -> str:
    """The address if it may stand in `href`, else nothing."""
    address = unescape(text or "").strip()
    return address if address and may_link(address) else ""


def _file(text: str | None) -> str:
    """The address if it may stand in `src`, else nothing."""
    address = unescape(text or "").strip()
    return address if address and may_load(address) else ""


def caption(call: Call, _: Surroundings) -> str:
    """`[caption]<img> The words[/caption]`: the image with its caption beneath."""
    inner = call.content or ""
    named = call.attributes
    words = named.get("caption", "")
    found = _LEADING_IMAGE.fullmatch(inner)
    if words:
        words = escape(unescape(words))
    elif found is not None:
        inner, words = found[1], found[2].strip()
    width = _number(_plain_number(named.get("width")), 0)
    if width < 1 or not words:
        return inner
    anchor = re.sub(r"[^\w-]", "", named.get("id", ""))
    align = named.get("align", "")
    names = ["wp-caption", align if align in _ALIGNMENTS else "alignnone"]
    names += re.findall(r"[\w-]+", named.get("class", ""))
    own = f'id="{anchor}" aria-describedby="caption-{anchor.replace("_", "-")}" ' if anchor else ""
    text = f'id="caption-{anchor.replace("_", "-")}" ' if anchor else ""
    return (
        f'<figure {own}style="width: {width}px" class="{" ".join(names)}">{inner}'
        f'<figcaption {text}class="wp-caption-text">{words}</figcaption></figure>'
    )


def gallery(call: Call, around: Surroundings) -> str:
    """`[gallery ids="1,2"]`: the images that are there, in that order."""
    named = call.attributes
    images = list(_images(named.get("ids") or named.get("include", ""), around))
    if not images:
        return ""
    columns = _number(named.get("columns"), 3, 9)
    size = re.sub(r"[^\w-]", "", named.get("size", "thumbnail")) or "thumbnail"
    items = "".join(_item(image, size, named.get("link", ""), call.number) for image in images)
    return (
        f'<div id="gallery-{call.number}" class="gallery galleryid-{around.post_id} '
        f'gallery-columns-{columns} gallery-size-{size}">{items}</div>\n'
    )


def _images(ids: str, around: Surroundings) -> Iterable[Image]:
    for text in re.findall(r"[0-9]{1,18}", ids):
        image = around.images.get(int(text))
        if image is not None:
            yield image


def _item(image: Image, size: str, link: str, number: int) -> str:
    source = image.size(size)
    anchor = f"gallery-{number}-{image.id}"
    described = f' aria-describedby="{anchor}"' if image.caption else ""
    picture = img(image, size, extra=described)
    if link != "none":
        target = image.size("full").url if link == "file" else image.page
        picture = f'<a href="{escape(target)}">{picture}</a>'
    shape = "portrait" if source.height > source.width else "landscape"
    words = (
        f'<figcaption class="wp-caption-text gallery-caption" id="{anchor}">'
        f"{image.caption}</figcaption>"
        if image.caption
        else ""
    )
    return (
        f'<figure class="gallery-item"><div class="gallery-icon {shape}">{picture}</div>'
        f"{words}</figure>"
    )


def audio(call: Call, around: Surroundings) -> str:
    """`[audio src="…"]` with the player of the browser."""
    return _player("audio", call, around, 'style="width: 100%;"', "none")


def video(call: Call, around: Surroundings) -> str:
    """`[video src="…" poster="…" width="…" height="…"]`."""
    width = _number(call.attributes.get("width"), 640)
    height = _number(call.attributes.get("height"), 360)
    poster = _file(call.attributes.get("poster"))
    sized = f'width="{width}" height="{height}"'
    if poster:
        sized += f' poster="{escape(poster)}"'
    made = _player("video", call, around, sized, "metadata")
    return f'<div style="width: {width}px;" class="wp-video">{made}</div>' if made else ""


def _player(kind: str, call: Call, around: Surroundings, extra: str, preload: str) -> str:
    types = _TYPES[kind]
    named = call.attributes
    given = [named.get("src", ""), *(named.get(ending, "") for ending in types), *call.positional]
    sources = [a for a in (_file(text) for text in given) if _ending(a) in types]
    if not sources:
        address = _link(next((text for text in given if text), ""))
        return f'<a href="{escape(address)}">{escape(address)}</a>' if address else ""
    wanted = named.get("preload", preload)
    flags = "".join(
        f' {name}="1"' for name in ("loop", "autoplay", "muted") if named.get(name) in _TRUE
    )
    marked = "".join(
        f'<source type="{types[_ending(one)]}" src="{escape(one)}" />' for one in sources
    )
    first = escape(sources[0])
    return (
        f'<{kind} class="wp-{kind}-shortcode" id="{kind}-{around.post_id}-{call.number}" {extra}'
        f'{flags} preload="{wanted if wanted in _PRELOADS else preload}" controls="controls">'
        f'{marked}<a href="{first}">{first}</a></{kind}>'
    )


_TRUE = frozenset({"1", "true", "on", "yes", "loop", "autoplay", "muted"})


def _ending(address: str) -> str:
    return re.split(r"[?#]", address, maxsplit=1)[0].rpartition(".")[2].lower()


def embed(call: Call, _: Surroundings) -> str:
    """`[embed]address[/embed]`: a link to it."""
    address = _link(call.content or call.attributes.get("src"))
    return f'<a href="{escape(address)}">{escape(address)}</a>' if address else ""


SHORTCODES = (
    Shortcode("caption", caption),
    Shortcode("wp_caption", caption),
    Shortcode("gallery", gallery),
    Shortcode("audio", audio),
    Shortcode("video", video),
    Shortcode("embed", embed),
)
