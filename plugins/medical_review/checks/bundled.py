"""The rule sets and lists of phrases that come with the house; their sources are named in them."""

from functools import cache
from importlib.resources import files

import msgspec

from plugins.medical_review.checks.phrases import Phrase, read_phrase
from plugins.medical_review.checks.rules import RuleSet

_DATA = files("plugins.medical_review.checks") / "data"


@cache
def families() -> dict[str, tuple[Phrase, ...]]:
    """Lists of phrases by the name that rules call them by."""
    return _lists("phrases.json")


@cache
def denials() -> dict[str, tuple[Phrase, ...]]:
    """What makes of a claim a warning of it (`warnings`, before it), or takes it back
    (`refutations`, after it)."""
    return _lists("denials.json")


def _lists(name: str) -> dict[str, tuple[Phrase, ...]]:
    lists = msgspec.json.decode((_DATA / name).read_bytes(), type=dict[str, list[str]])
    return {name: tuple(map(read_phrase, phrases)) for name, phrases in lists.items()}


@cache
def bundled_sets() -> tuple[RuleSet, ...]:
    """Every version of every set of the house."""
    sets = sorted(one.name for one in (_DATA / "rules").iterdir() if one.name.endswith(".json"))
    decoder = msgspec.json.Decoder(RuleSet)
    return tuple(decoder.decode((_DATA / "rules" / name).read_bytes()) for name in sets)
