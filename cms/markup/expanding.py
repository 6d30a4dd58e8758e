"""Blocks that are not HTML yet: reusable ones by reference, and those that a renderer makes."""

from collections.abc import Iterator, Mapping
from typing import Any

from cms.markup import blocks
from cms.markup.surroundings import Surroundings

_REFERENCE = "core/block"
_DEEPEST = 20


def wanted_patterns(raw: str) -> set[int]:
    """The reusable blocks that a text shows."""
    if "wp:block " not in raw:
        return set()
    return set(_references(blocks.parse(raw)))


def expanded(raw: str, around: Surroundings) -> str:
    """The text with its references and dynamic blocks replaced by what they show."""
    if not _has_any(raw, around):
        return raw
    return "".join(_pieces(blocks.parse(raw), around, (), 0))


def _has_any(raw: str, around: Surroundings) -> bool:
    names = (_REFERENCE, *around.dynamic_blocks)
    return any(f"wp:{name.removeprefix('core/')} " in raw for name in names)


def _references(pieces: tuple[blocks.Piece, ...]) -> Iterator[int]:
    waiting = list(pieces)
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, blocks.Block):
            reference = _reference(piece.attributes)
            if piece.name == _REFERENCE and reference is not None:
                yield reference
            waiting.extend(piece.inner)


def _reference(attributes: Mapping[str, Any]) -> int | None:
    number = attributes.get("ref")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _pieces(
    pieces: tuple[blocks.Piece, ...], around: Surroundings, within: tuple[int, ...], depth: int
) -> Iterator[str]:
    """`within`: the reusable blocks that we are inside of; one inside itself shows nothing."""
    for piece in pieces:
        if not isinstance(piece, blocks.Block) or depth > _DEEPEST:
            yield blocks.serialize((piece,))
        elif piece.name == _REFERENCE:
            yield from _referred(_reference(piece.attributes), around, within, depth)
        else:
            yield from _block(piece, around, within, depth)


def _referred(
    number: int | None, around: Surroundings, within: tuple[int, ...], depth: int
) -> Iterator[str]:
    if number is None or number in within or number not in around.patterns:
        return
    inner = blocks.parse(around.patterns[number])
    yield from _pieces(inner, around, (*within, number), depth + 1)


def _block(
    block: blocks.Block, around: Surroundings, within: tuple[int, ...], depth: int
) -> Iterator[str]:
    inner = "".join(_pieces(block.inner, around, within, depth + 1))
    dynamic = around.dynamic_blocks.get(block.name)
    if dynamic is None:
        # The delimiters stay for who reads the block structure after this; the HTML is its own.
        yield f"{block.opener}{inner}{block.closer}"
    else:
        html = blocks.without_delimiters(inner)
        yield dynamic.render(block.attributes, html, around)
