"""Whether a sentence says something, or says that it is not so: negation, warning, quotation.

"Não garante resultado" is no promise, neither is "desconfie de quem garante resultado", and a
question is none. What an advertisement says with a negation ("não perca") is none of these.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from plugins.medical_review.checks.bundled import denials
from plugins.medical_review.checks.phrases import NEGATORS, Match, Phrase, matches
from plugins.medical_review.checks.text import Text
from plugins.medical_review.checks.words import words

_REACH = 7
# A denial that only reaches the next words: "sem promessa de cura".
_SHORT = {"sem": 3}
# After a negator these make a request, or more of the same, and no denial.
_REQUESTS = words("requests")
_CONTRAST = words("contrast")
_BREAK = re.compile(r"[,;:.!?—–]")

_ASKS = re.compile(
    r"[\s\"“«]*(?:existe|ha|sera|e|posso|pode|podem|qual|quais|quando|como|por que|is|are|can|does"
    r"|do|what|which|how|will)\b"
)


class Denials:
    """What a text denies: asked about many matches, each phrase is looked for once."""

    def __init__(self, text: Text) -> None:
        self._text = text

    @cached_property
    def _warned_from(self) -> Mapping[int, int]:
        """Of each sentence that warns: the word after its first warning."""
        found: dict[int, int] = {}
        for sentence, match in self._standing(denials()["warnings"]):
            found[sentence] = min(match.after, found.get(sentence, match.after))
        return found

    @cached_property
    def _refuted_until(self) -> Mapping[int, int]:
        """Of each sentence that takes something back: where it does so last."""
        found: dict[int, int] = {}
        for sentence, match in self._standing(denials()["refutations"]):
            found[sentence] = max(match.first, found.get(sentence, -1))
        return found

    def _standing(self, phrases: Iterable[Phrase]) -> Iterator[tuple[int, Match]]:
        for phrase in phrases:
            for match in matches(self._text, phrase):
                yield self._text.sentence_of[match.first], match

    def covers(self, match: Match) -> bool:
        """Whether the sentence denies what it says there, warns of it, asks about it or cites it.
        A warning stands before what it warns of, a refutation after."""
        text = self._text
        sentence = text.sentence_of[match.first]
        return (
            _negated(text, match.first, text.sentences[sentence][0])
            or self._warned_from.get(sentence, match.after) <= match.first
            or self._refuted_until.get(sentence, -1) >= match.after
            or _asked(text, sentence)
        )


def _negated(text: Text, position: int, first: int) -> bool:
    """Look back to a negator, as far as the clause goes."""
    for distance, at in enumerate(range(position - 1, max(first, position - _REACH) - 1, -1), 1):
        word = text.words[at]
        if _BREAK.search(text.between(at, at + 1)) or word in _CONTRAST:
            return False
        if text.words[at + 1] in _REQUESTS:
            continue
        if word in NEGATORS or word.endswith("n't") or _SHORT.get(word, 0) >= distance:
            return True
    return False


def _asked(text: Text, sentence: int) -> bool:
    start, end = text.span(sentence)
    ending = text.folded[max(start, end - 10) : end].rstrip("\"”»' \n\t)")
    return ending.endswith("?") and bool(_ASKS.match(text.folded, start))
