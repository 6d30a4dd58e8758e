"""An address alone on its line: a link to what WordPress would embed. The network is not asked in a
request, and no reader's browser asks another site unless the reader follows the link."""

import re
from html import escape, unescape

from cms.markup.addresses import may_link
from cms.markup.tokens import MARKUP, alternating, element_of, names

_ADDRESS = re.compile(r"[ \t]*(https?://[^\s<>\"]+)[ \t\r]*")
_KEPT = names("a button code pre script style textarea")


def with_links_for_embeds(html: str) -> str:
    """Bare addresses on lines, or in paragraphs, of their own become links."""
    if "://" not in html:
        return html
    pieces = alternating(MARKUP, html)
    inside = 0
    written = []
    for place, (is_markup, piece) in enumerate(pieces):
        if is_markup:
            if element_of(piece) in _KEPT:
                inside = max(0, inside + (-1 if piece.startswith("</") else 1))
            written.append(piece)
        elif inside or "://" not in piece:
            written.append(piece)
        else:
            before = pieces[place - 1][1] if place else "<p>"
            after = pieces[place + 1][1] if place + 1 < len(pieces) else "</p>"
            written.append(_with_links(piece, _is_edge(before), _is_edge(after)))
    return "".join(written)


def _is_edge(markup: str) -> bool:
    """Whether a line may begin or end at this tag: it is a paragraph's, or a comment."""
    return markup.startswith("<!--") or element_of(markup) in {"p", "div", "figure"}


def _with_links(text: str, begins: bool, ends: bool) -> str:
    lines = text.split("\n")
    last = len(lines) - 1
    for number, line in enumerate(lines):
        is_whole = (number > 0 or begins) and (number < last or ends)
        found = _ADDRESS.fullmatch(line) if is_whole else None
        if found is not None and may_link(unescape(found[1])):
            shown = escape(unescape(found[1]))
            lines[number] = line.replace(found[1], f'<a href="{shown}">{shown}</a>')
    return "\n".join(lines)
