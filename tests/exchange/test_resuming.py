"""An import that was killed is taken up by the same command; references find what came later."""

import pytest

from cms.exchange import importing
from cms.exchange.errors import WxrFault
from cms.exchange.report import Outcome
from tests.exchange.conftest import notes, read, told
from tests.exchange.files import author, export, item

POSTS = "/wp-json/wp/v2/posts"


class Killed(BaseException):
    """As SIGKILL would: nothing of the import runs any more."""


@pytest.fixture
def dies(monkeypatch):
    """The process dies when the item of this id is brought."""

    def at(old_id: int) -> None:
        real = importing.items.bring

        async def bring(batch, thing):
            if thing.id == old_id:
                raise Killed
            return await real(batch, thing)

        async def close(*_):
            """A dead process writes nothing."""

        monkeypatch.setattr(importing.items, "bring", bring)
        monkeypatch.setattr(importing.Import, "_close", close)

    return at


async def test_what_was_done_is_done_and_the_rest_follows(cms, bring, dies, monkeypatch):
    raw = export(author("ana", 7), *(item(number) for number in range(1, 13)))
    with monkeypatch.context():
        dies(8)
        with pytest.raises(Killed):
            await bring(raw, batch=3)
    monkeypatch.undo()
    found = (await cms.http.get(f"{POSTS}?per_page=100&_fields=id")).json()
    assert sorted(post["id"] for post in found) == [1, 2, 3, 4, 5, 6]
    report = await bring(raw, batch=3)
    assert report.is_resumed
    assert report.counts.outcomes["post"] == {"unchanged": 6, "created": 6}
    found = (await cms.http.get(f"{POSTS}?per_page=100&_fields=id")).json()
    assert sorted(post["id"] for post in found) == list(range(1, 13)), "ids are kept all the same"
    lines = [key for kind, key, _ in await told(cms, report) if kind == "post"]
    assert lines == [str(number) for number in range(1, 13)], "one report of both halves"
    async with cms.as_system() as work:
        rows = await work.all("select state from cms.import_runs")
    assert [row.state for row in rows] == ["finished"]


async def test_a_broken_file_changes_nothing(cms, bring):
    with pytest.raises(WxrFault, match="broken at line"):
        await bring(export(item(1), item(2))[:-60])
    async with cms.as_system() as work:
        assert (await work.one("select count(*) from cms.import_runs"))[0] == 0
        assert (await work.one("select count(*) from cms.posts"))[0] == 0


async def test_a_parent_may_come_later_in_the_file(cms, bring):
    """The pages of a reviewed or unreviewed type alike; the child has its own slug back."""
    raw = export(
        item(1, slug="contato", title="Filho um", parent=3),
        item(2, slug="contato", title="Filho dois", parent=4),
        item(3, slug="a", title="A"),
        item(4, slug="b", title="B"),
        item(5, slug="neto", title="Neto", parent=1),
    )
    report = await bring(raw, batch=2)
    async with cms.as_system() as work:
        rows = await work.all("select id, parent_id, slug, modified_local from cms.posts")
    found = {row.id: (row.parent_id, row.slug) for row in rows}
    assert found == {
        1: (3, "contato"),
        2: (4, "contato"),
        3: (None, "a"),
        4: (None, "b"),
        5: (1, "neto"),
    }
    assert {row.modified_local.year for row in rows} == {2019}
    assert ("reference", "2", "changed") in await told(cms, report)
    again = await bring(raw)
    assert again.counts.of(Outcome.UNCHANGED) == 5
    assert await told(cms, again) == []


async def test_what_never_comes_is_told(cms, bring):
    report = await bring(export(item(1, parent=99, meta={"_thumbnail_id": "98"})))
    said = await notes(cms, report, "1")
    assert any("parent 99, thumbnail 98" in note for note in said)
    assert not report.is_whole
    assert (await read(cms, "posts", 1))["featured_media"] == 0


async def test_a_parent_that_a_later_export_brings_is_found(cms, bring):
    await bring(export(item(1, parent=99)))
    await bring(export(item(1, parent=99), item(99, slug="acima")))
    async with cms.as_system() as work:
        row = await work.one("select parent_id from cms.posts where id = 1")
    assert row.parent_id == 99
