"""What is kept of a text beside saving it: autosaves, locks, revisions, previews."""

import httpx

from tests.admin.conftest import Visiting
from tests.admin.test_posts_edit import opened, stored
from tests.support.clinic import Clinic
from tests.support.visiting import Visitor

TOKEN = "0123456789abcdef"


async def keep(page: Visitor, post_id: int, base: str, **texts: str) -> httpx.Response:
    sent = {"base": base, **texts}
    return (await page.send(f"/admin/posts/{post_id}/autosave", sent)).response


async def test_ones_own_draft_is_saved_while_it_is_typed(cms: Clinic, visitor: Visiting) -> None:
    ana, page = await cms.person("ana"), await visitor("ana")
    made = await cms.draft(ana)
    _, form = await opened(page, made["id"])
    kept = (await keep(page, made["id"], form["base"], content="<p>Mais.</p>")).json()
    assert kept["is_saved"]
    assert kept["told"].startswith("Saved at ")
    assert (await stored(cms, "ana", made["id"]))["content"]["raw"] == "<p>Mais.</p>"
    # The next one is typed over the text that was saved.
    outdated = await keep(page, made["id"], form["base"], content="<p>Velho.</p>")
    assert outdated.status_code == 409
    assert (await keep(page, made["id"], kept["base"], content="<p>Novo.</p>")).status_code == 200


async def test_what_is_typed_into_a_live_text_is_kept_beside_it(
    cms: Clinic, visitor: Visiting
) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    made = await cms.draft(eva, status="publish")
    _, form = await opened(page, made["id"])
    kept = (await keep(page, made["id"], form["base"], content="<p>Ainda não.</p>")).json()
    assert not kept["is_saved"]
    assert (await stored(cms, "eva", made["id"]))["content"]["raw"] == "<p>Texto.</p>"
    seen, _ = await opened(page, made["id"])
    assert "did not save it" in seen.words
    shown = await page.get(f"/admin/posts/{made['id']}?autosave=true")
    assert shown.fields(f"/admin/posts/{made['id']}")["content"] == "<p>Ainda não.</p>"


async def test_whoever_comes_second_is_told_who_writes(cms: Clinic, visitor: Visiting) -> None:
    await cms.person("eva", ["editor"])
    ana, page = await cms.person("ana"), await visitor("ana")
    made = await cms.draft(ana)
    path = f"/admin/posts/{made['id']}"
    other = await visitor("eva", ["editor"])
    mine = (await page.send(f"{path}/lock", {"token": TOKEN})).response.json()
    assert mine == {"is_mine": True, "holder": ""}
    theirs = (await other.send(f"{path}/lock", {"token": TOKEN[::-1]})).response.json()
    assert theirs == {"is_mine": False, "holder": "Ana"}
    assert "Ana is writing in this text" in (await other.get(path)).words
    assert (await other.follow(await other.send(f"{path}/take-over", {}))).status == 200
    lost = (await page.send(f"{path}/lock", {"token": TOKEN})).response.json()
    assert lost == {"is_mine": False, "holder": "Eva"}


async def test_a_page_that_is_closed_lets_the_text_go(cms: Clinic, visitor: Visiting) -> None:
    ana, page = await cms.person("ana"), await visitor("ana")
    other = await visitor("eva", ["editor"])
    path = f"/admin/posts/{(await cms.draft(ana))['id']}"
    await page.send(f"{path}/lock", {"token": TOKEN})
    await page.send(f"{path}/lock", {"token": TOKEN, "leaving": "1"})
    free = (await other.send(f"{path}/lock", {"token": TOKEN})).response.json()
    assert free["is_mine"]
    assert (await other.send(f"{path}/lock", {"token": "short"})).status == 400


async def test_an_old_text_is_compared_and_brought_back(cms: Clinic, visitor: Visiting) -> None:
    ana, page = await cms.person("ana"), await visitor("ana")
    made = await cms.draft(ana, content="<p>Tome 5 mg.</p>")
    await ana.post(f"/wp-json/wp/v2/posts/{made['id']}", {"content": "<p>Tome 50 mg.</p>"})
    listed = await page.get(f"/admin/posts/{made['id']}/revisions")
    links = [one for one in listed.links if f"/{made['id']}/revisions/" in one]
    assert len(links) == 2
    newest = await page.get(links[0])
    assert [one.text() for one in newest.tree.css("del")] == [" 5"]
    assert [one.text() for one in newest.tree.css("ins")] == [" 50"]
    oldest = await page.get(links[1])
    path = links[1].partition("?")[0]
    seen = await page.follow(await page.send(path, oldest.fields(path)))
    assert "what it was in that revision" in seen.words
    assert (await stored(cms, "ana", made["id"]))["content"]["raw"] == "<p>Tome 5 mg.</p>"
    late = await page.follow(await page.send(path, oldest.fields(path)))
    assert "Nothing was brought back" in late.words


async def test_a_text_is_shown_and_shared_before_it_is_published(
    cms: Clinic, visitor: Visiting
) -> None:
    ana, page = await cms.person("ana"), await visitor("ana")
    path = f"/admin/posts/{(await cms.draft(ana))['id']}"
    asked = await page.get(f"{path}/preview")
    assert not asked.tree.css("iframe")
    seen = await page.send(f"{path}/preview", {})
    frames = [one.attributes for one in seen.tree.css("iframe")]
    assert len(frames) == 2
    assert all(one["src"].startswith("/preview?token=") and "sandbox" in one for one in frames)
    shared = await page.send(f"{path}/share", {"lasts": "86400"})
    link = shared.tree.css_first("#link").attributes["value"]
    assert link.startswith("https://clinica.example/preview?token=")
    assert (await page.send(f"{path}/share", {"lasts": "1"})).status == 400
    gone = await page.follow(await page.send(f"{path}/unshare", {}))
    assert "No link" in gone.words
