"""Which files are taken: what WordPress allows, of it what we can look into, by content."""

import codecs
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cms.media import gif, jpeg, mp4, office, pdf, png, riff, sound, webm
from cms.media.pieces import Data, Piece, Unfit

REFUSED = "Sorry, you are not allowed to upload this file type."

_CONVERT = {
    "svg": "An SVG can act like a page. Export it as PNG or WebP.",
    "heic": "Browsers do not show HEIC. Export it as JPEG.",
    "tiff": "Browsers do not show TIFF. Export it as JPEG or PNG.",
    "doc": "It names its authors in many places. Export it as PDF.",
    "zip": "Nobody can see what is in an archive. Upload its files one by one.",
    "mkv": "Browsers do not play Matroska. Export it as MP4 or WebM.",
    "ogg": "Its tags cannot be taken away yet. Export it as MP3.",
}
_OFFICE = "doc docm xls xlsm ppt pptx odp rtf pages numbers key"
_SAME = {
    "svgz": "svg",
    "heif": "heic",
    "tif": "tiff",
    "oga": "ogg",
    "ogv": "ogg",
    **dict.fromkeys(_OFFICE.split(), "doc"),
    **dict.fromkeys(("gz", "gzip", "rar", "7z", "tar"), "zip"),
}


class WrongType(Unfit):
    """Files of this type are not taken."""


@dataclass(frozen=True)
class Kind:
    """A type of file that we can look into. `pieces` gives what of it is published."""

    mime_type: str
    extensions: tuple[str, ...]
    pieces: Callable[[Data], list[Piece]]
    frames: Callable[[Data], int] | None = None

    @property
    def is_image(self) -> bool:
        return self.mime_type.startswith("image/")


def _as_it_is(data: Data) -> list[Piece]:
    return [slice(0, len(data))]


JPEG = Kind("image/jpeg", ("jpg", "jpeg", "jpe"), jpeg.pieces)
PNG = Kind("image/png", ("png",), png.pieces, png.frames)
GIF = Kind("image/gif", ("gif",), gif.pieces, gif.frames)
WEBP = Kind("image/webp", ("webp",), riff.pieces, riff.frames)
PDF = Kind("application/pdf", ("pdf",), pdf.pieces)
WAVE = Kind("audio/wav", ("wav",), riff.pieces)
FLAC = Kind("audio/flac", ("flac",), sound.flac)
WEBM = Kind("video/webm", ("webm",), webm.pieces)
MP3 = Kind("audio/mpeg", ("mp3",), sound.mp3)
_OPENXML = "application/vnd.openxmlformats-officedocument"
_FILMS = {
    extension: Kind(mime_type, (extension,), mp4.pieces)
    for extension, mime_type in (
        ("mp4", "video/mp4"),
        ("m4v", "video/mp4"),
        ("mov", "video/quicktime"),
        ("qt", "video/quicktime"),
        ("3gp", "video/3gpp"),
        ("3gpp", "video/3gpp"),
        ("m4a", "audio/mpeg"),
        ("m4b", "audio/mpeg"),
    )
}
_OFFICES = {
    extension: Kind(mime_type, (extension,), pieces)
    for extension, mime_type, pieces in (
        ("docx", f"{_OPENXML}.wordprocessingml.document", office.word),
        ("xlsx", f"{_OPENXML}.spreadsheetml.sheet", office.cells),
        ("odt", "application/vnd.oasis.opendocument.text", office.open_document),
        ("ods", "application/vnd.oasis.opendocument.spreadsheet", office.open_document),
    )
}
_TEXTS = {
    extension: Kind(mime_type, (extension,), _as_it_is)
    for extension, mime_type in (
        ("txt", "text/plain"),
        ("srt", "text/plain"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("ics", "text/calendar"),
        ("vtt", "text/vtt"),
    )
}
_STEP = 1 << 20
_MARKUP = re.compile(rb"(?i)<(?:!doctype|\?xml|[a-z!/])")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@cache
def allowed() -> dict[str, str]:
    """Extension to MIME type: WordPress's own list, which ours never leaves."""
    text = files("cms.media").joinpath("data/mime_types.json").read_text()
    return {
        extension: mime_type
        for pattern, mime_type in json.loads(text)["types"].items()
        for extension in pattern.split("|")
    }


def detect(data: Data, extension: str) -> Kind:
    """The kind of the file by what it holds; WrongType unless its name says the same. A picture may
    be called like another kind of picture: it is renamed, as WordPress does."""
    kind = _by_signature(data, extension)
    if kind is None:
        hint = _CONVERT.get(_SAME.get(extension, extension), "")
        raise WrongType(f"{REFUSED} {hint}".strip())
    claimed = allowed().get(extension, "")
    if kind.is_image and claimed.startswith("image/"):
        return kind
    if claimed != kind.mime_type:
        raise WrongType(REFUSED)
    return kind


def _by_signature(data: Data, extension: str) -> Kind | None:
    head = bytes(data[:12])
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAVE}.get(head[8:12])
    for start, kind in (
        (b"\xff\xd8\xff", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"GIF8", GIF),
        (b"%PDF-", PDF),
        (b"fLaC", FLAC),
        (b"\x1a\x45\xdf\xa3", WEBM),
    ):
        if head.startswith(start):
            return kind
    if head.startswith(b"PK\3\4"):
        return _OFFICES.get(extension)
    if head[4:8] == b"ftyp":
        return _FILMS.get(extension)
    if extension == "mp3" and (head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1] >= 0xE0)):
        return MP3
    return _TEXTS.get(extension) if _is_text(data) else None


def _is_text(data: Data) -> bool:
    """Words only: no control characters, nothing that a browser could take for a page."""
    if _CONTROL.search(data) or _MARKUP.search(data[:4096]):
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _STEP):
            decoder.decode(data[at : at + _STEP])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
