"""A page of posts takes the same statements whatever the site holds, and walks its index."""

from typing import Any

from sqlalchemy.dialects import postgresql

from cms.content.browsing import LISTED, Browsing, _walk, browse
from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic
from tests.support.queries import counted
from tests.support.visiting import Visitor

LIST, FORM, HOME = 11, 30, 12
"""Statements of a list, of the form of a reviewed text with every panel, and of the first page."""


async def statements(cms: Clinic, page: Visitor, path: str) -> int:
    await page.get(path)
    with counted(cms.host) as sent:
        assert (await page.get(path)).status == 200
    return len(sent)


async def test_pages_of_posts_are_not_asked_about_one_by_one(
    cms: Clinic, visitor: Visiting
) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    made = await cms.draft(eva, base="medical-articles")
    paths = {
        "/admin/posts?type=medical_article": LIST,
        f"/admin/posts/{made['id']}": FORM,
        "/admin": HOME,
    }
    before = {path: await statements(cms, page, path) for path in paths}
    for number in range(5):
        await cms.draft(eva, title=f"Nota {number}", base="medical-articles")
    after = {path: await statements(cms, page, path) for path in paths}
    assert after == before
    assert {path: count for path, count in after.items() if count > paths[path]} == {}


async def test_a_list_is_walked_along_its_index(cms: Clinic) -> None:
    eva, ana = await cms.person("eva", ["editor"]), await cms.person("ana")
    async with eva.work() as work:
        asked = Browsing(work.registry.post_types["post"])
        assert await browse(work, asked) == []
        assert "posts_newest" in await _plan(work, asked)
    async with ana.work() as work:
        assert "posts_of_author" in await _plan(work, asked)


async def _plan(work: Any, asked: Browsing) -> str:
    """How the database would walk one status of the list, if sorting cost more than it does."""
    walk = _walk(work, asked, LISTED[0], None)
    sql = walk.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    for setting in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
        await work.execute(f"set local {setting} = off")
    rows = await work.all(f"explain {sql}".replace(":", "\\:"))
    return "\n".join(row[0] for row in rows)
