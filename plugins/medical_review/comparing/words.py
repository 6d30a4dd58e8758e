"""What changed within a text, word by word, so that a person sees at once what is another."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import groupby

import msgspec

from plugins.medical_review.comparing.sequences import opcodes

# A number keeps its comma and its point: 2,5 mg is no 2 and no 5.
WORD = re.compile(r"\s*(?:\w+(?:[.,'’-]\w+)*|<[^<>]*>?|[^\w\s<])|\s+")

TAG = re.compile(r"<[^<>]*>")

_SHORTEST_STAY = 4


class WordChange(msgspec.Struct, frozen=True):
    """`op` is equal, insert, delete or replace."""

    op: str
    before: str | None = None
    after: str | None = None


def tokens(text: str) -> list[str]:
    """Words, tags and marks in order, each with the space before it; joined they are the text."""
    return WORD.findall(text)


def without_tags(html: str) -> str:
    """The characters that people read, with a space where a tag stood."""
    return unescape(TAG.sub(" ", html))


def plain(html: str) -> str:
    """What people read of markup, in one line."""
    return " ".join(without_tags(html).split())


def word_changes(before: str, after: str) -> list[WordChange]:
    """The pieces of both texts in order. What stays between two changes and is too short to be
    read by itself is told as changed with them."""
    return [_change(*piece) for piece in _readable(list(_pieces(tokens(before), tokens(after))))]


def _pieces(old: list[str], new: list[str]) -> Iterator["_Piece"]:
    """Words are the same whatever the space before them; where that differs, it is a change."""
    for op, start, end, from_, to in opcodes([*map(str.strip, old)], [*map(str.strip, new)]):
        removed, added = "".join(old[start:end]), "".join(new[from_:to])
        if op != "equal" or removed == added:
            yield removed, added, op == "equal"
        else:
            pairs = zip(old[start:end], new[from_:to], strict=True)
            for is_same, group in groupby(pairs, key=lambda pair: pair[0] == pair[1]):
                ones, others = zip(*group, strict=True)
                yield "".join(ones), "".join(others), is_same


_Piece = tuple[str, str, bool]


def _readable(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """Changes that only crumbs part become one."""
    held: list[_Piece] = []
    for index, piece in enumerate(pieces):
        is_last = index == len(pieces) - 1
        if piece[2] and not (held and not is_last and _is_crumb(piece[0])):
            yield from _merged(held)
            held = []
            yield piece
        else:
            held.append(piece)
    yield from _merged(held)


def _is_crumb(text: str) -> bool:
    return "<" not in text and sum(map(str.isalnum, text)) < _SHORTEST_STAY and len(text) < 12


def _merged(held: Iterable[_Piece]) -> Iterator[_Piece]:
    pieces = list(held)
    if pieces:
        yield "".join(p[0] for p in pieces), "".join(p[1] for p in pieces), False


def _change(before: str, after: str, is_equal: bool) -> WordChange:
    if is_equal:
        return WordChange("equal", before, after)
    op = "replace" if before and after else "delete" if before else "insert"
    return WordChange(op, before or None, after or None)
