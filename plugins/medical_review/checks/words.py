"""Lists of words that the checks know, kept as data."""

from functools import cache
from importlib.resources import files

import msgspec

_FILE = files("plugins.medical_review.checks") / "data" / "words.json"


@cache
def _lists() -> dict[str, str]:
    return msgspec.json.decode(_FILE.read_bytes(), type=dict[str, str])


def words(name: str) -> frozenset[str]:
    """The words of a list, as they stand in it."""
    return frozenset(_lists()[name].split())
