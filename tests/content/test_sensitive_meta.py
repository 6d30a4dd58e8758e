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


async def test_whoever_may_not_see_it_cannot_change_it_by_sending_back_what_she_got(noticeboard):
    cms = noticeboard
    root = await cms.person("root", roles=("administrator",))
    made = await cms.draft(root, "notices", meta={"room": ROOM})
    address = f"/wp-json/wp/v2/notices/{made['id']}"
    editor = await cms.person("edith", roles=("editor",))
    shown = (await editor.get(f"{address}?context=edit")).json()["meta"]
    back = await editor.post(address, {"title": "Outra", "meta": shown})
    assert back.status_code == 200, back.text
    assert (await root.get(f"{address}?context=edit")).json()["meta"]["room"] == ROOM
    refused = await editor.post(address, {"meta": {"room": "leito 1"}})
    assert (refused.status_code, "room" in refused.json()["message"]) == (403, True)


async def test_meta_of_people_is_sealed_too_and_leaves_with_them(noticeboard):
    cms = noticeboard
    root = await cms.person("root", roles=("administrator",))
    ana = await cms.person("ana")
    address = f"/wp-json/wp/v2/users/{ana.id}"
    kept = await root.post(address, {"meta": {"bed": ROOM}})
    assert kept.json()["meta"]["bed"] == ROOM
    async with cms.as_system() as work:
        one = await work.one(text("select meta from cms.users where id = :id"), {"id": ana.id})
        assert list(one.meta["bed"]) == ["$sealed"]
    assert (await ana.get("/wp-json/wp/v2/users/me?context=edit")).json()["meta"]["bed"] == ""
    assert (await ana.post(address, {"meta": {"bed": "leito 1"}})).status_code == 403
    again = await root.post(address, {"meta": {"bed": ROOM}})
    assert again.json()["meta"]["bed"] == ROOM
    gone = await root.delete(f"{address}?force=true&reassign={root.id}")
    assert gone.status_code == 200, gone.text
    async with cms.as_system() as work:
        rows = await work.all(text("select field from cms.sealed_values where subject = 'user'"))
    assert rows == []
