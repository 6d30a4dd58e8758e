"""The form of a post's address, as WordPress writes it: `/%year%/%monthnum%/%postname%/`."""

import re

from cms.errors import InvalidInput

TAG = re.compile(r"%([a-z_]+)%")
TAGS = frozenset(("year", "monthnum", "day", "hour", "minute", "second")) | {
    "post_id",
    "postname",
    "category",
    "author",
}
# What tells one post from another; of the dates only all of them together would.
_NAMING = frozenset({"postname", "post_id"})
_WRITTEN = re.compile(r"/[A-Za-z0-9/._%-]*")


def checked(structure: str) -> str:
    """The structure, or InvalidInput that says what is wrong. Empty means plain addresses."""
    fault = _fault(structure) if structure else None
    if fault is not None:
        raise InvalidInput({"permalink_structure": fault})
    return structure


def _fault(structure: str) -> str | None:
    tags = TAG.findall(structure)
    unknown = [tag for tag in tags if tag not in TAGS]
    if unknown:
        return f"%{unknown[0]}% is not known; use {', '.join(f'%{t}%' for t in sorted(TAGS))}"
    if not _WRITTEN.fullmatch(structure) or "%" in TAG.sub("", structure) or "//" in structure:
        return "must begin with / and hold letters, digits, - _ . and tags such as %postname%"
    if not _NAMING.intersection(tags):
        return "must hold %postname% or %post_id%, or two posts would have one address"
    return None
