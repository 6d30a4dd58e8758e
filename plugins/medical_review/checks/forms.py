"""What a rule can look for that no phrase says: pictures, links, acronyms, what is owed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from plugins.medical_review.checks.findings import Span
from plugins.medical_review.checks.phrases import matches, read_phrase
from plugins.medical_review.checks.text import Text, prepare
from plugins.medical_review.checks.words import words

_ACRONYM = re.compile(r"(?<![\w/.-])([A-ZÀ-Þ]{2,7})s?(?![\w/-])")
_ROMAN = re.compile(r"[IVXLCDM]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_NOWHERE = re.compile(
    r"^(?:#|https?://(?:localhost|127\.|0\.0\.0\.0|[^/]*\.(?:invalid|test|local)(?:[/:]|$)|/*$|[^/.]*$)"
    r"|file:|javascript:|about:|url\b|https?://https?:|.*\s\S)",
    re.IGNORECASE,
)
# Known better by their letters than by their words, and what is no acronym of the text.
_KNOWN = words("known_acronyms")
_NO_CONSULTATION = [
    read_phrase("nao|nem substitui|substituem|dispensa|dispensam"),
    read_phrase("not|never replace|replaces|substitute"),
    read_phrase("no substitute"),
]


def without_alternative(text: Text) -> Iterator[Span]:
    """Images of which nothing is said; an empty `alt` says that the image is decoration
    (WCAG 2.2, 1.1.1)."""
    yield from ((one.at, one.at) for one in text.pictures if one.alt is None)


def dead_links(text: Text) -> Iterator[Span]:
    """Links that lead nowhere whoever follows them; no network is asked."""
    for link in text.links:
        href = link.href.strip()
        leads_inside = href.startswith("#") and len(href) > 1
        is_dead = not href or (not link.target if leads_inside else bool(_NOWHERE.match(href)))
        if is_dead:
            yield link.start, max(link.end, link.start)


def unexpanded(text: Text) -> Iterator[Span]:
    """The first use of each acronym that the text never writes out: neither "acidente vascular
    cerebral (AVC)" nor "AVC (acidente vascular cerebral)" (Lei 15.263/2025, art. 5, VIII)."""
    seen: set[str] = set()
    for one in _ACRONYM.finditer(text.plain):
        acronym = one[1]
        if acronym in seen or acronym in _KNOWN or _ROMAN.fullmatch(acronym):
            continue
        seen.add(acronym)
        if not _expanded(text, acronym) and not _shouted(text, one.start()):
            yield one.span(1)


def _expanded(text: Text, acronym: str) -> bool:
    written = re.escape(acronym)
    return bool(
        re.search(rf"\(\s*{written}s?\b[^)]{{0,40}}\)", text.plain)
        or re.search(
            rf"\b{written}s?\s*(?:\(|,? ou |,? sigla |[-–—:] )\s*[\"“]?[a-zà-ÿA-Z][a-zà-ÿ]{{2,}}",
            text.plain,
        )
    )


def _shouted(text: Text, offset: int) -> bool:
    """Whether the whole sentence is in capitals."""
    number = text.sentence_at(offset)
    start, end = text.span(number or 0)
    letters = [c for c in text.plain[start:end] if c.isalpha()]
    return sum(map(str.isupper, letters)) > len(letters) * 0.7


def has_notice(medical: Mapping[str, Any]) -> bool:
    """Whether the disclaimer says that the text replaces no consultation."""
    said = prepare({"medical_disclaimer": str(medical.get("medical_disclaimer") or "")}, {})
    return any(True for phrase in _NO_CONSULTATION for _ in matches(said, phrase))
