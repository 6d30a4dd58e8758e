"""The table of all changes: one line for each, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from plugins.medical_review.comparing.comparison import Comparison
from plugins.medical_review.comparing.labels import word
from plugins.medical_review.comparing.lists import MediaChange, ReferenceChange
from plugins.medical_review.comparing.structure import BlockChange, flat
from plugins.medical_review.comparing.words import WordChange, plain

LONGEST = 160


@dataclass(frozen=True)
class Row:
    """Where something changed, what happened, and both sides, cut to a length for a table."""

    where: str
    what: str
    before: str = ""
    after: str = ""
    anchor: str = ""


def rows(found: Comparison, language: str) -> list[Row]:
    """Fields first, as they stand above the text; then its blocks, and what it names."""
    return [
        *_fields(found, language),
        *_terms(found, language),
        *(_block(one, language) for one in flat(found.blocks) if one.op != "equal"),
        *(_reference(one, language) for one in found.references),
        *(_media(one, language) for one in found.media),
    ]


def _fields(found: Comparison, language: str) -> Iterator[Row]:
    for field in found.fields:
        where = field.label or word(f"field:{field.field}", language)
        for change in field.changes:
            what = word(change.op, language)
            yield Row(where, what, _short(change.before), _short(change.after))


def _terms(found: Comparison, language: str) -> Iterator[Row]:
    for change in found.terms:
        for op, terms in (("insert", change.added), ("delete", change.removed)):
            for term in terms:
                name = term.name or f"{word('deleted_term', language)} {term.id}"
                sides = ("", name) if op == "insert" else (name, "")
                yield Row(change.label, word(op, language), *sides)


def _block(change: BlockChange, language: str) -> Row:
    place = change.after if change.after is not None else change.before
    number = ".".join(str(index + 1) for index in place or ())
    where = f"{word(f'block:{change.name}', language)} {number}"
    before, after = _sides(change)
    return Row(where, word(change.op, language), before, after, change.anchor)


def _sides(change: BlockChange) -> tuple[str, str]:
    if change.words:
        return _changed(change.words, "before"), _changed(change.words, "after")
    text = _short(plain(change.html))
    if change.op == "insert":
        return "", text
    return text, "" if change.op == "delete" else text


def _changed(words: tuple[WordChange, ...], side: str) -> str:
    """The words that differ, with a mark where others stand between them."""
    pieces = [getattr(one, side) for one in words if one.op != "equal"]
    return _short(" … ".join(text for one in pieces if one and (text := plain(one))))


def _reference(change: ReferenceChange, language: str) -> Row:
    where = f"{word('reference', language)} {change.after_place or change.before_place}"
    return Row(where, word(change.op, language), _short(change.before), _short(change.after))


def _media(change: MediaChange, language: str) -> Row:
    shown = change.title or change.source.rpartition("/")[2] or str(change.media_id or "")
    kind = word("featured" if change.place == "featured" else "media", language)
    if change.place == "featured":
        before, after = ("" if change.op == "insert" else shown), shown
        return Row(kind, word(change.op, language), before, "" if change.op == "delete" else after)
    alts = [
        "" if change.op == gone else _alt(text, language)
        for text, gone in ((change.alt_before, "insert"), (change.alt_after, "delete"))
    ]
    return Row(f"{kind} {shown}".strip(), word(change.op, language), *alts)


def _alt(text: str | None, language: str) -> str:
    return word("no_alt", language) if text is None else f"{word('alt', language)}: {text}"


def _short(value: Any) -> str:
    text = value or "" if isinstance(value, str | None) else msgspec.json.encode(value).decode()
    text = plain(text) or text
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
