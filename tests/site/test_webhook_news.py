"""Which news subscribers get of menus, media and comments: what readers notice, by id alone."""

from datetime import timedelta

import pytest

from cms.content import comment_rules
from cms.settings import Settings
from tests.site.test_webhooks import LOOPBACK, V2, run_jobs, subscribed
from tests.support.pictures import photo
from tests.support.subscriber import subscriber


@pytest.fixture
def settings(tmp_path):
    told = {"webhook_networks": LOOPBACK, "webhook_seconds": 60}
    return Settings(data_dir=str(tmp_path / "var"), plugins={"core": told})


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """People in tests comment faster than people do."""
    monkeypatch.setattr(comment_rules, "PAUSE", timedelta(0))


@pytest.fixture
async def admin(cms):
    return await cms.person("dona.marina", ["administrator"])


async def test_menus_media_and_comments_are_told_of_by_id(cms, admin):
    """Whose comment it is, what it says and what a draft's picture is called stay here."""
    async with subscriber() as other_end:
        await subscribed(admin, other_end.url, "menu.*", "media.*", "comment.*")
        post = await cms.draft(admin, title="Aberto", status="publish")
        menu = (await admin.post(f"{V2}/menus", {"name": "Principal"})).json()["id"]
        item = {"title": "Segredo", "url": "https://x.example/", "menus": menu, "type": "custom"}
        placed = (await admin.post(f"{V2}/menu-items", {**item, "status": "publish"})).json()["id"]
        picture = await cms.http.post(
            f"{V2}/media", files={"file": ("segredo.jpg", photo(40, 30))}, headers=admin.bearer
        )
        media = picture.json()["id"]
        await admin.post(f"{V2}/media/{media}", {"alt_text": "Segredo"})
        said = await admin.post(
            f"{V2}/comments",
            {"post": post["id"], "content": "Segredo", "author_name": "Helena Inventada"},
        )
        comment = said.json()["id"]
        await admin.delete(f"{V2}/comments/{comment}?force=true")
        await admin.delete(f"{V2}/media/{media}?force=true")
        await admin.delete(f"{V2}/menu-items/{placed}?force=true")
        await admin.delete(f"{V2}/menus/{menu}?force=true")
        await run_jobs(cms)
        told = {one.message["type"]: one.message["data"]["resource"] for one in other_end.heard}
    assert {"menu.created", "menu.deleted", "media.created", "media.deleted"} <= set(told)
    assert {"comment.created", "comment.deleted"} <= set(told)
    assert told["media.created"] == {"id": media, "type": "media"}
    assert told["comment.created"] == {"id": comment, "type": "comment"}
    everything = b"".join(one.body for one in other_end.heard).lower()
    for secret in (b"segredo", b"helena", b"marina", b"x.example", b"@"):
        assert secret not in everything


async def test_what_readers_do_not_see_is_not_told(cms, admin):
    """A held comment, an answer on a draft, a picture of a draft: nothing has changed for them."""
    async with subscriber() as other_end:
        await subscribed(admin, other_end.url, "media.*", "comment.*")
        draft = await cms.draft(admin, title="Rascunho")
        await cms.http.post(
            f"{V2}/media",
            files={"file": ("a.jpg", photo(40, 30))},
            data={"post": draft["id"]},
            headers=admin.bearer,
        )
        open_post = await cms.draft(admin, title="Aberto", status="publish")
        for status in ("hold", "spam"):
            body = {"post": open_post["id"], "content": f"x {status}", "status": status}
            assert (await admin.post(f"{V2}/comments", body)).status_code == 201
        locked = await cms.draft(admin, title="Com senha", status="publish", password="abre")
        body = {"post": locked["id"], "content": "sobre o que se tranca"}
        assert (await admin.post(f"{V2}/comments", body)).status_code == 201
        await run_jobs(cms)
        assert [one.message["type"] for one in other_end.heard] == []


async def test_moderation_is_told_as_readers_notice_it(cms, admin):
    async with subscriber() as other_end:
        await subscribed(admin, other_end.url, "comment.*")
        post = await cms.draft(admin, title="Aberto", status="publish")
        body = {"post": post["id"], "content": "Espera", "status": "hold"}
        comment = (await admin.post(f"{V2}/comments", body)).json()["id"]
        for status in ("approve", "spam", "trash"):
            answer = await admin.post(f"{V2}/comments/{comment}", {"status": status})
            assert answer.status_code == 200, answer.text
            await run_jobs(cms)
        told = [one.message["type"] for one in other_end.heard]
    assert told == ["comment.approved", "comment.withdrawn"]
