"""Signing in by two steps, stepping up, signing out: by HTTP, and by a real browser."""

from typing import Any

import pyotp
import pytest

from cms.identity.session_cookies import PENDING
from cms.identity.sessions import COOKIE
from tests.admin.conftest import Visiting
from tests.identity.test_factors import LOGIN, Rui
from tests.identity.test_proofs import PASSWORD, as_owner, member
from tests.support.chromium import Site
from tests.support.clinic import Clinic
from tests.support.visiting import Seen, Visitor

SIGN_IN = "/admin/sign-in"


@pytest.fixture
async def rui(cms: Clinic) -> Rui:
    made = Rui(cms, await member(cms))
    await made.signed_in()
    return made


@pytest.fixture
async def with_app(rui: Rui) -> Rui:
    await rui.begin()
    await rui.confirm()
    return rui


async def give_password(stranger: Visitor, wanted: str = "/admin/notices", **more: Any) -> Seen:
    asked = await stranger.get(f"{SIGN_IN}?next={wanted}")
    sent = {**asked.fields(SIGN_IN), "login": LOGIN, "password": PASSWORD, **more}
    return await stranger.send(SIGN_IN, sent)


async def test_a_password_opens_the_page_that_was_wanted(rui: Rui, visitor: Visiting) -> None:
    stranger = await visitor()
    opened = await give_password(stranger)
    assert opened.location == "/admin/notices"
    assert "max-age" not in opened.response.headers["set-cookie"].lower()
    assert (await stranger.follow(opened)).title == "Notices"
    again = await stranger.get(f"{SIGN_IN}?next=/admin/notices")
    assert (again.status, again.location) == (303, "/admin/notices")


async def test_a_wrong_password_is_told_and_the_login_stays(rui: Rui, visitor: Visiting) -> None:
    refused = await give_password(await visitor(), password="errada")
    assert refused.status == 401
    assert "Login, password or code is wrong" in refused.words
    fields = refused.fields(SIGN_IN)
    assert (fields["login"], fields["password"], fields["next"]) == (LOGIN, "", "/admin/notices")


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_nobody_is_sent_to_another_site(rui: Rui, visitor: Visiting, wanted: str) -> None:
    stranger = await visitor()
    asked = await stranger.get(f"{SIGN_IN}?next={wanted}")
    assert asked.fields(SIGN_IN)["next"] == "/admin"
    sent = {"login": LOGIN, "password": PASSWORD, "next": wanted}
    opened = await stranger.send(SIGN_IN, sent)
    assert opened.location == "/admin"
    assert (await stranger.get(f"{SIGN_IN}?next={wanted}")).location == "/admin"
    up = await stranger.get(f"/admin/step-up?next={wanted}")
    assert up.fields("/admin/step-up")["step_up_again"] == "/admin"


async def test_the_code_is_asked_for_in_a_second_step(with_app: Rui, visitor: Visiting) -> None:
    stranger = await visitor()
    awaited = await give_password(stranger, remember="1")
    assert COOKIE not in awaited.response.headers["set-cookie"]
    asked = await stranger.follow(awaited)
    assert asked.title == "One more step"
    assert (await stranger.get("/admin/notices")).status == 303
    wrong = await stranger.send("/admin/sign-in/code", {"code": "000000", "next": "/admin/notices"})
    assert (wrong.status, wrong.title) == (401, "One more step")
    fields = {**wrong.fields("/admin/sign-in/code"), "code": with_app.code()}
    opened = await stranger.send("/admin/sign-in/code", fields)
    assert opened.location == "/admin/notices"
    kept, cleared = opened.response.headers.get_list("set-cookie")
    assert "max-age=12" in kept.lower()
    assert cleared.startswith(f"{PENDING}=")
    assert (await stranger.follow(opened)).title == "Notices"


async def test_one_begins_again_and_after_five_codes_one_must(
    with_app: Rui, visitor: Visiting
) -> None:
    stranger = await visitor()
    asked = await stranger.follow(await give_password(stranger))
    begin = next(link for link in asked.links if "over=1" in link)
    assert (await stranger.get(begin)).title == "Sign in"
    await give_password(stranger)
    for _ in range(4):
        assert (await stranger.send("/admin/sign-in/code", {"code": "1"})).title == "One more step"
    last = await stranger.send("/admin/sign-in/code", {"code": "1"})
    assert (last.status, last.title) == (401, "Sign in")
    nothing = await (await visitor()).send("/admin/sign-in/code", {"code": with_app.code()})
    assert (nothing.status, nothing.title) == (401, "Sign in")


async def test_a_step_up_renews_the_session_and_goes_on(with_app: Rui, visitor: Visiting) -> None:
    stranger = await visitor()
    await give_password(stranger)
    await stranger.send("/admin/sign-in/code", {"code": with_app.code()})
    old = stranger.http.cookies[COOKIE]
    asked = await stranger.get("/admin/step-up?next=/admin/notices")
    fields = asked.fields("/admin/step-up")
    missing = {**fields, "step_up_password": PASSWORD}
    refused = await stranger.send("/admin/step-up", missing)
    assert (refused.status, "second factor" in refused.words) == (401, True)
    wrong = {**fields, "step_up_password": "errada", "step_up_code": "000000"}
    assert (await stranger.send("/admin/step-up", wrong)).status == 401
    with_app.later()
    right = {**missing, "step_up_code": with_app.code()}
    done = await stranger.send("/admin/step-up", right)
    assert (done.status, done.location) == (303, "/admin/notices")
    assert stranger.http.cookies[COOKIE] != old
    assert (await stranger.follow(done)).title == "Notices"


async def test_what_a_form_held_is_sent_once_more(rui: Rui, visitor: Visiting) -> None:
    stranger = await visitor()
    await give_password(stranger)
    asked = await stranger.get("/admin/step-up")
    form = {"step_up_again": "/admin/notices/read", "step_up_form": "1", "a": "b"}
    fields = {**asked.fields("/admin/step-up"), **form}
    wrong = await stranger.send("/admin/step-up", {**fields, "step_up_password": "errada"})
    kept = wrong.fields("/admin/step-up")
    assert (kept["a"], kept["step_up_form"], kept["step_up_password"]) == ("b", "1", "")
    done = await stranger.send("/admin/step-up", {**kept, "step_up_password": PASSWORD})
    assert (done.status, done.location) == (307, "/admin/notices/read")


async def test_a_remembered_session_of_last_week_may_step_up(rui: Rui, visitor: Visiting) -> None:
    stranger = await visitor()
    await give_password(stranger, remember="1")
    as_owner(rui.cms, "update cms.sessions set authenticated_at = now() - interval '7 days'")
    as_owner(rui.cms, "update cms.session_uses set last_seen_at = now() - interval '7 days'")
    assert (await stranger.get("/admin/notices")).status == 200
    fields = {"step_up_again": "/admin/notices", "step_up_password": PASSWORD}
    session = (await stranger.get("/admin/step-up")).fields("/admin/step-up")["_wpnonce"]
    done = await stranger.send("/admin/step-up", {**fields, "_wpnonce": session})
    assert done.location == "/admin/notices"


async def test_plain_http_is_told_of(visitor: Visiting, cms: Clinic) -> None:
    shown = await cms.http.get(SIGN_IN, headers={"Accept-Language": "en"})
    assert "https only" in shown.text
    assert "https only" not in (await (await visitor()).get(SIGN_IN)).words


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_browser_signs_in_by_two_steps_and_confirms(
    site: Site, with_app: Rui, scripts: bool
) -> None:
    page = await site.page(scripts=scripts, language="pt-BR")
    await page.goto("/admin/notices")
    await page.get_by_label("Login ou e-mail").fill(LOGIN)
    await page.get_by_label("Senha").fill(PASSWORD)
    await page.get_by_role("button", name="Entrar").click()
    await page.get_by_label("Código").fill(pyotp.TOTP(with_app.begun["secret"]).now())
    await page.get_by_role("button", name="Entrar").click()
    await page.wait_for_url("**/admin/notices")
    assert await page.inner_text("h1") == "Avisos"
    with_app.later()
    await page.goto("/admin/step-up?next=/admin/notices")
    await page.get_by_label("Senha").fill(PASSWORD)
    await page.get_by_label("Código do aplicativo").fill(with_app.code())
    await page.get_by_role("button", name="Confirmar").click()
    await page.wait_for_url("**/admin/notices")
