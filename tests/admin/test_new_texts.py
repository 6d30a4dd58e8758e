"""A new text is kept from its first words on, and saving it never meets itself."""

import asyncio

from playwright.async_api import Page, Request, Route

from tests.admin.conftest import Visiting
from tests.admin.test_posts_edit import stored
from tests.support.chromium import Site
from tests.support.clinic import Clinic

NEW = "/admin/posts/new?type=post"


async def test_the_first_words_make_a_draft(cms: Clinic, visitor: Visiting) -> None:
    page = await visitor("ana")
    form = (await page.get(NEW)).fields("/admin/posts/new")
    sent = {**form, "title": "Dor", "content": "<p>Texto.</p>", "excerpt": "Resumo"}
    kept = (await page.send("/admin/posts/new/autosave", sent)).response.json()
    assert kept["is_saved"]
    assert kept["told"].startswith("Saved at ")
    post = await stored(cms, "ana", kept["post"])
    assert (post["status"], post["title"]["raw"]) == ("draft", "Dor")
    # What is typed next is saved over it.
    next_ = {"base": kept["base"], "title": "Dor de cabeça"}
    again = await page.send(f"/admin/posts/{kept['post']}/autosave", next_)
    assert again.status == 200
    assert (await stored(cms, "ana", kept["post"]))["title"]["raw"] == "Dor de cabeça"


async def test_nothing_is_made_of_nothing(visitor: Visiting) -> None:
    page = await visitor("ana")
    form = (await page.get(NEW)).fields("/admin/posts/new")
    refused = await page.send("/admin/posts/new/autosave", form)
    assert refused.status == 422
    assert refused.response.json()["told"]


async def test_who_may_not_write_keeps_nothing(visitor: Visiting) -> None:
    page = await visitor("sol", ["subscriber"])
    refused = await page.send("/admin/posts/new/autosave", {"type": "post", "title": "Dor"})
    assert refused.status == 403


async def test_a_new_text_is_saved_by_itself_and_has_its_address(site: Site, cms: Clinic) -> None:
    page = await site.page(await cms.person("ana"))
    await page.goto(NEW)
    await page.get_by_label("Title", exact=True).fill("Enxaqueca")
    await page.get_by_role("textbox", name="Text", exact=True).click()
    await page.keyboard.type("Dói a cabeça.")
    await page.keyboard.press("Control+s")
    await page.get_by_text("Saved at").wait_for()
    await (
        page.get_by_role("heading", name="Before “Publish”")
        .or_(page.get_by_text("No reader sees it yet."))
        .first.wait_for()
    )
    post_id = int(page.url.rpartition("/")[2])
    assert "Dói a cabeça." in (await stored(cms, "ana", post_id))["content"]["raw"]
    # The page goes on with the same text, and what this browser keeps goes by its number.
    await page.keyboard.type(" Muito.")
    await page.get_by_role("button", name="Save draft").click()
    await page.get_by_text("The text is saved.").wait_for()
    assert page.url.endswith(f"/admin/posts/{post_id}")
    assert "Muito." in (await stored(cms, "ana", post_id))["content"]["raw"]
    await page.goto(NEW)
    await page.get_by_role("textbox", name="Text", exact=True).wait_for()
    assert await page.get_by_role("textbox", name="Text", exact=True).inner_text() == "\n"
    mine = (await (await cms.person("ana")).get("/wp-json/wp/v2/posts?status=draft")).json()
    assert [one["id"] for one in mine] == [post_id]


async def test_saving_waits_for_words_that_are_on_their_way(site: Site, cms: Clinic) -> None:
    ana = await cms.person("ana")
    made = await cms.draft(ana)
    page = await site.page(ana)
    await page.goto(f"/admin/posts/{made['id']}")
    arrived, released = await _held(page)
    await page.get_by_label("Title", exact=True).fill("Enxaqueca")
    await page.keyboard.press("Control+s")
    await arrived.wait()
    saves: list[Request] = []
    page.on("request", lambda one: saves.append(one) if one.is_navigation_request() else None)
    await page.get_by_role("button", name="Save draft").click()
    assert saves == []
    released.set()
    await page.get_by_text("The text is saved.").wait_for()
    assert (await stored(cms, "ana", made["id"]))["title"]["raw"] == "Enxaqueca"


async def _held(page: Page) -> tuple[asyncio.Event, asyncio.Event]:
    """The answer to what is kept by itself waits on its way, after the server has stored it."""
    arrived, released = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        arrived.set()
        await released.wait()
        await route.fulfill(response=answer)

    await page.route("**/autosave", hold)
    return arrived, released


async def test_leaving_the_palette_goes_on_where_one_was(site: Site, cms: Clinic) -> None:
    page = await site.page(await cms.person("ana"))
    await page.goto(NEW)
    text = page.get_by_role("textbox", name="Text", exact=True)
    await text.click()
    await page.keyboard.type("/")
    await page.get_by_role("option", name="Contraindication").wait_for()
    await page.keyboard.type("xyz")
    await page.get_by_text("No command is called that.").wait_for()
    await page.keyboard.press("Escape")
    await page.get_by_role("dialog").wait_for(state="detached")
    await page.keyboard.type("Dói.")
    assert "Dói." in await text.inner_text()
