"""The page of docs/reference that lists the journeys in a real browser, read from their tests."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

TESTS = Path(__file__).parents[1]
PEOPLE = "journeys/people"
MODULES: Mapping[str, tuple[str, ...]] = {
    "Authors": (f"{PEOPLE}/test_authors.py", "browser/test_keyboard_only.py"),
    "Reviewers": (
        f"{PEOPLE}/test_reviewers.py",
        "plugins/medical_review/screens/test_journeys.py",
    ),
    "Officers": (f"{PEOPLE}/test_officers.py", "admin/test_officer_journeys.py"),
    "Administrators": (
        f"{PEOPLE}/test_administrators.py",
        "admin/test_administrator_journeys.py",
    ),
    "Everybody": (f"{PEOPLE}/test_everyone.py",),
}
# It looks at screens one by one.
_NO_JOURNEY = "test_everybody_can_use_the_officers_screens"
# What the source of a journey says when it goes this way too.
_WAYS = {
    "without scripts": ("scripts=False", "no scripts"),
    "on a telephone": ("PHONE",),
    "in Portuguese": ('"pt-BR"',),
}


def journeys(person: str) -> Iterator[tuple[str, str, str, str]]:
    """Name as a sentence, what it is about, in which ways, and its file below tests/."""
    for name in MODULES[person]:
        source = (TESTS / name).read_text()
        for node in ast.parse(source).body:
            if not isinstance(node, ast.AsyncFunctionDef) or node.name == _NO_JOURNEY:
                continue
            if node.name.startswith("test_"):
                said = [*node.decorator_list, node]
                text = "\n".join(ast.get_source_segment(source, one) or "" for one in said)
                ways = [way for way, marks in _WAYS.items() if any(one in text for one in marks)]
                sentence = node.name.removeprefix("test_").replace("_", " ")
                about = " ".join((ast.get_docstring(node) or "").split())
                yield sentence[0].upper() + sentence[1:], about, ", ".join(ways), name


def sections() -> Iterator[tuple[str, list[tuple[str, str, str, str]]]]:
    """For each kind of person, its journeys."""
    for person in MODULES:
        yield person, list(journeys(person))
