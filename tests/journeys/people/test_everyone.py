"""What everybody does for her own account: the second step, a lost password, letters, colours."""

import re

import pyotp
import pytest
from playwright.async_api import expect

from cms.jobs.worker import build_queue
from cms.settings import Settings
from tests.identity.test_factors import LOGIN
from tests.identity.test_proofs import PASSWORD, as_owner, member
from tests.journeys.people.desk import PHONE, Desk
from tests.support.chromium import Site
from tests.support.clinic import Clinic
from tests.support.postbox import Postbox, open_postbox

NEW_PASSWORD = "quatro palavras bem longas"


@pytest.fixture
async def box():
    async with open_postbox() as opened:
        yield opened


@pytest.fixture
def settings(tmp_path, request) -> Settings:
    if "box" not in request.fixturenames:
        return Settings(data_dir=str(tmp_path / "var"))
    return Settings(data_dir=str(tmp_path / "var"), **request.getfixturevalue("box").settings)


async def sign_in(desk: Desk, login: str, password: str) -> None:
    """As far as a password leads."""
    await desk.fills({"Login or e-mail address": login, "Password": password})
    await desk.presses("Sign in")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_second_step_is_set_up_used_and_got_around_with_a_kept_code(
    site: Site, cms: Clinic, scripts: bool
) -> None:
    """By the picture or the key, then at each sign-in; a recovery code opens once."""
    await member(cms)
    rui = await Desk.of(site, scripts=scripts)
    await sign_in(rui, LOGIN, PASSWORD)
    await rui.page.get_by_role("link", name="Rui", exact=True).click()
    await rui.follows("Security", exact=True)
    await rui.presses("Set up an app")
    await expect(rui.page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    key = await rui.main.locator("code").inner_text()
    await rui.fills({"Code": "000000"})
    await rui.presses("Confirm")
    await expect(rui.page.locator("#code-fault")).to_be_visible()
    await rui.fills({"Code": pyotp.TOTP(key).now()})
    await rui.presses("Confirm")
    await rui.reads("They are shown this once.")
    if scripts:
        await rui.is_for_everybody()
    codes = await rui.main.locator(".codes code").all_inner_texts()
    await rui.follows("I have kept them")
    await rui.reads("switched on")
    as_owner(cms, "update cms.user_factors set last_step = 0")

    for proof in (pyotp.TOTP(key).now(), codes[0]):
        again = await Desk.of(site, scripts=scripts, **PHONE)
        await sign_in(again, LOGIN, PASSWORD)
        await again.reads("Your password is right.")
        await again.fits()
        if scripts:
            await again.is_for_everybody()
        await again.fills({"Code": proof})
        await again.presses("Sign in")
        await again.reads("What you are writing")
    last = await Desk.of(site, scripts=scripts)
    await sign_in(last, LOGIN, PASSWORD)
    await last.fills({"Code": codes[0]})
    await last.presses("Sign in")
    await expect(last.page.get_by_role("alert")).to_contain_text("it was used already")


async def test_a_lost_password_is_replaced_by_a_letter(
    box: Postbox, site: Site, cms: Clinic
) -> None:
    """From the sign-in and back to it; what was signed in elsewhere is not any more."""
    await cms.set_options(front_end_url=site.url)
    await member(cms)
    elsewhere = await Desk.of(site)
    await sign_in(elsewhere, LOGIN, PASSWORD)
    await elsewhere.reads("Overview")
    forgetful = await Desk.of(site, language="pt-BR")
    await forgetful.follows("Esqueci a senha")
    await forgetful.is_for_everybody()
    await forgetful.fills({"Login ou e-mail": LOGIN})
    await forgetful.page.locator("main form button").click()
    async with build_queue(cms.host).open_async() as queue:
        await queue.run_worker_async(wait=False, queues=["cms"], install_signal_handlers=False)
    letters = [letter.get_content() for _, letter in box.letters]
    [link] = [one for text in letters for one in re.findall(r"/admin/password\S+", text)]
    await forgetful.page.goto(link)
    await forgetful.is_for_everybody()
    await forgetful.page.locator("#password").fill(NEW_PASSWORD)
    await forgetful.page.locator("main form button").click()
    await forgetful.page.locator("#login").fill(LOGIN)
    await forgetful.page.locator("#password").fill(NEW_PASSWORD)
    await forgetful.presses("Entrar")
    await forgetful.reads("Visão geral")
    await elsewhere.comes()
    await elsewhere.reads("Lost password")


async def test_one_chooses_language_and_colours_and_ends_other_sessions(
    site: Site, cms: Clinic
) -> None:
    """What is chosen counts in every browser of hers."""
    ana = await cms.person("ana")
    desk, forgotten = await Desk.of(site, ana), await Desk.of(site, ana)
    await desk.page.get_by_role("link", name="Ana", exact=True).click()
    await desk.fills({"Language": "Português"})
    await desk.page.get_by_label("Dark").check()
    await desk.presses("Save")
    await desk.is_told("Seu perfil foi salvo.")
    await expect(desk.page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(desk.page.locator("html")).to_have_attribute("lang", "pt-BR")
    await forgotten.page.reload()
    await forgotten.reads("Visão geral")
    await desk.follows("Segurança", exact=True)
    other = desk.main.get_by_role("row").filter(has_not_text="esta").nth(1)
    await other.get_by_role("button", name=re.compile("^Encerrar")).click()
    await desk.is_told("A sessão terminou.")
    await forgotten.comes()
    assert "/admin/sign-in" in forgotten.page.url
    await desk.page.get_by_role("button", name="Sair").click()
    await expect(desk.page.get_by_role("status").last).to_contain_text("You are signed out.")
