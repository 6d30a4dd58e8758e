"""What the editor and the server have to agree on: bytes, words, and how much there is to load."""

import gzip
import re

from cms.admin.editor_words import WORDS, editor_words
from cms.markup.clean import clean_content
from tests.editor.building import FRONTEND
from tests.editor.texts import paragraph

SOURCES = FRONTEND / "src" / "editor"
_WORD = re.compile(r"""\bword\(\s*(?:is\w+ \? )?'([^']+)'(?: : '([^']+)')?""")
_ACTION = re.compile(r"""\bid: '([\w.]+)'|\b(?:mark|list)\('(\w+)'""")

BUDGET = 130 * 1024
"""Bytes of the editor's script as it is sent, gzip."""


async def test_the_cleaning_keeps_every_byte_of_what_is_written(write):
    at = await write()
    await at.at("p")
    await at.type("Um")
    for kind in ("separator", "references"):
        await at.call("insertBlock", kind)
    await at.call("insertBlock", "paragraph")
    await at.call("insertBlock", "callout", {"kind": "contraindication"})
    await at.type('Não & <nunca> "x"')
    await at.press("Enter")
    await at.type("Na gestação")
    await at.call("insertCitation", {"ref": "doi:10.5555/a pmid:123", "label": "1,2"})
    await at.call("insertBlock", "table", {"rows": 2, "columns": 2})
    image = {"url": "/m/a.png?x=1&y=2", "alt": 'a "b" <c>', "id": 7, "focus": {"x": 30, "y": 40}}
    await at.call("insertBlock", "image", {**image, "caption": "Curva > 5"})
    await at.call("insertBlock", "code")
    text = await at.value()
    assert re.findall(r"<!-- wp:(\S+)", text) == [
        "paragraph", "separator", "cms/references", "cms/callout", "paragraph", "table", "image",
        "code",
    ]  # fmt: skip
    assert clean_content(text) == text


async def test_texts_of_the_corpus_that_the_server_stores_stay_as_they_are(laws):
    stored = clean_content(paragraph('<span style="color:red" class="x">a</span> 5&nbsp;mg'))
    assert await laws.evaluate("s => laws.faults(s)", stored) == []


def _asked_words() -> set[str]:
    found: set[str] = set()
    for path in SOURCES.glob("*.ts"):
        found |= {key for pair in _WORD.findall(path.read_text()) for key in pair if key}
    found |= set(re.findall(r"button\('([\w.]+)'", (SOURCES / "drafting.ts").read_text()))
    labels = re.search(r"'(buttons [^']+)'", (SOURCES / "labels.ts").read_text())
    assert labels
    found |= {f"frame.{name}" for name in labels[1].split()}
    actions = (SOURCES / "actions.ts").read_text()
    found |= {f"action.{name}" for pair in _ACTION.findall(actions) for name in pair if name}
    found |= {f"action.heading{level}" for level in (2, 3, 4)}
    kinds = ("warning", "dosage", "contraindication")
    return found | {f"{start}callout.{kind}" for kind in kinds for start in ("", "action.")}


def test_every_word_of_the_editor_is_there_and_asked_for():
    assert _asked_words() == set(WORDS)


def test_words_are_given_in_both_languages():
    assert editor_words("pt-BR")["action.strong"] == "Negrito"
    assert editor_words("en")["action.strong"] == "Bold"
    assert all(text for texts in WORDS.values() for text in texts)


def test_the_script_keeps_within_its_budget(assets):
    assert len(gzip.compress((assets / "editor.js").read_bytes(), 9)) <= BUDGET


def test_a_module_can_be_read_in_one_sitting():
    lines = {path.name: len(path.read_text().splitlines()) for path in SOURCES.glob("*.ts")}
    assert {name: count for name, count in lines.items() if count > 400} == {}
