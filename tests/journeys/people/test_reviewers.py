"""What reviewers do in the web application: on a telephone, from outside, for somebody else."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.identity.test_factors import LOGIN, Rui
from tests.identity.test_proofs import PASSWORD, as_owner, member
from tests.journeys.people.articles import SENTENCE, TITLE, approve, comment_on
from tests.journeys.people.desk import PHONE, Desk
from tests.plugins.medical_review.conftest import Newsroom
from tests.plugins.medical_review.letters_out import GUEST, office, post_runs, postbox
from tests.support.chromium import Site, browsing
from tests.support.postbox import Postbox

__all__ = ["office", "postbox"]

REVIEWER = ("content_reviewer",)
# A browser without a window shows no PDF.
_BEGINNING = "async (link) => (await (await fetch(link.href)).text()).slice(0, 5)"


async def test_a_reviewer_signs_on_a_telephone_with_password_and_code(
    site: Site, newsroom: Newsroom
) -> None:
    """Half an hour after the sign-in the signature asks for both once more, and nothing that was
    written is lost."""
    cms, ana = newsroom.cms, await newsroom.physician()
    rui = Rui(cms, await member(cms, roles=REVIEWER))
    await rui.signed_in()
    await rui.begin()
    await rui.confirm()
    await newsroom.submit(await newsroom.article(ana), ana)
    phone = await Desk.of(site, **PHONE)
    await phone.fills({"Login or e-mail address": LOGIN, "Password": PASSWORD})
    await phone.presses("Sign in")
    await phone.fills({"Code": rui.code()})
    await phone.presses("Sign in")
    await phone.opens("Reviews")
    await phone.fits()
    await phone.follows(TITLE)
    await phone.fits()
    await phone.presses("Take up")
    await phone.is_told("You have this review in hand now.")
    as_owner(cms, "update cms.sessions set authenticated_at = now() - interval '30 min'")
    rui.later()
    await phone.follows("Decide")
    await phone.page.get_by_role("radio", name=re.compile("^Approval")).check()
    await phone.fills({"Comment": "Conferi as doses."})
    await phone.presses("Sign")
    await phone.reads("Confirm that it is you")
    await phone.is_for_everybody()
    await phone.fills({"Password": PASSWORD, "Code of the authenticator app": rui.code()})
    await phone.presses("Confirm")
    await phone.is_told("You have signed. The text is approved.")
    await phone.reads("Conferi as doses.")
    await phone.fits()


@pytest.fixture
async def house(office: Newsroom) -> AsyncIterator[Site]:
    """The site of a newsroom that has a mail server."""
    async with browsing(office.cms) as opened:
        yield opened


async def test_a_reviewer_from_outside_follows_her_letter_and_signs(
    house: Site, office: Newsroom, postbox: Postbox
) -> None:
    """She has no account: a link for one text, a code by mail, her registration."""
    await office.cms.set_options(front_end_url=house.url)
    ana = await office.physician()
    await office.submit(await office.article(ana), ana)
    marina = await Desk.of(house, await office.cms.person("dona.marina", ["administrator"]))
    await marina.opens("Reviews")
    await marina.follows("All open reviews")
    await marina.follows(TITLE)
    await marina.follows("People", exact=True)
    await marina.follows("Ask somebody from outside")
    await marina.is_for_everybody()
    await marina.fills(
        {
            "Name, as the register has it": GUEST["name"],
            "Registration, such as CRM-SP 123456": GUEST["registration"],
            "E-mail address": GUEST["email"],
        }
    )
    await marina.presses("Send the link")
    await marina.is_told("The link is on its way to her address.")
    await post_runs(office)

    olga = await house.page(language="pt-BR", **PHONE)
    letter = postbox.letters[-1][1].get_content()
    await olga.goto(re.search(r"http://127\S+#cmsrv_\S+", letter)[0])
    await expect(olga.get_by_text(SENTENCE).first).to_be_visible()
    assert "#" not in olga.url
    await olga.get_by_role("button", name="Enviar").first.click()
    await expect(olga.get_by_role("status")).to_contain_text("caminho")
    await Desk(olga).is_for_everybody()
    await post_runs(office)
    code = re.search(r"\b(\d{8})\b", postbox.letters[-1][1].get_content())[1]
    await olga.locator("#code").fill(code)
    await olga.locator("#registration").fill(GUEST["registration"])
    await olga.locator("[name=verdict][value=approve]").check()
    await olga.locator("[name=signed]").check()
    await olga.locator("form[action$='/decision'] button").click()
    await expect(olga.get_by_role("status")).to_contain_text(GUEST["name"])

    author = await Desk.of(house, ana)
    await author.follows(TITLE)
    await author.reads(GUEST["name"])
    await author.presses("Publish")
    await author.reads("Readers have this very text.")


async def test_suggested_words_are_taken_over_and_another_reviewer_approves(
    site: Site, newsroom: Newsroom
) -> None:
    """Whoever wrote words of the text does not approve it; who does, needs no scripts."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.submit(post, ana)
    first = await Desk.of(site, bruno)
    await first.opens("Reviews")
    await first.follows(TITLE)
    better = "A dor costuma passar em dois dias."
    await comment_on(
        first,
        SENTENCE,
        "Mais preciso assim.",
        **{"Suggest other words for the passage": better},
    )
    author = await Desk.of(site, ana)
    await author.follows(TITLE)
    await author.follows("Read the review")
    await author.page.locator("summary", has_text="Accept or refuse").click()
    await author.presses("Take these words into the text")
    await author.is_told("The words are in the text now.")
    await author.presses("Submit for review")
    await author.is_told("The text is saved and submitted.")

    await first.opens("Reviews")
    await first.follows("All open reviews")
    await first.follows(TITLE)
    await first.reads("You cannot decide on this text:")
    carla = await newsroom.reviewer("carla.revisora")
    second = await Desk.of(site, carla, language="pt-BR", scripts=False)
    await second.opens("Revisões")
    await second.follows(TITLE)
    await second.reads(better)
    await second.page.get_by_role("radio", name=re.compile("^Aprovação")).check()
    await second.presses("Assinar")
    await second.is_told("O texto está aprovado.")
    await newsroom.edit(post, ana, status="publish")
    assert better in (await newsroom.read(post))["content"]["rendered"]


async def test_somebody_decides_for_a_reviewer_who_is_away(site: Site, newsroom: Newsroom) -> None:
    """She says so herself, and the record says for whom the delegate signed."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    await newsroom.submit(await newsroom.article(ana), ana)
    leaving = await Desk.of(site, bruno)
    await leaving.opens("Absences and delegates")
    until = f"{datetime.now(UTC) + timedelta(days=7):%Y-%m-%dT%H:%M}"
    away = leaving.main.locator("form", has_text="Note an absence")
    await away.get_by_label("From").fill(f"{datetime.now(UTC):%Y-%m-%dT%H:%M}")
    await away.get_by_label("Until").fill(until)
    await leaving.presses("Note the absence")
    await leaving.is_told("The absence is noted.")
    given = leaving.main.locator("form", has_text="Let somebody decide for me")
    await given.get_by_label("Reviewer").select_option(label="Carla Revisora")
    await given.get_by_label("Until").fill(until)
    await leaving.presses("Delegate")
    await leaving.is_told("She may decide for you until then.")

    delegate = await Desk.of(site, carla)
    await delegate.opens("Reviews")
    await delegate.follows(TITLE)
    await delegate.fills({"You sign": "for Bruno Revisor"})
    await approve(delegate)
    await delegate.follows("History", exact=True)
    await delegate.reads("Bruno Revisor")


async def test_a_published_text_is_reviewed_again_and_stays_with_its_readers(
    site: Site, newsroom: Newsroom
) -> None:
    """Long before it is due: asked for in the list, approved, and its next day moves on."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    marina = await newsroom.cms.person("dona.marina", ["administrator", "compliance_officer"])
    asks = await Desk.of(site, marina)
    await asks.opens("Texts to review again")
    await asks.fills({"Due": "all"})
    await asks.presses("Filter")
    await asks.page.get_by_label(f"Tick “{TITLE}”").check()
    await asks.presses("Have the ticked texts reviewed again")
    await asks.reads("again")
    reviewer = await Desk.of(site, bruno)
    await reviewer.follows(TITLE)
    await reviewer.presses("Take up")
    assert "repouso" in (await newsroom.read(post))["content"]["rendered"]
    await approve(reviewer)
    await reviewer.reads("Readers have this text. It is certified:")
    await reviewer.is_for_everybody()
    certificate = reviewer.main.get_by_role("link", name="Certificate (PDF)")
    assert (await certificate.evaluate(_BEGINNING)) == "%PDF-"
