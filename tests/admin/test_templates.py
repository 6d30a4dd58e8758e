"""Rules that every template and every text of the web application keeps."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from cms.admin.rendering import HERE, Templates, folder_of
from cms.admin.translating import PORTUGUESE, Words
from cms.host import build_registry
from cms.settings import Settings

REGISTRY = build_registry(Settings())
FOLDERS = [HERE, *(folder_of(p.screens) for p in REGISTRY.plugins if p.screens)]
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "say": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
TEMPLATES = sorted(path for folder in FOLDERS for path in folder.rglob("*.html"))

# Each is stopped by the content security policy, and silently so for whoever only looks at it.
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.I),
    "an inline style": re.compile(r"<style|\sstyle\s*=", re.I),
    "an event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']|hx-on", re.I),
    "a value that is a program": re.compile(r"=[\"']js:|javascript:", re.I),
    "a trigger with a filter": re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\[", re.I),
    "an address elsewhere": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.I),
}


def _texts() -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        found = extract_from_dir(
            folder,
            method_map=[("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")],
            options_map={"**/templates/**.html": {"extensions": "jinja2.ext.do"}},
            keywords=KEYWORDS,
            directory_filter=lambda path: Path(path).name not in {"node_modules", "static"},
        )
        for name, line, message, _, context in found:
            text = message[0] if isinstance(message, tuple) else message
            yield (f"{context}\x04{text}" if context else text), f"{folder / name}:{line}"


def test_everything_that_people_read_is_there_in_portuguese() -> None:
    words = Words(PORTUGUESE, [folder / "translations" for folder in FOLDERS])
    known = {*words._one, *words._many}
    missing = {text: where for text, where in _texts() if text not in known}
    assert missing == {}, "add them to translations/pt/*.po beside the templates"


def test_a_translation_takes_the_facts_that_its_text_has() -> None:
    words = Words(PORTUGUESE, [folder / "translations" for folder in FOLDERS])
    facts = re.compile(r"%\((\w+)\)s")
    wrong = [
        text
        for text, said in words._one.items()
        if {*facts.findall(text)} != {*facts.findall(said)}
    ]
    assert wrong == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_nothing_that_the_browser_would_refuse(path: Path) -> None:
    source = path.read_text()
    assert [name for name, found in FORBIDDEN.items() if found.search(source)] == []


def test_every_template_can_be_read() -> None:
    templates = Templates(REGISTRY)
    for environment in templates._environments.values():
        for name in environment.list_templates(["html"]):
            environment.get_template(name)


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("{{ _(text) }}", "&lt;b&gt; 50% &amp;"),
        ("{{ _('Use %(title)s', title=text) }}", "Use &lt;b&gt; 50% &amp;"),
        ("{{ _('a %% of') }}", "a % of"),
    ],
)
def test_no_text_is_markup(source: str, seen: str) -> None:
    """A word of the site's own, such as the name of a type, goes through the same function."""
    drawn = Templates(REGISTRY)._environments["en"].from_string(source)
    assert drawn.render(text="<b> 50% &") == seen
