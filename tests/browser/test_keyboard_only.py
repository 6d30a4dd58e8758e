"""Without a mouse: from the sign-in to a text that readers see."""

from playwright.async_api import Page, expect

from tests.identity.test_factors import LOGIN
from tests.identity.test_proofs import PASSWORD, member
from tests.support.chromium import Site
from tests.support.clinic import Clinic

_NAME = """() => {
    const one = document.activeElement
    return one.labels?.[0]?.textContent?.trim() || one.ariaLabel || one.textContent.trim()
}"""


async def tab_to(page: Page, name: str) -> None:
    """Tab until what has the focus is called so; nothing on the way keeps it for itself."""
    for _ in range(150):
        await page.keyboard.press("Tab")
        if (await page.evaluate(_NAME)).startswith(name):
            return
    raise AssertionError(f"the Tab key does not come to {name!r} on {page.url}")


async def test_a_text_is_written_and_published_by_keys_alone(site: Site, cms: Clinic) -> None:
    await member(cms)
    page = await site.page()
    keys = page.keyboard
    await page.goto("/admin/posts?type=post")
    await tab_to(page, "Login or e-mail address")
    await keys.type(LOGIN)
    await keys.press("Tab")
    await keys.type(PASSWORD)
    await keys.press("Enter")
    await page.wait_for_url("**/admin/posts?type=post")
    await tab_to(page, "Skip to the content")
    await keys.press("Enter")
    await tab_to(page, "Write a new one")
    await keys.press("Enter")
    await page.wait_for_url("**/admin/posts/new**")
    await page.wait_for_selector(".ProseMirror")
    await tab_to(page, "Title")
    await keys.type("Febre em crianças")
    await tab_to(page, "Text")
    await keys.type("Repouso e muita água.")
    await keys.press("Escape")
    await tab_to(page, "Publish")
    await keys.press("Enter")
    await expect(page.get_by_text("Readers have this very text.")).to_be_visible()
    [live] = (await cms.http.get("/wp-json/wp/v2/posts")).json()
    assert live["title"]["rendered"] == "Febre em crianças"
    assert "Repouso e muita água." in live["content"]["rendered"]
