"""Screens speak one language: that of who reads them."""

from collections.abc import Iterator

import pytest

from cms.admin.translating import PORTUGUESE, Words
from cms.host import build_registry
from cms.settings import Settings
from tests.admin.test_templates import FOLDERS
from tests.support.demo import demo_site
from tests.support.languages import catalogues, has_english_words, screens, texts
from tests.support.visiting import Visitor

# What the site or somebody else has named: literature, fields in the language of the site.
NAMES = (
    "Tissue plasminogen activator",
    "Campos do artigo médico",
    "Nível de evidência",
    "The International Classification of Headache Disorders",
    "Headache Classification Committee",
    "keep signed heads elsewhere",
    "F j, Y",
)
LEAST_SCREENS = 120


@pytest.fixture
async def everybody(cms) -> Visitor:
    """Somebody with every role there is, at the demo clinic."""
    await demo_site(cms)
    person = await cms.person("iris", list(cms.host.registry.roles))
    return await Visitor.of(cms, person)


async def test_every_screen_speaks_the_language_of_its_reader(everybody: Visitor) -> None:
    """In Portuguese no text is an English one of the catalogues, or has words that only English
    has. In English none is a Portuguese one; the clinic's own texts are."""
    english, portuguese = catalogues()
    foreign = {text for text in portuguese - english if " " in text}
    left, count = [], 0
    everybody.language = "pt"
    async for address, seen in screens(everybody):
        count += 1
        left += [
            f"{address}: {one}" for one in texts(seen) if _is_english(one, english - portuguese)
        ]
        everybody.language = "en"
        for text in texts(await everybody.get(address)):
            if text in foreign and text not in NAMES:
                left.append(f"{address}, in English: {text}")
        everybody.language = "pt"
    assert not left, "\n".join(dict.fromkeys(left))
    assert count >= LEAST_SCREENS


def _is_english(text: str, english: set[str]) -> bool:
    if any(name in text for name in NAMES):
        return False
    return has_english_words(text) or (" " in text and text in english)


def _kinds() -> Iterator[str]:
    registry = build_registry(Settings())
    yield from (one.resource for one in registry.actions)


def test_every_kind_of_thing_has_a_name_in_portuguese() -> None:
    words = Words(PORTUGUESE, [folder / "translations" for folder in FOLDERS])
    nameless = {kind for kind in _kinds() if kind.replace("_", " ") not in words._one}
    assert nameless == set()
