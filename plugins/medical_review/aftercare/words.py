"""A sentence that a person writes about a text: plain, in bounds, never empty."""

import re

from cms.errors import InvalidInput

LONGEST = 5000

_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def plain_words(field: str, said: str) -> str:
    """The words without the space around them; InvalidInput names the field."""
    words = said.strip()
    if not words or len(words) > LONGEST or _UNSTORABLE.search(words):
        raise InvalidInput({field: f"must be plain text of 1 to {LONGEST} characters"})
    return words
