"""Values of the fields of a post: a part of its revision, and so of the content hash.

The part has one entry for each top-level field, `{name: {"key": field key, "value": typed JSON}}`;
beside it stands which version of which group they were written with.
"""

from collections.abc import Mapping
from typing import Any

PART = "fields"
GROUPS_PART = "field_groups"
GIVEN_PART = "fields_given"
"""Values as a request sends them, by name; the filter of drafts takes them in, so that no revision
ever has this part."""


def parts_of(acf: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The parts of `Changes` for what a request sends as `acf`; nothing for nothing."""
    return {GIVEN_PART: dict(acf)} if acf else {}


def stored(part: Mapping[str, Any]) -> dict[str, Any]:
    """The values by name."""
    return {name: row["value"] for name, row in part.items()}
