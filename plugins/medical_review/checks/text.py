"""A text as the rules read it: plain, folded, cut into words and sentences, each with its place.

Offsets count characters (Unicode code points) of the plain text; `Text.place` leads back to the
part of the revision, the block in it, and the offset in that block.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cms.markup.blocks import parse, serialize, without_delimiters
from plugins.medical_review.checks.words import words

LONGEST_QUOTE = 160
NEAR = 500

_WORD = re.compile(
    r"R\$|[$%€£]|\d+(?:[.,:/-]\d+)*|[^\W\d_]+(?:[-'’][^\W\d_]+)*\d*(?:-\d+)?", re.UNICODE
)
_END = re.compile(r"\n+|[.!?…]+[\"”»'’)\]]*\s+(?=[\"“«'‘(]?[A-ZÀ-ÖØ-Þ0-9])")
# What a full stop follows without ending a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-ZÀ-Þ]|dr|dra|sr|sra|prof|profa|art|arts|ex|etc|fig|pág|vol|n|nº|cap|tel|al"
    r"|vs|mr|mrs|ms|no|jr|st)\.$",
    re.IGNORECASE,
)
_BREAKS = words("breaking_elements")
_SILENT = frozenset({"script", "style", "template", "noscript"})


@dataclass(frozen=True, slots=True)
class Section:
    """Where in the plain text a block begins; `block` counts the top blocks of the content from 0,
    and is None for parts that have no blocks."""

    start: int
    part: str
    block: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a person can find again: offset in the block, and the words that stand there."""

    part: str
    block: int | None
    offset: int
    quote: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image, where it stands, and what is said of it; `alt` is None when nothing is."""

    at: int
    source: str
    alt: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A link, the span of its words, and where it leads."""

    start: int
    end: int
    href: str
    target: bool
    """Whether an element of the text has the id that a link within the page names."""


@dataclass(frozen=True)
class Text:
    """What `prepare` makes of the parts of a revision."""

    plain: str
    folded: str
    sections: tuple[Section, ...]
    pictures: tuple[Picture, ...] = ()
    links: tuple[Link, ...] = ()
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    """First word and the one after the last of each sentence that has words."""
    sentence_of: list[int] = field(default_factory=list)

    @cached_property
    def index(self) -> Mapping[str, list[int]]:
        """The positions of each word."""
        found: dict[str, list[int]] = {}
        for position, word in enumerate(self.words):
            found.setdefault(word, []).append(position)
        return found

    @cached_property
    def vocabulary(self) -> list[str]:
        return sorted(self.index)

    def beginning_with(self, prefix: str) -> Iterator[str]:
        """The words of the text that begin so."""
        words = self.vocabulary
        for position in range(bisect_left(words, prefix), len(words)):
            if not words[position].startswith(prefix):
                return
            yield words[position]

    def between(self, first: int, last: int) -> str:
        """What stands between two words: blanks and punctuation."""
        return self.plain[self.ends[first] : self.starts[last]]

    def span(self, sentence: int) -> tuple[int, int]:
        """The characters of a sentence, from its first word to the next sentence."""
        first, after = self.sentences[sentence]
        until = self.starts[after] if after < len(self.starts) else len(self.plain)
        return self.starts[first], until

    def sentence_at(self, offset: int) -> int | None:
        """The sentence that a character is in; None where there are no words."""
        if not self.starts:
            return None
        return self.sentence_of[max(0, bisect_right(self.starts, offset) - 1)]

    def around(self, offset: int) -> str:
        """The folded sentence that a character is in; of a very long one what stands near it."""
        number = self.sentence_at(offset)
        first, last = (0, len(self.folded)) if number is None else self.span(number)
        return self.folded[max(first, offset - NEAR) : min(last, offset + NEAR)]

    def place(self, start: int, end: int) -> Place:
        """Where these characters stand, for a person."""
        section = self.sections[bisect_right(self.sections, start, key=lambda s: s.start) - 1]
        quote = " ".join(self.plain[start:end].split())
        shown = quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1] + "…"
        return Place(section.part, section.block, start - section.start, shown)


def fold(text: str) -> str:
    """Lower case without accents, character for character: offsets stay what they are."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(one if len(low := one.lower()) != 1 else low for one in text)
    if lower.isascii():
        return lower
    return lower.translate({ord(one): _plain(one) for one in set(lower) if not one.isascii()})


def _plain(character: str) -> str:
    if character == "’":
        return "'"
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isalpha() else character


def prepare(html: Mapping[str, str], lines: Mapping[str, str]) -> Text:
    """The text of a revision: `html` are its parts of markup (only `content` has blocks), `lines`
    those of plain text. Parts stand in the order in which they are given, those of markup last."""
    reader = _Reader()
    for part, line in lines.items():
        reader.take(part, None, line)
    for part, markup in html.items():
        for block, piece in _blocks(part, markup):
            reader.read(part, block, piece)
    return reader.finished()


def _blocks(part: str, markup: str) -> Iterator[tuple[int | None, str]]:
    if part != "content":
        yield None, markup
        return
    pieces = [serialize([piece]) for piece in parse(markup)]
    for number, piece in enumerate(piece for piece in pieces if piece.strip()):
        yield number, without_delimiters(piece)


class _Reader:
    """Puts the plain text together, and remembers where everything stands."""

    def __init__(self) -> None:
        self.chunks: list[str] = []
        self.length = 0
        self.sections: list[Section] = []
        self.pictures: list[Picture] = []
        self.links: list[tuple[int, int, str]] = []
        self.ids: set[str] = set()

    def say(self, text: str) -> None:
        self.chunks.append(text)
        self.length += len(text)

    def take(self, part: str, block: int | None, line: str) -> None:
        self.sections.append(Section(self.length, part, block))
        self.say(line + "\n")

    def read(self, part: str, block: int | None, markup: str) -> None:
        self.sections.append(Section(self.length, part, block))
        body = LexborHTMLParser(markup).body if markup.strip() else None
        if body is not None:
            self._children(body)
        self.say("\n")

    def _children(self, node: LexborNode) -> None:
        """A stack and not recursion: nesting is the author's to choose. A string on it is what
        follows an element, a tuple a link that ends here."""
        waiting: list[LexborNode | str | tuple[int, str]] = []
        waiting.extend([*node.iter(include_text=True)][::-1])
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                self.say(one)
            elif isinstance(one, tuple):
                self.links.append((one[0], self.length, one[1]))
            elif one.tag == "-text":
                self.say(one.text_content or "")
            elif one.tag not in _SILENT:
                waiting.extend(self._opened(one))
                waiting.extend(list(one.iter(include_text=True))[::-1])

    def _opened(self, node: LexborNode) -> Iterable[str | tuple[int, str]]:
        tag, attributes = node.tag, node.attributes
        if found := attributes.get("id"):
            self.ids.add(found)
        if tag == "img":
            self.pictures.append(
                Picture(self.length, attributes.get("src") or "", attributes.get("alt"))
            )
        if tag in _BREAKS:
            self.say("\n")
            return ["\n"]
        if tag == "a" and attributes.get("href") is not None:
            return [(self.length, attributes["href"] or "")]
        return []

    def finished(self) -> Text:
        plain = "".join(self.chunks)
        links = tuple(Link(*link, target=link[2][1:] in self.ids) for link in self.links)
        text = Text(
            plain, fold(plain), tuple(self.sections) or (Section(0, "content", None),),
            tuple(self.pictures), links,
        )  # fmt: skip
        _cut(text)
        return text


def _cut(text: Text) -> None:
    """Words, and the sentences that they are in."""
    ends = list(_sentence_ends(text.plain))
    current, first = 0, 0
    for found in _WORD.finditer(text.plain):
        start = found.start()
        while current < len(ends) and start >= ends[current]:
            current += 1
            if first < len(text.words):
                text.sentences.append((first, len(text.words)))
                first = len(text.words)
        text.starts.append(start)
        text.ends.append(found.end())
        text.words.append(text.folded[start : found.end()])
        text.sentence_of.append(len(text.sentences))
    if first < len(text.words):
        text.sentences.append((first, len(text.words)))


def _sentence_ends(plain: str) -> Iterator[int]:
    for found in _END.finditer(plain):
        is_stop = plain[found.start()] == "."
        before = plain[max(0, found.start() - 8) : found.start() + 1]
        if not (is_stop and _ABBREVIATION.search(before)):
            yield found.end()
