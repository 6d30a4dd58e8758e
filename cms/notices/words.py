"""What a notice says: its facts as its reader writes them, in words of her language."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from cms.kernel.notices import Fact, FactType, NoticeKind, filled

_DAYS = {"pt": "%d/%m/%Y", "en": "%Y-%m-%d"}
_THOUSANDS = {"pt": ".", "en": ","}


class Reading(NamedTuple):
    """Who reads: in which language and zone, and the titles (`titles_of`) that she may see."""

    locale: str
    zone: tzinfo
    titles: Mapping[int, str]


class Said(NamedTuple):
    """A line for a list, what it means, and the path of the thing."""

    title: str
    text: str
    link: str


def said(
    kind: NoticeKind | None,
    slug: str,
    facts: Mapping[str, Any],
    reader: Reading,
) -> Said:
    """The notice in words. Of a kind whose plugin is not enabled any more the name is left."""
    if kind is None:
        return Said(slug, "", "")
    language = kind.language(reader.locale)
    shown = {
        name: _shown(fact, facts[name], language, reader)
        for name, fact in kind.facts.items()
        if name in facts
    }
    words = kind.words[language]
    plain = {name: str(value) for name, value in facts.items()}
    return Said(
        filled(words.title, language, shown, facts),
        filled(words.text, language, shown, facts),
        filled(kind.link, language, plain, facts),
    )


def _shown(fact: Fact, value: Any, language: str, reader: Reading) -> str:
    match fact.type:
        case FactType.POST if value in reader.titles:
            return f"“{reader.titles[value]}”"
        case FactType.COUNT:
            return f"{value:,}".replace(",", _THOUSANDS[language])
        case FactType.DAY:
            return date.fromisoformat(value).strftime(_DAYS[language])
        case FactType.MOMENT:
            at = datetime.fromisoformat(value).astimezone(reader.zone)
            return at.strftime(f"{_DAYS[language]} %H:%M")
        case FactType.WORD:
            return fact.words[value][language]
    return str(value)
