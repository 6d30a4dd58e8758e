"""What people read of a stored text, each character with its place in the markup.

Any white space is one space, and between two blocks stands one line break: so a quote is found
however the editor, the browser or the page broke its lines.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

from cms.markup.tokens import element_of, names

INLINE = names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span"
    " strike strong sub sup time tt u var wbr"
)
"""Elements that stand within a line; any other tag ends one."""

_TOKEN = re.compile(
    r"(?P<comment><!--.*?-->)|(?P<tag></?[a-zA-Z][^<>]*>)"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)"
    r"|(?P<space>\s+)|(?P<words>[^<&\s]+|[<&])",
    re.DOTALL,
)
_PLAIN = re.compile(r"(?P<space>\s+)|(?P<words>\S+)")
_WORD = re.compile(r"\w+")

# Pages are set with the quotes and dashes of print, which nobody typed.
_AS_TYPED = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚", "'")
                          | dict.fromkeys("–—−", "-") | {"\n": " "})  # fmt: skip


@dataclass
class Passages:
    """The characters that people read, and for each where it begins and ends in the source. A line
    break between blocks has no width there."""

    source: str
    text: str = ""
    starts: "array[int]" = field(default_factory=lambda: array("l"))
    ends: "array[int]" = field(default_factory=lambda: array("l"))

    @cached_property
    def flat(self) -> str:
        """The text in one line; a place in it is the same place in `text`."""
        return self.text.replace("\n", " ")

    @cached_property
    def typed(self) -> str:
        """The same with the quotes and dashes of a keyboard."""
        return as_typed(self.text)

    @cached_property
    def words(self) -> list[tuple[str, int, int]]:
        """Each word in lower case with its place."""
        found = _WORD.finditer(self.text)
        return [(one[0].lower(), one.start(), one.end()) for one in found]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """For each word at which indices of `words` it stands."""
        places: dict[str, list[int]] = {}
        for index, (word, _, _) in enumerate(self.words):
            places.setdefault(word, []).append(index)
        return places

    def quote(self, start: int, end: int) -> str:
        """The words of a passage, in one line."""
        return self.flat[start:end]


def of_html(source: str) -> Passages:
    """The passages of a text that is HTML, with blocks or without."""
    return _read(source, _TOKEN)


def of_plain(source: str) -> Passages:
    """The passages of a text without markup."""
    return _read(source, _PLAIN)


def as_typed(text: str) -> str:
    """A text as somebody would type it, character for character."""
    return text.translate(_AS_TYPED)


def in_one_line(text: str) -> str:
    """A quote as it is looked for."""
    return " ".join(text.split())


def spelled(text: str) -> list[str]:
    """The words of a text in lower case, without what stands between them."""
    return _WORD.findall(text.lower())


def _read(source: str, pattern: re.Pattern[str]) -> Passages:
    writer = _Writer(source)
    for token in pattern.finditer(source):
        match token.lastgroup:
            case "words":
                writer.add(token[0], token.start())
            case "space":
                writer.space(token.start(), token.end())
            case "entity":
                writer.entity(token[0], token.start(), token.end())
            case _ if _parts_lines(token[0]):
                writer.end_line(token.start())
    return writer.finished()


def _parts_lines(markup: str) -> bool:
    if markup.startswith("<!--"):
        return True
    return element_of(markup) not in INLINE


class _Writer:
    """Puts the characters together; space at the edges of a line is left out."""

    def __init__(self, source: str) -> None:
        self.found = Passages(source)
        self.characters: list[str] = []
        self.last = ""

    def add(self, text: str, start: int) -> None:
        self.characters.append(text)
        self.found.starts.extend(range(start, start + len(text)))
        self.found.ends.extend(range(start + 1, start + len(text) + 1))
        self.last = text[-1]

    def entity(self, written: str, start: int, end: int) -> None:
        """A reference stands for its character; one that nobody knows stands for itself."""
        said = unescape(written)
        if said == written:
            self.add(written, start)
        elif said.isspace():
            self.space(start, end)
        else:
            for one in said:
                self._one(one, start, end)

    def space(self, start: int, end: int) -> None:
        if self.last not in {"", " ", "\n"}:
            self._one(" ", start, end)

    def end_line(self, at: int) -> None:
        self._drop_space()
        if self.last not in {"", "\n"}:
            self._one("\n", at, at)

    def finished(self) -> Passages:
        while self.last in {" ", "\n"}:
            self._drop()
        self.found.text = "".join(self.characters)
        return self.found

    def _one(self, character: str, start: int, end: int) -> None:
        self.characters.append(character)
        self.found.starts.append(start)
        self.found.ends.append(end)
        self.last = character

    def _drop_space(self) -> None:
        if self.last == " ":
            self._drop()

    def _drop(self) -> None:
        self.characters.pop()
        self.found.starts.pop()
        self.found.ends.pop()
        self.last = self.characters[-1][-1] if self.characters else ""


def occurrences(text: str, wanted: str, most: int = 1000) -> Iterator[int]:
    """Where the wanted words begin, also where they overlap."""
    at = text.find(wanted) if wanted else -1
    while at >= 0 and most > 0:
        yield at
        most -= 1
        at = text.find(wanted, at + 1)
