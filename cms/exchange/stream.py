"""The bytes of a WordPress export on their way to the parser: decoded once, checked, in pieces.

The parser only ever sees UTF-8 without document type and without characters that XML forbids. An
export of a real site often has those, typed or pasted into articles; they are left out and counted.
"""

import codecs
import re
from hashlib import sha256
from typing import BinaryIO

from cms.exchange.errors import WxrFault

PIECE = 256 * 1024
LARGEST_ITEM = 64 * 1024 * 1024
"""Bytes between two items: what stands in memory at once."""

_LONGEST_HEAD = 64 * 1024
_ENCODINGS = {"utf-8", "iso8859-1", "cp1252", "ascii", "utf-16", "utf-16-le", "utf-16-be"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:0*(\d{1,7})|[xX]0*([0-9a-fA-F]{1,6}));")
_HALF_REFERENCE = re.compile(r"&[#0-9a-zA-Z]{0,11}\Z")
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


class CleanStream:
    """A file as lxml reads it. `removed` counts the characters that were left out, `bad_bytes` the
    places where the text was not in its encoding; `position` is how far the file was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = sha256()
        self.removed = self.bad_bytes = self.position = 0
        self.since_item = 0
        self._rest = ""
        self._head_sent = False
        first = self._take()
        self._decoder = codecs.getincrementaldecoder(_encoding_of(first))(errors="replace")
        self._pending = self._decoder.decode(first)

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was read so far."""
        return self._digest.digest()

    def read(self, _size: int = -1) -> bytes:
        """The next piece in UTF-8; empty at the end. lxml's wish for a size is only a hint."""
        text = self._next() if self._head_sent else self._head()
        if text:
            raw = text.encode("utf-8")
            self.since_item += len(raw)
            if self.since_item > LARGEST_ITEM:
                raise WxrFault(
                    f"One item of the file has more than {LARGEST_ITEM} bytes. Take it out of "
                    "the file and import the rest."
                )
            return raw
        return b""

    def _take(self) -> bytes:
        raw = self._file.read(PIECE)
        self._digest.update(raw)
        self.position += len(raw)
        return raw

    def _next(self) -> str:
        """A piece that is not empty unless the file has ended: an empty one would end it."""
        while True:
            text, self._pending = self._pending, ""
            is_last = False
            if not text:
                raw = self._take()
                is_last = not raw
                text = self._decoder.decode(raw, final=is_last)
            self.bad_bytes += text.count("\ufffd")
            text = self._rest + text
            # A reference that the end of a piece cuts in two waits for the next one.
            half = None if is_last else _HALF_REFERENCE.search(text)
            self._rest = half[0] if half else ""
            text = self._legal(text[: half.start()] if half else text)
            if text or is_last:
                return text

    def _legal(self, text: str) -> str:
        text, count = _FORBIDDEN.subn("", text)
        self.removed += count
        return _REFERENCE.sub(self._referenced, text) if "&#" in text else text

    def _referenced(self, match: re.Match[str]) -> str:
        number = int(match[1]) if match[1] else int(match[2], 16)
        legal = number <= 0x10FFFF and not _FORBIDDEN.match(chr(number))
        if not legal:
            self.removed += 1
        return match[0] if legal else ""

    def _head(self) -> str:
        """Everything up to the root element, checked: no document type, hence no entities."""
        text = ""
        while (start := _root_at(text)) is None:
            if len(text) > _LONGEST_HEAD:
                raise WxrFault("This is no WordPress export: it does not begin with <rss>.")
            more = self._next()
            if not more:
                raise WxrFault("This is no WordPress export: it holds no <rss> element.")
            text += more
        self._head_sent = True
        return text[start:]


def _encoding_of(first: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if first.startswith(mark):
            return name
    declared = _DECLARATION.match(first[:400].decode("latin-1"))
    found = _ENCODING.search(declared[0]) if declared else None
    if found is None:
        return "utf-8"
    try:
        name = codecs.lookup(found[1]).name
    except LookupError:
        name = ""
    if name not in _ENCODINGS:
        raise WxrFault(
            f"The file says that its encoding is {found[1]!r:.40}. WordPress writes UTF-8; convert "
            "the file to it."
        )
    return name


def _root_at(text: str) -> int | None:
    """Where <rss stands, behind the declaration, instructions and comments; None when more must be
    read to say. WxrFault for anything else, a document type above all."""
    at = 0
    while True:
        while text[at : at + 1].isspace():
            at += 1
        rest = text[at : at + 9]
        if rest.startswith(("<?", "<!--")):
            closing = "?>" if rest.startswith("<?") else "-->"
            end = text.find(closing, at)
            if end < 0:
                return None
            at = end + len(closing)
        elif rest.startswith(("<!D", "<!E")):
            raise WxrFault(
                "The file brings a document type. No WordPress export has one, and entities in "
                "one can exhaust the memory; nothing was read."
            )
        elif len(rest) < 9:
            return None
        elif rest.startswith("<rss"):
            return at
        else:
            raise WxrFault("This is no WordPress export: it does not begin with <rss>.")
