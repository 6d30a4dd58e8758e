"""Kinds of notice: what people can be told, in which words, with which facts.

Words are templates in a part of ICU's message format: `{case_id}` is a fact, and
`{texts, plural, one {# text} other {# texts}}` chooses by the rules of the reader's language
(CLDR). Facts are ids, counts, days and words from a list, never free text: so no notice can carry
what its reader may not see, and everyone reads it in a language of her own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

ALWAYS = ("pt", "en")
"""Languages that every kind has words in; who reads none of its languages gets English."""

# CLDR 46, cardinal rules of whole numbers.
_PLURALS: Mapping[str, Callable[[int], bool]] = {
    "pt": lambda count: count in (0, 1),
    "en": lambda count: count == 1,
}
_SLUG = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
_PART = re.compile(
    r"\{(?P<fact>[a-z_]+)\}"
    r"|\{(?P<count>[a-z_]+), plural, one \{(?P<one>[^{}]*)\} other \{(?P<other>[^{}]*)\}\}"
)


class FactType(StrEnum):
    """A number that names something, one that names a post (shown by its title to who may read
    it), a number of things, a day, an instant, or a listed word."""

    ID = "id"
    POST = "post"
    COUNT = "count"
    DAY = "day"
    MOMENT = "moment"
    WORD = "word"


class Mailing(StrEnum):
    """When a notice is mailed, unless its reader has said otherwise."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    NEVER = "never"


@dataclass(frozen=True)
class Fact:
    """What stands for a fact of this type. `words`: of a WORD what each code means, by language."""

    type: FactType
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def kept(self, value: Any) -> int | str:
        """The value as it is stored. ValueError for one of another type."""
        if self.type in (FactType.ID, FactType.POST, FactType.COUNT):
            if isinstance(value, int) and not isinstance(value, bool):
                return value
        elif self.type is FactType.WORD:
            if value in self.words:
                return str(value)
        elif isinstance(value, datetime if self.type is FactType.MOMENT else date):
            return str(value.isoformat())
        raise ValueError(f"{value!r} is no {self.type.value} of it")


ID = Fact(FactType.ID)
POST = Fact(FactType.POST)
COUNT = Fact(FactType.COUNT)
DAY = Fact(FactType.DAY)
MOMENT = Fact(FactType.MOMENT)


def word(words: Mapping[str, Mapping[str, str]]) -> Fact:
    """A fact that is one of these codes, each with what it means in every language."""
    return Fact(FactType.WORD, words)


class Words(NamedTuple):
    """A line for a list, what it means for the reader, and when such a notice comes."""

    title: str
    text: str
    about: str


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """`about_fact` names the fact with the id of the thing of kind `about`; `link` is the path
    where it stands, with facts in braces. An urgent one passes quiet hours. Nobody turns off a
    mandatory one: she must have been told."""

    slug: str
    words: Mapping[str, Words]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    about: str
    about_fact: str
    link: str = ""
    mail: Mailing = Mailing.AT_ONCE
    in_app: bool = True
    is_urgent: bool = False
    is_mandatory: bool = False

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug):
            raise ValueError(f"notice {self.slug!r} must read like 'room.what_happened'")
        fault = self._fault()
        if fault:
            raise ValueError(f"notice {self.slug!r} {fault}")

    def _fault(self) -> str:
        missing = [language for language in ALWAYS if language not in self.words]
        unknown = [language for language in self.words if language not in _PLURALS]
        if missing or unknown:
            return (
                f"needs words in {' and '.join(ALWAYS)}, and in nothing whose plurals nobody knows"
            )
        for words in self.words.values():
            for template in (*words, self.link):
                fault = self._fault_in(template)
                if fault:
                    return fault
        for name, fact in self.facts.items():
            if any(set(self.words) - set(said) for said in fact.words.values()):
                return f"has no word for each {name} in each language"
        known = self.facts.get(self.about_fact)
        return (
            ""
            if known in (ID, POST)
            else f"is about {self.about_fact!r}, which is no id of its facts"
        )

    def _fault_in(self, template: str) -> str:
        for part in _PART.finditer(template):
            fact = self.facts.get(part["fact"] or part["count"])
            if fact is None:
                return f"names a fact that it does not declare: {part[0]}"
            if part["count"] and fact.type is not FactType.COUNT:
                return f"counts what is no count: {part[0]}"
        return "has a brace too many" if set("{}") & set(_PART.sub("", template)) else ""

    def kept(self, facts: Mapping[str, Any]) -> dict[str, int | str]:
        """The facts as they are stored. ValueError for one that is missing, too many or wrong."""
        if set(facts) != set(self.facts):
            raise ValueError(f"notice {self.slug!r} takes the facts {sorted(self.facts)}")
        return {name: self.facts[name].kept(value) for name, value in facts.items()}

    def language(self, locale: str) -> str:
        """The language of its words that a reader of this locale gets."""
        wanted = locale.lower().replace("_", "-").partition("-")[0]
        return wanted if wanted in self.words else "en"


def filled(
    template: str, language: str, shown: Mapping[str, str], counts: Mapping[str, Any]
) -> str:
    """The template with facts as they are shown; `counts` are those that choose a plural."""

    def fill(part: re.Match[str]) -> str:
        if part["fact"]:
            return shown[part["fact"]]
        name = part["count"]
        is_one = _PLURALS[language](abs(counts[name]))
        return (part["one"] if is_one else part["other"]).replace("#", shown[name])

    return _PART.sub(fill, template)
