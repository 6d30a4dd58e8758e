"""The frame: who gets in, what a form must prove, which headers every page has."""

import pytest
from playwright.async_api import Dialog

from tests.admin.conftest import Visiting
from tests.support.chromium import Site
from tests.support.clinic import Clinic


async def test_a_stranger_is_led_to_signing_in_and_back(visitor: Visiting) -> None:
    stranger = await visitor()
    seen = await stranger.get("/admin/notices?after=3")
    assert seen.status == 303
    assert seen.location == "/admin/sign-in?next=%2Fadmin%2Fnotices%3Fafter%3D3"
    asked = await stranger.follow(seen)
    assert asked.status == 200
    assert asked.fields("/admin/sign-in")["next"] == "/admin/notices?after=3"


async def test_a_page_is_kept_by_nobody_and_framed_by_nobody(visitor: Visiting) -> None:
    ana = await visitor("ana")
    seen = await ana.get("/admin")
    assert seen.status == 200
    headers = seen.response.headers
    assert headers["cache-control"] == "private, no-store"
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "'unsafe-inline'" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


async def test_a_form_of_another_session_is_refused(visitor: Visiting) -> None:
    ana, bia = await visitor("ana"), await visitor("bia")
    foreign = (await bia.get("/admin")).fields("/admin/sign-out")["_wpnonce"]
    refused = await ana.send("/admin/notices/read", {"_wpnonce": foreign})
    assert refused.status == 403
    assert (await ana.send("/admin/notices/read", {"_wpnonce": ""})).status == 403
    done = await ana.send("/admin/notices/read")
    assert "All notices are marked as read." in (await ana.follow(done)).words
    assert "marked as read" not in (await ana.get("/admin/notices")).words


async def test_a_form_on_another_site_is_refused(visitor: Visiting) -> None:
    ana = await visitor("ana")
    ana.headers["Origin"] = "https://evil.example"
    assert (await ana.send("/admin/notices/read")).status == 403


@pytest.mark.parametrize(
    ("language", "title", "lang"), [("pt-BR", "Visão geral", "pt-BR"), ("en-GB", "Overview", "en")]
)
async def test_a_page_speaks_the_language_of_its_reader(
    visitor: Visiting, language: str, title: str, lang: str
) -> None:
    seen = await (await visitor("ana", language=language)).get("/admin")
    assert seen.title == title
    assert seen.tree.css_first("html").attributes["lang"] == lang


async def test_the_menu_shows_what_a_person_may_do(visitor: Visiting) -> None:
    seen = await (await visitor("ana")).get("/admin/notices")
    here = seen.tree.css_first(".menu [aria-current=page]")
    assert here.attributes["href"] == "/admin/notices"


async def test_a_page_that_is_not_there_says_so(visitor: Visiting) -> None:
    seen = await (await visitor("ana")).get("/admin/nowhere")
    assert seen.status == 404


async def test_scripts_and_styles_are_served_for_ever(visitor: Visiting) -> None:
    stranger = await visitor()
    page = await stranger.get("/admin/sign-in")
    address = page.tree.css_first("link[rel=stylesheet]").attributes["href"]
    seen = await stranger.get(address)
    assert seen.response.headers["content-type"].startswith("text/css")
    assert "immutable" in seen.response.headers["cache-control"]
    assert (await stranger.get("/admin/static/nothing.css")).status == 404


async def test_a_browser_signs_in_finds_the_palette_and_leaves(site: Site, cms: Clinic) -> None:
    ana = await cms.person("ana")
    page = await site.page(ana)
    await page.goto("/admin")
    assert await page.inner_text("h1") == "Overview"
    await page.keyboard.press("Control+k")
    await page.keyboard.type("noti")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/notices")
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/admin/sign-in?out=1")
    await page.goto("/admin")
    assert "/admin/sign-in" in page.url


_DRAFTS = """async () => {
  if (!(await indexedDB.databases()).some((one) => one.name === 'cms-drafts')) return 0
  return new Promise((done) => {
    const opened = indexedDB.open('cms-drafts')
    opened.onsuccess = () => {
      const store = opened.result.objectStoreNames[0]
      const counted = opened.result.transaction(store).objectStore(store).count()
      counted.onsuccess = () => { opened.result.close(); done(counted.result) }
    }
  })
}"""


async def test_signing_out_asks_about_what_is_not_saved(site: Site, cms: Clinic) -> None:
    page = await site.page(await cms.person("ana"))
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        # Leaving the page is meant; signing out is thought over.
        if dialog.type == "beforeunload":
            await dialog.accept()
            return
        asked.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", answer)
    await page.goto("/admin/posts/new?type=post")
    await page.locator("cms-editor [role=textbox]").click()
    await page.keyboard.type("Ainda não salvo")
    await page.wait_for_function(_DRAFTS, timeout=60_000)
    await page.goto("/admin/notices")
    async with page.expect_event("dialog"):
        await page.get_by_role("button", name="Sign out").click()
    assert asked == ["This browser keeps text that you have not saved. Sign out all the same?"]
    assert page.url.endswith("/admin/notices")


async def test_what_happened_within_a_minute_happened_now(cms: Clinic, visitor: Visiting) -> None:
    made = await cms.draft(await cms.person("ana"))
    seen = await (await visitor("ana", language="pt")).get(f"/admin/posts/{made['id']}")
    assert "Salvo agora" in seen.words


async def test_types_and_taxonomies_are_called_in_the_language_of_the_reader(
    visitor: Visiting,
) -> None:
    page = await visitor("eva", ["administrator"], language="pt")
    assert (await page.get("/admin/terms/category")).title == "Categorias"
    assert "Artigos médicos" in (await page.get("/admin/types")).words
    assert (await page.get("/admin/posts/new?type=medical_article")).title == "Novo: Artigo médico"
