"""Medicines as a text mentions them: a list that the tenant loads, found word by word."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from plugins.medical_review.checks.text import Text, fold, prepare

MOST_WORDS = 6


class MedicineKind(StrEnum):
    """How a medicine may be sold, and so to whom it may be advertised (Lei 6.360/1976, art. 58;
    Lei 9.294/1996, art. 7). What the list does not say is held to be on prescription."""

    PRESCRIPTION = "prescription"
    CONTROLLED = "controlled"
    FREE = "free"


@dataclass(frozen=True)
class Medicine:
    """A name that texts use. `is_brand`: it is a trade name, and `substance` the common one."""

    name: str
    kind: MedicineKind
    substance: str = ""
    is_brand: bool = True


@dataclass(frozen=True)
class Mention:
    """The words of a text that name a medicine."""

    first: int
    after: int
    medicine: Medicine


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as a text would have them."""
    return tuple(prepare({}, {"name": name}).words[:MOST_WORDS])


class Medicines:
    """Names by their first word."""

    def __init__(self, medicines: Iterable[Medicine] = ()) -> None:
        self._by_word: dict[str, list[tuple[tuple[str, ...], Medicine]]] = {}
        for medicine in medicines:
            words = words_of(medicine.name)
            if words:
                self._by_word.setdefault(words[0], []).append((words, medicine))
        for named in self._by_word.values():
            named.sort(key=lambda pair: -len(pair[0]))

    def mentions(self, text: Text) -> Iterator[Mention]:
        """Every mention, the longest name where several begin with one word."""
        for word in self._by_word.keys() & text.index.keys():
            for position in text.index[word]:
                yield from self._at(text, position, word)

    def _at(self, text: Text, position: int, word: str) -> Iterator[Mention]:
        for words, medicine in self._by_word[word]:
            after = position + len(words)
            if tuple(text.words[position:after]) == words:
                yield Mention(position, after, medicine)
                return


def kinds_by_sentence(text: Text, mentions: Iterable[Mention]) -> Mapping[int, set[str]]:
    """Which kinds of medicines each sentence names."""
    found: dict[int, set[str]] = {}
    for mention in mentions:
        kinds = found.setdefault(text.sentence_of[mention.first], set())
        kinds.add(mention.medicine.kind.value)
    return found


def kind_of(word: str) -> MedicineKind | None:
    """What a list says of the sale of a medicine, in the words that lists use."""
    folded = " ".join(fold(word).split())
    return _KINDS.get(folded)


_KINDS = {
    "": MedicineKind.PRESCRIPTION,
    "prescription": MedicineKind.PRESCRIPTION,
    "rx": MedicineKind.PRESCRIPTION,
    "vermelha": MedicineKind.PRESCRIPTION,
    "tarja vermelha": MedicineKind.PRESCRIPTION,
    "sob prescricao": MedicineKind.PRESCRIPTION,
    "controlled": MedicineKind.CONTROLLED,
    "controlado": MedicineKind.CONTROLLED,
    "preta": MedicineKind.CONTROLLED,
    "tarja preta": MedicineKind.CONTROLLED,
    "free": MedicineKind.FREE,
    "otc": MedicineKind.FREE,
    "mip": MedicineKind.FREE,
    "livre": MedicineKind.FREE,
    "isento": MedicineKind.FREE,
    "isento de prescricao": MedicineKind.FREE,
    "sem tarja": MedicineKind.FREE,
    "venda livre": MedicineKind.FREE,
}
