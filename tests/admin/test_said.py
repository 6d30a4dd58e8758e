"""What use cases say, in the words of those who read it on a screen."""

import re
from collections import defaultdict
from pathlib import Path

from babel.messages.pofile import read_po

from cms.admin.translating import PORTUGUESE, Words
from tests.admin.test_templates import FOLDERS
from tests.architecture.sources import modules
from tests.support.said import SPOKEN_ELSEWHERE, said, untranslated

_PLACE = re.compile(r"\{\d*\}")


def test_whatever_is_said_is_there_in_portuguese() -> None:
    assert untranslated() == {}, "add them to a translations/pt/said.po"


def test_what_is_said_is_found_in_the_sources() -> None:
    """Errors, objections, faults of helpers, findings about the installation, words of media."""
    found = {text for text, _ in said()}
    assert found >= {
        "Sign in first.",
        "Mend the text, answer in the thread, and have a reviewer resolve it; "
        "/api/v1/reviews/threads/of-post/{0}?state=open lists them.",
        "must have at least {0} characters; add some words",
        "none is set: nobody is told anything by mail",
        "The file is not a PDF document.",
        "authenticator app",
    }


def test_a_room_that_is_not_looked_at_is_there() -> None:
    names = [f"{name}." for name in modules("cms", "plugins")]
    gone = {
        room for room in SPOKEN_ELSEWHERE if not any(one.startswith(f"{room}.") for one in names)
    }
    assert gone == set()


def test_a_translation_has_no_fact_that_its_text_lacks() -> None:
    words = Words(PORTUGUESE, [folder / "translations" for folder in FOLDERS])
    wrong = {
        text: translation
        for text, translation in words._one.items()
        if not {*_PLACE.findall(translation)} <= {*_PLACE.findall(text)}
    }
    assert wrong == {}


def test_a_text_has_one_translation() -> None:
    """All catalogues are read together: of two the last would count, wherever the text stands.
    What means two things in English is told apart by a context (`pgettext`)."""
    found: dict[object, dict[object, Path]] = defaultdict(dict)
    for folder in FOLDERS:
        for path in (folder / "translations" / PORTUGUESE).glob("*.po"):
            for message in read_po(path.read_bytes().splitlines(keepends=True), locale="pt"):
                if message.id:
                    text = message.id if isinstance(message.id, str) else message.id[0]
                    found[message.context, text].setdefault(str(message.string), path)
    assert {text: both for text, both in found.items() if len(both) > 1} == {}


async def test_a_page_names_what_is_not_there(visitor) -> None:
    officer = await visitor("olivia", roles=["administrator"], language="pt")
    seen = await officer.get("/admin/fields/group_nowhere")
    assert seen.status == 404
    assert "Não encontrado: grupo de campos group_nowhere." in seen.words
