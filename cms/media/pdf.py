"""PDF (ISO 32000): blanks who wrote a document and with what, without moving a byte.

Every object is found by its offset, so names are overwritten with spaces of the same length. What
cannot be read, or blanked in place, is refused: nobody has looked at it.
"""

import re
import zlib
from collections.abc import Iterator

from cms.media import jpeg
from cms.media.pieces import Data, Piece, Unfit

_KEYS = rb"Author|Creator|Producer|Subject|Keywords|Company|Manager|LastModifiedBy|SourceModified"
_ENTRY = re.compile(rb"/(?:" + _KEYS + rb")\s*(?=[(<])")
_ELSEWHERE = re.compile(rb"/(?:Author|Creator|Subject|Keywords|Company)\s+\d+\s+\d+\s+R\b")
_PACKETS = ((b"<?xpacket begin", b"<?xpacket end"), (b"<x:xmpmeta", b"</x:xmpmeta>"))
_STREAM = re.compile(rb">>\s{0,4}stream\r?\n")
_HEAD = 4000
"""Bytes before a stream in which its dictionary is looked for."""

_TELLING = (b"Exif\0", b"Photoshop 3.0\0", b"http://ns.adobe.com/")
_TOLD = re.compile(rb"/ObjStm\b|/Metadata\b|/XML\b")
_LARGEST = 16_000_000
_LARGEST_OF_ALL = 256_000_000
_MOST_STREAMS = 200_000
_TO_DO = "Export it anew without the document's properties (author, keywords), and upload that."


def pieces(data: Data) -> list[Piece]:
    """What is published."""
    if data[:5] != b"%PDF-":
        raise Unfit("The file is not a PDF document.")
    if re.search(rb"/Encrypt\b", data):
        raise Unfit("The document is encrypted, so that nobody can see whom it names. Decrypt it.")
    blanks: dict[int, bytes] = {}
    for start, end in [*_packets(data), *_entries(data)]:
        blanks[start] = b" " * (end - start)
    room, seen = _LARGEST_OF_ALL, 0
    for start, head in _streams(data):
        if b"/DCTDecode" in head:
            if start >= seen:
                end = data.find(b"endstream", start)
                seen = end if end >= 0 else len(data)
                blanks |= _of_picture(bytes(data[start:seen]), start, head)
            continue
        if _TOLD.search(head) and b"/Filter" in head:
            room -= _look_within(data, start, head, blanks)
            if room < 0:
                raise Unfit("The document unpacks to more than is reasonable.")
    return _around(data, blanks)


def _streams(data: Data) -> Iterator[tuple[int, bytes]]:
    """Where each stream begins, with the dictionary before it."""
    for count, found in enumerate(_STREAM.finditer(data)):
        if count > _MOST_STREAMS:
            raise Unfit(f"The document has too many parts. {_TO_DO}")
        before = bytes(data[max(0, found.start() - _HEAD) : found.start()])
        yield found.end(), before[before.rfind(b" obj") + 1 :]


def _of_picture(picture: bytes, start: int, head: bytes) -> dict[int, bytes]:
    """Blanks for what a JPEG image in the document tells of people: its segments become empty
    comments of the same length."""
    if b"/FlateDecode" in head:
        picture, start = _unpacked(picture), -1
    if not any(mark in picture for mark in _TELLING):
        return {}
    if start < 0:
        raise Unfit(f"An image in the document tells where it was taken. {_TO_DO}")
    blanks: dict[int, bytes] = {}
    at = 0
    # What is kept of a picture is found in the order of the file; between lies what is not.
    for piece in [*jpeg.pieces(picture), slice(len(picture), len(picture))]:
        if isinstance(piece, slice):
            if piece.start > at:
                is_trailer = piece.start == len(picture)
                length = piece.start - at
                blanks[start + at] = bytes(length) if is_trailer else jpeg.silence(length)
            at = piece.stop
    return blanks


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, _LARGEST)
    except zlib.error as error:
        raise Unfit("The document is damaged. Export it anew and upload it again.") from error


def _around(data: Data, blanks: dict[int, bytes]) -> list[Piece]:
    kept: list[Piece] = []
    at = 0
    for start in sorted(blanks):
        text = blanks[start]
        if start < at or data[start : start + len(text)] == text:
            continue
        kept += [slice(at, start), text]
        at = start + len(text)
    return [*kept, slice(at, len(data))]


def _packets(data: Data) -> list[tuple[int, int]]:
    found = []
    for first, last in _PACKETS:
        at = data.find(first)
        while at >= 0:
            end = data.find(last, at)
            if end < 0:
                raise Unfit(f"The document's properties have no end. {_TO_DO}")
            end += len(last)
            found.append((at, end))
            at = data.find(first, end)
    return found


def _entries(data: Data) -> list[tuple[int, int]]:
    if _ELSEWHERE.search(data):
        raise Unfit(f"The document keeps its author where it cannot be taken away. {_TO_DO}")
    found: list[tuple[int, int]] = []
    for entry in _ENTRY.finditer(data):
        at = entry.end()
        if data[at : at + 2] == b"<<" or (found and at < found[-1][1]):
            continue
        found.append((at + 1, _string_end(data, at) - 1))
    return found


def _string_end(data: Data, at: int) -> int:
    """After the closing sign of a literal or hexadecimal string."""
    if data[at : at + 1] == b"<":
        end = data.find(b">", at)
        if end < 0:
            raise Unfit("The document ends in the middle. Upload it again.")
        return end + 1
    depth, here = 0, at
    while here < len(data):
        sign = data[here : here + 1]
        if sign == b"\\":
            here += 1
        depth += {b"(": 1, b")": -1}.get(sign, 0)
        here += 1
        if depth == 0:
            return here
    raise Unfit("The document ends in the middle. Upload it again.")


def _look_within(data: Data, start: int, head: bytes, blanks: dict[int, bytes]) -> int:
    """The same for what is compressed: packed again, it must fit into its place. How many bytes
    there were."""
    end = data.find(b"endstream", start)
    if end < 0:
        raise Unfit("The document ends in the middle. Upload it again.")
    if b"/FlateDecode" not in head or b"/DecodeParms" in head:
        raise Unfit(f"The document packs its properties in an unusual way. {_TO_DO}")
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(data[start:end], _LARGEST)
    except zlib.error as error:
        raise Unfit("The document is damaged. Export it anew and upload it again.") from error
    if unpacker.unconsumed_tail:
        raise Unfit("The document unpacks to more than is reasonable.")
    blanked = bytearray(plain)
    for first, last in [*_packets(plain), *_entries(plain)]:
        blanked[first:last] = b" " * (last - first)
    if blanked != plain:
        packed = zlib.compress(bytes(blanked), 9)
        room = end - start - len(unpacker.unused_data)
        if len(packed) > room:
            raise Unfit(f"The document's properties cannot be taken away in place. {_TO_DO}")
        blanks[start] = packed + bytes(room - len(packed))
    return len(plain)
