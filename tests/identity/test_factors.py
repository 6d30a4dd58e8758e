"""The second factor: setting it up, signing in with it, losing it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from cms.identity.accounts import close_account
from cms.identity.session_cookies import COOKIE, PENDING
from cms.identity.sessions import actor_of_session
from cms.identity.signing_in import AwaitedCode, reauthenticate, sign_in_browser, sign_in_by_code
from cms.identity.totp import SECONDS, address_of, new_secret, picture_of, step_at, step_of
from cms.identity.users import get_user
from tests.identity.test_proofs import PASSWORD, TOKEN, as_owner, bearer, member
from tests.identity.test_sessions import actor_of
from tests.support.browsing import stranger

MINE = "/api/v1/users/me/factors"
LOGIN = "rui.revisor"
NOW = datetime.fromtimestamp(1_800_000_000, UTC)


class Rui:
    """A person with an authenticator app."""

    def __init__(self, cms, user_id):
        self.cms, self.id, self.headers, self.codes = cms, user_id, {}, []

    async def token(self, **more):
        body = {"login": LOGIN, "password": PASSWORD, **more}
        return await self.cms.http.post(TOKEN, json=body)

    async def signed_in(self, **more):
        self.headers = bearer((await self.token(**more)).json()["access_token"])

    async def ask(self, method, path, json=None):
        return await self.cms.http.request(method, MINE + path, headers=self.headers, json=json)

    async def begin(self):
        self.begun = (await self.ask("POST", "/totp")).json()
        return self.begun

    async def confirm(self):
        done = await self.ask("POST", "/totp/confirm", {"code": self.code()})
        assert done.status_code == 200, done.text
        self.codes = done.json()["recovery_codes"]
        self.later()

    def code(self):
        return pyotp.TOTP(self.begun["secret"]).now()

    def later(self):
        """The next step has come, as far as the server remembers."""
        as_owner(self.cms, "update cms.user_factors set last_step = 0")


@pytest.fixture
async def rui(cms):
    made = Rui(cms, await member(cms))
    await made.signed_in()
    return made


@pytest.fixture
async def with_app(rui):
    await rui.begin()
    await rui.confirm()
    return rui


async def test_an_app_is_set_up_by_a_secret_and_a_code(rui):
    assert (await rui.ask("GET", "")).json() == {"totp_since": None, "recovery_codes_left": 0}
    begun = await rui.begin()
    assert pyotp.parse_uri(begun["address"]).secret == begun["secret"]
    assert begun["picture"].startswith("<svg ")
    # Until it is confirmed it keeps nobody out, and it can be begun anew.
    assert (await rui.token()).status_code == 200
    assert (await rui.begin())["secret"] != begun["secret"]
    wrong = await rui.ask("POST", "/totp/confirm", {"code": "000000"})
    assert (wrong.status_code, list(wrong.json()["faults"])) == (400, ["code"])
    await rui.confirm()
    assert len(set(rui.codes)) == 10
    told = (await rui.ask("GET", "")).json()
    assert (told["totp_since"] is not None, told["recovery_codes_left"]) == (True, 10)
    assert (await rui.ask("POST", "/totp")).status_code == 409
    assert (await rui.ask("POST", "/totp/confirm", {"code": rui.code()})).status_code == 404


async def test_nothing_of_it_is_kept_in_clear(cms, with_app):
    async with cms.as_system() as work:
        rows = await work.all(
            "select f::text as text from cms.user_factors f union all "
            "select r::text from cms.recovery_codes r union all "
            "select v::text from cms.sealed_values v"
        )
    kept = "\n".join(row.text for row in rows)
    secret = with_app.begun["secret"]
    for clear in (secret, *with_app.codes, *(code.replace("-", "") for code in with_app.codes)):
        assert clear not in kept
        assert clear.encode().hex() not in kept


async def test_a_token_needs_the_code_and_says_so(with_app):
    missing = await with_app.token()
    assert (missing.status_code, missing.json()["type"]) == (
        401, "urn:cms:problem:second-factor-required",
    )  # fmt: skip
    assert "`otp`" in missing.json()["detail"]
    for wrong in ("000000", "abc", "", "１２３４５６"):
        assert (await with_app.token(otp=wrong)).status_code == 401
    assert (await with_app.token(otp=with_app.code(), password="errada")).status_code == 401
    right = await with_app.token(otp=with_app.code())
    assert right.status_code == 200, right.text


async def test_a_code_is_good_once(with_app):
    code = with_app.code()
    assert (await with_app.token(otp=code)).status_code == 200
    assert (await with_app.token(otp=code)).status_code == 401


async def test_of_those_who_send_the_same_code_at_once_one_comes_in(with_app):
    code = with_app.code()
    answers = await asyncio.gather(*(with_app.token(otp=code) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]


async def test_a_recovery_code_opens_once(with_app):
    first, second = with_app.codes[:2]
    answers = await asyncio.gather(*(with_app.token(otp=first.upper()) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]
    with_app.headers = bearer((await with_app.token(otp=second)).json()["access_token"])
    assert (await with_app.ask("GET", "")).json()["recovery_codes_left"] == 8
    renewed = (await with_app.ask("POST", "/recovery-codes")).json()["recovery_codes"]
    assert not set(renewed) & set(with_app.codes)
    assert (await with_app.token(otp=with_app.codes[2])).status_code == 401
    assert (await with_app.token(otp=renewed[0])).status_code == 200


async def test_wrong_codes_rest_the_account_as_wrong_passwords_do(with_app):
    for _ in range(5):
        await with_app.token(otp="000000")
        await with_app.token(password="errada", otp=with_app.code())
    assert (await with_app.token(otp=with_app.code())).status_code == 401
    as_owner(with_app.cms, "update cms.users set account_locked_until = now()")
    assert (await with_app.token(otp=with_app.code())).status_code == 200


async def test_only_who_has_just_signed_in_changes_it(cms, with_app):
    as_owner(cms, "update cms.tokens set authenticated_at = now() - interval '16 minutes'")
    for method, path in (("DELETE", "/totp"), ("POST", "/recovery-codes"), ("POST", "/totp")):
        refused = await with_app.ask(method, path)
        assert (refused.status_code, refused.json()["obligations"]) == (401, ["recent_sign_in"])
    await with_app.signed_in(otp=with_app.code())
    assert (await with_app.ask("DELETE", "/totp")).status_code == 204
    assert (await with_app.token()).status_code == 200
    assert (await with_app.ask("DELETE", "/totp")).status_code == 404
    assert (await with_app.ask("POST", "/recovery-codes")).status_code == 404
    assert (await cms.http.get(MINE)).status_code == 401


async def test_an_application_never_changes_it(cms):
    ana = await cms.person("ana.autora")
    refused = await cms.http.post(f"{MINE}/totp", auth=ana.basic)
    assert (refused.status_code, refused.json()["obligations"]) == (401, ["recent_sign_in"])


async def test_an_administrator_frees_who_has_lost_everything(cms, with_app):
    boss = await cms.person("dona.marina", sorted(cms.host.registry.roles))
    ana = await cms.person("ana.autora")
    path = f"/api/v1/users/{with_app.id}/factors"
    assert (await ana.delete(path)).status_code == 403
    assert (await cms.http.delete(path)).status_code == 401
    assert (await boss.delete(path)).status_code == 204
    assert (await with_app.token()).status_code == 200
    assert (await boss.delete("/api/v1/users/999999/factors")).status_code == 404


async def test_the_keeper_of_the_installation_frees_the_last_administrator(cms, with_app, command):
    said = await command("user", "reset-factors", LOGIN, "--tenant", "clinica")
    assert "password alone" in said
    assert (await with_app.token()).status_code == 200
    await command("user", "reset-factors", LOGIN, "--tenant", "clinica", code=1)


async def test_who_leaves_takes_it_along(cms, with_app):
    await cms.person("dona.marina", ["administrator"])
    async with cms.as_system() as work:
        await close_account(work, await get_user(work, with_app.id), None)
        counts = await work.one(
            "select (select count(*) from cms.user_factors), "
            "(select count(*) from cms.recovery_codes), (select count(*) from cms.sealed_values)"
        )
    assert tuple(counts) == (0, 0, 0)


async def password_given(cms, **more):
    async with cms.host.shop.work(cms.tenant) as work:
        return await sign_in_browser(work, cms.host.secret, LOGIN, PASSWORD, **more)


async def code_given(cms, awaited, code):
    async with cms.host.shop.work(cms.tenant) as work:
        return await sign_in_by_code(work, cms.host.secret, awaited.secret, code)


async def test_a_browser_signs_in_by_two_steps(cms, with_app):
    awaited = await password_given(cms, is_remembered=True)
    assert isinstance(awaited, AwaitedCode)
    assert await actor_of(cms, awaited.secret) is None
    assert await code_given(cms, awaited, "000000") is None
    opened = await code_given(cms, awaited, with_app.code())
    assert (opened.factors, opened.is_remembered) == ({"pwd", "otp"}, True)
    proof = (await actor_of(cms, opened.secret)).authentication
    assert proof.factors == {"pwd", "otp"}
    with_app.later()
    assert await code_given(cms, awaited, with_app.code()) is None


async def test_the_second_step_waits_five_minutes_and_five_attempts(cms, with_app):
    late, tried = await password_given(cms), await password_given(cms)
    for _ in range(5):
        assert await code_given(cms, tried, "000000") is None
    as_owner(cms, "update cms.users set account_locked_until = null, failed_login_attempts = 0")
    assert await code_given(cms, tried, with_app.code()) is None
    as_owner(cms, "update cms.pending_sign_ins set expires_at = now()")
    assert await code_given(cms, late, with_app.code()) is None


async def test_a_new_password_ends_what_awaits_a_code(cms, with_app):
    awaited = await password_given(cms)
    wanted = {"password": "outra senha bem longa"}
    changed = await cms.http.post("/wp-json/wp/v2/users/me", json=wanted, headers=with_app.headers)
    assert changed.status_code == 200, changed.text
    assert await code_given(cms, awaited, with_app.code()) is None


async def test_two_who_finish_the_same_sign_in_open_one_session(cms, with_app):
    awaited = await password_given(cms)
    codes = (with_app.code(), with_app.codes[0])
    opened = await asyncio.gather(*(code_given(cms, awaited, code) for code in codes))
    assert sum(one is not None for one in opened) == 1


async def test_wordpress_programs_are_led_to_the_second_step(cms, with_app):
    async with stranger(cms) as http:
        form = {"log": LOGIN, "pwd": PASSWORD, "redirect_to": "/admin/posts"}
        answer = await http.post("/wp-login.php", data=form)
        assert answer.headers["location"] == "/admin/sign-in?next=%2Fadmin%2Fposts"
        assert answer.headers["set-cookie"].startswith(f"{PENDING}=cmsp_")
        assert COOKIE not in answer.headers["set-cookie"]


async def step_up(cms, opened, password=PASSWORD, otp=None):
    async def enter(work):
        work.actor = await actor_of_session(work, cms.host.secret, opened.secret)

    async with cms.host.shop.work(cms.tenant, entrance=enter) as work:
        return await reauthenticate(work, cms.host.secret, password, otp)


async def test_a_step_up_proves_every_factor_anew(cms, with_app):
    opened = await code_given(cms, await password_given(cms), with_app.code())
    as_owner(cms, "update cms.sessions set authenticated_at = now() - interval '2 hours'")
    with_app.later()
    with pytest.raises(Exception, match="second factor"):
        await step_up(cms, opened)
    assert await step_up(cms, opened, otp="000000") is None
    assert await step_up(cms, opened, "errada", with_app.code()) is None
    renewed = await step_up(cms, opened, otp=with_app.code())
    proof = (await actor_of(cms, renewed.secret)).authentication
    assert (proof.factors, proof.credential) == ({"pwd", "otp"}, str(opened.id))
    assert datetime.now(UTC) - proof.at < timedelta(minutes=1)
    assert await actor_of(cms, opened.secret) is None


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True),
                                                  (2, False)])  # fmt: skip
def test_a_clock_may_be_wrong_by_one_step(steps, is_taken):
    secret = new_secret()
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=SECONDS * steps))
    found = step_of(secret, code, NOW, after=0)
    assert found == (step_at(NOW) + steps if is_taken else None)


def test_a_step_that_was_used_is_over():
    secret = new_secret()
    code = pyotp.TOTP(secret).at(NOW)
    assert step_of(secret, code, NOW, after=step_at(NOW) - 1) == step_at(NOW)
    assert step_of(secret, code, NOW, after=step_at(NOW)) is None


@pytest.mark.parametrize("site", ["Clínica: Norte", "a/b?c=d&e", "Ω"])
def test_an_app_can_read_the_address(site):
    read = pyotp.parse_uri(address_of("A" * 32, site, "ana.autora@x.example"))
    assert (read.secret, read.name) == ("A" * 32, "ana.autora@x.example")
    assert read.issuer == site.replace(":", "")
    assert "style=" not in picture_of(address_of("A" * 32, site, "ana"))
