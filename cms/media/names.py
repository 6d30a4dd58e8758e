"""File names: cleaned of what could act, numbered until they are free, and read back."""

import re
import unicodedata

LONGEST = 100
UNNAMED = "unnamed-file"

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_RUNS = re.compile(r"-{2,}")
# Names that renditions have: an upload may not end like one.
_RENDITION = re.compile(r"-(?:\d+x\d+|scaled|rotated)$")
_PUBLIC = re.compile(
    r"(?P<folder>\d{4}/\d{2})/(?P<name>[A-Za-z0-9_-]{1,200}(?:\.[a-z0-9]{1,8}){1,2})"
)


def clean(given: str) -> tuple[str, str]:
    """(stem, extension in lower case) of a name that somebody sent: letters, digits, `_` and `-`.
    Folders in it, dots in its middle and accents do not survive."""
    base = re.split(r"[/\\]", given.replace("\0", ""))[-1].strip(" .")
    head, dot, extension = base.rpartition(".")
    if not dot:
        head, extension = base, ""
    folded = unicodedata.normalize("NFKD", head).encode("ascii", "ignore").decode()
    stem = _RUNS.sub("-", _UNSAFE.sub("-", folded)).strip("-_")[:LONGEST].strip("-_") or UNNAMED
    if _RENDITION.search(stem):
        stem = f"{stem}-1"
    return stem, re.sub(r"[^a-z0-9]", "", extension.lower())[:8]


def numbered(stem: str, taken: set[str]) -> str:
    """The stem, or with `-1`, `-2`, … as WordPress numbers files."""
    candidate, number = stem, 1
    while candidate in taken:
        candidate, number = f"{stem}-{number}", number + 1
    return candidate


def read_back(path: str) -> tuple[str, str] | None:
    """(stem with folder, file name) of a public path such as `2026/11/raio-x-300x200.jpg`; None for
    what no upload can be called."""
    found = _PUBLIC.fullmatch(path)
    if found is None:
        return None
    stem = _RENDITION.sub("", found["name"].split(".", 1)[0])
    return f"{found['folder']}/{stem}", found["name"]
