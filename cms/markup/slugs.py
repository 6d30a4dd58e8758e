"""Slugs out of titles, as WordPress's sanitize_title makes them."""

import re
import unicodedata
from html import unescape
from urllib.parse import quote, unquote

from cms.markup.tokens import MARKUP

MAX_LENGTH = 200

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans(
    {
        "ª": "a", "º": "o", "Æ": "AE", "æ": "ae", "Ð": "D", "ð": "d", "Ø": "O", "ø": "o",
        "Þ": "TH", "þ": "th", "ß": "s", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i",
        "ĸ": "k", "Ŀ": "L", "ŀ": "l", "Ł": "L", "ł": "l", "ŉ": "n", "Ŋ": "N", "ŋ": "n",
        "Œ": "OE", "œ": "oe", "Ŧ": "T", "ŧ": "t", "ſ": "s", "Ĳ": "IJ", "ĳ": "ij",
        "Ə": "E", "ǝ": "e", "€": "E", "£": "",
    }
)  # fmt: skip
_DASHES = re.compile("[\u00a0\u2010-\u2015./]")
# Signs, quotes, free accents (U+0300 …) and what cannot be seen.
_DROPPED = re.compile(
    "[¡¿«»‹›“”‘’‚„‛‟•©®°…™´ˊ\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_OCTETS = re.compile(r"(?:%[89a-fA-F][0-9a-fA-F])+")
_ASCII_SLUG = re.compile(r"[a-z0-9_-]")
_DASH_RUN = re.compile(r"[\s-]+")


def slug_of(title: str) -> str:
    """A name for an address: lower case, no accents, other scripts percent-encoded, at most 200.

    Empty when the title holds nothing that could be in a name.
    """
    # Octets first: a slug must stay itself when it is given as a title.
    text = _OCTETS.sub(_decoded, unescape(MARKUP.sub("", title)))
    spaced = _DASHES.sub("-", _DROPPED.sub("", _folded(text).replace("×", "x")))
    return _cut(_DASH_RUN.sub("-", spaced.lower()).strip("-"))


def _decoded(octets: re.Match[str]) -> str:
    return unquote(octets[0], errors="ignore")


def _folded(text: str) -> str:
    return "".join(map(_base_letter, unicodedata.normalize("NFC", text))).translate(_LETTERS)


def _base_letter(character: str) -> str:
    """Latin letters lose their marks; in other scripts a mark makes another letter."""
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() else character


def _cut(text: str) -> str:
    """Encode character by character, so that the limit never cuts one into octets."""
    written, length = [], 0
    for character in text:
        encoded = _encoded(character)
        length += len(encoded)
        if length > MAX_LENGTH:
            break
        written.append(encoded)
    return _DASH_RUN.sub("-", "".join(written)).strip("-")


def _encoded(character: str) -> str:
    if not character.isascii():
        return quote(character, errors="replace").lower()
    return character if _ASCII_SLUG.fullmatch(character) else ""
