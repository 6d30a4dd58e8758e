"""An officer at work in a real browser, with scripts and without."""

from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.plugins.medical_review.conftest import Newsroom
from tests.support import trail
from tests.support.chromium import Site
from tests.support.clinic import Clinic

OFFICER = ("compliance_officer",)
SCREENS = (
    "/admin/audit", "/admin/audit/figures", "/admin/audit/sign-ins", "/admin/audit/alerts",
    "/admin/audit/log", "/admin/audit/exports", "/admin/audit/retention", "/admin/audit/subjects",
    "/admin/audit/things/post/{post}", "/admin/registry", "/admin/registry/1",
    "/admin/registry/new", "/admin/registry/1/proofs/new", "/admin/registry/cases",
    "/admin/registry/cases/1",
    "/admin/registry/sources", "/admin/registry/clinic", "/admin/policies",
    "/admin/policies/platform.same_tenant", "/admin/policies/decisions", "/admin/policies/try",
    "/admin/why",
)  # fmt: skip


@pytest.fixture
def newsroom(cms: Clinic, tmp_path: Path) -> Newsroom:
    return Newsroom(cms, tmp_path / "rosters")


async def test_an_officer_proves_an_event_and_watches_the_log_being_verified(
    site: Site, cms: Clinic
) -> None:
    """From the menu to an event and its proof, then the log, whose progress comes by itself."""
    ana = await cms.person("ana")
    await cms.draft(ana, title="Febre")
    await trail.seal(cms)
    page = await site.page(await cms.person("olivia", OFFICER))
    await page.goto("/admin")
    await page.get_by_role("link", name="Audit trail", exact=True).click()
    await page.get_by_label("Who (number)").fill(str(ana.id))
    await page.get_by_label("What kind").fill("content:post:create")
    await page.get_by_role("button", name="Show", exact=True).click()
    await page.get_by_role("link", name="Text created").click()
    await expect(page.get_by_text("Hash of the leaf")).to_be_visible()
    await page.get_by_role("link", name="Check it now").click()
    await expect(page.get_by_text("It holds.")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Proof as a file").click()
    assert (await download.value).suggested_filename.endswith(".tlog-proof")
    await page.get_by_role("link", name="Proof of the log", exact=True).click()
    await page.get_by_role("button", name="Verify now").click()
    await expect(page.get_by_text("A worker takes it up within seconds.")).to_be_visible()
    await trail.verify(cms)
    await expect(page.get_by_text("Unaltered")).to_be_visible()


async def test_a_lost_registration_is_seen_to_without_scripts(
    site: Site, newsroom: Newsroom
) -> None:
    """From the first page: the case, a note, the review, the end; then why a rule decides as it
    does."""
    await newsroom.physician()
    await newsroom.revoke()
    officer = await newsroom.cms.person("olivia", OFFICER)
    page = await site.page(officer, language="pt-BR", scripts=False)
    await page.goto("/admin")
    await (
        page.get_by_role("link", name="Ana.Medica")
        .or_(page.locator("a[href='/admin/registry/cases/1']"))
        .first.click()
    )
    await page.get_by_label("Só anotar algo").check()
    await page.get_by_label("Anotação").fill("Liguei para o conselho.")
    await page.get_by_role("button", name="Aplicar", exact=True).click()
    await expect(page.get_by_text("Feito, e anotado no caso.")).to_be_visible()
    await page.get_by_label("A suspensão estava certa").check()
    await page.get_by_label("Por quê").fill("O conselho confirmou.")
    await page.get_by_role("button", name="Salvar a conclusão").click()
    await page.get_by_role("button", name="Encerrar o caso").click()
    await expect(page.get_by_text("O caso foi encerrado.")).to_be_visible()
    await page.get_by_role("link", name="Testar um caso").click()
    await page.get_by_label("Ação").select_option("review.decide")
    await page.get_by_label("O que prova quem é").select_option("application_password")
    await page.get_by_role("button", name="O que seria decidido?").click()
    await expect(page.get_by_role("heading", name="só depois de mais um passo")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "colours"), [("pt-BR", "light"), ("en", "dark")], ids=["light", "dark"]
)
async def test_everybody_can_use_the_officers_screens(
    site: Site, newsroom: Newsroom, language: str, colours: str
) -> None:
    """No violation of WCAG 2.2 A and AA that a machine finds, and no page wider than a phone."""
    await newsroom.physician()
    await newsroom.revoke()
    post = await newsroom.cms.draft(await newsroom.cms.person("bia"), title="Febre")
    await trail.seal(newsroom.cms)
    people = ("compliance_officer", "data_protection_officer")
    officer = await newsroom.cms.person("olivia", people)
    page = await site.page(officer, language=language, color_scheme=colours)
    found = {}
    for address in SCREENS:
        path = address.format(post=post["id"])
        await page.set_viewport_size({"width": 1280, "height": 900})
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        if broken := await _violations(page):
            found[path] = broken
        await page.set_viewport_size({"width": 320, "height": 640})
        wide = await page.evaluate("document.documentElement.scrollWidth")
        if wide > 320:
            found.setdefault(path, []).append(f"{wide} px wide on a phone")
    assert found == {}


async def _violations(page: Page) -> list[str]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    told = await Axe().run(page, options={"runOnly": tags})
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in told.response["violations"]
        for node in one["nodes"][:3]
    ]
