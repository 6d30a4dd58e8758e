"""Values of the fields of a post: a part of its revision, and so of the content hash.

The part has one entry for each top-level field, `{name: {"key": field key, "value": typed JSON}}`;
beside it stands which version of which group they were written with.

A field with a `source` has no entry: it is another name for a value that a plugin keeps in a part
of its own, so that the two can never differ. Where the revision has no such part, it has no value.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cms.fields.field import Field

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


def values_in(parts: Mapping[str, Mapping[str, Any]], fields: Iterable[Field]) -> dict[str, Any]:
    """The values of a revision by name, those of plugins' parts under the names that fields give
    them."""
    found = stored(parts.get(PART, {}))
    for one in fields:
        if one.source is not None:
            part, name = one.source
            found.pop(one.name, None)
            if parts.get(part, {}).get(name) not in (None, "", []):
                found[one.name] = parts[part][name]
    return found


def is_kept_elsewhere(field: Field, parts: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the field is another name for something in these parts."""
    return field.source is not None and field.source[0] in parts
