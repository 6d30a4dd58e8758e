"""WordPress block markup: comment delimiters around HTML, read and written without loss.

Grammar (block editor handbook): `<!-- wp:[namespace/]name [{json}] -->`, the same ending in
`/-->` for a block without content, and `<!-- /wp:[namespace/]name -->`. A text is a row of pieces;
joined again they are the text byte for byte, also when it is malformed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Any, NoReturn

_HEAD = re.compile(
    r"<!--\s+(?P<slash>/)?wp:(?P<name>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+"
    r"(?:(?P<void>/)?-->|(?=(?P<json>\{)))"
)
_JSON_END = re.compile(r"\}\s+(?P<void>/)?-->")
_JSON_ESCAPE = re.compile(r'\\\\|\\"|--|[<>&\ud800-\udfff]')
_UNSAFE_IN_COMMENT = re.compile(r"--|[<>]")
_NO_ATTRIBUTES: Mapping[str, Any] = MappingProxyType({})


class Kind(Enum):
    """What a delimiter does."""

    OPEN = "open"
    CLOSE = "close"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Delimiter:
    """One delimiter as it stands in a text; `json` is the attributes' source, or empty."""

    start: int
    end: int
    name: str
    kind: Kind
    json: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A block; `opener` and `closer` are its delimiters as written, empty for a block made here.

    >>> serialize([Block("core/spacer", {"height": "<1em>"})])
    '<!-- wp:spacer {"height":"\\\\u003c1em\\\\u003e"} /-->'
    """

    name: str
    attributes: Mapping[str, Any] = field(default_factory=lambda: _NO_ATTRIBUTES)
    inner: "tuple[Piece, ...]" = ()
    opener: str = ""
    closer: str = ""

    def with_attributes(self, attributes: Mapping[str, Any]) -> "Block":
        """The same block saying other attributes; its delimiter will be written anew."""
        return replace(self, attributes=attributes, opener="")


@dataclass(frozen=True, slots=True)
class Broken:
    """From the first delimiter that does not fit (unclosed, crossed, stray) to the end."""

    text: str


Piece = str | Block | Broken


def has_blocks(text: str) -> bool:
    """Whether a text is block markup at all, by WordPress's own rule."""
    return "<!-- wp:" in text


def parse(text: str) -> tuple[Piece, ...]:
    """Cut a text into blocks and the HTML between them. Never raises; see `Broken`."""
    reader = _Reader(text)
    for delimiter in delimiters(text):
        if not reader.took(delimiter):
            return reader.broken_at(delimiter.start)
    return reader.finished()


def serialize(pieces: Iterable[Piece]) -> str:
    """Write pieces as text: what was read as it stood, what was made in canonical form."""
    written: list[str] = []
    waiting: list[Piece] = list(pieces)[::-1]
    while waiting:  # a stack and not recursion: nesting is the author's to choose
        piece = waiting.pop()
        if isinstance(piece, Block):
            opener, closer = _delimiters_of(piece)
            written.append(opener)
            waiting.extend((closer, *piece.inner[::-1]))
        else:
            written.append(piece.text if isinstance(piece, Broken) else piece)
    return "".join(written)


def delimiters(text: str) -> Iterator[Delimiter]:
    """All well-formed delimiters in order, each with its place. Takes time linear in the text."""
    position, has_json_end = 0, True
    while head := _HEAD.search(text, position):
        position = head.end()
        if not head["json"]:
            found = _plain(head)
        elif has_json_end and (end := _JSON_END.search(text, position)):
            found = _with_json(head, end)
            position = end.end()
        else:
            has_json_end = False  # none here means none further on: do not look again
            continue
        if found:
            yield found


def read_attributes(source: str) -> dict[str, Any] | None:
    """The attributes written in a delimiter; None when they are not a JSON object."""
    try:
        value = json.loads(source, parse_constant=_refuse_constant) if source else {}
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def write_attributes(attributes: Mapping[str, Any]) -> str:
    """Attributes as canonical JSON that can end neither its comment nor an HTML attribute."""
    source = json.dumps(dict(attributes), ensure_ascii=False, separators=(",", ":"))
    return _JSON_ESCAPE.sub(_escaped, source)


def is_safe_in_comment(source: str) -> bool:
    """Whether attributes as written hold nothing that an HTML parser could take for an end."""
    return not _UNSAFE_IN_COMMENT.search(source)


def escape_attributes(source: str) -> str:
    """Valid JSON made safe for a comment, its values, spacing and order unchanged."""
    # In valid JSON these characters occur in strings only, so the escape cannot change a value.
    return _UNSAFE_IN_COMMENT.sub(_escaped, source)


def without_delimiters(text: str, keep: frozenset[str] = frozenset()) -> str:
    """The HTML of a text; delimiters of the named blocks stay as placeholders."""
    kept: list[str] = []
    end = 0
    for delimiter in delimiters(text):
        if delimiter.name not in keep:
            kept.append(text[end : delimiter.start])
            end = delimiter.end
    kept.append(text[end:])
    return "".join(kept)


class _Reader:
    """Builds the pieces; holds one frame for each block that is still open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.top: list[Piece] = []
        self.open: list[tuple[Delimiter, list[Piece]]] = []

    def took(self, delimiter: Delimiter) -> bool:
        """Add what stands before the delimiter and act on it; False if it does not fit."""
        self._add(self.text[self.position : delimiter.start])
        self.position = delimiter.end
        if delimiter.kind is Kind.OPEN:
            self.open.append((delimiter, []))
        elif delimiter.kind is Kind.VOID:
            self._add(self._block(delimiter))
        else:
            return self._closed(delimiter)
        return True

    def broken_at(self, start: int) -> tuple[Piece, ...]:
        """The pieces so far, and all the rest as one that nobody should touch."""
        if self.open:
            start = self.open[0][0].start
        return (*self.top, Broken(self.text[start:]))

    def finished(self) -> tuple[Piece, ...]:
        if self.open:
            return self.broken_at(self.position)
        self._add(self.text[self.position :])
        return tuple(self.top)

    def _add(self, piece: Piece) -> None:
        if piece:
            (self.open[-1][1] if self.open else self.top).append(piece)

    def _closed(self, closer: Delimiter) -> bool:
        if not self.open or self.open[-1][0].name != closer.name:
            return False
        opener, inner = self.open.pop()
        self._add(self._block(opener, tuple(inner), self.text[closer.start : closer.end]))
        return True

    def _block(self, opener: Delimiter, inner: tuple[Piece, ...] = (), closer: str = "") -> Block:
        source = self.text[opener.start : opener.end]
        return Block(opener.name, read_attributes(opener.json) or {}, inner, source, closer)


def _plain(head: re.Match[str]) -> Delimiter | None:
    if head["slash"] and head["void"]:
        return None
    kind = Kind.CLOSE if head["slash"] else Kind.VOID if head["void"] else Kind.OPEN
    return Delimiter(head.start(), head.end(), _full_name(head["name"]), kind)


def _with_json(head: re.Match[str], end: re.Match[str]) -> Delimiter | None:
    if head["slash"]:
        return None
    kind = Kind.VOID if end["void"] else Kind.OPEN
    source = head.string[head.end() : end.start() + 1]
    return Delimiter(head.start(), end.end(), _full_name(head["name"]), kind, source)


def _full_name(name: str) -> str:
    return name if "/" in name else f"core/{name}"


def _delimiters_of(block: Block) -> tuple[str, str]:
    if block.opener:
        return block.opener, block.closer
    name = block.name.removeprefix("core/")
    attributes = f"{write_attributes(block.attributes)} " if block.attributes else ""
    if not block.inner and not block.closer:
        return f"<!-- wp:{name} {attributes}/-->", ""
    return f"<!-- wp:{name} {attributes}-->", block.closer or f"<!-- /wp:{name} -->"


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    # An escaped quote or backslash becomes the \u form of the character that it stands for.
    characters = found[1:] if found.startswith("\\") else found
    return "".join(f"\\u{ord(character):04x}" for character in characters)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is Python's JSON, not JSON")
