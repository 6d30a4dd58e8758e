"""What people read, in their language. The source is English; `translations/<language>/*.po` beside
the templates hold the others, in the form that translators' tools know (GNU gettext)."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ENGLISH, PORTUGUESE = "en", "pt"
LANGUAGES = (PORTUGUESE, ENGLISH)
TAGS = {PORTUGUESE: "pt-BR", ENGLISH: "en"}
NAMES = {PORTUGUESE: "Português", ENGLISH: "English"}

_PLACE = re.compile(r"\{\d+\}")
# What is said is looked up by so many of its first characters.
_PREFIX = 12


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Marks a text that is written where no reader is known yet; the page translates it."""
    return text


class Words:
    """The texts of one language. One that is not there is shown in English."""

    def __init__(self, language: str, folders: Iterable[Path]) -> None:
        self.language = language
        self._one: dict[str, str] = {}
        self._many: dict[str, tuple[str, str]] = {}
        self._patterns: dict[str, list[tuple[re.Pattern[str], str]]] = {}
        if language != ENGLISH:
            for folder in folders:
                self._read(folder / language)

    def _read(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.po")):
            with path.open("rb") as file:
                for message in read_po(file, locale=self.language):
                    self._keep(message)

    def _keep(self, message: Message) -> None:
        if isinstance(message.id, str):
            if message.id and message.string:
                self._one[message.id] = str(message.string)
                self._keep_pattern(message.id, str(message.string))
        elif isinstance(message.string, (tuple, list)) and all(message.string):
            one, many = message.string[0], message.string[1]
            self._many[message.id[0]] = (one, many)

    def _keep_pattern(self, text: str, said: str) -> None:
        literals = _PLACE.split(text)
        if len(literals) > 1:
            pattern = re.compile("(.*?)".join(map(re.escape, literals)), re.DOTALL)
            self._patterns.setdefault(literals[0][:_PREFIX], []).append((pattern, said))

    def gettext(self, text: str) -> str:
        return self._one.get(text, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """CLDR 46: Portuguese counts 0 as one, English does not."""
        forms = self._many.get(one, (one, many))
        is_one = count in (0, 1) if self.language == PORTUGUESE else count == 1
        return forms[0] if is_one else forms[1]

    def say(self, text: str, **facts: Any) -> str:
        """The text with its facts, which stand in it as %(name)s."""
        return self.gettext(text) % facts

    def told(self, text: str) -> str:
        """What a use case said in English, with its facts in it already. The API speaks English
        only, so its messages are no templates any more when they arrive here: the text that they
        were made from is found by its fixed parts, and what stood between them is put into the
        translation. It stands in the files with {0}, {1} … for its facts."""
        found = self._found(text, range(_PREFIX, 0, -1))
        return found or self._joined(text) or self._found(text, (0,)) or text

    def _found(self, text: str, lengths: Iterable[int]) -> str | None:
        """By the fixed parts of a text, of those that begin with so many of its characters."""
        if text in self._one:
            return self._one[text]
        for length in lengths:
            for pattern, said in self._patterns.get(text[:length], ()):
                found = pattern.fullmatch(text)
                if found is not None:
                    return said.format(*map(self.told, found.groups()))
        return None

    def _joined(self, text: str) -> str | None:
        """What is wrong and what to do about it may come as one text: each is looked up by itself.
        A text that takes anything at its beginning would take the whole first sentence."""
        for stop in re.finditer(r"[.!?] ", text):
            first, rest = text[: stop.start() + 1], text[stop.end() :]
            known = self._found(first, range(_PREFIX, 0, -1))
            if known is not None and (said := self.told(rest)) != rest:
                return f"{known} {said}"
        return None


def language_of(wanted: Iterable[str]) -> str:
    """The first that there are texts in; tags such as pt_BR and pt-PT are both Portuguese."""
    for tag in wanted:
        language = tag.lower().replace("_", "-").partition("-")[0]
        if language in LANGUAGES:
            return language
    return ENGLISH


def accepted(header: str | None) -> list[str]:
    """The languages of an Accept-Language header, the best first (RFC 9110 §12.5.4)."""
    ranked = []
    for part in (header or "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            ranked.append((-float(quality or 1), tag))
        except ValueError:
            continue
    return [tag for rank, tag in sorted(ranked, key=lambda one: one[0]) if tag and rank < 0]
