"""Citations in a text: `<sup class="cms-citation" data-cms-ref="doi:10.…">1</sup>`.

Plain HTML, so that the cleaning and every editor of WordPress keep it. The number in it is what
somebody last saw and means nothing: readers get the one that the rendering counts. One mark may
name several references, with spaces between them. `<!-- wp:cms/references /-->`, or
`[medical_references]` in a text without blocks, is where the list stands.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from cms.markup.surroundings import Call, DynamicBlock, Shortcode, Surroundings
from plugins.medical_review.references.entries import names_of_entry
from plugins.medical_review.references.identifiers import CANONICAL

PLACE = '<div class="cms-references"></div>'

_GIVEN = r"""(?:[^"'<>]|"[^"]*+"|'[^']*+')*+"""
_MARK = re.compile(
    rf"<sup\b(?P<given>{_GIVEN})>(?P<label>(?:(?!</?sup\b)(?s:.))*+)</sup\s*>", re.IGNORECASE
)
_NAMED = re.compile(r"""\bdata-cms-ref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """One citation: what it names, each in its canonical form."""

    names: tuple[str, ...]


def marks(html: str) -> list[Mark]:
    """The citations of a text in their order."""
    found = (_mark(one) for one in _MARK.finditer(html))
    return [mark for mark in found if mark is not None]


def with_marks(html: str, write: Callable[[Mark], str]) -> str:
    """The text with each citation as `write` shows it."""

    def written(found: re.Match[str]) -> str:
        mark = _mark(found)
        return found[0] if mark is None else write(mark)

    return _MARK.sub(written, html)


def _mark(found: re.Match[str]) -> Mark | None:
    """None for what is set higher and cites nothing, such as m<sup>2</sup>."""
    named = _NAMED.search(found["given"])
    if named is None:
        return None
    value = next(one for one in named.groups() if one is not None)
    return Mark(tuple(dict.fromkeys(_canonical(one) for one in unescape(value).split())))


def _canonical(name: str) -> str:
    kind, _, value = name.partition(":")
    reader = CANONICAL.get(kind.lower())
    found = reader(value) if reader else None
    return f"{kind.lower()}:{found}" if found else name


@dataclass(frozen=True)
class Order:
    """References in the order of their numbers. `numbers` by name; `cited` is how many of them the
    text names, those that it does not name follow; `unknown` are names without a reference."""

    entries: Sequence[Mapping[str, Any]]
    numbers: Mapping[str, int]
    cited: int
    unknown: tuple[str, ...] = ()


def order_of(found: Sequence[Mark], entries: Sequence[Mapping[str, Any]]) -> Order:
    """Numbers from 1 in the order of first mention, then what is listed and never mentioned."""
    places: dict[str, int] = {}
    for place, entry in enumerate(entries):
        for name in names_of_entry(entry):
            places.setdefault(name, place)
    named = list(dict.fromkeys(name for mark in found for name in mark.names))
    first = list(dict.fromkeys(places[name] for name in named if name in places))
    order = [*first, *(place for place in range(len(entries)) if place not in set(first))]
    number = {place: at for at, place in enumerate(order, start=1)}
    return Order(
        [entries[place] for place in order],
        {name: number[place] for name, place in places.items()},
        len(first),
        tuple(name for name in named if name not in places),
    )


def runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """`1, 2, 3, 5` as (1, 3), (5, 5): three or more in a row are shown as from–to."""
    ordered = sorted(set(numbers))
    start = 0
    for end in range(1, len(ordered) + 1):
        if end < len(ordered) and ordered[end] == ordered[end - 1] + 1:
            continue
        if end - start >= 3:
            yield ordered[start], ordered[end - 1]
        else:
            yield from ((one, one) for one in ordered[start:end])
        start = end


def _place_of_call(_call: Call, _around: Surroundings) -> str:
    return PLACE


def _place_of_block(_given: Mapping[str, Any], _inner: str, _around: Surroundings) -> str:
    return PLACE


SHORTCODES = (Shortcode("medical_references", _place_of_call),)
BLOCKS = (DynamicBlock("cms/references", _place_of_block),)
