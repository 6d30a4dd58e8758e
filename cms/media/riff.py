"""RIFF: WebP images (RFC 9649) and WAVE sound; keeps the chunks of the picture or the sound."""

from collections.abc import Iterator

from cms.media.pieces import Data, Piece, Unfit, keep, number

_WEBP = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WAVE = frozenset((b"fmt ", b"data", b"fact", b"wavl", b"slnt", b"smpl", b"plst"))
_KEPT = {b"WEBP": _WEBP, b"WAVE": _WAVE}

# Bits of VP8X that announce Exif and XMP.
_NAMES_PEOPLE = 0x08 | 0x04


def pieces(data: Data) -> list[Piece]:
    """What is published."""
    form = data[8:12]
    if data[:4] != b"RIFF" or form not in _KEPT:
        raise Unfit("The file is neither a WebP image nor WAVE sound.")
    kept: list[Piece] = []
    for name, at, end in _chunks(data):
        if name == b"VP8X":
            _keep_announcement(data, at, end, kept)
        elif name in _KEPT[form]:
            keep(kept, slice(at, end))
    size = sum(p.stop - p.start if isinstance(p, slice) else 1 for p in kept)
    if size + 4 == number(data, 4, 4, "little"):
        first = kept[0] if kept else None
        if isinstance(first, slice) and first.start == 12:
            return [slice(0, first.stop), *kept[1:]]
        return [slice(0, 12), *kept]
    return [slice(0, 4), (size + 4).to_bytes(4, "little"), slice(8, 12), *kept]


def _keep_announcement(data: Data, at: int, end: int, kept: list[Piece]) -> None:
    """VP8X, without saying that Exif or XMP follow."""
    flags = number(data, at + 8, 1)
    if not flags & _NAMES_PEOPLE:
        keep(kept, slice(at, end))
        return
    for piece in (slice(at, at + 8), bytes((flags & ~_NAMES_PEOPLE,)), slice(at + 9, end)):
        keep(kept, piece)


def frames(data: Data) -> int:
    """How many pictures an animated WebP holds; 1 for a plain one."""
    return max(1, sum(name == b"ANMF" for name, _, _ in _chunks(data)))


def _chunks(data: Data) -> Iterator[tuple[bytes, int, int]]:
    end = min(len(data), 8 + number(data, 4, 4, "little"))
    at = 12
    while at + 8 <= end:
        size = number(data, at + 4, 4, "little")
        after = at + 8 + size + size % 2
        if after > len(data):
            raise Unfit("The file ends in the middle. Upload it again.")
        yield data[at : at + 4], at, after
        at = after
