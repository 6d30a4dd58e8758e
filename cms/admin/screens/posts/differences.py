"""What differs between two texts, as people read it: blocks that came, went or changed, and within
a changed one its words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_BLOCK = re.compile(r"\n\s*\n")
_WORD = re.compile(r"\s*(?:\w+(?:[.,'’-]\w+)*|<[^<>]*>?|[^\w\s<])|\s+")

MOST_WORDS = 3000
"""Words of a block that are compared one by one; a longer one is shown as removed and added."""


@dataclass(frozen=True)
class Piece:
    """Some words: same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A block with its pieces. Blocks that stay are told by their number only."""

    pieces: Sequence[Piece] = ()
    unchanged: int = 0


def differences(before: str, after: str) -> list[Change]:
    """The changes from one text to the other, in order; none where they are the same."""
    old, new = _blocks(before), _blocks(after)
    found: list[Change] = []
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(Change(unchanged=b - a))
        else:
            found += _changed(old[a:b], new[c:d])
    return found if any(one.pieces for one in found) else []


def _blocks(text: str) -> list[str]:
    return [one for one in _BLOCK.split(text.strip()) if one.strip()]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Blocks that stand at the same place are compared by their words, the rest came or went."""
    for was, now in zip(old, new, strict=False):
        yield Change(list(_words(was, now)))
    for was in old[len(new) :]:
        yield Change([Piece("removed", was)])
    for now in new[len(old) :]:
        yield Change([Piece("added", now)])


def _words(was: str, now: str) -> Iterator[Piece]:
    old, new = _WORD.findall(was), _WORD.findall(now)
    if len(old) + len(new) > MOST_WORDS:
        yield Piece("removed", was)
        yield Piece("added", now)
        return
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            yield Piece("same", "".join(old[a:b]))
            continue
        if a < b:
            yield Piece("removed", "".join(old[a:b]))
        if c < d:
            yield Piece("added", "".join(new[c:d]))
