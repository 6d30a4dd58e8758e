"""PDF (ISO 32000): blanks who wrote a document and with what, without moving a byte.

Every object is found by its offset, so names are overwritten with spaces of the same length. What
cannot be read, or blanked in place, is refused: nobody has looked at it.
"""

import re
import zlib

from cms.media.pieces import Data, Piece, Unfit

_KEYS = rb"Author|Creator|Producer|Subject|Keywords|Company|Manager|LastModifiedBy|SourceModified"
_ENTRY = re.compile(rb"/(?:" + _KEYS + rb")\s*(?=[(<])")
_ELSEWHERE = re.compile(rb"/(?:Author|Creator|Subject|Keywords|Company)\s+\d+\s+\d+\s+R\b")
_PACKET = re.compile(
    rb"(?s)<\?xpacket\s+begin.*?<\?xpacket\s+end[^>]{0,40}\?>|<x:xmpmeta.*?</x:xmpmeta>"
)
_STREAM = re.compile(rb"(?s)<<((?:(?!endobj|>>\s*stream).){0,4000}?)>>\s*stream\r?\n")
_TOLD = re.compile(rb"/ObjStm\b|/Metadata\b|/XML\b")
_LARGEST = 16_000_000
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
    for stream in _STREAM.finditer(data):
        if _TOLD.search(stream[1]) and b"/Filter" in stream[1]:
            blanks |= _within(data, stream)
    return _around(data, blanks)


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
    return [found.span() for found in _PACKET.finditer(data)]


def _entries(data: Data) -> list[tuple[int, int]]:
    if _ELSEWHERE.search(data):
        raise Unfit(f"The document keeps its author where it cannot be taken away. {_TO_DO}")
    found = []
    for entry in _ENTRY.finditer(data):
        at = entry.end()
        if data[at : at + 2] == b"<<":
            continue
        end = _string_end(data, at)
        found.append((at + 1, end - 1))
    return found


def _string_end(data: Data, at: int) -> int:
    """After the closing sign of a literal or hexadecimal string."""
    if data[at : at + 1] == b"<":
        return data.find(b">", at) + 1
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


def _within(data: Data, stream: re.Match[bytes]) -> dict[int, bytes]:
    """The same for what is compressed: packed again, it must fit into its place."""
    start = stream.end()
    end = data.find(b"endstream", start)
    if end < 0:
        raise Unfit("The document ends in the middle. Upload it again.")
    if b"/FlateDecode" not in stream[1] or b"/DecodeParms" in stream[1]:
        raise Unfit(f"The document packs its properties in an unusual way. {_TO_DO}")
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(data[start:end], _LARGEST)
    except zlib.error as error:
        raise Unfit("The document is damaged. Export it anew and upload it again.") from error
    if unpacker.unconsumed_tail:
        raise Unfit("The document unpacks to more than is reasonable.")
    marks = [*_packets(plain), *_entries(plain)]
    blanked = bytearray(plain)
    for first, last in marks:
        blanked[first:last] = b" " * (last - first)
    if bytes(blanked) == plain:
        return {}
    packed = zlib.compress(bytes(blanked), 9)
    room = end - start - len(unpacker.unused_data)
    if len(packed) > room:
        raise Unfit(f"The document's properties cannot be taken away in place. {_TO_DO}")
    return {start: packed + bytes(room - len(packed))}
