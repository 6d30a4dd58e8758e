"""The session's cookie at the doors: alone on the screens, with its nonce on the APIs, and
WordPress's own addresses that give both out."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from cms.api.own_paths import own_path
from cms.identity.sessions import COOKIE
from cms.identity.users import add_user
from tests.identity.test_proofs import as_owner
from tests.support.browsing import browser, session_of, stranger

ME, POSTS = "/wp-json/wp/v2/users/me", "/wp-json/wp/v2/posts"
LOGIN, AJAX = "/wp-login.php", "/wp-admin/admin-ajax.php"
SESSIONS = "/api/v1/sessions"
PASSWORD = "uma senha bem longa"
HALF_DAY = timedelta(hours=12)


async def test_with_its_nonce_the_cookie_says_who_it_is(cms):
    ana = await cms.person("ana.autora")
    async with browser(cms, ana) as here:
        known = await here.get(ME)
        assert known.json()["id"] == ana.id
        assert known.headers["x-wp-nonce"] == here.nonce
        assert known.headers["cache-control"] == "private, no-store"
        by_query = await here.http.get(f"{ME}?_wpnonce={here.nonce}")
        assert by_query.json()["id"] == ana.id
        made = await here.post(POSTS, {"title": "Dor", "content": "<p>Texto.</p>"})
        assert (made.status_code, made.json()["author"]) == (201, ana.id)
        assert (await here.get(SESSIONS)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_cookie_alone_is_nobody_on_the_apis(cms, method):
    async with browser(cms, await cms.person("ana.autora")) as here:
        for path in (ME, SESSIONS):
            if method == "GET" or path == ME:
                assert (await here.http.request(method, path)).status_code == 401
        seen = await here.http.get(POSTS)
        assert (seen.status_code, "x-wp-nonce" in seen.headers) == (200, False)


async def test_a_forged_nonce_is_told(cms):
    ana, rui = await cms.person("ana.autora"), await cms.person("rui.revisor")
    async with browser(cms, ana) as here, browser(cms, rui) as other, browser(cms, ana) as twin:
        stale = here.nonce_at(datetime.now(UTC) - 2 * HALF_DAY)
        early = here.nonce_at(datetime.now(UTC) + HALF_DAY)
        for nonce in (other.nonce, twin.nonce, stale, early, "", "0123456789", "é"):
            refused = await here.http.get(f"{POSTS}", params={"_wpnonce": nonce})
            assert (refused.status_code, refused.json()["code"]) == (
                403, "rest_cookie_invalid_nonce",
            )  # fmt: skip
            assert "x-wp-nonce" not in refused.headers
            own = await here.http.get(SESSIONS, params={"_wpnonce": nonce})
            assert (own.status_code, own.json()["type"]) == (403, "urn:cms:problem:nonce-refused")
        yesterday = here.nonce_at(datetime.now(UTC) - HALF_DAY)
        assert (await here.http.get(ME, headers={"X-WP-Nonce": yesterday})).status_code == 200


async def test_an_authorization_header_wins(cms):
    ana, rui = await cms.person("ana.autora"), await cms.person("rui.revisor")
    async with browser(cms, ana) as here:
        known = await here.get(ME, headers=rui.bearer)
        assert known.json()["id"] == rui.id
        alone = await here.http.get(ME, headers=rui.bearer)
        assert alone.json()["id"] == rui.id
        nonsense = await here.get(POSTS, headers={"Authorization": "Basic eDp4"})
        assert nonsense.json()["code"] == "rest_cookie_invalid_nonce"


async def test_an_ended_session_leaves_its_nonce_worthless(cms):
    async with browser(cms, await cms.person("ana.autora")) as here:
        as_owner(cms, "update cms.sessions set revoked_at = now()")
        assert (await here.get(ME)).json()["code"] == "rest_cookie_invalid_nonce"
        assert (await here.http.get(f"{AJAX}?action=rest-nonce")).status_code == 400


async def test_a_session_may_do_what_a_signed_in_person_may(cms):
    """Policies take a session for what it is: a fresh sign-in by password."""
    boss = await cms.person("dona.marina", ["administrator"])
    async with browser(cms, boss) as here:
        made = await here.post("/wp-json/wp/v2/users/me", {"password": "outra senha bem longa"})
        assert made.status_code == 200, made.text
        assert (await here.get(ME)).status_code == 200


@pytest.fixture
async def rui(cms):
    async with cms.as_system() as work:
        return await add_user(
            work, "rui.revisor", email="rui@clinica.example", display_name="Rui",
            roles=["editor"], password=PASSWORD,
        )  # fmt: skip


async def sign_in(http, **more):
    form = {"log": "rui.revisor", "pwd": PASSWORD, **more}
    return await http.post(LOGIN, data=form)


async def test_wordpress_programs_sign_in_and_fetch_their_nonce(cms, rui):
    async with stranger(cms) as http:
        opened = await sign_in(http, redirect_to="https://clinica.example/wp-admin/")
        assert (opened.status_code, opened.headers["location"]) == (302, "/admin")
        sent = opened.headers["set-cookie"]
        assert sent.startswith(f"{COOKIE}=cmss_")
        flags = {part.strip().lower() for part in sent.split(";")[1:]}
        assert flags == {"path=/", "secure", "httponly", "samesite=lax"}
        nonce = await http.get(f"{AJAX}?action=rest-nonce")
        assert re.fullmatch(r"[0-9a-f]{20}", nonce.text)
        assert "no-store" in nonce.headers["cache-control"]
        assert "access-control-allow-origin" not in nonce.headers
        known = await http.get(ME, headers={"X-WP-Nonce": nonce.text})
        assert known.json()["id"] == rui.id


async def test_a_session_that_is_remembered_outlives_the_browser(cms, rui):
    async with stranger(cms) as http:
        sent = (await sign_in(http, rememberme="forever")).headers["set-cookie"]
        age = int(re.search(r"max-age=(\d+)", sent, re.IGNORECASE)[1])
        assert timedelta(days=13) < timedelta(seconds=age) <= timedelta(days=14)


async def test_a_wrong_password_opens_nothing_and_is_counted(cms, rui):
    async with stranger(cms) as http:
        for pwd in ("errada", "", "x" * 5000):
            refused = await sign_in(http, pwd=pwd)
            assert refused.headers["location"] == "/admin/sign-in?refused=1"
            assert "set-cookie" not in refused.headers
        assert (await sign_in(http, log="ninguem")).headers["location"].endswith("refused=1")
        empty = await http.post(LOGIN, content=b"\xff\xfe=%00&&&")
        assert empty.headers["location"] == "/admin/sign-in?refused=1"
    async with cms.as_system() as work:
        row = await work.one("select failed_login_attempts from cms.users where login like 'rui%'")
    assert row[0] == 3


async def test_a_sign_in_ends_the_session_that_the_browser_had(cms, rui):
    old = await session_of(cms, await cms.person("ana.autora"))
    async with stranger(cms, **{COOKIE: old.secret}) as http:
        opened = await sign_in(http)
        assert old.secret not in opened.headers["set-cookie"]
    async with stranger(cms, **{COOKIE: old.secret}) as http:
        assert (await http.get(f"{AJAX}?action=rest-nonce")).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_no_foreign_page_signs_a_browser_in(cms, rui, headers):
    async with stranger(cms) as http:
        form = {"log": "rui.revisor", "pwd": PASSWORD}
        refused = await http.post(LOGIN, data=form, headers=headers)
        assert (refused.status_code, "set-cookie" in refused.headers) == (403, False)
        own = {"Origin": "https://clinica.example", "Sec-Fetch-Site": "same-origin"}
        assert "set-cookie" in (await http.post(LOGIN, data=form, headers=own)).headers


async def test_signing_out_needs_the_nonce(cms):
    async with browser(cms, await cms.person("ana.autora")) as here:
        forged = await here.http.get(f"{LOGIN}?action=logout&_wpnonce=0123")
        assert forged.status_code == 403
        assert (await here.get(ME)).status_code == 200
        out = await here.http.get(f"{LOGIN}?action=logout&_wpnonce={here.nonce}")
        assert out.headers["location"] == "/admin/sign-in?out=1"
        assert "max-age=0" in out.headers["set-cookie"].lower()
        assert (await here.get(ME)).status_code == 403
        again = await here.http.get(f"{LOGIN}?action=logout&_wpnonce={here.nonce}")
        assert again.status_code == 302


async def test_wordpress_addresses_lead_to_the_screens(cms):
    async with stranger(cms) as http:
        shown = await http.get(f"{LOGIN}?redirect_to=/admin/posts?page=2%26x")
        where = urlsplit(shown.headers["location"])
        assert (where.path, parse_qs(where.query)) == (
            "/admin/sign-in", {"next": ["/admin/posts?page=2&x"]},
        )  # fmt: skip
        for path in ("/wp-admin", "/wp-admin/", "/wp-admin/edit.php"):
            assert (await http.get(path)).headers["location"] == "/admin"
        assert (await http.get(f"{AJAX}?action=rest-nonce")).text == "0"
        assert (await http.get(f"{AJAX}?action=heartbeat")).status_code == 400


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example",
        "\\\\evil.example", "/\t/evil.example", "javascript:alert(1)", "admin", "", None,
        "https://clinica.example.evil.example/", "https://clinica.example@evil.example/",
        "https:evil.example", "/a\r\nSet-Cookie: x=1", "http://[", "/\u202eadmin",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(wanted):
    assert own_path(wanted, "https://clinica.example/") == "/admin"


@pytest.mark.parametrize("wanted", ["/", "/admin/posts?x=//y", "/admin#top", "/a:b"])
def test_own_addresses_are_kept(wanted):
    assert own_path(wanted, "https://clinica.example/") == wanted
    assert own_path(f"https://clinica.example{wanted}", "https://clinica.example/") == wanted


def test_an_address_can_be_sent_in_a_header():
    assert own_path("/admin/posts?s=coração e rim") == "/admin/posts?s=cora%C3%A7%C3%A3o%20e%20rim"
    assert own_path("/admin/posts?s=cora%C3%A7%C3%A3o") == "/admin/posts?s=cora%C3%A7%C3%A3o"
