"""Which block of an old text is which of a new one: the same, one that moved, one that changed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from plugins.medical_review.comparing.nodes import Node
from plugins.medical_review.comparing.sequences import longest_rising, opcodes

ALIKE = 0.5
"""From which share of common words on a block is held for another one, changed."""

_RARE = 6
_CANDIDATES = 3

Pairs = dict[int, int]


def matched(old: Sequence[Node], new: Sequence[Node]) -> Pairs:
    """For the index of a new block that of the old one that it was. The same blocks in the same
    order come first, then the same ones elsewhere, then those that share most of their words, and
    at last a single block that stands where a single one of its kind stood."""
    pairs: Pairs = {}
    gaps: list[tuple[range, range]] = []
    keys = [[(node.name, node.source) for node in nodes] for nodes in (old, new)]
    for op, start, end, from_, to in opcodes(*keys):
        if op == "equal":
            pairs.update(zip(range(from_, to), range(start, end), strict=True))
        else:
            gaps.append((range(start, end), range(from_, to)))
    _pair_moved(old, new, pairs, gaps)
    _pair_alike(old, new, pairs, gaps)
    _pair_lonely(old, new, pairs, gaps)
    return pairs


def stayed(pairs: Pairs) -> set[int]:
    """The new blocks of pairs that kept their order; all other pairs have moved."""
    news = sorted(pairs)
    return {news[index] for index in longest_rising([pairs[one] for one in news])}


_Gaps = list[tuple[range, range]]


def _left(pairs: Pairs, gaps: _Gaps) -> tuple[list[int], list[int]]:
    taken = set(pairs.values())
    olds = [index for start, _ in gaps for index in start if index not in taken]
    return olds, [index for _, to in gaps for index in to if index not in pairs]


def _pair_moved(old: Sequence[Node], new: Sequence[Node], pairs: Pairs, gaps: _Gaps) -> None:
    olds, news = _left(pairs, gaps)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index in reversed(olds):
        places[old[index].source].append(index)
    for index in news:
        if found := places.get(new[index].source):
            pairs[index] = found.pop()


def _pair_alike(old: Sequence[Node], new: Sequence[Node], pairs: Pairs, gaps: _Gaps) -> None:
    """The most similar first; each block once."""
    olds, news = _left(pairs, gaps)
    taken: set[int] = set()
    scored = sorted(_scores(old, new, olds, news), key=lambda one: (-one[0], one[1], one[2]))
    for _, other, one in scored:
        if other not in pairs and one not in taken:
            pairs[other] = one
            taken.add(one)


def _scores(
    old: Sequence[Node], new: Sequence[Node], olds: list[int], news: list[int]
) -> Iterator[tuple[float, int, int]]:
    """Only blocks that share a word which few blocks have are looked at: comparing each with each
    would be quadratic."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index in olds:
        for word in old[index].letters:
            places[word].append(index)
    for other in news:
        votes = _votes(new[other].letters, places)
        for one, _ in votes.most_common(_CANDIDATES):
            if old[one].name == new[other].name:
                score = likeness(old[one].letters, new[other].letters)
                if score >= ALIKE:
                    yield score, other, one


def _votes(words: Mapping[str, int], places: Mapping[str, list[int]]) -> Counter[int]:
    votes: Counter[int] = Counter()
    for word in words:
        found = places.get(word, ())
        if len(found) <= _RARE:
            votes.update(found)
    return votes


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two texts have in common, from 0 to 1 (Dice's coefficient)."""
    both = sum((one & other).values())
    return 2 * both / (one.total() + other.total() or 1)


def _pair_lonely(old: Sequence[Node], new: Sequence[Node], pairs: Pairs, gaps: _Gaps) -> None:
    taken = set(pairs.values())
    for start, to in gaps:
        olds = [index for index in start if index not in taken]
        news = [index for index in to if index not in pairs]
        if len(olds) == len(news) == 1 and old[olds[0]].name == new[news[0]].name:
            pairs[news[0]] = olds[0]
