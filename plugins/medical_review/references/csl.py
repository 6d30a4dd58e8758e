"""CSL-JSON, as far as the library keeps it: checked, cleaned, and in one form.

The names are those of citation-style-language/schema 1.0.2; a key that is not kept is left out,
since sources send many that no style shows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.markup.clean import clean_title
from plugins.medical_review.references.identifiers import (
    CANONICAL,
    IDENTIFIERS,
    LISTED,
    key_of_ids,
    title_key,
)

Csl = dict[str, Any]
Faults = dict[str, str]

TYPES = (
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "article",
    "book",
    "chapter",
    "dataset",
    "document",
    "legislation",
    "paper-conference",
    "report",
    "software",
    "speech",
    "standard",
    "thesis",
    "webpage",
)
OTHER_TYPES = {
    "journal-article": "article-journal",
    "proceedings-article": "paper-conference",
    "posted-content": "article",
    "book-chapter": "chapter",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "dissertation": "thesis",
    "post-weblog": "webpage",
    "bill": "legislation",
    "post": "webpage",
}
TEXTS = (
    *("title", "container-title", "container-title-short", "collection-title"),
    *("volume", "issue", "page", "number", "edition", "ISSN", "language"),
    *("publisher", "publisher-place", "event-title", "genre", "note"),
)
PEOPLE = ("author", "editor", "translator")
DATES = ("issued", "accessed")
LONGEST, MOST_PEOPLE = 1000, 200
_MARKUP = frozenset("<>&")
_NAME_PARTS = ("family", "given", "literal", "suffix", "non-dropping-particle")
_EARLIEST, _LATEST = -1000, 9999


def read_csl(path: str, value: Any, faults: Faults) -> Csl:
    """The item in its kept form; what is wrong with it is added to `faults` under its path."""
    if not isinstance(value, Mapping):
        faults[path] = "must be a CSL-JSON object"
        return {}
    item: Csl = {"type": _type(path, value.get("type"), faults)}
    for name in TEXTS:
        text = _text(f"{path}[{name}]", value.get(name), faults)
        if text:
            item[name] = text
    for name in PEOPLE:
        people = _people(f"{path}[{name}]", value.get(name), faults)
        if people:
            item[name] = people
    for name in DATES:
        parts = _date(f"{path}[{name}]", value.get(name), faults)
        if parts:
            item[name] = {"date-parts": [parts]}
    item |= _ids(path, value, faults)
    if "title" not in item:
        faults.setdefault(f"{path}[title]", "is missing; a reference needs at least its title")
    return item


def _type(path: str, given: Any, faults: Faults) -> str:
    kind = OTHER_TYPES.get(given, given) if isinstance(given, str) else "document"
    if kind not in TYPES:
        faults[f"{path}[type]"] = f"{kind!r:.40} must be one of {', '.join(TYPES)}"
    return str(kind)


def _text(path: str, value: Any, faults: Faults) -> str:
    """Crossref sends titles as lists; numbers come as numbers. CSL-JSON is text with a few inline
    elements in it, not HTML: its ampersands are bare."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if value is None or isinstance(value, bool):
        return ""
    if not isinstance(value, str | int):
        faults[path] = "must be a text"
        return ""
    text = " ".join(str(value).split())
    if len(text) > LONGEST:
        faults[path] = f"is longer than {LONGEST} characters"
        return ""
    if text.isprintable() and _MARKUP.isdisjoint(text):
        return text  # as nearly every name is, of which there may be thousands
    # Once more, since what is taken away may leave two spaces.
    return " ".join(clean_title(text).replace("&amp;", "&").split())


def _people(path: str, value: Any, faults: Faults) -> list[dict[str, str]]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_PEOPLE:
        faults[path] = f"must be a list of at most {MOST_PEOPLE} people"
        return []
    people = [_person(f"{path}[{i}]", one, faults) for i, one in enumerate(value)]
    return [person for person in people if person]


def _person(path: str, value: Any, faults: Faults) -> dict[str, str]:
    if not isinstance(value, Mapping):
        faults[path] = "must be an object with family and given, or literal"
        return {}
    # Crossref calls an institution's name `name`.
    given = {**value, "literal": value.get("literal") or value.get("name")}
    parts = {name: _text(f"{path}[{name}]", given.get(name), faults) for name in _NAME_PARTS}
    parts = {name: text for name, text in parts.items() if text}
    return {"literal": parts["literal"]} if "literal" in parts else parts


def _date(path: str, value: Any, faults: Faults) -> list[int]:
    """Year, month and day, as many as are known. A month or a day that is none is left out."""
    rows = value.get("date-parts") if isinstance(value, Mapping) else None
    row = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], list) else []
    numbers = [_number(one) for one in row[:3]]
    if not numbers or numbers[0] is None:
        return []
    if not _EARLIEST <= numbers[0] <= _LATEST:
        faults[path] = f"the year {numbers[0]} is none"
        return []
    kept = [numbers[0]]
    for number, most in zip(numbers[1:], (12, 31), strict=False):
        if number is None or not 1 <= number <= most:
            break
        kept.append(number)
    return kept


def _number(value: Any) -> int | None:
    try:
        return int(value) if isinstance(value, int | str) and not isinstance(value, bool) else None
    except ValueError:
        return None


def _ids(path: str, value: Mapping[str, Any], faults: Faults) -> Csl:
    found: Csl = {}
    for kind in IDENTIFIERS:
        name = LISTED[kind]
        text = _first(value.get(name))
        if not text:
            continue
        canonical = CANONICAL[kind](text)
        if canonical is None:
            faults[f"{path}[{name}]"] = f"{text[:60]!r} is not a {name}"
        else:
            found[name] = canonical
    return found


def _first(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    # Some sources write two ISBNs into one text.
    return str(value).strip() if isinstance(value, str | int) else ""


def ids_of(item: Mapping[str, Any]) -> dict[str, str]:
    """The identifiers of an item, by our names."""
    return {kind: item[name] for kind, name in LISTED.items() if item.get(name)}


def year_of(item: Mapping[str, Any]) -> int | None:
    """The year of publication, if it is known."""
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    return parts[0] if parts else None


def family_of(item: Mapping[str, Any]) -> str:
    """The first author's family name, or the name of the institution."""
    people: Sequence[Mapping[str, str]] = item.get("author", [])
    return (people[0].get("family") or people[0].get("literal", "")) if people else ""


def key_of(item: Mapping[str, Any]) -> str:
    """DOI, else PubMed id, PMC id, ISBN, address, else title, year and first author."""
    ids = ids_of(item)
    if item.get("type") == "chapter":
        ids.pop("isbn", None)  # that of the book
    return key_of_ids(ids) or title_key(item.get("title", ""), year_of(item), family_of(item))
