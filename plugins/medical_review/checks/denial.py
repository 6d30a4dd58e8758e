"""Whether a sentence says something, or says that it is not so: negation, warning, quotation.

"Não garante resultado" is no promise, neither is "desconfie de quem garante resultado", and a
question is none. What an advertisement says with a negation ("não perca") is none of these.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from plugins.medical_review.checks.phrases import Match, Phrase, matches, read_phrase
from plugins.medical_review.checks.text import Text

_REACH = 7
_NEGATORS = frozenset(
    "nao nem nunca jamais ninguem nenhum nenhuma nada tampouco not no never nobody none cannot "
    "nor neither without raramente dificilmente rarely hardly".split()
)
# A denial that only reaches the next words: "sem promessa de cura".
_SHORT = {"sem": 3}
# After a negator these make a request, or more of the same, and no denial.
_REQUESTS = frozenset(
    "so apenas somente perca espere fique deixe adie demore precisa precise only just miss wait "
    "delay hesitate outro outra other else mais more".split()
)
_CONTRAST = frozenset("mas porem contudo todavia entretanto but however yet".split())
_BREAK = re.compile(r"[,;:.!?—–]")

_WARNINGS = [
    read_phrase(source)
    for source in (
        "desconfi*", "suspeit* de", "cuidado com", "fuja|fugir de", "nao acredit*", "evite|evitar",
        "proib*", "vedad*|veda|vedam", "e|sao|foi|foram enganos*", "propaganda enganosa", "mito|mitos",
        "falso|falsa|falsos|falsas", "fraude*", "golpe|golpes", "expressoes|expressao|termo|termos",
        "palavra|palavras <2> como", "frase|frases", "alegac*|alegar", "promessa|promessas de",
        "quem promete*|oferece*|garante*|vende*", "sites|site que", "anuncio|anuncios|propaganda* do|que|como",
        "nao e verdade", "nao deve*|pode* <2> prometer|garantir|anunciar|aparecer|usar",
        "beware", "be wary|careful|suspicious", "wary of", "claims|claim|ads|adverts such|like|that|of",
        "misleading", "myth|myths", "forbid*|forbidden|prohibit*|banned|unlawful|illegal",
        "do|don't not? believe|trust", "don't believe|trust", "avoid", "scam|scams", "anyone|those who",
    )
]  # fmt: skip
_REFUTATIONS = [
    read_phrase(source)
    for source in (
        "nao existe*|ha", "e|sao mito|falso|falsa|mentira|falsas", "e|sao proibid*|vedad*|enganos*|ilegal*",
        "nao e|sao verdade|possivel|correto|permitid*", "nao deve* ser|aparecer|usar", "e|sao sina* de",
        "nao aparec*", "does|do not exist", "is|are misleading|forbidden|false|prohibited|banned",
        "is|are a? myth|lie", "should|must not",
    )
]  # fmt: skip
_ASKS = re.compile(
    r"[\s\"“«]*(?:existe|ha|sera|e|posso|pode|podem|qual|quais|quando|como|por que|is|are|can|does|do|"
    r"what|which|how|will)\b"
)



class Denials:
    """What a text denies: asked about many matches, each phrase is looked for once."""

    def __init__(self, text: Text) -> None:
        self._text = text

    @cached_property
    def _warnings(self) -> Mapping[int, list[Match]]:
        return self._by_sentence(_WARNINGS)

    @cached_property
    def _refutations(self) -> Mapping[int, list[Match]]:
        return self._by_sentence(_REFUTATIONS)

    def _by_sentence(self, phrases: Iterable[Phrase]) -> Mapping[int, list[Match]]:
        found: dict[int, list[Match]] = {}
        for phrase in phrases:
            for match in matches(self._text, phrase):
                found.setdefault(self._text.sentence_of[match.first], []).append(match)
        return found

    def covers(self, match: Match) -> bool:
        """Whether the sentence denies what it says there, warns of it, asks about it or cites it.
        A warning stands before what it warns of, a refutation after."""
        text = self._text
        sentence = text.sentence_of[match.first]
        return (
            _negated(text, match.first, text.sentences[sentence][0])
            or any(one.after <= match.first for one in self._warnings.get(sentence, ()))
            or any(match.after <= one.first for one in self._refutations.get(sentence, ()))
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
        if word in _NEGATORS or word.endswith("n't") or _SHORT.get(word, 0) >= distance:
            return True
    return False


def _asked(text: Text, sentence: int) -> bool:
    start, end = text.span(sentence)
    said = text.folded[start:end].rstrip("\"”»' \n\t)")
    return said.endswith("?") and bool(_ASKS.match(said))
