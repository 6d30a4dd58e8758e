"""A text as a tree of blocks that can be compared: each with its place, its own HTML, its words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cms.markup import blocks
from plugins.medical_review.comparing.words import TAG

FREEFORM = "core/freeform"
DEEPEST = 20
"""Levels of blocks within blocks; what lies deeper is compared as the markup that it is."""

_PARAGRAPHS = re.compile(r"\n\s*\n")
_LETTERS = re.compile(r"\w+")

Path = tuple[int, ...]


@dataclass(frozen=True)
class Node:
    """A block at its place: the index of its ancestor in the text, that of the next within it, and
    so on. `html` is what it holds besides other blocks, `source` all of it as stored."""

    path: Path
    name: str
    attributes: Mapping[str, Any]
    html: str
    source: str
    inner: "tuple[Node, ...]" = ()

    @cached_property
    def letters(self) -> Counter[str]:
        """Its words without order and case, by which similar blocks are found."""
        return Counter(_LETTERS.findall(TAG.sub(" ", self.source).lower()))


def tree(text: str) -> tuple[Node, ...]:
    """The blocks of a document; of one without any its paragraphs."""
    return tuple(_nodes(blocks.parse(text), ()))


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every block, each before those within it."""
    for node in nodes:
        yield node
        yield from walk(node.inner)


def _nodes(pieces: Iterable[blocks.Piece], above: Path) -> Iterator[Node]:
    index = 0
    for piece in pieces:
        for name, attributes, part, source in _parts(piece):
            path = (*above, index)
            index += 1
            within = [one for one in part if isinstance(one, blocks.Block)]
            inner = tuple(_nodes(within, path)) if len(path) < DEEPEST else ()
            own = [one for one in part if isinstance(one, str)] if inner else part
            html = blocks.serialize(own)
            # Between inner blocks stand empty lines, as many as there are blocks.
            html = " ".join(html.split()) if inner else html.strip()
            yield Node(path, name, attributes, html, source.strip(), inner)


_Part = tuple[str, Mapping[str, Any], tuple[blocks.Piece, ...], str]


def _parts(piece: blocks.Piece) -> Iterator[_Part]:
    """A block is itself; the HTML between blocks is paragraphs."""
    if isinstance(piece, blocks.Block):
        yield piece.name, piece.attributes, piece.inner, blocks.serialize([piece])
        return
    text = piece.text if isinstance(piece, blocks.Broken) else piece
    for paragraph in _PARAGRAPHS.split(text):
        if paragraph.strip():
            yield FREEFORM, {}, (paragraph,), paragraph
