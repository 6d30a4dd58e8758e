"""The names that publications go by: DOI, PubMed id, PMC id, ISBN, address; each in one form."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

# Both are indexed, and an index holds 2,700 bytes.
LONGEST_DOI, LONGEST_URL = 250, 600

_RESOLVER = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s\x00-\x1f\x7f\ud800-\udfff]+")
_PMID = re.compile(r"[0-9]{1,8}")
_PMCID = re.compile(r"(?:PMC)?([0-9]{1,9})", re.IGNORECASE)
_WORDS = re.compile(r"[^\w]+")

# In the order in which they tell two publications apart.
IDENTIFIERS = ("doi", "pmid", "pmcid", "isbn", "url")
LISTED = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN", "url": "URL"}


def canonical_doi(text: str) -> str | None:
    """The DOI without resolver and in lower case, since case makes no difference (ISO 26324);
    None when it is none."""
    found = _DOI.fullmatch(_RESOLVER.sub("", text.strip(), count=1))
    return found[0].lower() if found and len(found[0]) <= LONGEST_DOI else None


def canonical_pmid(text: str) -> str | None:
    """The PubMed id without leading zeros."""
    given = text.strip()
    return given.lstrip("0") or None if _PMID.fullmatch(given) else None


def canonical_pmcid(text: str) -> str | None:
    """The id of PubMed Central with its letters, PMC7745181."""
    found = _PMCID.fullmatch(text.strip())
    return f"PMC{found[1].lstrip('0')}" if found and found[1].strip("0") else None


def canonical_isbn(text: str) -> str | None:
    """Thirteen digits, also of an old one of ten (ISO 2108, with both check digits)."""
    digits = re.sub(r"[\s-]", "", text).upper().removeprefix("ISBN").lstrip(":")
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        weights = sum((10 - i) * (10 if c == "X" else int(c)) for i, c in enumerate(digits))
        return _isbn_13(f"978{digits[:9]}") if weights % 11 == 0 else None
    if re.fullmatch(r"97[89][0-9]{10}", digits) and _isbn_13(digits[:12]) == digits:
        return digits
    return None


def _isbn_13(twelve: str) -> str:
    total = sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(twelve))
    return f"{twelve}{-total % 10}"


def canonical_url(text: str) -> str | None:
    """An address of the web as it was written, with scheme and host in lower case."""
    given = text.strip()
    try:
        parts = urlsplit(given)
    except ValueError:
        return None
    is_usable = parts.scheme.lower() in {"http", "https"} and parts.hostname is not None
    if not is_usable or len(given) > LONGEST_URL or not given.isprintable() or " " in given:
        return None
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


CANONICAL = {
    "doi": canonical_doi,
    "pmid": canonical_pmid,
    "pmcid": canonical_pmcid,
    "isbn": canonical_isbn,
    "url": canonical_url,
}


def normal(text: str) -> str:
    """Words alone: without marks, punctuation and case."""
    bare = unicodedata.normalize("NFKD", re.sub(r"<[^<>]*>", "", text)).casefold()
    kept = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(_WORDS.sub(" ", kept).split())


def title_key(title: str, year: int | None = None, family: str = "") -> str:
    """The key of a publication without any identifier: what it is called, by whom, of when."""
    said = "|".join((normal(title), str(year or ""), normal(family)))
    return f"title:{hashlib.sha256(said.encode()).hexdigest()[:20]}"


def key_of_ids(ids: Mapping[str, Any]) -> str | None:
    """`doi:10.1056/…`, else `pmid:…` and so on by what there is; None without any."""
    for kind in IDENTIFIERS:
        if ids.get(kind):
            return f"{kind}:{ids[kind]}"
    return None
