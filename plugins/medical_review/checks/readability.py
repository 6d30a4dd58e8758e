"""How easy a text is to read: Flesch's index, in Portuguese and in English.

Portuguese: 248.835 − 1.015 × words per sentence − 84.6 × syllables per word (Martins, Ghiraldelo,
Nunes, Oliveira Jr. 1996). English: 206.835 − 1.015 × words per sentence − 84.6 × syllables per
word (Flesch 1948). 75 and more is very easy, below 25 very hard.
"""

import re
from functools import lru_cache

import msgspec

from plugins.medical_review.checks.text import Text
from plugins.medical_review.checks.words import words

_BASE = {"pt": 248.835, "en": 206.835}
# Of one syllable: ditongos, and u after q or g; everything else that meets is a hiato. The stressed
# í and ú stand for themselves (sa-ú-de), and ã, õ only go with o and e.
_GLIDES = words("glides")
_VOWELS = "aeiouyáàâãéêíóôõúü"
_WEAK_U = re.compile(r"(?<=[qg])u(?=[eiéêíaáâãoóô])")
# Before these endings i and u do not glide: ra-iz, ju-iz, ca-ir, ru-im, ra-i-nha.
_HIATUS = re.compile(r"(?<=[aeou])[iu](?=(?:[lmrz]$|nh|n[dgt]|m[bp]|r$))")
# His-tó-ria, sé-rie, á-rea: after an accent the last two vowels are one syllable.
_RISING = re.compile(r"[áéíóúâêô].*[^aeiouáéíóúâêôqg][ieu][aeo]s?$")
_E_MUTE = re.compile(r"(?:[^aeiouy]e|[^td]ed|[^aeiouscxzgh]es)$")
_GROUP = re.compile(r"[aeiouy]+")
# What the rules for English get wrong in words that medicine uses often.
_IRREGULAR = {
    "area": 3,
    "areas": 3,
    "diabetes": 4,
    "herpes": 2,
    "rabies": 2,
    "being": 2,
    "create": 2,
}


class Readability(msgspec.Struct, frozen=True):
    """Counts of the text, and the index of its language, rounded to one decimal."""

    language: str
    words: int
    sentences: int
    syllables: int
    flesch: float


def flesch(text: Text, language: str) -> Readability | None:
    """The index of a text in this language (`pt…` or `en…`); None without any words."""
    spoken = language[:2].lower()
    spoken = spoken if spoken in _BASE else "pt"
    count = syllables_pt if spoken == "pt" else syllables_en
    said = [
        text.plain[start:end].lower()
        for start, end in zip(text.starts, text.ends, strict=True)
        if text.plain[start].isalpha()
    ]
    if not said:
        return None
    syllables = sum(map(count, said))
    sentences = max(1, len(text.sentences))
    index = _BASE[spoken] - 1.015 * len(said) / sentences - 84.6 * syllables / len(said)
    return Readability(spoken, len(said), sentences, syllables, round(index, 1))


@lru_cache(maxsize=32768)
def syllables_pt(word: str) -> int:
    """Syllables of a Portuguese word, at least one: its vowels, less those that glide."""
    letters = _HIATUS.sub("í", _WEAK_U.sub("", word))
    count, at = 0, 0
    while at < len(letters):
        if letters[at] not in _VOWELS:
            at += 1
            continue
        count += 1
        at += 2 if letters[at : at + 2] in _GLIDES else 1
    return max(1, count - bool(_RISING.search(word)))


@lru_cache(maxsize=32768)
def syllables_en(word: str) -> int:
    """Syllables of an English word, at least one: groups of vowels, without an e that is mute."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    letters = word.replace("'", "")
    groups = len(_GROUP.findall(letters))
    if len(letters) > 3 and _E_MUTE.search(letters) and not re.search(r"[^aeiouy]le$", letters):
        groups -= 1
    groups += len(re.findall(r"i(?:a|o(?!n|us)|um)|ua(?!r)|ying\b", letters))
    return max(1, groups)
