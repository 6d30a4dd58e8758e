"""The `style` attribute: known properties only, and only values that can do no more than paint."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import tinycss2

from cms.markup import addresses, allowed
from cms.markup.tokens import names

_MAX_LENGTH = 4_000
_MAX_BRACKETS = 60
_HARMLESS = names("whitespace ident number percentage dimension hash literal")
_BRACKETED = frozenset({"() block", "[] block"})
# `\` hides letters from a reader of the source, the others end an attribute or a rule elsewhere.
_SUSPICIOUS = frozenset("\\<>{}@`")


@lru_cache(maxsize=4096)
def clean_style(style: str) -> str:
    """A style with its unsafe declarations left out; unchanged when there are none."""
    if not _is_tractable(style):
        return ""
    nodes = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    kept = [_written(node) for node in nodes if _is_safe(node)]
    if len(kept) == len(nodes) and not _SUSPICIOUS.intersection(style) and "/*" not in style:
        return style
    return ";".join(kept)


def _is_tractable(style: str) -> bool:
    # tinycss2 writes nested brackets recursively, so their number bounds its stack.
    return len(style) <= _MAX_LENGTH and sum(map(style.count, "([{")) <= _MAX_BRACKETS


def _is_safe(node: Any) -> bool:
    if node.type != "declaration" or _SUSPICIOUS.intersection(_written(node)):
        return False
    name: str = node.lower_name
    if any(token.type == "() block" for token in node.value):
        return False  # brackets of their own mean nothing outside calc() and its like
    known = name in allowed.STYLE_PROPERTIES or name.startswith("--")
    return known and all(_is_safe_token(token, name) for token in _flattened(node.value))


def _is_safe_token(token: Any, name: str) -> bool:
    if token.type == "url":
        return _may_paint(token.value, name)
    if token.type == "string":
        return name in allowed.STYLE_PROPERTIES_WITH_STRING
    if token.type != "function":
        return token.type in _HARMLESS or token.type in _BRACKETED
    if token.lower_name == "url":
        return all(_is_address(argument, name) for argument in token.arguments)
    return token.lower_name in allowed.STYLE_FUNCTIONS


def _is_address(token: Any, name: str) -> bool:
    return token.type == "whitespace" or (token.type == "string" and _may_paint(token.value, name))


def _may_paint(address: str, name: str) -> bool:
    return name in allowed.STYLE_PROPERTIES_WITH_ADDRESS and addresses.may_load(address)


def _flattened(tokens: Iterable[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        if token.type == "function" and token.lower_name != "url":  # judged as a whole
            yield from _flattened(token.arguments)
        elif token.type in _BRACKETED:
            yield from _flattened(token.content)


def _written(node: Any) -> str:
    if node.type != "declaration":
        return ""
    value: str = tinycss2.serialize(node.value).strip()
    return f"{node.name}:{value}{'!important' if node.important else ''}"
