"""MP3 (its ID3 and APE tags go) and FLAC (its comments and pictures become padding)."""

from cms.media.pieces import Data, Piece, Unfit, keep, number

_APE = b"APETAGEX"
_APPLICATION, _COMMENT, _PICTURE, _PADDING = 2, 4, 6, 1


def mp3(data: Data) -> list[Piece]:
    """The frames of the sound without the tags around them."""
    start, end = 0, len(data)
    while data[start : start + 3] == b"ID3":
        footer = 10 if number(data, start + 5, 1) & 0x10 else 0
        start += 10 + _synchsafe(data, start + 6) + footer
    if data[end - 128 : end - 125] == b"TAG":
        end -= 128
    if data[end - 32 : end - 24] == _APE:
        has_header = number(data, end - 9, 1) & 0x80
        end -= number(data, end - 20, 4, "little") + (32 if has_header else 0)
    while start < end and data[start] == 0:
        start += 1
    if end - start < 4 or data[start] != 0xFF or data[start + 1] & 0xE0 != 0xE0:
        raise Unfit("The file is not MP3 sound.")
    return [slice(start, end)]


def _synchsafe(data: Data, at: int) -> int:
    found = 0
    for byte in number(data, at, 4).to_bytes(4):
        found = found << 7 | byte & 0x7F
    return found


def flac(data: Data) -> list[Piece]:
    """The sound, with padding where names and pictures were."""
    if data[:4] != b"fLaC":
        raise Unfit("The file is not FLAC sound.")
    kept: list[Piece] = [slice(0, 4)]
    at, is_last = 4, False
    while not is_last:
        head = number(data, at, 1)
        is_last, kind, size = bool(head & 0x80), head & 0x7F, number(data, at + 1, 3)
        end = at + 4 + size
        if end > len(data):
            raise Unfit("The sound ends in the middle. Upload it again.")
        if kind in {_APPLICATION, _COMMENT, _PICTURE}:
            for piece in (bytes((head & 0x80 | _PADDING,)), slice(at + 1, at + 4), size):
                keep(kept, piece)
        else:
            keep(kept, slice(at, end))
        at = end
    keep(kept, slice(at, len(data)))
    return kept
