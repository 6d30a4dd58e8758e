"""Other words for a passage, put into the stored markup without touching the markup.

Only the words that differ are replaced, so that what is bold or linked beside them stays so; tags
are never moved or taken away, but for those of a line that have nothing left to hold.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from cms.markup import blocks
from plugins.medical_review.comparing.sequences import opcodes
from plugins.medical_review.discussion.passages import INLINE, Passages, of_html

_PIECE = re.compile(r"\s+|\w+(?:[.,'’-]\w+)*|[^\w\s]")
_SHORTCODE = re.compile(r"\[/?[a-zA-Z][\w-]*(?:\s[^\[\]]*)?/?\]")
_HOLDING = "|".join(sorted(INLINE - {"a", "span", "time", "wbr", "data"}))
_EMPTY = re.compile(
    rf"<(?P<name>{_HOLDING})(?:\s[^<>]*)?></(?P=name)>|<a\s[^<>]*\bhref\b[^<>]*></a>"
)


class CannotReplace(Exception):
    """The words cannot be replaced without breaking what holds them."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


@dataclass(frozen=True)
class Replacement:
    """Other words for the passage between two places of what people read."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class _Edit:
    """A piece of the source that becomes another one."""

    start: int
    end: int
    written: str


_Write = Callable[[Passages, int, int, str], Iterator[_Edit]]


def replaced(passages: Passages, wanted: Iterable[Replacement], *, is_markup: bool) -> str:
    """The source with all the replacements, which must not overlap. CannotReplace says why not."""
    write = _of_markup if is_markup else _of_plain
    result = _applied(
        passages.source, [edit for one in wanted for edit in _edits(passages, one, write)]
    )
    if not is_markup:
        return result
    if not _EMPTY.search(passages.source):
        result = _without_empty(result)
    _require_same_blocks(passages, result)
    return result


def overlapping(wanted: Sequence[Replacement]) -> tuple[int, int] | None:
    """The indices of two that want to replace the same words."""
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index].start, wanted[index].end))
    for one, other in pairwise(order):
        if wanted[other].start < wanted[one].end:
            return one, other
    return None


def _edits(passages: Passages, wanted: Replacement, write: _Write) -> Iterator[_Edit]:
    """What differs between the words that stand there and those that are wanted."""
    old = list(_PIECE.finditer(passages.flat, wanted.start, wanted.end))
    new = _PIECE.findall(" ".join(wanted.words.split()))
    for op, start, end, from_, to in opcodes([piece[0] for piece in old], new):
        if op != "equal":
            first = old[start].start() if start < len(old) else wanted.end
            last = old[end - 1].end() if end > start else first
            yield from write(passages, first, last, "".join(new[from_:to]))


def _of_plain(passages: Passages, start: int, end: int, words: str) -> Iterator[_Edit]:
    if start < end:
        yield _Edit(passages.starts[start], passages.ends[end - 1], words)
    else:
        at = passages.ends[start - 1] if start else 0
        yield _Edit(at, at, words)


def _of_markup(passages: Passages, start: int, end: int, words: str) -> Iterator[_Edit]:
    """The first run of characters becomes the words, the others go; the tags between them stay."""
    _require_one_line(passages, start, end)
    runs = list(_runs(passages, start, end)) or [_insertion(passages, start)]
    _require_no_shortcode(passages.source, runs[0][0], runs[-1][1])
    written = escape(words, quote=False).replace("[", "&#91;")
    yield _Edit(*runs[0], written)
    yield from (_Edit(first, last, "") for first, last in runs[1:])


def _insertion(passages: Passages, at: int) -> tuple[int, int]:
    """Beside the character before, within its tags; at the beginning of a line before the next."""
    is_first = at == 0 or passages.text[at - 1] == "\n"
    place = passages.starts[at] if is_first else passages.ends[at - 1]
    return place, place


def _runs(passages: Passages, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces of the source that hold these characters, without the tags between them."""
    held: tuple[int, int] | None = None
    for index in range(start, end):
        first, last = passages.starts[index], passages.ends[index]
        if held and first <= held[1]:
            held = held[0], max(held[1], last)
            continue
        if held:
            yield held
        held = first, last
    if held:
        yield held


def _require_one_line(passages: Passages, start: int, end: int) -> None:
    if "\n" in passages.text[start:end]:
        raise CannotReplace(
            "the words that would change reach from one block, line or cell into the next",
            "suggest for each block by itself, or change the text in the editor",
        )


def _require_no_shortcode(source: str, start: int, end: int) -> None:
    for code in _SHORTCODE.finditer(source):
        if code.start() < end and start < code.end():
            raise CannotReplace(
                "the words that would change are part of a shortcode in square brackets",
                "change the shortcode in the editor",
            )


def _applied(source: str, edits: list[_Edit]) -> str:
    pieces: list[str] = []
    end = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        pieces += source[end : edit.start], edit.written
        end = edit.end
    return "".join((*pieces, source[end:]))


def _without_empty(source: str) -> str:
    """Tags that hold nothing any more; there were none before."""
    shorter = _EMPTY.sub("", source)
    return shorter if shorter == source else _without_empty(shorter)


def _require_same_blocks(passages: Passages, result: str) -> None:
    """The last word: whatever was replaced, the blocks are the ones that were there."""
    before, after = (
        [(one.name, one.kind, one.json) for one in blocks.delimiters(text)]
        for text in (passages.source, result)
    )
    if before != after:
        raise CannotReplace(
            "the blocks of the text would not be what they are", "change the text in the editor"
        )
    if of_html(result).text.count("\n") != passages.text.count("\n"):
        raise CannotReplace(
            "nothing would be left of a block, line or cell", "delete the block in the editor"
        )
