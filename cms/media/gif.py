"""GIF89a: keeps pictures, their timing and the loop; drops comments, XMP and what follows."""

from cms.media.pieces import Data, Piece, Unfit, keep, number

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS = frozenset((b"NETSCAPE2.0", b"ANIMEXTS1.0"))


def pieces(data: Data) -> list[Piece]:
    """What is published."""
    return _walk(data)[0]


def frames(data: Data) -> int:
    """How many pictures it holds."""
    return _walk(data)[1]


def _walk(data: Data) -> tuple[list[Piece], int]:
    if data[:6] not in {b"GIF87a", b"GIF89a"}:
        raise Unfit("The file is not a GIF image.")
    at = 13 + _table(number(data, 10, 1))
    kept: list[Piece] = [slice(0, at)]
    count = 0
    while (block := number(data, at, 1)) != _TRAILER:
        if block == _IMAGE:
            end = _blocks_end(data, at + 11 + _table(number(data, at + 9, 1)))
            count += 1
        elif block == _EXTENSION:
            end = _blocks_end(data, at + 2)
        else:
            raise Unfit("The image is damaged. Save it anew and upload it again.")
        if block == _IMAGE or _is_kept(data, at):
            keep(kept, slice(at, end))
        at = end
    keep(kept, slice(at, at + 1))
    return kept, count


def _table(flags: int) -> int:
    """The size of a colour table in bytes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: Data, at: int) -> int:
    while size := number(data, at, 1):
        at += 1 + size
    return at + 1


def _is_kept(data: Data, at: int) -> bool:
    label = data[at + 1]
    return label == _CONTROL or (label == _APPLICATION and data[at + 3 : at + 14] in _LOOPS)
