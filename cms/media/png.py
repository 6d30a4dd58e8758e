"""PNG (W3C, third edition): keeps chunks that change the picture, drops words, dates and Exif."""

from cms.media.pieces import Data, Piece, Unfit, keep, number

_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD hIST pHYs sPLT"
    b" acTL fcTL fdAT".split()
)


def pieces(data: Data) -> list[Piece]:
    """What is published."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise Unfit("The file is not a PNG image.")
    kept: list[Piece] = [slice(0, 8)]
    at = 8
    while True:
        name = data[at + 4 : at + 8]
        end = at + 12 + number(data, at, 4)
        if end > len(data):
            raise Unfit("The image ends in the middle. Upload it again.")
        if name in _KEPT:
            keep(kept, slice(at, end))
        if name == b"IEND":
            return kept
        at = end


def frames(data: Data) -> int:
    """How many pictures an animated PNG holds; 1 for a plain one. Asked of what `pieces` took."""
    at = 8
    while (name := data[at + 4 : at + 8]) not in {b"IDAT", b""}:
        if name == b"acTL":
            return number(data, at + 8, 4)
        at += 12 + number(data, at, 4)
    return 1
