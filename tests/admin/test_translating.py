"""What people read, in their language."""

from pathlib import Path

import pytest

from cms.admin.mounting import templates_of
from cms.admin.translating import PORTUGUESE, Words, accepted, language_of
from cms.host import build_registry
from cms.settings import Settings
from plugins.medical_review.reviewing.errors import CountedAlready, OtherStage

HEAD = 'msgid ""\nmsgstr "Language: pt_BR\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
FILE = (
    HEAD
    + """
msgid "Rooms"
msgstr "Salas"

msgid "One room"
msgid_plural "%(num)d rooms"
msgstr[0] "Uma sala"
msgstr[1] "%(num)d salas"

msgid "The room %(name)s is saved."
msgstr "A sala %(name)s foi salva."

msgid "The room {0} is taken until {1}: choose another."
msgstr "Até {1} a sala {0} está ocupada: escolha outra."

msgid "Monday"
msgstr "segunda-feira"
"""
)


@pytest.fixture
def portuguese(tmp_path: Path) -> Words:
    (tmp_path / "pt").mkdir()
    (tmp_path / "pt" / "rooms.po").write_text(FILE)
    return Words("pt", [tmp_path])


def test_a_text_is_shown_in_the_language_of_its_reader(portuguese: Words) -> None:
    assert portuguese.gettext("Rooms") == "Salas"
    assert portuguese.say("The room %(name)s is saved.", name="3") == "A sala 3 foi salva."
    assert portuguese.gettext("Doors") == "Doors"
    assert Words("en", []).gettext("Rooms") == "Rooms"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "Uma sala"), (1, "Uma sala"), (2, "%(num)d salas")]
)
def test_portuguese_counts_nothing_as_one(portuguese: Words, count: int, said: str) -> None:
    assert portuguese.ngettext("One room", "%(num)d rooms", count) == said


def test_what_a_use_case_said_is_found_by_what_does_not_change_in_it(portuguese: Words) -> None:
    said = "The room A (blue) is taken until Monday: choose another."
    assert portuguese.told(said) == (
        "Até segunda-feira a sala A (blue) está ocupada: escolha outra."
    )
    assert portuguese.told("Rooms") == "Salas"
    assert portuguese.told("The room is closed.") == "The room is closed."
    assert portuguese.told("") == ""


def test_a_language_that_nobody_translated_is_english() -> None:
    assert language_of(["", "fr-FR", "pt_PT"]) == "pt"
    assert language_of(["de"]) == "en"
    assert accepted("fr;q=0.5, pt-BR, en;q=0.8, x;q=0, y;q=abc") == ["pt-BR", "en", "fr"]
    assert accepted(None) == []


def test_what_is_wrong_and_what_to_do_are_found_when_they_come_as_one() -> None:
    portuguese = templates_of(build_registry(Settings())).words(PORTUGUESE)
    said = portuguese.told(CountedAlready().message)
    assert said.startswith("Você, ou a pessoa por quem fala, já decidiu nesta revisão. O quórum")
    of_stage = portuguese.told(OtherStage("medical", ["physician"]).message)
    assert "Espere" in of_stage
    assert "Your roles" not in of_stage
