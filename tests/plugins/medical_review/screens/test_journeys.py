"""Whole ways of a text in a real browser: approved, sent back and mended, signed by a passkey."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.identity.test_proofs import as_owner
from tests.plugins.medical_review.conftest import TEXT
from tests.plugins.medical_review.signers import accepted, configure

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


async def fits(page: Page) -> None:
    """Nothing is wider than the screen (WCAG 2.2, 1.4.10)."""
    widths = "[document.documentElement.scrollWidth, innerWidth]"
    wide, screen = await page.evaluate(widths)
    assert wide <= screen, page.url


@pytest.fixture
async def written(newsroom, ana):
    """A draft of hers."""
    return await newsroom.article(ana)


@pytest.fixture
async def reviewer(newsroom):
    return await newsroom.reviewer()


async def hand_over(page: Page, post) -> None:
    await page.goto(f"/admin/reviews/of-post/{post['id']}")
    await page.get_by_role("button", name="Hand over for review").click()
    await expect(page.get_by_role("status")).to_contain_text("handed over for review")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_text_is_handed_over_approved_and_live(
    site, cms, newsroom, ana, reviewer, written, scripts
):
    author = await site.page(ana, scripts=scripts)
    await hand_over(author, written)
    phone = await site.page(reviewer, scripts=scripts, **PHONE)
    await phone.goto("/admin")
    await phone.get_by_role("link", name="Dor de cabeça").click()
    if scripts:
        await fits(phone)
    await phone.get_by_role("button", name="Take up").click()
    await expect(phone.get_by_text("You have this review in hand now.")).to_be_visible()
    await phone.get_by_role("link", name="Decide").click()
    await phone.get_by_role("radio", name=re.compile("Approval")).check()
    await phone.get_by_role("button", name="Sign", exact=True).click()
    await expect(phone.get_by_text("You have signed. The text is approved.")).to_be_visible()
    await author.reload()
    await author.get_by_role("button", name="Publish").click()
    await expect(author.get_by_text("Readers have this text now.")).to_be_visible()
    assert "repouso" in (await newsroom.read(written))["content"]["rendered"]


async def test_a_text_is_sent_back_mended_and_approved(site, newsroom, ana, reviewer, written):
    author, page = await site.page(ana), await site.page(reviewer)
    await hand_over(author, written)
    review = await newsroom.review_of(written, ana)
    await page.goto(f"/admin/reviews/{review['id']}")
    words = page.locator("article p").first
    await words.select_text()
    await page.get_by_role("button", name="Comment on this passage").click()
    await expect(page.get_by_label("Passage", exact=True)).to_have_value(
        "A dor costuma passar com repouso."
    )
    await page.get_by_label("Your comment").fill("Em quanto tempo?")
    await page.get_by_label("This must be fixed").check()
    await page.get_by_role("button", name="Send the comment").click()
    await expect(page.locator("mark.passage")).to_have_text("A dor costuma passar com repouso.")
    await page.get_by_role("radio", name=re.compile("Review:")).check()
    await page.get_by_label("Comment", exact=True).fill("Falta o tempo.")
    await page.get_by_role("button", name="Sign", exact=True).click()
    await expect(page.get_by_text("is with its author again, who was told")).to_be_visible()

    await newsroom.edit(
        written, ana, content=TEXT.replace("repouso.", "repouso em um ou dois dias.")
    )
    await hand_over(author, written)
    second = await newsroom.review_of(written, ana)
    await page.goto(f"/admin/reviews/{second['id']}")
    await page.get_by_role("link", name="Changes", exact=True).click()
    await expect(page.locator(".comparison ins").first).to_contain_text("em um ou dois dias")
    await page.get_by_role("link", name="Text and comments").click()
    await page.locator("summary", has_text="Settle").click()
    await page.get_by_role("button", name="It is settled").click()
    await expect(page.get_by_text("The comment is settled.")).to_be_visible()
    await page.get_by_role("radio", name=re.compile("Approval")).check()
    await page.get_by_role("button", name="Sign", exact=True).click()
    await expect(page.get_by_text("You have signed. The text is approved.")).to_be_visible()


async def test_an_approval_is_signed_by_a_passkey(site, cms, newsroom, ana, reviewer, written):
    """The device is one of the browser's own, in software; a domain is needed, no address."""
    port = urlsplit(site.url).port
    as_owner(
        cms,
        "insert into cms.tenant_hosts (host, tenant_id) values ('localhost', %s)",
        cms.tenant.id,
    )
    await cms.set_options(front_end_url=f"http://localhost:{port}")
    configure(
        cms,
        passkey_domains={cms.tenant.slug: "localhost"},
        signature_levels={"decision/approval": "advanced"},
    )
    await accepted(cms)
    review = await newsroom.submit(written, ana)
    site.url = f"http://localhost:{port}"
    page = await site.page(reviewer)
    device = await page.context.new_cdp_session(page)
    await device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    await device.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    await page.goto("/admin/reviews/keys")
    await page.get_by_label("Name of the key").fill("Notebook")
    await page.get_by_role("button", name="Make the passkey").click()
    await expect(page.get_by_role("heading", name="Notebook")).to_be_visible()

    await page.goto(f"/admin/reviews/{review['id']}")
    await page.get_by_role("radio", name=re.compile("Approval")).check()
    await page.get_by_label("Comment", exact=True).fill("Conferi as doses.")
    await page.get_by_role("button", name="Sign", exact=True).click()
    await expect(page.get_by_role("heading", name="What you sign")).to_be_visible()
    await page.get_by_role("button", name="Sign with the passkey").click()
    await expect(page.get_by_text("You have signed. The text is approved.")).to_be_visible()
    await expect(page.get_by_text("advanced signature")).to_be_visible()
