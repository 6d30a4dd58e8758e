"""Texts made to cost more than they say: refused before a parser unfolds them."""

import re

from cms.markup.tokens import MARKUP, element_of, names

# An HTML parser copies every unclosed formatting element into each block that follows, so a text
# of 90 KB can become a page of 300 MB (measured with lexbor: 22 s).
_FORMATTING = names("a b big code em font i nobr s small strike strong tt u")
_FORMATTING_START = re.compile(rf"(?i)<(?:{'|'.join(sorted(_FORMATTING))})[\s/>]")
_MAX_COPIES = 5_000_000
_MAX_UNCLOSED = 200


def is_tangled(html: str) -> bool:
    """Whether parsing a text could multiply it beyond what any article needs."""
    formatting = len(_FORMATTING_START.findall(html))
    # The product is the worst case whatever closes where; only giants have to prove their order.
    return formatting * html.count("<") > _MAX_COPIES and _most_unclosed(html) > _MAX_UNCLOSED


def _most_unclosed(html: str) -> int:
    unclosed = dict.fromkeys(_FORMATTING, 0)
    total = most = 0
    for match in MARKUP.finditer(html):
        name = element_of(match[0])
        if name not in unclosed:
            continue
        step = 1 if match[0][1] != "/" else -min(1, unclosed[name])
        unclosed[name] += step
        total += step
        most = max(most, total)
    return most
