"""Where two rows of tokens are the same, in time that grows with their length and not its square.

Tokens that stand once on each side are taken as anchors, the longest row of them that is in the
same order on both is kept, and what lies between two anchors is looked at in the same way (Bram
Cohen's patience diff). Where no token stands once, the rarest common one splits the region
(histogram diff).
A budget in steps bounds the worst case: what it leaves unread is told as changed.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence

Opcode = tuple[str, int, int, int, int]
"""`op` is equal, insert, delete or replace; then the ranges of the old row and of the new one."""

_STEPS_PER_TOKEN = 24
_STEPS_AT_LEAST = 20_000
_MOST_PLACES = 16

_Run = tuple[int, int, int]
_Region = tuple[int, int, int, int]


def opcodes(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Opcode]:
    """What makes the new row of the old one: the ranges follow one another and cover both rows."""
    names: dict[Hashable, int] = {}
    rows = [[names.setdefault(one, len(names)) for one in row] for row in (old, new)]
    return list(_between(_joined(sorted(_Reader(*rows).runs())), len(old), len(new)))


class _Reader:
    """Finds runs of equal tokens, one region after another; a stack and not recursion, because
    nobody knows how deep a text splits."""

    def __init__(self, old: list[int], new: list[int]) -> None:
        self.old, self.new = old, new
        self.steps = _STEPS_AT_LEAST + _STEPS_PER_TOKEN * (len(old) + len(new))
        self.waiting: list[_Region] = [(0, len(old), 0, len(new))]

    def runs(self) -> Iterator[_Run]:
        while self.waiting:
            start, end, from_, to = self.waiting.pop()
            before, after = self._ends(start, end, from_, to)
            if before:
                yield start, from_, before
            if after:
                yield end - after, to - after, after
            region = (start + before, end - after, from_ + before, to - after)
            if region[0] < region[1] and region[2] < region[3] and self.steps > 0:
                yield from self._split(region)

    def _ends(self, start: int, end: int, from_: int, to: int) -> tuple[int, int]:
        """How many tokens the region shares at its beginning and, of the others, at its end."""
        old, new, most = self.old, self.new, min(end - start, to - from_)
        before = 0
        while before < most and old[start + before] == new[from_ + before]:
            before += 1
        after, most = 0, most - before
        while after < most and old[end - 1 - after] == new[to - 1 - after]:
            after += 1
        self.steps -= before + after + 1
        return before, after

    def _split(self, region: _Region) -> Iterator[_Run]:
        start, end, from_, to = region
        self.steps -= end - start + to - from_
        first, last = _ends_of(self.old, start, end)
        other_first, other_last = _ends_of(self.new, from_, to)
        anchors = [
            (at, other_first[token])
            for token, at in first.items()
            if last[token] == at and other_first.get(token, -1) == other_last.get(token)
        ]
        if anchors:
            yield from self._around(region, [(one, other, 1) for one, other in _in_order(anchors)])
        elif (run := self._rarest(region)) is not None:
            yield from self._around(region, [run])

    def _around(self, region: _Region, runs: list[_Run]) -> Iterator[_Run]:
        """Keep the runs, and look later at what lies between them."""
        start, end, from_, to = region
        for one, other, length in runs:
            self.waiting.append((start, one, from_, other))
            start, from_ = one + length, other + length
            yield one, other, length
        self.waiting.append((start, end, from_, to))

    def _rarest(self, region: _Region) -> _Run | None:
        """The longest run through the token that stands at the fewest places of both sides."""
        start, end, from_, to = region
        places, others = _places(self.old, start, end), _places(self.new, from_, to)
        common = [(len(at) * len(others[token]), token) for token, at in places.items()
                  if token in others]  # fmt: skip
        if not common:
            return None
        _, token = min(common)
        found = [
            self._grown(region, one, other)
            for one in places[token][:_MOST_PLACES]
            for other in others[token][:_MOST_PLACES]
        ]
        return max(found, key=lambda run: run[2])

    def _grown(self, region: _Region, one: int, other: int) -> _Run:
        start, end, from_, to = region
        old, new, first, second = self.old, self.new, one, other
        while first > start and second > from_ and old[first - 1] == new[second - 1]:
            first, second = first - 1, second - 1
        while one < end and other < to and old[one] == new[other]:
            one, other = one + 1, other + 1
        self.steps -= one - first
        return first, second, one - first


def _ends_of(row: list[int], start: int, end: int) -> tuple[dict[int, int], dict[int, int]]:
    """Where each token of the region stands first, in that order, and where last."""
    region = row[start:end]
    last = dict(zip(region, range(start, end), strict=True))
    first = dict(zip(reversed(region), range(end - 1, start - 1, -1), strict=True))
    return dict(reversed(first.items())), last


def _places(row: list[int], start: int, end: int) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for index in range(start, end):
        places.setdefault(row[index], []).append(index)
    return places


def _in_order(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs that rises on both sides; the first numbers rise already."""
    return [pairs[index] for index in longest_rising([other for _, other in pairs])]


def longest_rising(row: Sequence[int]) -> list[int]:
    """The indices of a longest strictly rising part of a row of different numbers (patience
    sorting, O(n log n))."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, value in enumerate(row):
        pile = bisect_left(tops, value)
        before.append(ends[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(value)
            ends.append(index)
        else:
            tops[pile], ends[pile] = value, index
    rising: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        rising.append(index)
        index = before[index]
    return rising[::-1]


def _joined(runs: list[_Run]) -> Iterator[_Run]:
    """Runs that follow one another without a gap as one."""
    held: _Run | None = None
    for one, other, length in runs:
        if held and (held[0] + held[2], held[1] + held[2]) == (one, other):
            held = (held[0], held[1], held[2] + length)
            continue
        if held:
            yield held
        held = (one, other, length)
    if held:
        yield held


def _between(runs: Iterator[_Run], old: int, new: int) -> Iterator[Opcode]:
    start = from_ = 0
    for one, other, length in (*runs, (old, new, 0)):
        if start < one or from_ < other:
            op = (
                "replace"
                if start < one and from_ < other
                else "delete"
                if start < one
                else "insert"
            )
            yield op, start, one, from_, other
        if length:
            yield "equal", one, one + length, other, other + length
        start, from_ = one + length, other + length
