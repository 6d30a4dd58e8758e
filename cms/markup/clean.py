"""Cleaning on write: what people may store, and nothing else.

One law carries this module: a text is returned only when nh3, an HTML5 parser, finds nothing in it
to take away *and* each of its tags is spelled so plainly that no parser can read it otherwise.
What comes in like that goes out byte for byte; anything else goes out as nh3 wrote it.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from html import escape
from typing import Any

import bleach
import nh3

from cms.markup import allowed, blocks
from cms.markup.plain import is_plain, page_of
from cms.markup.tangle import is_tangled
from cms.markup.vetting import Vetter

Gate = Callable[[str], str]

_ROUNDS = 8
_MAX_GROWTH = 16  # 12 is a text of non-breaking spaces, written twice
_COMMENT = re.compile(r"<!--(?s:.*?)-->")
_PAGE_MARK = re.compile(r"<!--(?:more[^<>-]*|nextpage|noteaser)-->")
_PRE = re.compile(r'(<pre(?: [^\s=<>"]+="[^"<>]*")*>)\n')
_LINK_REL = "nofollow ugc"

# What neither PostgreSQL nor an XML feed can carry; half a character becomes U+FFFD.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean_content(html: str, *, media_base: str = "") -> str:
    """A document without anything that could act on its reader; unchanged when there is nothing.

    `media_base` is the address below which our media library's own PDFs may be embedded.
    """
    return _settled(html, _document_vetter(media_base), partial(_document_gate, media_base))


def clean_title(html: str) -> str:
    """A title: the small list of inline elements, no comments, no space around it."""
    return _settled(html.strip(), _TITLE, _title_gate).strip()


def clean_comment(html: str) -> str:
    """What a visitor wrote: the small list, bare addresses made links that promise nothing."""
    return _settled(html, _COMMENT_WITH_REL, _comment_gate)


def _settled(html: str, vetter: Vetter, gate: Gate) -> str:
    """Pass a text through its gate until it comes out the same; that text is returned.

    One pass is not always enough: where an element is left out, what stood in it may nest anew.
    A text that does not come to rest, or that a parser would multiply, is shown as it was typed.
    """
    text = stored = _storable(html)
    limit = _MAX_GROWTH * len(stored) + 10_000
    for _ in range(_ROUNDS):
        if is_tangled(text) or len(page := page_of(text)) > limit:
            break
        cleaned = gate(text)
        if is_plain(text, vetter) and page == page_of(cleaned):
            return text
        text = _storable(cleaned)  # a reference such as &#1; has become the character
    return escape(stored, quote=False)


def _storable(html: str) -> str:
    return _UNSTORABLE.sub(_replacement, html)


def _replacement(match: re.Match[str]) -> str:
    if match[0] == "\f":
        return " "
    return "\ufffd" if "\ud800" <= match[0] <= "\udfff" else ""


def _document_gate(media_base: str, html: str) -> str:
    cleaned = _document_cleaner(media_base).clean(_with_safe_delimiters(html))
    # A parser drops the newline after <pre>, so one that is still in the text is written twice.
    return _COMMENT.sub(_kept_comment, _PRE.sub("\\1\n\n", cleaned))


def _title_gate(html: str) -> str:
    return _TITLE_CLEANER.clean(html).strip()


def _comment_gate(html: str) -> str:
    """nh3 drops scripts with their text, bleach cleans and links, nh3 has the last word.

    bleach 6.4 is its last release, so nothing may rest on it alone.
    """
    linked = bleach.linkify(_bleached(_title_gate(html)), callbacks=[], skip_tags=["code"])
    return _COMMENT_CLEANER.clean(linked)


def _bleached(html: str) -> str:
    cleaned: str = bleach.clean(
        html,
        tags=set(allowed.TITLE),
        attributes={name: sorted(own) for name, own in allowed.TITLE.items()},
        protocols=set(allowed.LINK_PROTOCOLS),
        strip=True,
    )
    return cleaned


def _with_safe_delimiters(html: str) -> str:
    """Block delimiters whose JSON cannot end the comment that it stands in."""
    written: list[str] = []
    end = 0
    for delimiter in blocks.delimiters(html):
        written += html[end : delimiter.start], _safe_delimiter(html, delimiter)
        end = delimiter.end
    return "".join((*written, html[end:]))


def _safe_delimiter(html: str, delimiter: blocks.Delimiter) -> str:
    source = html[delimiter.start : delimiter.end]
    if not delimiter.json:
        return source
    if blocks.read_attributes(delimiter.json) is None:
        return source.replace(delimiter.json, "", 1)
    return source.replace(delimiter.json, blocks.escape_attributes(delimiter.json), 1)


def _kept_comment(match: re.Match[str]) -> str:
    comment = match[0]
    found = next(blocks.delimiters(comment), None)
    whole = found is not None and (found.start, found.end) == (0, len(comment))
    return comment if whole or _PAGE_MARK.fullmatch(comment) else ""


@lru_cache(maxsize=64)
def _document_vetter(media_base: str) -> Vetter:
    return Vetter(allowed.POST, media_base)


@lru_cache(maxsize=64)
def _document_cleaner(media_base: str) -> nh3.Cleaner:
    prefixes = {allowed.DATA_PREFIX}
    vetter = _document_vetter(media_base)
    return _cleaner(vetter, strip_comments=False, generic_attribute_prefixes=prefixes)


def _cleaner(vetter: Vetter, **options: Any) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(vetter.elements),
        clean_content_tags=set(allowed.DROPPED_WITH_CONTENT),
        attributes={name: set(own) for name, own in vetter.elements.items()},
        attribute_filter=vetter,
        link_rel=None,
        url_schemes=set(allowed.LINK_PROTOCOLS),
        **options,
    )


_TITLE = Vetter(allowed.TITLE)
_TITLE_CLEANER = _cleaner(_TITLE)
_COMMENT_WITH_REL = Vetter(allowed.COMMENT)
_COMMENT_CLEANER = _cleaner(_COMMENT_WITH_REL, set_tag_attribute_values={"a": {"rel": _LINK_REL}})


def escaped(name: str) -> str:
    """A name that is text, as WordPress gives it where markup is expected."""
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
