"""A published file as pieces of the one that came: nothing is decoded, so nothing is lost."""

from collections.abc import Sequence
from mmap import mmap
from pathlib import Path

# A part of the given file, bytes of ours, or so many zeros.
Piece = slice | bytes | int

Data = mmap | bytes


MOST_PIECES = 100_000


class Unfit(Exception):
    """The file cannot be published as it is; the message tells its sender what to do."""


def keep(kept: list[Piece], piece: Piece) -> None:
    """Add a piece; neighbours become one. A file of millions of parts is an attack, and Unfit."""
    last = kept[-1] if kept else None
    if isinstance(piece, slice) and isinstance(last, slice) and last.stop == piece.start:
        kept[-1] = slice(last.start, piece.stop)
        return
    if len(kept) >= MOST_PIECES:
        raise Unfit("The file consists of too many parts. Export it anew and upload that.")
    if not isinstance(piece, slice) or piece.start < piece.stop:
        kept.append(piece)


def is_whole(kept: Sequence[Piece], data: Data) -> bool:
    """Whether the pieces are the file itself, byte for byte."""
    at = 0
    for piece in kept:
        if not isinstance(piece, slice) or piece.start != at:
            return False
        at = piece.stop
    return at == len(data)


def write(kept: Sequence[Piece], data: Data, to: Path) -> None:
    """Put the pieces one after another into a new file."""
    with to.open("wb") as file:
        for piece in kept:
            if isinstance(piece, int):
                file.write(bytes(piece))
            else:
                file.write(data[piece] if isinstance(piece, slice) else piece)


def number(data: Data, at: int, size: int, order: str = "big") -> int:
    """An unsigned number in the file; Unfit where the file ends before it."""
    found = data[at : at + size]
    if len(found) < size:
        raise Unfit("The file ends in the middle. Upload it again.")
    return int.from_bytes(found, "little" if order == "little" else "big")
