"""What signing in by a browser costs the database."""

import pyotp

from cms.identity.users import add_user
from tests.support.browsing import browser, session_of, stranger
from tests.support.queries import counted

SESSIONS, LOGIN, AJAX = "/api/v1/sessions", "/wp-login.php", "/wp-admin/admin-ajax.php"
FACTORS = "/api/v1/users/me/factors"
TOTP, OTHERS = f"{FACTORS}/totp", "/api/v1/users/{user_id:int}/factors"
ONE = f"{SESSIONS}/{{session_id:uuid}}"
PASSWORD = "uma senha bem longa"

# A session is found by one statement, as a token is.
BUDGETS = {
    ("GET", SESSIONS): 3,
    ("GET", ONE): 3,
    ("DELETE", ONE): 6,
    ("GET", LOGIN): 0,
    # With a browser that is new to the person, who is told of it.
    ("POST", LOGIN): 12,
    ("GET", AJAX): 2,
    ("GET", "/wp-admin"): 0,
    ("GET", "/wp-admin/{path:path}"): 0,
    ("GET", FACTORS): 4,
    ("POST", TOTP): 8,
    ("POST", f"{TOTP}/confirm"): 9,
    ("POST", f"{FACTORS}/recovery-codes"): 7,
    ("DELETE", TOTP): 9,
    ("DELETE", OTHERS): 12,
}


async def test_a_browser_costs_no_more_than_its_budget(cms):
    ana = await cms.person("ana.autora")
    async with cms.as_system() as work:
        await add_user(
            work, "rui", email="rui@x.example", display_name="Rui", roles=[], password=PASSWORD
        )
    other = await session_of(cms, ana)
    asked, too_dear = set(), []

    async def ask(http, method, template, address, **sent):
        with counted(cms.host) as statements:
            answer = await http.request(method, address, **sent)
        assert answer.status_code < 400, (method, address, answer.text)
        asked.add((method, template))
        if len(statements) > BUDGETS[method, template]:
            too_dear.append(f"{method} {template}: {len(statements)}\n{statements}")
        return answer

    async with browser(cms, ana) as here:
        here.http.headers["X-WP-Nonce"] = here.nonce
        await ask(here.http, "GET", SESSIONS, SESSIONS)
        await ask(here.http, "GET", ONE, f"{SESSIONS}/{other.id}")
        await ask(here.http, "DELETE", ONE, f"{SESSIONS}/{other.id}")
        await ask(here.http, "GET", AJAX, f"{AJAX}?action=rest-nonce")
    async with stranger(cms) as http:
        await ask(http, "GET", LOGIN, LOGIN)
        await ask(http, "POST", LOGIN, LOGIN, data={"log": "rui", "pwd": PASSWORD})
        await ask(http, "GET", "/wp-admin", "/wp-admin")
        await ask(http, "GET", "/wp-admin/{path:path}", "/wp-admin/edit.php")
    boss = await cms.person("dona.marina", sorted(cms.host.registry.roles))
    async with browser(cms, boss) as here:
        here.http.headers["X-WP-Nonce"] = here.nonce
        # The first sealed value of a site makes its key.
        await here.http.post(TOTP)
        for delete, address in ((OTHERS, f"/api/v1/users/{boss.id}/factors"), (TOTP, TOTP)):
            await here.http.delete(TOTP)
            begun = await ask(here.http, "POST", TOTP, TOTP)
            code = pyotp.TOTP(begun.json()["secret"]).now()
            await ask(here.http, "POST", f"{TOTP}/confirm", f"{TOTP}/confirm", json={"code": code})
            codes = f"{FACTORS}/recovery-codes"
            await ask(here.http, "POST", codes, codes)
            await ask(here.http, "GET", FACTORS, FACTORS)
            await ask(here.http, "DELETE", delete, address)
    assert not too_dear, "\n".join(too_dear)
    assert asked == set(BUDGETS)
