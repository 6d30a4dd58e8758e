"""The way from ticks in a list to another reviewer and a new review, in a real browser."""

from playwright.async_api import expect

from tests.browser.walking import NARROW, Walk
from tests.plugins.medical_review.screens.test_many import OVERSEER


async def test_many_texts_are_given_and_reviewed_again_without_scripts(
    site, cms, newsroom, ana, live, review
):
    await newsroom.reviewer("lia.revisora")
    page = await site.page(await cms.person("dona.marina", OVERSEER), scripts=False)
    await page.goto("/admin/posts?type=medical_article")
    for box in await page.locator("tbody input[type=checkbox]").all():
        await box.check()
    await page.get_by_label("Step", exact=True).select_option("readers")
    await page.get_by_role("button", name="Do it").click()
    await expect(page.get_by_text("One of the ticked texts is under no review")).to_be_visible()
    await page.get_by_label("Reviewer").select_option(label="Lia Revisora (0 in hand)")
    await page.get_by_role("button", name="Give the ticked ones").click()
    await expect(page.get_by_role("status")).to_contain_text("One post was changed.")
    for box in await page.locator("tbody input[type=checkbox]").all():
        await box.check()
    await page.get_by_label("Step", exact=True).select_option("again")
    await page.get_by_role("button", name="Do it").click()
    await expect(page.locator("tbody input[type=checkbox]")).to_have_count(1)
    await page.get_by_role("button", name="Have the ticked texts reviewed again").click()
    await expect(page.get_by_role("status")).to_contain_text("One post was changed.")
    assert (await newsroom.review_of(live, ana))["state"] == "open"


async def test_the_pages_between_and_a_refusal_are_accessible_and_fit_a_phone(
    site, cms, newsroom, ana, live, review
):
    posts = f"post={live['id']}&post={review['post_id']}"
    walk = Walk(await site.page(await cms.person("dona.marina", OVERSEER), language="pt-BR"))
    for address in (
        f"/admin/reviews/many/readers?{posts}",
        f"/admin/reviews/many/again?{posts}",
        "/admin/why?action=role.list",
    ):
        await walk.page.goto(address)
        for theme in ("light", "dark"):
            await walk.is_accessible(address, theme)
        await walk.fits(NARROW, address)
    author = Walk(await site.page(ana, language="pt-BR"))
    await author.page.goto("/admin/people/roles")
    await expect(author.page.get_by_role("link", name="Por que não posso?").last).to_be_visible()
    await author.is_accessible("a refusal", "dark")
    await author.fits(NARROW, "a refusal")
    assert walk.faults + author.faults == []
