"""Formats of posts: terms of a taxonomy to WordPress, a field of the post here."""

from collections.abc import Iterable

from cms.content.formats import FORMATS, STANDARD
from cms.exchange.wxr import TermRef

TAXONOMY = "post_format"
_PREFIX = "post-format-"


def of(refs: Iterable[TermRef]) -> str:
    """The format that an item names; one that nobody knows is none."""
    named = (ref.slug.removeprefix(_PREFIX) for ref in refs if ref.taxonomy == TAXONOMY)
    return next((name for name in named if name in FORMATS), STANDARD)


def ref_of(name: str) -> TermRef | None:
    """As an item names it; the standard one has no name."""
    if name == STANDARD:
        return None
    return TermRef(TAXONOMY, f"{_PREFIX}{name}", name.title())
