"""Typography of running text: curly quotes, dashes, ellipses (WordPress's wptexturize)."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from cms.markup.shortcodes import opening_or_closing
from cms.markup.tokens import MARKUP, alternating, element_of, names

_UNTOUCHED = names("code kbd pre script style textarea tt")
_PART_OF_A_LINE = names(
    "a abbr acronym b bdo big cite del dfn em font i ins label mark q s small span strike strong"
    " sub sup u var"
)
# Stands for the word before a tag: to the rules it is no space, no digit and no bracket.
_WORD_BEFORE = "\ue000"

_AMPERSAND = re.compile(r"(?i)&(?!#(?:\d+|x[0-9a-f]+);|[a-z][a-z0-9]{0,31};)")

_Replacement = str | Callable[[re.Match[str]], str]


def _closing(prime: str, quote: str, opening: str) -> Callable[[re.Match[str]], str]:
    """After a digit it is a unit (feet, minutes), unless a quotation is still open before it."""

    def replacement(found: re.Match[str]) -> str:
        before = found.string[: found.start()]
        after_digit = before[-1:].isdigit()
        return prime if after_digit and opening not in before else quote

    return replacement


# In this order; each rule sees what the rules before it have written.
_RULES: tuple[tuple[re.Pattern[str], _Replacement], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\.\.\.", "&#8230;"),
        (r"``", "&#8220;"),
        (r"''", "&#8221;"),
        (r"(?<!\S)\(tm\)", "&#8482;"),
        (r"(?<!\S)'(\d[\d.,]{0,20})'", r"&#8216;\1&#8217;"),
        (r"'(?=\d\d(?![%\d]|[.,]\d))", "&#8217;"),
        (r"""(?<![^\s(\[{"\-])'|(?<=&lt;)'""", "&#8216;"),
        (r"(?<=\d)'(?=\d)", "&#8242;"),
        (r"""'(?=[^\s.,:;!?"'(){}\[\]\-&])""", "&#8217;"),
        (r"'", _closing("&#8242;", "&#8217;", "&#8216;")),
        (r"""(?<![^\s(\[{\-])"(?!\s)|(?:(?<=&lt;)|(?<=&#8216;))"(?!\s)""", "&#8220;"),
        (r'"', _closing("&#8243;", "&#8221;", "&#8220;")),
        (r"---", "&#8212;"),
        (r"(?<!\S)--(?!\S)", "&#8212;"),
        (r"(?<!xn)--", "&#8211;"),
        (r"(?<!\S)-(?!\S)", "&#8211;"),
        (r"\b(?!0x)(\d[\d.,]{0,20})x(?=\d[\d.,]{0,20}\b)", r"\1&#215;"),
    )
)
_ANY_RULE = re.compile(r"""\.\.\.|``|['"\-]|\(tm\)|\dx""")


def texturize(text: str, shortcodes: Iterable[str] = ()) -> str:
    """A text with typographic characters; tags, comments, code and preformatted text stay, and so
    do the tags of the named shortcodes."""
    typesetter = _Typesetter()
    pieces = alternating(_markup(frozenset(shortcodes)), text)
    return "".join(typesetter.set(*piece) for piece in pieces)


@lru_cache(maxsize=64)
def _markup(shortcodes: frozenset[str]) -> re.Pattern[str]:
    tags = opening_or_closing(shortcodes)
    return re.compile(f"{MARKUP.pattern}|{tags.pattern}") if tags is not None else MARKUP


class _Typesetter:
    """Goes through a text in order: knows whether it is inside code, and what stood before."""

    def __init__(self) -> None:
        self._untouched: list[str] = []
        self._after_word = False

    def set(self, is_markup: bool, piece: str) -> str:
        if is_markup:
            self._pass(piece)
            return piece if piece.startswith(("<!--", "[")) else _AMPERSAND.sub("&#038;", piece)
        if self._untouched:
            return piece
        prefix = _WORD_BEFORE if self._after_word else ""
        self._after_word = not piece[-1:].isspace() and piece[-1:] not in "([{-\"'"
        return _typeset(prefix + piece).removeprefix(prefix)

    def _pass(self, markup: str) -> None:
        name = element_of(markup)
        if name and name not in _PART_OF_A_LINE:
            self._after_word = False
        if name not in _UNTOUCHED:
            return
        if not markup.startswith("</"):
            self._untouched.append(name)
        elif self._untouched[-1:] == [name]:
            self._untouched.pop()
            self._after_word = True


def _typeset(text: str) -> str:
    if _ANY_RULE.search(text):
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
    return _AMPERSAND.sub("&#038;", text)
