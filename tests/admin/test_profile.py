"""One's own account on the screens: profile, second factor, sessions, applications, notices."""

import re

import pyotp
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.admin.conftest import Visiting
from tests.identity.test_proofs import as_owner
from tests.support.browsing import session_of
from tests.support.chromium import Site
from tests.support.clinic import Clinic

PROFILE, SECURITY = "/admin/profile", "/admin/profile/security"
APP, HOURS = f"{SECURITY}/app", "/admin/profile/notices/hours"


async def test_name_language_and_theme_are_kept(visitor: Visiting) -> None:
    ana = await visitor("ana")
    fields = (await ana.get(PROFILE)).fields(PROFILE)
    assert fields["display_name"] == "Ana"
    kept = {**fields, "display_name": "Dra. Ana", "locale": "pt-BR", "theme": "dark"}
    done = await ana.send(PROFILE, kept)
    seen = await ana.follow(done)
    assert (seen.title, "Seu perfil foi salvo." in seen.words) == ("Seu perfil", True)
    assert seen.tree.css_first("html").attributes["data-theme"] == "dark"
    assert seen.fields(PROFILE)["display_name"] == "Dra. Ana"
    assert "Dra. Ana" in seen.tree.css_first(".bar-own").text()


async def test_a_value_that_cannot_be_used_is_told_beside_its_field(visitor: Visiting) -> None:
    ana = await visitor("ana")
    fields = (await ana.get(PROFILE)).fields(PROFILE)
    refused = await ana.send(PROFILE, {**fields, "email": "not an address", "first_name": "A"})
    assert refused.status == 422
    assert refused.tree.css_first("#email").attributes["aria-invalid"] == "true"
    assert refused.fields(PROFILE)["first_name"] == "A"
    two = {"password": "uma senha bem longa", "password_again": "outra senha bem longa"}
    assert "not the same" in (await ana.send(f"{PROFILE}/password", two)).words
    short = {"password": "curta", "password_again": "curta"}
    assert "at least 12" in (await ana.send(f"{PROFILE}/password", short)).words


async def test_a_new_password_needs_a_fresh_sign_in_and_ends_the_others(
    visitor: Visiting, cms: Clinic
) -> None:
    ana, other = await visitor("ana"), await visitor("ana")
    two = dict.fromkeys(("password", "password_again"), "uma senha bem longa")
    as_owner(cms, "update cms.sessions set authenticated_at = now() - interval '16 minutes'")
    asked = await ana.send(f"{PROFILE}/password", two)
    assert (asked.status, asked.title) == (401, "Confirm that it is you")
    assert asked.fields("/admin/step-up")["password"] == "uma senha bem longa"
    as_owner(cms, "update cms.sessions set authenticated_at = now()")
    assert "is changed" in (await ana.follow(await ana.send(f"{PROFILE}/password", two))).words
    assert (await other.get(PROFILE)).status == 303


async def test_an_authenticator_app_is_set_up_and_removed(visitor: Visiting) -> None:
    ana = await visitor("ana")
    assert (await ana.get(APP)).location == SECURITY
    begun = await ana.follow(await ana.send(f"{APP}/begin"))
    assert begun.tree.css_first(".qr svg path") is not None
    secret = re.search(r"Key: ([A-Z2-7]{32})", begun.words)[1]
    wrong = await ana.send(APP, {"code": "000000"})
    assert (wrong.status, secret in wrong.words) == (422, True)
    codes = await ana.send(APP, {"code": pyotp.TOTP(secret).now()})
    shown = [one.text() for one in codes.tree.css(".codes code")]
    assert (codes.status, len(shown)) == (200, 10)
    page = await ana.get(SECURITY)
    assert "10 recovery codes are left." in page.words
    renewed = await ana.send(f"{SECURITY}/recovery-codes")
    assert not set(shown) & {one.text() for one in renewed.tree.css(".codes code")}
    gone = await ana.follow(await ana.send(f"{APP}/remove"))
    assert "The authenticator app is removed." in gone.words
    assert "switched off" in gone.words


async def test_another_browser_is_signed_out(visitor: Visiting, cms: Clinic) -> None:
    ana, other = await visitor("ana"), await visitor("ana")
    page = await ana.get(SECURITY)
    assert page.words.count("this one") == 1
    ended = await ana.send(f"/admin/profile/sessions/{other.session}/end")
    assert "The session has ended." in (await ana.follow(ended)).words
    assert (await other.get(SECURITY)).status == 303
    bia = await session_of(cms, await cms.person("bia"))
    assert (await ana.send(f"/admin/profile/sessions/{bia.id}/end")).status == 404


async def test_an_application_is_let_in_and_out(visitor: Visiting, cms: Clinic) -> None:
    ana = await visitor("ana")
    assert (await ana.send("/admin/profile/applications", {"name": " "})).status == 422
    made = await ana.send("/admin/profile/applications", {"name": "Editor do celular"})
    password = made.tree.css_first(".note code").text()
    me = await cms.http.get("/wp-json/wp/v2/users/me", auth=("ana", password))
    assert me.status_code == 200
    again = await ana.send("/admin/profile/applications", {"name": "Editor do celular"})
    assert "should be unique" in again.words
    forms = [form.attributes["action"] for form in again.tree.css("form")]
    for revoke in [one for one in forms if one.endswith("/revoke")]:
        assert "is revoked" in (await ana.follow(await ana.send(revoke))).words
    assert (
        await cms.http.get("/wp-json/wp/v2/users/me", auth=("ana", password))
    ).status_code == 401
    as_owner(cms, "update cms.sessions set authenticated_at = now() - interval '16 minutes'")
    stale = await ana.send("/admin/profile/applications", {"name": "Outro"})
    assert (stale.status, stale.title) == (401, "Confirm that it is you")


async def test_one_says_how_one_is_told(visitor: Visiting) -> None:
    ana = await visitor("ana")
    page = "/admin/profile/notices"
    fields = (await ana.get(page)).fields(page)
    kind = next(name for name in fields if name.startswith("mail.") and fields[name] == "at_once")
    kept = await ana.follow(await ana.send(page, {**fields, kind: "digest"}))
    assert "Your choices are saved." in kept.words
    assert kept.fields(page)[kind] == "digest"
    hours = {**kept.fields(HOURS), "quiet_from": "22:00", "quiet_until": "22:00"}
    refused = await ana.send(HOURS, hours)
    assert (refused.status, "nobody is quiet all day" in refused.words) == (422, True)
    saved = await ana.follow(await ana.send(HOURS, {**hours, "quiet_until": "07:00"}))
    assert saved.fields(HOURS)["quiet_until"] == "07:00"


@pytest.mark.parametrize("path", [PROFILE, SECURITY, APP, "/admin/profile/notices"])
async def test_strangers_are_led_to_signing_in(visitor: Visiting, path: str) -> None:
    seen = await (await visitor()).get(path)
    assert (seen.status, seen.location[:14]) == (303, "/admin/sign-in")


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_browser_confirms_a_password_and_the_form_goes_on(
    site: Site, cms: Clinic, scripts: bool
) -> None:
    ana = await cms.person("ana")
    page = await site.page(ana, scripts=scripts)
    await page.goto(PROFILE)
    for label in ("New password", "The same again"):
        await page.get_by_label(label).fill("uma senha bem longa")
    await page.get_by_role("button", name="Change the password").click()
    await page.get_by_text("Your password is changed.").wait_for()
    as_owner(cms, "update cms.sessions set authenticated_at = now() - interval '16 minutes'")
    for label in ("New password", "The same again"):
        await page.get_by_label(label).fill("outra senha bem longa")
    await page.get_by_role("button", name="Change the password").click()
    await page.get_by_role("heading", name="Confirm that it is you").wait_for()
    await page.get_by_label("Password", exact=False).first.fill("uma senha bem longa")
    await page.get_by_role("button", name="Confirm").click()
    await page.get_by_text("Your password is changed.").wait_for()


async def test_axe_finds_nothing_in_either_theme(site: Site, cms: Clinic) -> None:
    ana = await cms.person("ana")
    await session_of(cms, ana)
    for theme in ("light", "dark"):
        page = await site.page(ana, color_scheme=theme, language="pt-BR")
        for path in (PROFILE, SECURITY, "/admin/profile/notices", "/admin/step-up"):
            await page.goto(path)
            await _assert_accessible(page, f"{path}, {theme}")
        await page.goto(SECURITY)
        await page.get_by_role("button", name="Configurar um aplicativo").click()
        await page.get_by_label("Código", exact=False).first.wait_for()
        await _assert_accessible(page, f"{APP}, {theme}")
        stranger = await site.page(color_scheme=theme)
        await stranger.goto("/admin/sign-in?out=1")
        await _assert_accessible(stranger, f"sign-in, {theme}")


async def _assert_accessible(page: Page, where: str) -> None:
    found = await Axe().run(page)
    told = [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in found.response["violations"]
    ]
    assert told == [], where
