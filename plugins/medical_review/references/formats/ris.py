"""RIS, as EndNote, Mendeley, PubMed and SciELO export it: a tag, two spaces, a hyphen, a value."""

import re
from collections.abc import Iterator
from typing import Any

_LINE = re.compile(r"^([A-Z][A-Z0-9])  -\s?(.*)$")
_TYPES = {
    "JOUR": "article-journal",
    "EJOUR": "article-journal",
    "MGZN": "article-magazine",
    "NEWS": "article-newspaper",
    "BOOK": "book",
    "EBOOK": "book",
    "CHAP": "chapter",
    "ECHAP": "chapter",
    "CONF": "paper-conference",
    "CPAPER": "paper-conference",
    "DATA": "dataset",
    "ELEC": "webpage",
    "LEGAL": "legislation",
    "STAT": "legislation",
    "RPRT": "report",
    "STAND": "standard",
    "THES": "thesis",
}
# Several tags say the same; the first that is there counts.
_FIELDS = {
    "title": ("TI", "T1"),
    "container-title": ("JF", "T2", "JO", "BT"),
    "container-title-short": ("J2", "JA"),
    "volume": ("VL",),
    "issue": ("IS",),
    "publisher": ("PB",),
    "publisher-place": ("CY", "PP"),
    "edition": ("ET",),
    "language": ("LA",),
    "DOI": ("DO",),
    "URL": ("UR", "L2"),
}
_YEARS = ("PY", "Y1", "DA")


def read_ris(text: str) -> Iterator[dict[str, Any]]:
    """Each record as a CSL-JSON item that is still to be checked."""
    record: dict[str, list[str]] = {}
    for line in text.lstrip("\ufeff").splitlines():
        found = _LINE.match(line.rstrip())
        if found is None:
            continue
        if found[1] == "ER":
            yield _item(record)
            record = {}
        else:
            record.setdefault(found[1], []).append(found[2].strip())
    if record:
        yield _item(record)


def _item(record: dict[str, list[str]]) -> dict[str, Any]:
    item: dict[str, Any] = {"type": _TYPES.get(_first(record, ("TY",)), "document")}
    for name, tags in _FIELDS.items():
        value = _first(record, tags)
        if value:
            item[name] = value
    serial = _first(record, ("SN",))
    if serial:
        item["ISBN" if item["type"] in {"book", "chapter"} else "ISSN"] = serial
    pages = [_first(record, (tag,)) for tag in ("SP", "EP")]
    if pages[0]:
        item["page"] = "-".join(page for page in pages if page)
    for name, tags in (("author", ("AU", "A1")), ("editor", ("ED", "A2"))):
        people = [person(one) for tag in tags for one in record.get(tag, ())]
        if people:
            item[name] = people
    date = _first(record, _YEARS)
    if date:
        item["issued"] = {"date-parts": [[part for part in date.split("/")[:3] if part.strip()]]}
    return item


def _first(record: dict[str, list[str]], tags: tuple[str, ...]) -> str:
    return next((record[tag][0] for tag in tags if record.get(tag)), "")


def person(written: str) -> dict[str, str]:
    """`Silva, Ana` has two parts; what has no comma is an institution, or one name."""
    family, comma, given = (part.strip() for part in written.partition(","))
    return {"family": family, "given": given} if comma else {"literal": family}
