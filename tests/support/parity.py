"""Comparing what our routes accept with what a running WordPress was seen to accept."""

from collections.abc import Mapping
from typing import Any

from tests.support.wordpress import arguments

# Ours may be stricter in these: lengths, ranges, forms.
_COMPARED = ("default", "enum", "required")


def differences(
    table: Mapping[str, Mapping[str, Any]], route: str, method: str, *, in_path: str = "id"
) -> list[str]:
    """The arguments that WordPress knows and ours does not, or the other way round, and those whose
    default, choice or duty differs. `in_path` is part of the address, not of the table."""
    wanted = {name: one for name, one in arguments(route, method).items() if name != in_path}
    found = [f"{name}: missing" for name in wanted.keys() - table.keys()]
    found += [f"{name}: unknown to WordPress" for name in table.keys() - wanted.keys()]
    for name in wanted.keys() & table.keys():
        ours, theirs = table[name], wanted[name]
        for key in _COMPARED:
            one, other = ours.get(key), theirs.get(key)
            if key == "default" and isinstance(one, list) and not isinstance(other, list):
                one = one[0]
            if (one or None) != (other or None):
                found.append(f"{name}.{key}: {one!r}, in WordPress {other!r}")
    return sorted(found)
