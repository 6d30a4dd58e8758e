"""What administrators do in the web application, and what others notice of it."""

import re

import pytest
from playwright.async_api import expect

from cms.jobs.worker import build_queue
from cms.settings import Settings
from tests.journeys.people.desk import Desk
from tests.support.chromium import Site
from tests.support.clinic import Clinic
from tests.support.subscriber import subscriber

ADMINISTRATOR = ("administrator",)


@pytest.fixture
def settings(tmp_path) -> Settings:
    """Of a house whose webhooks may go to this machine."""
    told = {"webhook_networks": ["127.0.0.0/8"], "webhook_seconds": 60}
    return Settings(data_dir=str(tmp_path / "var"), plugins={"core": told})


async def add_field(admin: Desk, label: str, kind: str) -> None:
    """A field at the end of the group that is shown."""
    form = admin.main.locator("details.groups-add").last
    if await form.get_attribute("open") is None:
        await form.locator("summary").click()
    await form.get_by_label("Label").fill(label)
    await form.get_by_label("Type").select_option(kind)
    await admin.presses("Add", within=form)
    await admin.is_told("The field is added.")


async def test_fields_are_built_and_an_author_fills_them(site: Site, cms: Clinic) -> None:
    """One is shown on a condition; she sees it when the condition holds."""
    admin = await Desk.of(site, await cms.person("marina", ADMINISTRATOR))
    await admin.opens("Field groups")
    await admin.fills({"Name": "Posologia"})
    await admin.presses("Add")
    await add_field(admin, "Para crianças", "true_false")
    await admin.presses("Save")
    await add_field(admin, "Dose por quilo", "number")
    await admin.presses("Show it on a condition only")
    rule = admin.main.locator(".groups-rules")
    await rule.get_by_label("Field").select_option(label="Para crianças")
    await rule.get_by_label("Value").fill("1")
    await admin.is_for_everybody()
    await admin.presses("Save", within=admin.main.locator(".buttons").last)
    await admin.is_told("The field is saved.")
    await admin.follows("Change the rules")
    await admin.presses("Add a rule")
    await admin.main.get_by_label(re.compile("^Value")).select_option("post")
    await admin.presses("Save", within=admin.main.locator(".buttons").last)
    await admin.is_told("The rules are saved.")

    author = await Desk.of(site, await cms.person("ana"))
    await author.opens("Posts")
    await author.follows("Write a new one")
    dose = author.page.get_by_label("Dose por quilo")
    await expect(dose).to_be_hidden()
    await author.fills({"Title": "Febre em crianças"})
    await author.page.get_by_label("Para crianças").check()
    await expect(dose).to_be_visible()
    await dose.fill("15")
    await author.presses("Save draft")
    await author.is_told("The text is saved.")
    await author.opens("Posts")
    await author.follows("Febre em crianças")
    await expect(author.page.get_by_label("Para crianças")).to_be_checked()
    await expect(dose).to_have_value("15")


async def test_roles_are_given_and_an_account_is_emptied(site: Site, cms: Clinic) -> None:
    """An author becomes an editor and sees it at once; when she goes, so do her sign-ins."""
    ana = await cms.person("ana")
    hers = await Desk.of(site, ana)
    await expect(hers.page.locator("nav.menu").get_by_role("link", name="Menus")).to_have_count(0)
    admin = await Desk.of(site, await cms.person("marina", ADMINISTRATOR))
    await admin.opens("People")
    await admin.fills({"Name, login or e-mail": "ana"})
    await admin.presses("Filter")
    await admin.follows("Ana", exact=True)
    await admin.page.get_by_label("Editor", exact=True).check()
    await admin.fills({"last day · Editor": "2999-12-31"})
    await admin.presses("Save the roles")
    await admin.is_told("The roles are saved.")
    await hers.page.reload()
    await hers.opens("Pages")
    await admin.presses("Sign out everywhere")
    await admin.is_told("Signed out.")
    await hers.page.reload()
    await hers.reads("Lost password")
    await admin.follows("She leaves …")
    await admin.is_for_everybody()
    await admin.page.get_by_label("Yes, close the account of Ana for good.").check()
    await admin.presses("Close the account")
    await admin.is_told("The account is closed.")
    answer = await cms.http.get("/wp-json/wp/v2/users/me", auth=ana.basic)
    assert answer.status_code == 401


async def test_a_menu_is_built_and_readers_and_programs_have_it(site: Site, cms: Clinic) -> None:
    """Of a page and of a link, in the order that she gives them."""
    await cms.set_options(serves_pages=True, public_menus=True, front_end_url=site.url)
    marina = await cms.person("marina", ADMINISTRATOR)
    await cms.draft(marina, "pages", title="Sobre nós", status="publish")
    admin = await Desk.of(site, marina)
    await admin.opens("Menus")
    await admin.fills({"Name": "Principal"})
    await admin.presses("Add")
    await admin.is_told("The menu is added.")
    await admin.page.get_by_label("Sobre nós").check()
    await admin.presses("Add to the menu")
    await admin.is_told("The items are added.")
    await admin.fills({"Words": "Emergência", "Address": "https://emergencia.example/"})
    await admin.presses("Add to the menu")
    up = admin.page.get_by_role("button", name="Up Emergência")
    await up.focus()
    await admin.page.keyboard.press("Enter")
    await expect(admin.page.locator(".menu-line p strong")).to_have_text(
        ["Emergência", "Sobre nós"]
    )
    await admin.main.locator("fieldset", has_text="Shown at").get_by_role("checkbox").first.check()
    await admin.presses("Save", within=admin.main.locator("form", has_text="Shown at"))
    await admin.is_told("The menu is saved.")
    items = (await cms.http.get("/api/v1/menus/primary")).json()["items"]
    assert [one["title"] for one in items] == ["Emergência", "Sobre nós"]
    reader = await site.page()
    await reader.goto("/")
    await reader.get_by_role("link", name="Sobre nós").first.click()
    await expect(reader.get_by_role("heading", name="Sobre nós")).to_be_visible()


async def test_a_program_is_told_of_publications_and_a_deaf_one_is_told_again(
    site: Site, cms: Clinic
) -> None:
    """A webhook with its secret, a test message, a real one that fails and is sent again."""
    marina = await cms.person("marina", ADMINISTRATOR)
    admin = await Desk.of(site, marina)
    async with subscriber(200, 500, 200) as program:
        await admin.opens("Webhooks")
        await admin.fills({"Address": program.url})
        await admin.page.get_by_role("checkbox", name="everything that readers notice").check()
        await admin.presses("Add")
        secret = await admin.page.get_by_label("Secret").input_value()
        await admin.is_for_everybody()
        await admin.follows("I have copied it")
        await admin.presses("Send a test message")
        await admin.is_told("A test message is on its way")
        await run_jobs(cms)
        await admin.page.reload()
        await expect(admin.main.get_by_role("row").nth(1)).to_contain_text("delivered")
        assert program.heard[0].is_signed_with(secret)
        await cms.draft(marina, title="Febre", status="publish")
        await run_jobs(cms)
        await admin.page.reload()
        await expect(admin.main.get_by_role("row").nth(1)).to_contain_text("500")
        await admin.page.get_by_role("button", name=re.compile("^Send again post")).first.click()
        await admin.is_told("The message is sent once more.")
        await run_jobs(cms)
        await admin.page.reload()
        await expect(admin.main.get_by_role("row").nth(1)).to_contain_text("delivered")


async def run_jobs(cms: Clinic) -> None:
    """What is due now; a job may put another into the queue."""
    async with build_queue(cms.host).open_async() as queue:
        for _ in range(3):
            await queue.run_worker_async(wait=False, install_signal_handlers=False)


async def test_a_type_of_the_house_is_declared_and_written_in(site: Site, cms: Clinic) -> None:
    """Without a programmer: its line is in the menu of those who write, its address in the API."""
    admin = await Desk.of(site, await cms.person("marina", ADMINISTRATOR), scripts=False)
    await admin.opens("Types and taxonomies")
    await admin.follows("Add a type")
    await admin.fills({"Name, in the plural": "Relatos de caso", "Key": "relato"})
    await admin.presses("Save")
    await admin.is_told("The type is saved.")
    author = await Desk.of(site, await cms.person("ana"))
    await author.opens("Relatos de caso")
    await author.reads("There is nothing here yet")
    await author.follows("Write the first")
    await author.fills({"Title": "Um caso raro"})
    await author.presses("Publish")
    await author.reads("Readers have this very text.")
    [live] = (await cms.http.get("/wp-json/wp/v2/relato")).json()
    assert live["title"]["rendered"] == "Um caso raro"
