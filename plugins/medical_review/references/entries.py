"""What an article rests on: each reference by DOI, PubMed id, or at least its title."""

import re
from collections.abc import Mapping
from typing import Any

from cms.markup.clean import clean_title

LONGEST_DOI, LONGEST_TITLE = 250, 1000
ACCEPTED_DOI = "10.1056/NEJMoa2034577 or https://doi.org/10.1056/NEJMoa2034577"
ACCEPTED_PMID = "1 to 8 digits, like 33301246"

_KEYS = ("doi", "pmid", "title")
_RESOLVER = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s\x00-\x1f\x7f\ud800-\udfff]+")
_PMID = re.compile(r"[0-9]{1,8}")


def read_reference(path: str, value: Any, faults: dict[str, str]) -> dict[str, str]:
    """The reference in its canonical form; what is wrong is added to `faults` under its path."""
    if not isinstance(value, Mapping) or any(not isinstance(value[key], str) for key in value):
        faults[path] = "must be an object with doi, pmid or title, each a text"
        return {}
    unknown = sorted(set(value) - set(_KEYS))
    if unknown:
        faults[path] = f"has {unknown[0]!r}; a reference holds doi, pmid and title"
    given = {key: " ".join(value[key].split()) for key in _KEYS if value.get(key, "").strip()}
    if not given:
        faults[path] = "is empty; give a doi, a pmid or a title"
    return {key: _READERS[key](f"{path}[{key}]", text, faults) for key, text in given.items()}


def canonical_doi(text: str) -> str | None:
    """The DOI without resolver and in lower case, since case makes no difference (ISO 26324);
    None when it is none."""
    found = _DOI.fullmatch(_RESOLVER.sub("", text, count=1))
    return found[0].lower() if found and len(found[0]) <= LONGEST_DOI else None


def _doi(path: str, text: str, faults: dict[str, str]) -> str:
    doi = canonical_doi(text)
    if doi is None:
        faults[path] = f"{text[:60]!r} is not a DOI; write it like {ACCEPTED_DOI}"
    return doi or ""


def _pmid(path: str, text: str, faults: dict[str, str]) -> str:
    if not _PMID.fullmatch(text) or not text.strip("0"):
        faults[path] = f"{text[:60]!r} is not a PubMed id; write {ACCEPTED_PMID}"
    return text.lstrip("0")


def _title(path: str, text: str, faults: dict[str, str]) -> str:
    if len(text) > LONGEST_TITLE:
        faults[path] = f"is longer than {LONGEST_TITLE} characters"
    return clean_title(text[:LONGEST_TITLE])


_READERS = {"doi": _doi, "pmid": _pmid, "title": _title}
