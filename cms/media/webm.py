"""WebM (EBML, RFC 8794; Matroska, RFC 9559): blanks who made a film, when and where, without moving
a byte: what points into the file still points to the right place."""

from collections.abc import Iterator
from dataclasses import dataclass

from cms.media.pieces import Data, Piece, Unfit, keep

_EBML, _DOC_TYPE = 0x1A45DFA3, 0x4282
_SEGMENT, _INFO, _TRACKS, _TRACK, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675
_TAGS, _ATTACHMENTS = 0x1254C367, 0x1941A469
# Title, moment of the recording, names of files and of families of files, in Info; names of tracks.
_TELLING = frozenset(
    {0x7BA9, 0x4461, 0x7384, 0x3C83AB, 0x3E83BB, 0x73A4, 0x3CB923, 0x3EB923, 0x4444, 0x536E}
    | {_TAGS, _ATTACHMENTS}
)
_ABOVE = frozenset({_SEGMENT, _INFO, _TRACKS, _TRACK})
# A sum over what is blanked would be wrong; nobody has to have one.
_SUM = 0xBF
_VOID = 0xEC
_MOST_ELEMENTS = 1_000_000
_ENDS = "The film ends in the middle. Upload it again."
_DAMAGED = "The film is damaged. Export it anew and upload it again."


@dataclass(frozen=True)
class _Element:
    """One element; `body` is where its content begins. `end` is None when the length is unknown,
    which only a segment and a cluster may leave open."""

    id: int
    start: int
    body: int
    end: int | None


def pieces(data: Data) -> list[Piece]:
    """What is published. Unfit for what is no WebM, or cannot be read to its end."""
    _refuse_other(data)
    found: list[_Element] = []
    for count, element in enumerate(_elements(data)):
        if count > _MOST_ELEMENTS:
            raise Unfit("The film consists of too many parts. Export it anew and upload that.")
        if element.id in _TELLING or element.id == _SUM:
            found.append(element)
    if all(element.id == _SUM for element in found):
        return [slice(0, len(data))]
    kept: list[Piece] = []
    at = 0
    for element in found:
        keep(kept, slice(at, element.start))
        for piece in _void((element.end or 0) - element.start):
            keep(kept, piece)
        at = element.end or 0
    keep(kept, slice(at, len(data)))
    return kept


def _refuse_other(data: Data) -> None:
    head = _read(data, 0, len(data))
    if head.id != _EBML or head.end is None:
        raise Unfit(_DAMAGED)
    at = head.body
    while at < head.end:
        one = _read(data, at, head.end)
        if one.end is None:
            raise Unfit(_DAMAGED)
        if one.id == _DOC_TYPE and bytes(data[one.body : one.end]).rstrip(b"\0") == b"webm":
            return
        at = one.end
    raise Unfit("The film is Matroska and not WebM, which browsers do not play. Export it as MP4.")


def _elements(data: Data) -> Iterator[_Element]:
    """Every element that is looked at, in the order of the file: those within another one follow
    it. Clusters hold pictures and sound, and are passed over where they say how long they are."""
    at = 0
    while at < len(data):
        one = _read(data, at, len(data))
        yield one
        is_open = one.id in _ABOVE or (one.id == _CLUSTER and one.end is None)
        at = one.body if is_open or one.end is None else one.end


def _read(data: Data, at: int, limit: int) -> _Element:
    number, body = _vint(data, at, limit, keeps_marker=True)
    length, body = _vint(data, body, limit, keeps_marker=False)
    if length is None:
        if number not in {_SEGMENT, _CLUSTER}:
            raise Unfit(_DAMAGED)
        return _Element(number or 0, at, body, None)
    end = body + length
    if end > limit:
        raise Unfit(_ENDS)
    return _Element(number or 0, at, body, end)


def _vint(data: Data, at: int, limit: int, *, keeps_marker: bool) -> tuple[int | None, int]:
    """A number of variable length and where it ends; None for a length that is not known."""
    if at >= limit:
        raise Unfit(_ENDS)
    first = data[at]
    size = 9 - first.bit_length()
    if first == 0 or at + size > limit or (keeps_marker and size > 4):
        raise Unfit(_DAMAGED if first == 0 else _ENDS)
    value = int.from_bytes(bytes(data[at : at + size]))
    if not keeps_marker:
        value &= (1 << (7 * size)) - 1
        if value == (1 << (7 * size)) - 1:
            return None, at + size
    return value, at + size


def _void(length: int) -> list[Piece]:
    """An element that says nothing, of this length with its head."""
    size = next(n for n in range(1, 9) if length - 1 - n < (1 << (7 * n)) - 1)
    inside = length - 1 - size
    return [bytes((_VOID,)) + (inside | 1 << (7 * size)).to_bytes(size), inside]
