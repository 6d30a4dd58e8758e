"""The user guides speak the words of the screens, in both languages, with pictures that exist."""

import re
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
GUIDES = HOME / "docs" / "guides"
ROLES = ("administrator", "author", "officer", "reviewer")
_MESSAGE = re.compile(r'^msgid "(.+)"\nmsgstr "(.+)"$', re.MULTILINE)


def words_of(language: str) -> set[str]:
    """What stands on screens; English is what the translations are of."""
    catalogues = [
        *HOME.glob("cms/admin/translations/pt/*.po"),
        *HOME.glob("plugins/*/screens/translations/pt/*.po"),
    ]
    found = [pair for one in catalogues for pair in _MESSAGE.findall(one.read_text())]
    return {pair[language == "pt"] for pair in found}


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("role", ROLES)
def test_a_guide_names_what_stands_on_the_screens(role: str, language: str) -> None:
    text = (GUIDES / language / f"{role}.md").read_text()
    named = {" ".join(one.split()) for one in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)}
    assert named
    assert named - words_of(language) == set()


def test_every_picture_of_a_guide_is_there_and_none_besides() -> None:
    shown = {
        (page.parent / address).resolve()
        for page in GUIDES.glob("*/*.md")
        for address in re.findall(r"!\[[^\]]+\]\((\S+)\)", page.read_text())
    }
    kept = set((HOME / "docs" / "images").iterdir())
    assert shown == kept
    assert max(one.stat().st_size for one in kept) <= 60 * 1024
