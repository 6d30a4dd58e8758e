"""The documentation cannot rot: what is in the code is in the reference, as it is."""

import re
from pathlib import Path

import pytest

from tests.support.reference import HOME, pages

DOCS = HOME.parent
PAGES = [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_up_to_date(name):
    assert (HOME / name).read_text() == pages()[name], "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(DOCS.parent)))
def test_links_between_pages_lead_somewhere(page: Path):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_decision_is_listed():
    listed = (DOCS / "decisions" / "README.md").read_text()
    files = {path.name for path in (DOCS / "decisions").glob("0*.md")}
    assert {name for name in files if f"({name})" not in listed} == set()
