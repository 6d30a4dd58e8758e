"""Stored text to the HTML that readers get; adds typography and paragraphs, never capability."""

import re
from collections.abc import Iterator

from cms.markup import blocks
from cms.markup.autop import autop
from cms.markup.embeds import with_links_for_embeds
from cms.markup.expanding import expanded
from cms.markup.images import with_image_attributes
from cms.markup.shortcodes import apply, unwrapped
from cms.markup.surroundings import ALONE, Surroundings
from cms.markup.texturize import texturize
from cms.markup.tokens import MARKUP, element_of, names

RENDER_VERSION = 4
"""Raised with each change of this room's output; stored texts of a lower version render again."""

EXCERPT_WORDS = 55
EXCERPT_MORE = " [&hellip;]"

_PAGE_END = re.compile(r"<!--(?:more\b(?s:.*?)|nextpage)-->")
_HIDDEN = re.compile(r"(?is)<(script|style)\b.*?(?:</\1\s*>|\Z)")
# A citation's number is none of the text's words: "5 mg" must not become "5 mg12".
_CITATION = re.compile(r"(?is)<sup\b[^<>]*\bdata-cms-ref=[^<>]*>.*?</sup\s*>")
_SHORTCODE = re.compile(r"\[/?[a-zA-Z][\w-]*(?:\s[^\[\]<>]*)?/?\]")
_PART_OF_A_WORD = names(
    "a abbr acronym b bdo big cite code del dfn em font i ins kbd mark q s samp small span strike"
    " strong sub sup tt u var"
)
_TEXT_BLOCKS = frozenset(
    f"core/{name}"
    for name in names(
        "freeform heading html list list-item media-text paragraph preformatted pullquote"
        " quote table verse"
    )
)
_WRAPPING_BLOCKS = frozenset({"core/column", "core/columns", "core/group"})


def render_content(raw: str, around: Surroundings = ALONE) -> str:
    """A document as REST shows it: the steps of `the_content`, in WordPress's order."""
    html = blocks.without_delimiters(expanded(with_links_for_embeds(raw), around))
    html = texturize(html, around.shortcodes)
    if not blocks.has_blocks(raw):
        html = unwrapped(autop(html), around.shortcodes)
    return apply(with_image_attributes(html, around), around)


def render_title(raw: str) -> str:
    """A title with its typography."""
    return texturize(raw).strip()


def render_excerpt(raw_excerpt: str, raw_content: str) -> str:
    """The excerpt that was written, or the first words of the document, in paragraphs."""
    return autop(texturize(raw_excerpt.strip() or automatic_excerpt(raw_content)))


def automatic_excerpt(raw: str) -> str:
    """The first 55 words of a document's own text, up to its `<!--more-->`."""
    words = _words(_PAGE_END.split(_own_text(raw), maxsplit=1)[0])
    more = EXCERPT_MORE if len(words) > EXCERPT_WORDS else ""
    return " ".join(words[:EXCERPT_WORDS]) + more


def _own_text(raw: str) -> str:
    if not blocks.has_blocks(raw):
        return _SHORTCODE.sub(" ", raw)
    return "".join(_text_pieces(blocks.parse(raw)))


def _text_pieces(pieces: tuple[blocks.Piece, ...]) -> Iterator[str]:
    """HTML of the blocks that carry the article's text; embeds, galleries and the like do not."""
    for piece in pieces:
        if isinstance(piece, blocks.Broken):
            yield blocks.without_delimiters(piece.text)
        elif isinstance(piece, str):
            yield piece
        elif piece.name == "core/more":
            yield "<!--more-->"
        elif piece.name in _TEXT_BLOCKS:
            yield blocks.without_delimiters(blocks.serialize((piece,)))
        elif piece.name in _WRAPPING_BLOCKS:
            yield from _text_pieces(piece.inner)


def _words(html: str) -> list[str]:
    text = MARKUP.sub(_gap, _CITATION.sub("", _HIDDEN.sub(" ", html)))
    return text.replace("<", "&lt;").split()


def _gap(markup: re.Match[str]) -> str:
    """Words of two table cells or list items must not run together ("5 mg10 mg")."""
    return "" if element_of(markup[0]) in _PART_OF_A_WORD or markup[0][:4] == "<!--" else " "
