"""Finding again, in another revision, what a comment was about.

The form is that of the Web Annotation model (W3C Recommendation, 23 February 2017, §4.2.4 and
§4.2.5): the exact words, some before and after them, and the position. The order is: the same words
in the same surroundings, the same words elsewhere, what now stands between the same surroundings,
the place that shares most of the words. What is found nowhere is orphaned, and keeps its quote.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from plugins.medical_review.comparing.matching import likeness
from plugins.medical_review.discussion.passages import Passages, occurrences, spelled

AROUND = 32
"""Characters that are kept before and after a quote."""
LONGEST_QUOTE = 4000

_ENOUGH_AROUND = 8
_SPEAKS_FOR_ITSELF = 20
_ALIKE = 0.55
_FEWEST_WORDS = 3
_MOST_PLACES = 200


class Found(StrEnum):
    """How far a place is the one that it was."""

    EXACT = "exact"
    MOVED = "moved"
    CHANGED = "changed"
    ORPHANED = "orphaned"


@dataclass(frozen=True)
class Quote:
    """Words at a place of a text, in one line, with what stood around them."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    position: int = 0


@dataclass(frozen=True)
class Place:
    """Where a quote is today: `start` and `end` count characters of what people read."""

    found: Found
    start: int = 0
    end: int = 0


ORPHANED = Place(Found.ORPHANED)


def quote_at(passages: Passages, start: int, end: int) -> Quote:
    """The words between two places as they are kept."""
    flat = passages.flat
    return Quote(
        flat[start:end], flat[max(0, start - AROUND) : start], flat[end : end + AROUND], start
    )


def find(quote: Quote, passages: Passages) -> Place:
    """Where the quote is in this text; never two places, and never a wrong one rather than none."""
    return _same_words(quote, passages) or _between(quote, passages) or _alike(quote, passages)


def around(quote: Quote, flat: str, start: int) -> tuple[int, int]:
    """How many characters before, and after, are those that stood there."""
    end = start + len(quote.exact)
    before = _shared(quote.prefix[::-1], flat[max(0, start - AROUND) : start][::-1])
    return before, _shared(quote.suffix, flat[end : end + AROUND])


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _same_words(quote: Quote, passages: Passages) -> Place | None:
    places = list(occurrences(passages.flat, quote.exact))
    if not places:
        return None
    scored = [(around(quote, passages.flat, start), start) for start in places]
    best = max(scored, key=lambda one: (sum(one[0]), -abs(one[1] - quote.position)))
    (before, after), start = best
    is_known = before + after >= min(_ENOUGH_AROUND, len(quote.prefix) + len(quote.suffix))
    speaks_for_itself = len(places) == 1 and len(quote.exact) >= _SPEAKS_FOR_ITSELF
    if not (is_known or speaks_for_itself):
        return None
    found = Found.EXACT if _is_whole(quote, before, after) else Found.MOVED
    return Place(found, start, start + len(quote.exact))


def _is_whole(quote: Quote, before: int, after: int) -> bool:
    """Whether one side of the surroundings is all there; the border of a text is no side."""
    sides = [(side, kept) for side, kept in ((quote.prefix, before), (quote.suffix, after)) if side]
    return not sides or any(len(side) == kept for side, kept in sides)


def _between(quote: Quote, passages: Passages) -> Place | None:
    """What stands now between the words that stood before and after. Nothing at all means that the
    passage was deleted."""
    before, after = quote.prefix[-AROUND // 2 :], quote.suffix[: AROUND // 2]
    if min(len(before), len(after)) < _ENOUGH_AROUND:
        return None
    flat, longest = passages.flat, 2 * len(quote.exact) + 80
    spans = [
        (start + len(before), end)
        for start in occurrences(flat, before)
        if (end := flat.find(after, start + len(before), start + len(before) + longest)) >= 0
    ]
    if not spans:
        return None
    start, end = min(spans, key=lambda span: abs(span[0] - quote.position))
    start, end = _trimmed(flat, start, end)
    return Place(Found.CHANGED, start, end) if start < end else None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _alike(quote: Quote, passages: Passages) -> Place:
    """The place that shares most of the words: where the rarer words of the quote would have it
    begin, voted by each of them."""
    words = spelled(quote.exact)
    if len(words) < _FEWEST_WORDS:
        return ORPHANED
    votes: Counter[int] = Counter()
    for offset, word in enumerate(words):
        found = passages.places.get(word, ())
        if len(found) <= _MOST_PLACES:
            votes.update(index - offset for index in found)
    wanted = Counter(words)
    spans = (_span(passages, start, wanted) for start in _best(votes))
    scored = [(score, start, end) for score, start, end in spans if score >= _ALIKE]
    if not scored:
        return ORPHANED
    _, start, end = max(scored)
    return Place(Found.CHANGED, start, end)


def _best(votes: Counter[int]) -> Iterable[int]:
    return (max(0, start) for start, _ in votes.most_common(8))


def _span(passages: Passages, first: int, wanted: Counter[str]) -> tuple[float, int, int]:
    """How alike the words from there on are, and from the first to the last that is wanted."""
    near = passages.words[max(0, first - 2) : first + sum(wanted.values()) + 2]
    hits = [index for index, (word, _, _) in enumerate(near) if word in wanted]
    if not hits:
        return 0.0, 0, 0
    held = near[hits[0] : hits[-1] + 1]
    score = likeness(Counter(word for word, _, _ in held), wanted)
    return score, held[0][1], held[-1][2]
