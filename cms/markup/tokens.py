"""The lexical pieces of HTML that several modules of this room cut a text into."""

import re

_ATTRIBUTES = r"""(?:[^<>"']|"[^"]*"|'[^']*')*+"""

COMMENT = r"<!--(?s:.*?)(?:-->|\Z)"
TAG = rf"</?[a-zA-Z]{_ATTRIBUTES}>"
MARKUP = re.compile(rf"{COMMENT}|{TAG}")

_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")


def names(text: str) -> frozenset[str]:
    """A set of names from a line of them."""
    return frozenset(text.split())


def element_of(markup: str) -> str:
    """The lower-case element name of a tag; empty for a comment."""
    named = _NAME.match(markup)
    return named[1].lower() if named else ""


def alternating(pattern: re.Pattern[str], text: str) -> list[tuple[bool, str]]:
    """Cut a text into what the pattern matches (True) and what lies between (False)."""
    pieces: list[tuple[bool, str]] = []
    end = 0
    for match in pattern.finditer(text):
        if match.start() > end:
            pieces.append((False, text[end : match.start()]))
        pieces.append((True, match[0]))
        end = match.end()
    if end < len(text):
        pieces.append((False, text[end:]))
    return pieces
