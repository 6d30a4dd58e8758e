"""What compliance officers do in the web application: prove, follow up, look into, answer for."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from playwright.async_api import expect

from cms.identity.events import SignInFailed
from cms.kernel.actors import RequestFacts
from cms.kernel.events import Outcome
from tests.journeys.people.articles import TITLE
from tests.journeys.people.desk import Desk
from tests.plugins.medical_review.conftest import REVIEWS, Newsroom
from tests.support import trail
from tests.support.chromium import Site

OFFICER = ("compliance_officer",)
PROTECTOR = ("data_protection_officer",)


async def test_evidence_is_ordered_fetched_and_checked_by_a_stranger(
    site: Site, newsroom: Newsroom, tmp_path: Path
) -> None:
    """From the story of an article to a file that proves it without this site."""
    cms = newsroom.cms
    post = await newsroom.published(await newsroom.physician(), await newsroom.reviewer())
    await trail.seal(cms)
    officer = await Desk.of(site, await cms.person("olivia", OFFICER))
    await officer.opens("Audit trail")
    await officer.fills({"Kind of thing": "post", "Its number": str(post["id"])})
    await officer.presses("Show")
    await officer.follows("Order evidence")
    await officer.fills({"Kind of thing": "post", "Its number": str(post["id"])})
    await officer.page.get_by_label("CSV, for spreadsheets").check()
    await officer.presses("Order it")
    await officer.reads("A worker takes it up within seconds.")
    await trail.export(cms, officer.page.url.rpartition("/")[2])
    await officer.reads("Hash of the manifest")
    await officer.is_for_everybody()
    fetch = officer.main.get_by_role("link", name="Fetch the file")
    async with officer.page.expect_download() as fetched:
        await fetch.click()
    archive = tmp_path / "evidence.zip"
    await (await fetched.value).save_as(archive)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "evidence")
    [program] = (tmp_path / "evidence").rglob("verify.py")
    checked = subprocess.run(
        [sys.executable, "-I", str(program)],
        cwd=program.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "post" in (program.parent / "events.jsonl").read_text()


async def test_a_lost_registration_takes_a_text_from_its_readers(
    site: Site, newsroom: Newsroom
) -> None:
    """The case opens by itself and holds her text; the officer takes it away, and says why."""
    await newsroom.published(await newsroom.physician(), await newsroom.reviewer())
    await newsroom.revoke()
    roles = ["compliance_officer", "administrator"]
    officer = await Desk.of(site, await newsroom.cms.person("olivia", roles))
    await officer.reads("Registry cases that wait")
    await officer.opens("Registry cases")
    await officer.follows("Case ")
    await expect(officer.main.get_by_role("row", name=re.compile(TITLE))).to_be_visible()
    await officer.page.get_by_label("Take it from readers").check()
    await officer.fills({"Text": TITLE, "Note": "O registro foi cassado."})
    await officer.presses("Do it")
    await officer.is_told("It is done, and noted in the case.")
    await officer.page.get_by_label("The suspension was right").check()
    await officer.fills({"Why": "O conselho confirmou."})
    await officer.presses("Keep this finding")
    await officer.is_told("The case is reviewed.")
    await officer.is_for_everybody()
    await officer.presses("Close the case")
    await officer.is_told("The case is closed.")
    assert (await newsroom.cms.http.get("/wp-json/wp/v2/medical-articles")).json() == []


async def test_refused_sign_ins_lead_to_everything_from_their_address(
    site: Site, newsroom: Newsroom
) -> None:
    """A question that she asks again is kept under a name, and found where she left it."""
    cms = newsroom.cms
    ana = await cms.person("ana")
    facts = RequestFacts(
        "request-1", channel="admin", ip="203.0.113.77", user_agent="Lynx (Invented)"
    )
    async with cms.host.shop.work(cms.tenant, request=facts) as work:
        await work.emit(SignInFailed(user_id=ana.id, outcome=Outcome.REFUSED))
    await trail.seal(cms)
    officer = await Desk.of(site, await cms.person("olivia", OFFICER))
    await officer.opens("Sign-ins")
    await officer.follows("Refused", exact=True)
    await officer.follows("Sign-in refused")
    await officer.reads("203.0.113.77")
    await officer.is_for_everybody()
    await officer.presses("Everything from here")
    await expect(officer.main.get_by_role("row", name=re.compile("refused"))).to_be_visible()
    assert "203.0.113.77" not in officer.page.url
    await officer.opens("Audit trail")
    await officer.fills({"What kind": "identity:*", "How it ended": "refused"})
    await officer.presses("Show")
    await officer.page.locator("summary", has_text="Saved searches").click()
    await officer.fills({"Keep this question as": "Recusas"})
    await officer.presses("Save search")
    await officer.is_told("The search “Recusas” is saved.")
    await officer.opens("Audit trail")
    await officer.follows("Recusas")
    await expect(officer.field("How it ended")).to_have_value("refused")
    await officer.fills({"Everything about a person": "ana"})
    await officer.presses("Search")
    await officer.reads("What was done to the person")
    await officer.reads("Sign-in refused")


async def test_a_refusal_is_explained_and_the_same_case_tried(
    site: Site, newsroom: Newsroom
) -> None:
    """A reviewer asks why; the officer finds the decision, its rule, and that it would be so again
    for the same proof and not for another."""
    cms = newsroom.cms
    bruno, ana = await newsroom.reviewer(), await newsroom.physician()
    review = await newsroom.submit(await newsroom.article(ana), ana)
    said = {"verdict": "approve", "content_hash": review["content_hash"]}
    refused = await cms.http.post(f"{REVIEWS}/{review['id']}/decision", json=said, auth=bruno.basic)
    assert refused.status_code == 401
    reviewer = await Desk.of(site, bruno)
    await reviewer.opens("Why can't I?")
    await reviewer.reads("review.decide")
    await reviewer.reads("What would have to be done first")
    officer = await Desk.of(site, await cms.person("olivia", OFFICER))
    await officer.opens("Decisions")
    await officer.fills({"Who (number)": str(bruno.id), "Decision": "everything that was refused"})
    await officer.presses("Show")
    row = officer.main.get_by_role("row", name=re.compile("review.decide"))
    await expect(row.first).to_contain_text("only after a further step")
    await officer.opens("Try a case")
    for method, effect in (
        ("An application password", "only after a further step"),
        ("A session of the browser", "allowed"),
    ):
        await officer.fills(
            {
                "Number of the person": str(bruno.id),
                "What proves who it is": method,
                "Action": "review.decide",
            }
        )
        await officer.presses("What would be decided?")
        await expect(officer.main.locator("#verdict")).to_have_text(effect)
    await officer.is_for_everybody()


async def test_a_person_is_told_what_the_trail_holds_and_is_erased_on_an_order(
    site: Site, newsroom: Newsroom
) -> None:
    """By whoever protects the data, without scripts: a report, an order, one more question."""
    cms = newsroom.cms
    ana = await cms.person("ana")
    await cms.draft(ana, title="Febre")
    await trail.seal(cms)
    dora = await Desk.of(site, await cms.person("dora", PROTECTOR), scripts=False)
    await dora.opens("Data subjects")
    number = "Number of the person, or e-mail address"
    await dora.fills({number: str(ana.id)})
    await dora.presses("Make the report")
    await dora.reads("Text created")
    await dora.follows("Data subjects", exact=True)
    erasing = dora.main.locator("form[action$='/erase']")
    await erasing.get_by_label(number).fill(str(ana.id))
    await dora.fills(
        {
            "Who ordered it": "Encarregado de dados",
            "Where the order is filed": "0001-22.2026",
            "Day of the order": "2026-01-02",
            "Ground": "art-15-iii",
        }
    )
    await dora.presses("Go on")
    await dora.reads("This cannot be undone.")
    await dora.presses("Erase for ever")
    await dora.is_told("Every event and every proof stays.")
