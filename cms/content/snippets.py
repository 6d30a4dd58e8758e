"""What was found, shown: a piece of the text with the words marked that the search has matched.

The database's own headlines look for the words as they were typed; what is searched are stems of
words without accents. So words that may match are picked here by their beginning, and the database
says by its own rules which of them do.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from sqlalchemy import text

from cms.database.work import UnitOfWork

WORDS_SHOWN = 30
# How far into a text words are looked for; beyond it nothing is marked.
LONGEST = 200_000
# How many different words of all texts the database is asked about.
MOST_CANDIDATES = 2000

_WORD = re.compile(r"\w+")
_EXCLUDED = re.compile(r'(?:^|\s)-(?:"[^"]*"?|\S+)')
_BEGINNING = 3

_STEMS = text(
    "select w as word, tsvector_to_array(to_tsvector('cms.pt', cms.pt_1(w))) as pt, "
    "tsvector_to_array(to_tsvector('pg_catalog.english', w)) as en "
    "from unnest(cast(:words as text[])) as w"
)


@dataclass(frozen=True)
class Matcher:
    """Knows which words the query means, by the rules of each language."""

    stems: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    wanted: tuple[frozenset[str], frozenset[str]]

    def matches(self, word: str, language: str) -> bool:
        rules = 0 if language.startswith("pt") else 1
        known = self.stems.get(_folded(word))
        return known is not None and bool(known[rules] & self.wanted[rules])

    def marked(self, plain: str, language: str) -> str:
        """The whole text as HTML, with the matching words in <mark>."""
        return _marked(plain, [m for m in self._words(plain) if self.matches(m[0], language)])

    def snippet(self, plain: str, language: str) -> str:
        """About thirty words around the place with the most matches; from the beginning where
        there is none. Escaped: only <mark> in it is markup."""
        plain = " ".join(plain.split())
        words = self._words(plain)
        hits = [number for number, m in enumerate(words) if self.matches(m[0], language)]
        first = max(0, _densest(hits) - WORDS_SHOWN // 4) if hits else 0
        last = min(len(words), first + WORDS_SHOWN)
        if last == first:
            return ""
        start = words[first].start() if first else 0
        end = words[last - 1].end() if last < len(words) else len(plain)
        shown = [words[number] for number in hits if first <= number < last]
        before, after = "… " if first else "", " …" if last < len(words) else ""
        return before + _marked(plain[:end], shown, start) + after

    def _words(self, plain: str) -> list[re.Match[str]]:
        return list(_WORD.finditer(plain[:LONGEST]))


async def matcher(work: UnitOfWork, query: str, texts: Iterable[str]) -> Matcher:
    """For the words of these texts; one statement for all of them."""
    wanted = {_folded(word) for word in _WORD.findall(_EXCLUDED.sub(" ", query))}
    beginnings = {word[:_BEGINNING] for word in wanted}
    found: set[str] = set()
    for plain in texts:
        folded = {_folded(word) for word in _WORD.findall(plain[:LONGEST])}
        found |= {word for word in folded if word[:_BEGINNING] in beginnings}
    asked = [*sorted(wanted), *sorted(found - wanted)[:MOST_CANDIDATES]]
    rows = await work.all(_STEMS, {"words": asked}) if asked else []
    stems = {row.word: (frozenset(row.pt), frozenset(row.en)) for row in rows}
    none = frozenset[str]()
    meant = [stems.get(word, (none, none)) for word in wanted]
    portuguese, english = (none.union(*(pair[rules] for pair in meant)) for rules in (0, 1))
    return Matcher(stems, (portuguese, english))


def _densest(hits: Sequence[int]) -> int:
    """The hit from which on the most others are near."""
    return max(hits, key=lambda first: sum(first <= hit < first + WORDS_SHOWN // 2 for hit in hits))


def _marked(plain: str, words: Iterable[re.Match[str]], start: int = 0) -> str:
    parts, at = [], start
    for word in words:
        parts.append(f"{escape(plain[at : word.start()])}<mark>{escape(word[0])}</mark>")
        at = word.end()
    return "".join(parts) + escape(plain[at:])


def _folded(word: str) -> str:
    """As cms.fold() does it."""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f").lower()
