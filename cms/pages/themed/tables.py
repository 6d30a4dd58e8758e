"""Tables wider than a phone: each in a frame of its own that scrolls, by touch and by key."""

from html import escape

from cms.markup.tokens import MARKUP, alternating, element_of


def in_frames(html: str, label: str) -> str:
    """The HTML with a region around each outermost table; `label` is what the region is called."""
    if "<table" not in html:
        return html
    opening = f'<div class="table-scroll" role="region" tabindex="0" aria-label="{escape(label)}">'
    written, depth = [], 0
    for is_markup, piece in alternating(MARKUP, html):
        if not is_markup or element_of(piece) != "table":
            written.append(piece)
        elif piece.startswith("</"):
            depth = max(0, depth - 1)
            written.append(f"{piece}</div>" if depth == 0 else piece)
        else:
            written.append(f"{opening}{piece}" if depth == 0 else piece)
            depth += 1
    return "".join(written)
