"""The HTML of a text with its citations numbered and its references listed; nothing is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

from plugins.medical_review.references.bibliography import (
    Shown,
    locale_of,
    shown,
)
from plugins.medical_review.references.citations import (
    PLACE,
    Mark,
    Order,
    marks,
    order_of,
    runs,
    with_marks,
)
from plugins.medical_review.references.entries import csl_of_entry, key_of_entry
from plugins.medical_review.references.identifiers import normal
from plugins.medical_review.references.models import CitationStyle, Notice

_WORDS = {
    "pt-BR": {
        "references": "Referências",
        Notice.RETRACTED: "Retratado",
        Notice.CONCERN: "Expressão de preocupação",
        Notice.CORRECTED: "Corrigido",
    },
    "en-US": {
        "references": "References",
        Notice.RETRACTED: "Retracted",
        Notice.CONCERN: "Expression of concern",
        Notice.CORRECTED: "Corrected",
    },
}


@dataclass(frozen=True)
class Among:
    """What a list is made among. `notices` by the key of the entry: what its journal said
    afterwards, with the DOI of where it said so."""

    post_id: int
    language: str
    style: CitationStyle = CitationStyle.VANCOUVER
    notices: Mapping[str, tuple[Notice, str | None]] = field(default_factory=dict)


def is_citing(html: str) -> bool:
    """Whether there is anything to number or to list."""
    return "data-cms-ref" in html or PLACE in html


def with_references(html: str, entries: Sequence[Mapping[str, Any]], among: Among) -> str:
    """The text with citations as its style has them, and the list where its place is, else at the
    end. A text that neither cites nor has such a place stays as it is."""
    order = order_of(marks(html), entries)
    writer = _Writer(order, among)
    text = with_marks(html, writer.citation)
    before, place, after = text.partition(PLACE)
    if not place:
        return f"{text}\n{writer.listed()}" if order.cited else text
    # The list stands once: a second place stays empty.
    return before + writer.listed() + after.replace(PLACE, "")


class _Writer:
    def __init__(self, order: Order, among: Among) -> None:
        self._order, self._among = order, among
        self._locale = locale_of(among.language)
        self._words = _WORDS[self._locale]
        self._shown: list[Shown] = [
            shown(csl_of_entry(entry), among.style, self._locale) for entry in order.entries
        ]

    def citation(self, mark: Mark) -> str:
        numbers = [n for name in mark.names if (n := self._order.numbers.get(name))]
        lost = "?" if len(numbers) < len(mark.names) or not mark.names else ""
        names = escape(" ".join(mark.names))
        if self._among.style.is_numeric:
            parts = [self._numbers(*run) for run in runs(numbers)]
            inner = ",".join([*parts, lost] if lost else parts)
            return f'<sup class="cms-citation" data-cms-ref="{names}">{inner}</sup>'
        parts = [self._link(n, self._shown[n - 1].cited) for n in dict.fromkeys(numbers)]
        inner = "; ".join([*parts, lost] if lost else parts)
        return f'<span class="cms-citation" data-cms-ref="{names}">({inner})</span>'

    def _numbers(self, first: int, last: int) -> str:
        if first == last:
            return self._link(first, str(first))
        return f"{self._link(first, str(first))}–{self._link(last, str(last))}"

    def _link(self, number: int, label: str) -> str:
        return f'<a href="#{self._id(number)}" role="doc-noteref">{label}</a>'

    def _id(self, number: int) -> str:
        """Several texts may stand on one page."""
        return f"ref-{self._among.post_id}-{number}"

    def listed(self) -> str:
        if not self._order.entries:
            return ""
        tag = "ol" if self._among.style.is_numeric else "ul"
        lines = list(enumerate(self._order.entries, start=1))
        if tag == "ul":
            lines.sort(key=lambda line: normal(self._shown[line[0] - 1].listed))
        items = "\n".join(self._line(number, entry) for number, entry in lines)
        title = self._words["references"]
        return (
            f'<section class="cms-references" role="doc-bibliography" aria-label="{title}">\n'
            f"<h2>{title}</h2>\n<{tag}>\n{items}\n</{tag}>\n</section>"
        )

    def _line(self, number: int, entry: Mapping[str, Any]) -> str:
        text = self._shown[number - 1].listed
        return f'<li id="{self._id(number)}">{text}{self._notice(entry)}</li>'

    def _notice(self, entry: Mapping[str, Any]) -> str:
        """What readers must know whether or not the author has said it."""
        stated = (Notice.RETRACTED, None) if entry.get("is_retracted") else None
        found = self._among.notices.get(key_of_entry(entry)) or stated
        if found is None:
            return ""
        word, doi = self._words[found[0]], found[1]
        if doi:
            word = f'<a href="https://doi.org/{quote(doi)}">{word}</a>'
        return f' <strong class="cms-notice is-{found[0].value}">[{word}]</strong>'
