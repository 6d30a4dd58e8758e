"""Names of people as registers write them: capitals, no accents, sometimes abbreviated."""

import re
import unicodedata

_PARTICLES = frozenset({"da", "das", "de", "di", "do", "dos", "du", "e"})
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Words in lower case without accents or punctuation, one space between."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(bare.casefold()))


def is_same_name(one: str, other: str) -> bool:
    """Whether both may name one person: first and last name agree, and the middle names of the
    shorter stand in the longer in their order, at least as initials. One word alone never does."""
    left, right = sorted((_words(one), _words(other)), key=len)
    if len(left) < 2:
        return False
    ends_agree = left[0] == right[0] and left[-1] == right[-1]
    return ends_agree and _in_order(left[1:-1], right[1:-1])


def _words(name: str) -> list[str]:
    return [word for word in fold(name).split() if word not in _PARTICLES]


def _in_order(few: list[str], many: list[str]) -> bool:
    remaining = iter(many)
    return all(any(_agree(word, candidate) for candidate in remaining) for word in few)


def _agree(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return one == other
