"""Registered meta that is sensitive: sealed, and shown to those who may see it."""

from typing import Any

import pytest
from sqlalchemy import text

from cms.kernel.declarations import MetaKey
from tests.support.clinic import Clinic

ROOM = "leito 7781"


def test_what_is_sensitive_cannot_be_searched() -> None:
    with pytest.raises(ValueError, match="cannot be searched"):
        MetaKey("room", {"type": "string"}, ("notice",), searchable=True, is_sensitive=True)


async def _stored(cms: Clinic, post_id: int) -> list[Any]:
    async with cms.as_system() as work:
        rows = await work.all(
            text("select meta from cms.revisions where post_id = :id order by id"), {"id": post_id}
        )
    return [row.meta["room"] for row in rows]


async def test_it_is_sealed_and_its_readers_get_it_back(noticeboard: Clinic) -> None:
    cms = noticeboard
    root = await cms.person("root", roles=("administrator",))
    made = await cms.draft(root, "notices", meta={"room": ROOM})
    assert made["meta"]["room"] == ROOM
    assert [list(one) for one in await _stored(cms, made["id"])] == [["$sealed"]]
    address = f"/wp-json/wp/v2/notices/{made['id']}"
    assert (await root.get(f"{address}?context=edit")).json()["meta"]["room"] == ROOM
    editor = await cms.person("edith", roles=("editor",))
    assert (await editor.get(f"{address}?context=edit")).json()["meta"]["room"] == ""


async def test_sent_back_unchanged_it_makes_no_revision(noticeboard: Clinic) -> None:
    cms = noticeboard
    root = await cms.person("root", roles=("administrator",))
    made = await cms.draft(root, "notices", meta={"room": ROOM})
    address = f"/wp-json/wp/v2/notices/{made['id']}"
    await root.post(address, {"meta": {"room": ROOM}})
    assert len(await _stored(cms, made["id"])) == 1
    after = (await root.post(address, {"meta": {"room": "leito 8"}, "title": "Outra"})).json()
    assert after["meta"]["room"] == "leito 8"
    assert len(await _stored(cms, made["id"])) == 2
