"""Phrases: patterns over words that people without a programmer can write, and that cannot be slow.

A phrase is a row of tokens that must follow each other within one sentence. Case and accents do not
count. A token is a word, `garant*` (every word that begins so), `a|b*|c` (one of them), `#` (a
number), or `<3>` (up to three words, none of which denies: "a cura não é garantida" is no
`cura <3> garantida`); a token that ends in `?` may be missing. `^` at the beginning means the
beginning of a sentence or of a clause. The first token is one that names words, so a phrase is
looked for only where one of them stands: the time is linear in the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from plugins.medical_review.checks.text import Text, fold
from plugins.medical_review.checks.words import words

LARGEST_GAP = 8
NEGATORS = words("negators")
MOST_TOKENS = 16
LONGEST_PHRASE = 400

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*\*?|R\$|[$%€£]", re.IGNORECASE)
_GAP = re.compile(r"<([1-9])>")
_NUMBER = "#"
_CLAUSE = re.compile(r"[,;:—–(\"“«]")


class BadPhrase(ValueError):
    """What is wrong with a phrase, in words for who wrote it."""


@dataclass(frozen=True, slots=True)
class Token:
    """Words, beginnings of words, whether a number will do; or a gap of up to so many words."""

    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    takes_number: bool = False
    gap: int = 0
    is_optional: bool = False

    def fits(self, word: str) -> bool:
        if word in self.words or (self.takes_number and word[0].isdigit()):
            return True
        return bool(self.prefixes) and word.startswith(self.prefixes)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, read. `tokens[0]` names words."""

    tokens: tuple[Token, ...]
    at_start: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The words of a match: the first, and the one after the last."""

    first: int
    after: int


@lru_cache(maxsize=8192)
def read_phrase(source: str) -> Phrase:
    """A phrase from its words. BadPhrase says what is wrong with it."""
    if len(source) > LONGEST_PHRASE:
        raise BadPhrase(f"has {len(source)} characters; at most {LONGEST_PHRASE} are accepted")
    pieces = source.split()
    at_start = bool(pieces) and pieces[0] == "^"
    tokens = tuple(_token(piece) for piece in (pieces[1:] if at_start else pieces))
    if not tokens or len(tokens) > MOST_TOKENS:
        raise BadPhrase(f"must have between 1 and {MOST_TOKENS} tokens")
    if tokens[0].gap or tokens[0].takes_number or tokens[0].is_optional:
        raise BadPhrase("must begin with a word: not with a gap, a number or what may be missing")
    if tokens[-1].gap:
        raise BadPhrase("must not end with a gap")
    return Phrase(tokens, at_start)


def _token(piece: str) -> Token:
    if gap := _GAP.fullmatch(piece):
        if int(gap[1]) > LARGEST_GAP:
            raise BadPhrase(f"the gap {piece} is too large; up to <{LARGEST_GAP}> is accepted")
        return Token(gap=int(gap[1]))
    is_optional = piece.endswith("?")
    choices = [fold(choice) for choice in piece.removesuffix("?").split("|")]
    for choice in choices:
        if choice != _NUMBER and not _WORD.fullmatch(choice):
            raise BadPhrase(f"{choice[:40]!r} is no word, no word*, no # and no gap <1> to <8>")
    return Token(
        frozenset(c for c in choices if c != _NUMBER and not c.endswith("*")),
        tuple(c[:-1] for c in choices if c.endswith("*")),
        _NUMBER in choices,
        is_optional=is_optional,
    )


def matches(text: Text, phrase: Phrase) -> Iterator[Match]:
    """Every place where the phrase stands, in order of the text's words; overlapping ones once."""
    covered = -1
    for position in sorted(_anchors(text, phrase.tokens[0])):
        if position < covered or (phrase.at_start and not _begins(text, position)):
            continue
        last = text.sentences[text.sentence_of[position]][1]
        after = _rest(text.words, phrase.tokens[1:], position + 1, last)
        if after is not None:
            covered = after
            yield Match(position, after)


def _anchors(text: Text, token: Token) -> list[int]:
    found = [position for word in token.words for position in text.index.get(word, ())]
    for prefix in token.prefixes:
        for word in text.beginning_with(prefix):
            if word not in token.words:
                found += text.index[word]
    return found


def _rest(words: Sequence[str], tokens: Sequence[Token], at: int, last: int) -> int | None:
    """The end of the rest of a phrase that goes on at this word. All places that the tokens so far
    can have led to are followed at once, so that nothing is tried twice."""
    open_places = {at}
    for token in tokens:
        if token.gap:
            open_places = {p for place in open_places for p in _skipped(words, place, token.gap)}
            continue
        reached = {p + 1 for p in open_places if p < last and token.fits(words[p])}
        open_places = reached | open_places if token.is_optional else reached
        if not open_places:
            return None
    found = [place for place in open_places if place <= last]
    return min(found) if found else None


def _skipped(words: Sequence[str], place: int, gap: int) -> Iterator[int]:
    """Where a gap that begins here may end."""
    yield place
    for at in range(place, min(place + gap, len(words))):
        if words[at] in NEGATORS:
            return
        yield at + 1


def _begins(text: Text, position: int) -> bool:
    """Whether a clause begins with this word."""
    first = text.sentences[text.sentence_of[position]][0]
    return position == first or bool(_CLAUSE.search(text.between(position - 1, position)))
