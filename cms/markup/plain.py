"""Is a text spelled so plainly that every parser reads the same in it?

The whole text must be a row of tokens from a small subset of HTML: text without `<`, tags whose
attributes are quoted or simple words, comments without `--`, `<` or `>`. Elements whose inside is
parsed by other rules (script, style, textarea, svg …) are in no list, so a tokenizer never leaves
its first state, and judging each tag by itself judges the page.
"""

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from cms.markup.vetting import Vetter

_ATTRIBUTE = (
    r"""[a-zA-Z][a-zA-Z0-9_.:-]*+(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[a-zA-Z0-9_.%#-]++(?=[\s>])))?"""
)
_TOKEN = re.compile(
    r"[^<]++"
    r"|</(?P<closed>[a-zA-Z][a-zA-Z0-9]*+)\s*+>"
    rf"|<(?P<opened>[a-zA-Z][a-zA-Z0-9]*+)(?P<attributes>(?:\s++{_ATTRIBUTE})*+)\s*+/?>"
    r"|<!--(?![->])(?:[^<>-]|-(?!-))*+-->"
)
_ATTRIBUTE_PARTS = re.compile(
    r"""\s++(?P<name>[^\s=]++)(?:=(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>\S++)))?"""
)

# The places a text has on our pages and mails. It may neither close what it stands in nor reach
# beyond, or the marks between the ends come to stand elsewhere. (A cell alone would not do: it
# hides a stray `</main>`.)
_PLACES = (
    "<!doctype html><body><main><article><section><div>{}"
    "</div>|</section>|</article>|</main>|</body>",
    "<!doctype html><body><table><tr><td><div>{}</div>|</td></tr></table>|</body>",
)


def is_plain(html: str, vetter: Vetter) -> bool:
    """Whether a text is of the plain subset and each tag, attribute and value in it is allowed."""
    end = 0
    while end < len(html):
        token = _TOKEN.match(html, end)
        if not token or not _is_harmless(token, vetter):
            return False
        end = token.end()
    return True


def page_of(html: str) -> str:
    """What a browser makes of a text in its places.

    Two plain texts with the same result say the same, and neither reaches out of its place: one
    serializer wrote their trees, and in plain markup it writes nothing raw.
    """
    return "".join(_written(place.format(html)) for place in _PLACES)


def _written(html: str) -> str:
    page = LexborHTMLParser(html).html
    if page is None:
        raise ValueError("lexbor wrote no page for a text")
    return page


def _is_harmless(token: re.Match[str], vetter: Vetter) -> bool:
    name = token["closed"] or token["opened"]
    if not name:
        return True
    if not vetter.knows(name.lower()):
        return False
    return not token["attributes"] or _are_allowed(name.lower(), token["attributes"], vetter)


def _are_allowed(element: str, attributes: str, vetter: Vetter) -> bool:
    seen: set[str] = set()
    for part in _ATTRIBUTE_PARTS.finditer(attributes):
        name = part["name"].lower()
        value = unescape(part["double"] or part["single"] or part["bare"] or "")
        # Of two attributes with one name parsers keep the first, or the last.
        if name in seen or vetter(element, name, value) != value:
            return False
        seen.add(name)
    return True
