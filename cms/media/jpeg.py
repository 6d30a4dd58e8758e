"""JPEG (ITU-T T.81): keeps what a decoder needs, drops Exif, XMP, IPTC, comments and trailers."""

from cms.media.pieces import Data, Piece, Unfit, keep, number

_SOI, _EOI, _SOS, _APP1 = 0xD8, 0xD9, 0xDA, 0xE1
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
# JFIF, colour profiles and Adobe's colour transform change how the picture looks.
_KEPT_APPLICATIONS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_COMMENT = 0xFE
# A marker and a length.
_SHORTEST = 4


def pieces(data: Data, orientation: int = 1) -> list[Piece]:
    """What is published. Of Exif the orientation stays, where it is not the usual one."""
    if data[:2] != b"\xff\xd8":
        raise Unfit("The file is not a JPEG image.")
    kept: list[Piece] = [slice(0, 2)]
    if orientation != 1:
        kept.append(_exif_of(orientation))
    at = 2
    while True:
        at = _next_marker(data, at)
        marker = data[at + 1]
        if marker == _EOI:
            # What follows the image is no part of it: previews, films, places.
            keep(kept, slice(at, at + 2))
            return kept
        end = at + 2 if marker in _ALONE else at + 2 + number(data, at + 2, 2)
        if end > len(data):
            raise Unfit("The image ends in the middle. Upload it again.")
        if _is_kept(data, at, marker):
            keep(kept, slice(at, end))
        at = end
        if marker == _SOS:
            end = _end_of_scan(data, at)
            keep(kept, slice(at, end))
            at = end


def _next_marker(data: Data, at: int) -> int:
    if data[at : at + 1] != b"\xff":
        raise Unfit("The image is damaged. Save it anew and upload it again.")
    while data[at + 1 : at + 2] == b"\xff":
        at += 1
    if at + 1 >= len(data):
        raise Unfit("The image ends in the middle. Upload it again.")
    return at


def _is_kept(data: Data, at: int, marker: int) -> bool:
    if 0xE0 <= marker <= 0xEF:
        name = _KEPT_APPLICATIONS.get(marker)
        return name is not None and data[at + 4 : at + 4 + len(name)] == name
    return marker != _COMMENT


def _end_of_scan(data: Data, at: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Unfit("The image ends in the middle. Upload it again.")
        following = data[at + 1]
        if following not in {0x00, 0xFF} and following not in _ALONE:
            return at
        at += 1 if following == 0xFF else 2


def silence(length: int) -> bytes:
    """Comments that say nothing, so many bytes of them: in place of segments of this length."""
    written = b""
    while length:
        size = min(length, 0xFFFF + 2)
        if 0 < length - size < _SHORTEST:
            size -= _SHORTEST
        written += bytes((0xFF, _COMMENT)) + (size - 2).to_bytes(2) + bytes(size - _SHORTEST)
        length -= size
    return written


def _exif_of(orientation: int) -> bytes:
    """An Exif segment that says the orientation and nothing else (CIPA DC-008 §4.6)."""
    tiff = b"MM\0*" + (8).to_bytes(4) + (1).to_bytes(2)
    entry = (0x0112).to_bytes(2) + (3).to_bytes(2) + (1).to_bytes(4) + orientation.to_bytes(2)
    body = b"Exif\0\0" + tiff + entry + bytes(2) + bytes(4)
    return bytes((0xFF, _APP1)) + (len(body) + 2).to_bytes(2) + body
