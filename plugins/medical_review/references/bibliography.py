"""References as a style shows them, by citeproc-py and our own styles (decision 0024)."""

import logging
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from html import escape
from importlib.resources import as_file, files
from threading import Lock
from typing import Any
from urllib.parse import quote

import msgspec
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON

from cms.markup.clean import clean_content
from plugins.medical_review.references.models import CitationStyle

log = logging.getLogger(__name__)

_STYLES = files("plugins.medical_review.references") / "styles"
_ID = "one"
# What no style of ours shows, or citeproc-py does not know.
_LEFT_OUT = frozenset({"event-title", "language", "note", "genre", "collection-title"})
# Parsed styles keep the item that they are at.
_ONE_AT_A_TIME = Lock()
_TWO_ENDS = re.compile(r"\.(</[a-z]+>)\.")


class Shown(msgspec.Struct, frozen=True):
    """HTML of a reference in the list, and of its citation without parentheses; the latter is
    empty where citations are numbers."""

    listed: str
    cited: str


def locale_of(language: str) -> str:
    """The words of the list: Portuguese for Portuguese texts, else English."""
    return "pt-BR" if language.lower().startswith("pt") else "en-US"


def shown(item: Mapping[str, Any], style: CitationStyle, locale: str) -> Shown:
    """One reference; remembered, since texts are rendered more often than references change."""
    return _shown(msgspec.json.encode(item, order="sorted"), style, locale)


@lru_cache(maxsize=4096)
def _shown(written: bytes, style: CitationStyle, locale: str) -> Shown:
    item = msgspec.json.decode(written)
    try:
        with _ONE_AT_A_TIME:
            listed, cited = _by_citeproc(item, style, locale)
    except Exception:
        # An alpha library: an item that it stumbles over costs its form, never the article.
        log.exception("citeproc could not show a reference; shown by its title alone")
        listed, cited = escape(str(item.get("title", ""))), escape(str(item.get("title", "")))
    whole = _TWO_ENDS.sub(r".\1", clean_content(listed))
    return Shown(_with_link(whole, item.get("DOI", "")), "" if style.is_numeric else cited)


def _by_citeproc(item: dict[str, Any], style: CitationStyle, locale: str) -> tuple[str, str]:
    source = CiteProcJSON([_fit(item)])
    bibliography = CitationStylesBibliography(_parsed(style, locale), source, formatter.html)
    citation = Citation([CitationItem(_ID)])
    bibliography.register(citation)
    [listed] = bibliography.bibliography()
    if style.is_numeric:
        return str(listed), ""
    cited = clean_content(str(bibliography.cite(citation, _refuse)))
    return str(listed), cited.removeprefix("(").removesuffix(")")


@cache
def _parsed(style: CitationStyle, locale: str) -> Any:
    with as_file(_STYLES / f"{style.value}.csl") as path:
        return CitationStylesStyle(str(path), validate=False, locale=locale)


def _fit(item: Mapping[str, Any]) -> dict[str, Any]:
    fit = {name: value for name, value in item.items() if name not in _LEFT_OUT}
    for name in ("author", "editor", "translator"):
        if name in fit:
            fit[name] = [_named(one) for one in fit[name]]
    return {**fit, "id": _ID}


def _named(person: Mapping[str, str]) -> dict[str, str]:
    """citeproc-py knows a family name, or one name for everything."""
    if person.get("family"):
        return dict(person)
    return {"literal": person.get("literal") or person.get("given", "")}


def _refuse(item: Any) -> str:
    raise LookupError(f"citeproc lost {item.key}")


def _with_link(html: str, doi: str) -> str:
    """A DOI leads to what it names."""
    if not doi:
        return html
    said = escape(doi, quote=False)
    for prefix in ("https://doi.org/", "doi:"):
        address = f'<a href="https://doi.org/{quote(doi)}">{prefix}{said}</a>'
        if f"{prefix}{said}" in html:
            return html.replace(f"{prefix}{said}", address, 1)
    return html
