"""What a comment is about: the post, a field, a block, or a passage; kept once, found again in each
revision."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cms.content.models import Revision
from cms.errors import InvalidInput
from plugins.medical_review.comparing.matching import likeness
from plugins.medical_review.comparing.nodes import Node, tree, walk
from plugins.medical_review.comparing.words import plain
from plugins.medical_review.discussion import anchors
from plugins.medical_review.discussion.anchors import LONGEST_QUOTE, ORPHANED, Found, Place, Quote
from plugins.medical_review.discussion.models import Thread
from plugins.medical_review.discussion.passages import (
    Passages,
    as_typed,
    in_one_line,
    occurrences,
    spelled,
)
from plugins.medical_review.discussion.texts import CONTENT, Spoken, names, spoken

_NO_WORDS = Quote("")
_BLOCKS_ALIKE = 0.5
_LONGEST_BLOCK = 1000
_DEEPEST = 20


class Target(StrEnum):
    POST = "post"
    FIELD = "field"
    BLOCK = "block"
    PASSAGE = "passage"


@dataclass(frozen=True)
class Asked:
    """The place as a request names it: a quote makes it a passage, a path a block, a field the
    whole field, and nothing of it the post."""

    field: str = ""
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    block: Sequence[int] | None = None

    @property
    def target(self) -> Target:
        if self.quote:
            return Target.PASSAGE
        if self.block is not None:
            return Target.BLOCK
        return Target.FIELD if self.field else Target.POST


@dataclass(frozen=True)
class Kept:
    """The place as it is kept with its thread."""

    target: Target
    field: str = ""
    quote: Quote = _NO_WORDS
    block: tuple[int, ...] = ()
    block_name: str = ""

    @classmethod
    def of(cls, thread: Thread) -> "Kept":
        quote = Quote(thread.quote, thread.prefix, thread.suffix, thread.position)
        block = tuple(thread.block)
        return cls(Target(thread.target), thread.field, quote, block, thread.block_name)


@dataclass(frozen=True)
class Today:
    """Where the place is in another revision, and what stands there."""

    place: Place
    text: str = ""
    block: tuple[int, ...] = ()

    @property
    def found(self) -> Found:
        return self.place.found


class Reader:
    """One revision, in which many places are looked for; each field is read once."""

    def __init__(self, revision: Revision) -> None:
        self.revision = revision
        self._passages: dict[str, Passages] = {}
        self._nodes: Mapping[tuple[int, ...], Node] | None = None

    def passages(self, one: Spoken) -> Passages:
        if one.name not in self._passages:
            self._passages[one.name] = one.passages()
        return self._passages[one.name]

    @property
    def nodes(self) -> Mapping[tuple[int, ...], Node]:
        """The blocks of the text by their place."""
        if self._nodes is None:
            self._nodes = {node.path: node for node in walk(tree(self.revision.content))}
        return self._nodes

    def keep(self, asked: Asked) -> Kept:
        """The place that is asked for; InvalidInput says what of it is not there."""
        if asked.target is Target.POST:
            return Kept(Target.POST)
        if asked.target is Target.BLOCK:
            return self._block(asked)
        name = asked.field or CONTENT
        one = spoken(self.revision, name)
        if one is None:
            known = ", ".join(names(self.revision)[:40])
            raise InvalidInput(
                {"field": f"{name[:60]!r} is no field of this text; there are: {known}"}
            )
        if asked.target is Target.FIELD:
            return Kept(Target.FIELD, name, Quote(_shown(one)))
        return self._passage(asked, one)

    def find(self, kept: Kept) -> Today:
        """Where the place is in this revision."""
        if kept.target is Target.POST:
            return Today(Place(Found.EXACT))
        if kept.target is Target.BLOCK:
            return self._find_block(kept)
        one = spoken(self.revision, kept.field)
        if one is None:
            return Today(ORPHANED)
        if kept.target is Target.FIELD:
            found = Found.EXACT if _shown(one) == kept.quote.exact else Found.CHANGED
            return Today(Place(found), _shown(one))
        if not one.is_text:
            return Today(ORPHANED)
        passages = self.passages(one)
        place = anchors.find(kept.quote, passages)
        return Today(place, passages.quote(place.start, place.end))

    # -- passages

    def _passage(self, asked: Asked, one: Spoken) -> Kept:
        if not one.is_text:
            raise InvalidInput({"quote": f"{one.name} is no text that can be quoted; leave it out"})
        passages = self.passages(one)
        wanted = as_typed(in_one_line(asked.quote))
        if len(wanted) > LONGEST_QUOTE:
            fault = f"has {len(wanted)} characters; at most {LONGEST_QUOTE} are kept"
            raise InvalidInput({"quote": fault})
        places = list(occurrences(passages.typed, wanted))
        start = _chosen(asked, passages.typed, wanted, places, one.name)
        return Kept(
            Target.PASSAGE, one.name, anchors.quote_at(passages, start, start + len(wanted))
        )

    # -- blocks

    def _block(self, asked: Asked) -> Kept:
        path = tuple(asked.block or ())
        node = self.nodes.get(path) if len(path) <= _DEEPEST else None
        if node is None:
            fault = f"there is no block {list(path)[:_DEEPEST]} in this text; paths begin at [0]"
            raise InvalidInput({"block": fault})
        return Kept(Target.BLOCK, CONTENT, Quote(_words(node)), path, node.name)

    def _find_block(self, kept: Kept) -> Today:
        """The block at its place if it says the same, else the same one elsewhere, else the one of
        its kind that is most like it."""
        kind = [node for node in self.nodes.values() if node.name == kept.block_name]
        same = [node for node in kind if _words(node) == kept.quote.exact]
        if same:
            here = next((node for node in same if node.path == kept.block), None)
            found = Found.EXACT if here else Found.MOVED
            return _today(here or min(same, key=lambda node: _far(node, kept)), found)
        wanted = Counter(spelled(kept.quote.exact))
        scored = [(likeness(Counter(spelled(_words(node))), wanted), node) for node in kind]
        alike = [(score, node) for score, node in scored if score >= _BLOCKS_ALIKE]
        if not alike:
            return Today(ORPHANED)
        _, best = max(alike, key=lambda one: (one[0], -_far(one[1], kept)))
        return _today(best, Found.CHANGED)


def _today(node: Node, found: Found) -> Today:
    return Today(Place(found), _words(node), node.path)


def _far(node: Node, kept: Kept) -> int:
    return sum(abs(one - other) for one, other in zip(node.path, kept.block, strict=False))


def _words(node: Node) -> str:
    """What a block is known by: its words, or for one without any, such as a picture, its tags."""
    return (plain(node.source) or in_one_line(node.source))[:_LONGEST_BLOCK]


def _shown(one: Spoken) -> str:
    """What is kept of a whole field, to see later whether it is the same."""
    if not one.is_text:
        return "" if one.name.startswith("fields.") else str(one.value)[:_LONGEST_BLOCK]
    return in_one_line(plain(one.value) if one.is_markup else one.value)[:_LONGEST_BLOCK]


def _chosen(asked: Asked, text: str, wanted: str, places: list[int], name: str) -> int:
    """The one place that is meant. Of several, what stands around or the position must tell."""
    if not places:
        raise InvalidInput({"quote": f"these words are not in {name} of this revision"})
    sides = Quote(wanted, as_typed(in_one_line(asked.prefix)), as_typed(in_one_line(asked.suffix)))
    scores = {start: _score(sides, text, start) for start in places}
    best = [start for start in places if scores[start] == max(scores.values())]
    if asked.start is not None:
        wanted_start = asked.start
        return min(best, key=lambda start: abs(start - wanted_start))
    if len(best) > 1:
        raise InvalidInput(
            {
                "quote": f"these words stand {len(best)} times in {name}; say which by prefix, "
                "suffix or start"
            }
        )
    return best[0]


def _score(sides: Quote, text: str, start: int) -> int:
    end = start + len(sides.exact)
    before = text[max(0, start - len(sides.prefix) - 1) : start].rstrip()
    after = text[end : end + len(sides.suffix) + 1].lstrip()
    return before.endswith(sides.prefix) + after.startswith(sides.suffix)
