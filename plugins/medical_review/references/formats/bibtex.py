r"""BibTeX and BibLaTeX, as reference managers export them.

Of TeX only what stands in names and titles is understood: braces, accents such as `\'{e}`, `\&`.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from plugins.medical_review.references.formats.ris import person

# Possessive throughout: a megabyte of spaces is read once.
_ENTRY = re.compile(r"@\s*+(\w++)\s*+[{(]\s*+[^,{}()\s]*+\s*+,")
_FIELD = re.compile(r"\s*+,?\s*+([\w-]++)\s*+=\s*+")
_BARE = re.compile(r"[^\s,{}()]+")
_ACCENT = re.compile(r"\\([`'^\"~=.cuvHr])\s*+\{?\s*+(\\?[a-zA-Z])\s*+\}?")
_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "u": "\u0306", "v": "\u030c", "H": "\u030b", "r": "\u030a",
}  # fmt: skip
_LETTERS = {r"\ss": "ß", r"\o": "ø", r"\O": "Ø", r"\ae": "æ", r"\AE": "Æ", r"\aa": "å", r"\l": "ł"}
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "book",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "manual": "report",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "thesis": "thesis",
    "techreport": "report",
    "report": "report",
    "online": "webpage",
    "dataset": "dataset",
}
_FIELDS = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "page": ("pages",),
    "publisher": ("publisher", "institution", "school"),
    "publisher-place": ("address", "location"),
    "edition": ("edition",),
    "language": ("language",),
    "DOI": ("doi",),
    "PMID": ("pmid",),
    "PMCID": ("pmcid",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "URL": ("url",),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOT_ITEMS = frozenset({"comment", "preamble", "string"})


def read_bibtex(text: str) -> Iterator[dict[str, Any]]:
    """Each entry as a CSL-JSON item that is still to be checked."""
    position = 0
    while (found := _ENTRY.search(text, position)) is not None:
        fields, position = _fields(text, found.end())
        if found[1].lower() not in _NOT_ITEMS:
            yield _item(found[1].lower(), fields)


def _fields(text: str, position: int) -> tuple[dict[str, str], int]:
    """The fields of an entry, and where they end."""
    fields: dict[str, str] = {}
    while (name := _FIELD.match(text, position)) is not None:
        fields[name[1].lower()], position = _value(text, name.end())
    return fields, position


def _value(text: str, position: int) -> tuple[str, int]:
    """A value in braces, in quotes, or a bare word, and where it ends."""
    opened = text[position : position + 1]
    if opened not in {"{", '"'}:
        bare = _BARE.match(text, position)
        return (bare[0], bare.end()) if bare else ("", position + 1)
    depth = 0
    for end in range(position + 1, len(text)):
        sign = text[end]
        if depth == 0 and sign == ("}" if opened == "{" else '"'):
            return text[position + 1 : end], end + 1
        if text[end - 1] != "\\":
            depth += (sign == "{") - (sign == "}")
    return text[position + 1 :], len(text)


def _plain(written: str) -> str:
    text = _ACCENT.sub(_accented, written)
    for command, letter in _LETTERS.items():
        text = re.sub(rf"{re.escape(command)}(?![a-zA-Z])\s*(?:\{{\}})?", letter, text)
    text = _ESCAPED.sub(lambda found: "\0{" if found[1] == "{" else found[1], text)
    text = text.replace("~", " ").replace("---", "—").replace("--", "-")
    return " ".join(text.replace("{", "").replace("}", "").replace("\0", "{").split())


def _accented(found: re.Match[str]) -> str:
    letter = found[2].removeprefix("\\")
    return unicodedata.normalize("NFC", letter + _MARKS[found[1]])


def _item(kind: str, fields: dict[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {"type": _TYPES.get(kind, "document")}
    for name, tags in _FIELDS.items():
        value = next((fields[tag] for tag in tags if fields.get(tag)), "")
        if value:
            # An identifier is no text: its underscores and braces are its own.
            item[name] = value.strip("{} ") if name in {"DOI", "URL"} else _plain(value)
    for name in ("author", "editor"):
        people = [_person(one) for one in _people(fields.get(name, "")) if one]
        if people:
            item[name] = people
    date = _date(fields)
    return {**item, "issued": {"date-parts": [date]}} if date else item


def _people(written: str) -> list[str]:
    return " ".join(written.split()).split(" and ")


def _person(written: str) -> dict[str, str]:
    """`{Ministério da Saúde}` in braces is an institution; `Ana Silva` has its family name last."""
    name = written.strip()
    if name.startswith("{") and name.endswith("}"):
        return {"literal": _plain(name)}
    plain = _plain(name)
    if "," in plain:
        return person(plain)
    given, _, family = plain.rpartition(" ")
    return {"family": family, "given": given} if given else {"literal": family}


def _date(fields: dict[str, str]) -> list[str]:
    if fields.get("date"):
        return [part for part in fields["date"].split("-")[:3] if part.isdigit()]
    month = fields.get("month", "").lower()[:3]
    number = str(_MONTHS.index(month) + 1) if month in _MONTHS else month
    parts = [fields.get("year", ""), number]
    return [part for part in parts if part.isdigit()] if parts[0].isdigit() else []
