"""ISO base media files (ISO/IEC 14496-12): MP4, QuickTime, 3GP, M4A.

Offsets into the sound and the pictures stand all over such a file, so nothing moves: what tells of
people becomes free space of the same size, filled with zeros.
"""

from collections.abc import Iterator

from cms.media.pieces import Data, Piece, Unfit, keep, number

_TOP = frozenset(
    b"ftyp moov mdat free skip wide pnot moof mfra sidx styp ssix prft emsg pdin".split()
)
_OPENED = frozenset(b"moov trak mdia minf stbl moof traf edts dinf".split())
# Titles, makers, owners and places live in these.
_BLANKED = frozenset(b"udta meta uuid cprt titl auth perf gnre loci".split())
# Tracks that record where and how the camera was held.
_TELEMETRY = frozenset(b"gpmd camm mett metx mebx rtmd tmcd djmd dbgi".split())
_DEEPEST = 8


def pieces(data: Data) -> list[Piece]:
    """What is published. Unfit when a track of positions is in it."""
    if data[4:8] != b"ftyp":
        raise Unfit("The file is not an MP4 or QuickTime film.")
    kept: list[Piece] = []
    for piece in _boxes(data, 0, len(data), 0):
        keep(kept, piece)
    return kept


def _boxes(data: Data, at: int, end: int, depth: int) -> Iterator[Piece]:
    if depth > _DEEPEST:
        raise Unfit("The film is damaged. Export it anew and upload it again.")
    while at + 8 <= end:
        head, size = 8, number(data, at, 4)
        name = data[at + 4 : at + 8]
        if size == 1:
            head, size = 16, number(data, at + 8, 8)
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise Unfit("The film ends in the middle. Upload it again.")
        if name in _BLANKED or (depth == 0 and name not in _TOP):
            yield slice(at, at + 4)
            yield b"free"
            yield slice(at + 8, at + head)
            yield size - head
        elif name in _OPENED:
            yield slice(at, at + head)
            yield from _boxes(data, at + head, at + size, depth + 1)
        else:
            _refuse_telemetry(data, name, at, head)
            yield slice(at, at + size)
        at += size
    if at < end:
        yield end - at


def _refuse_telemetry(data: Data, name: bytes, at: int, head: int) -> None:
    if name == b"stsd" and data[at + head + 12 : at + head + 16] in _TELEMETRY - {b"tmcd"}:
        raise Unfit(
            "The film has a track of positions or of the camera's movements. "
            "Export it without that track."
        )
