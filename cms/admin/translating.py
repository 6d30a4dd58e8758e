"""What people read, in their language. The source is English; `translations/<language>/*.po` beside
the templates hold the others, in the form that translators' tools know (GNU gettext)."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ENGLISH, PORTUGUESE = "en", "pt"
LANGUAGES = (PORTUGUESE, ENGLISH)
TAGS = {PORTUGUESE: "pt-BR", ENGLISH: "en"}
NAMES = {PORTUGUESE: "Português", ENGLISH: "English"}


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Marks a text that is written where no reader is known yet; the page translates it."""
    return text


class Words:
    """The texts of one language. One that is not there is shown in English."""

    def __init__(self, language: str, folders: Iterable[Path]) -> None:
        self.language = language
        self._one: dict[str, str] = {}
        self._many: dict[str, tuple[str, str]] = {}
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
        elif all(message.string):
            one, many = message.string[0], message.string[1]
            self._many[message.id[0]] = (one, many)

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


Catalogue = Mapping[str, Words]
