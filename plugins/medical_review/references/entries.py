"""What an article rests on: each reference by DOI, PubMed id, or at least its title; with it, from
the library, a frozen copy of what the list of references will show."""

from collections.abc import Mapping
from typing import Any

from cms.markup.clean import clean_title
from plugins.medical_review.references.csl import ids_of, key_of, read_csl
from plugins.medical_review.references.identifiers import (
    CANONICAL,
    IDENTIFIERS,
    key_of_ids,
    title_key,
)

LISTED_IN = "scientific_references"
LONGEST_TITLE = 1000
MEANT = {
    "doi": "a DOI; write it like 10.1056/NEJMoa2034577 or https://doi.org/10.1056/NEJMoa2034577",
    "pmid": "a PubMed id; write 1 to 8 digits, like 33301246",
    "pmcid": "an id of PubMed Central; write it like PMC7745181",
    "isbn": "an ISBN; write its 10 or 13 digits, the last of which must fit",
    "url": "an address; write it from https:// on",
}

# What clients from before the library know.
OLD_KEYS = frozenset({"doi", "pmid", "title"})
_TEXTS = (*IDENTIFIERS, "title")
_KEYS = (*_TEXTS, "csl", "version", "is_retracted")
_TEXT = {"type": "string"}
REFERENCE_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        **dict.fromkeys(_TEXTS, _TEXT),
        "csl": {"type": "object"},
        "version": {"type": "integer"},
        "is_retracted": {"type": "boolean"},
    },
}


def read_reference(path: str, value: Any, faults: dict[str, str]) -> dict[str, Any]:
    """The reference in its canonical form; what is wrong is added to `faults` under its path.

    `csl` is the copy that the list of references is made of, `version` the version of the library
    that it is a copy of. `is_retracted` says that the text cites it as what was retracted."""
    if not isinstance(value, Mapping) or any(
        not isinstance(value[key], str) for key in value if key in _TEXTS
    ):
        faults[path] = "must be an object with doi, pmid or title, each a text"
        return {}
    unknown = sorted(set(value) - set(_KEYS))
    if unknown:
        faults[path] = f"has {unknown[0]!r}; a reference holds {', '.join(_KEYS)}"
    given = {key: " ".join(value[key].split()) for key in _TEXTS if value.get(key, "").strip()}
    if not given:
        faults[path] = "is empty; give a doi, a pmid or a title"
    texts = {key: _read(f"{path}[{key}]", key, text, faults) for key, text in given.items()}
    return {**texts, **_copy(path, value, faults)}


def _copy(path: str, value: Mapping[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    """The three keys that texts from before the library do not have, as far as they are given."""
    found: dict[str, Any] = {}
    if value.get("csl"):
        found["csl"] = read_csl(f"{path}[csl]", value["csl"], faults)
    version = value.get("version")
    if version is not None:
        if isinstance(version, bool) or not isinstance(version, int) or not 0 < version < 2**31:
            faults[f"{path}[version]"] = "must be the number of a version of the library's entry"
        found["version"] = version
    flag = value.get("is_retracted")
    if flag is not None and not isinstance(flag, bool):
        faults[f"{path}[is_retracted]"] = "must be true or false"
    return {**found, "is_retracted": True} if flag is True else found


def _read(path: str, key: str, text: str, faults: dict[str, str]) -> str:
    if key == "title":
        if len(text) > LONGEST_TITLE:
            faults[path] = f"is longer than {LONGEST_TITLE} characters"
        return " ".join(clean_title(text[:LONGEST_TITLE]).split())
    canonical = CANONICAL[key](text)
    if canonical is None:
        faults[path] = f"{text[:60]!r} is not {MEANT[key]}"
    return canonical or ""


def key_of_entry(entry: Mapping[str, Any]) -> str:
    """What a citation in the text names this entry by."""
    by_id = key_of_ids(entry)
    if by_id is None and entry.get("csl"):
        return key_of(entry["csl"])
    return by_id or title_key(entry.get("title", ""))


def csl_of_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown of it: the frozen copy, or what little the entry says itself."""
    if entry.get("csl"):
        return dict(entry["csl"])
    ids = {kind.upper(): entry[kind] for kind in IDENTIFIERS if entry.get(kind)}
    title = entry.get("title") or next(iter(ids.values()), "")
    return {"type": "document", "title": title, **ids}


def names_of_entry(entry: Mapping[str, Any]) -> set[str]:
    """Everything that a citation may call this entry."""
    ids = {**ids_of(entry.get("csl") or {}), **entry}
    named = {f"{kind}:{ids[kind]}" for kind in IDENTIFIERS if ids.get(kind)} | {key_of_entry(entry)}
    # A title alone is a name only where there is no better one: many an editorial is called so.
    return named if key_of_ids(entry) else named | {title_key(entry.get("title", ""))}
