"""What signing in by a browser costs the database."""

from cms.identity.users import add_user
from tests.support.browsing import browser, session_of, stranger
from tests.support.queries import counted

SESSIONS, LOGIN, AJAX = "/api/v1/sessions", "/wp-login.php", "/wp-admin/admin-ajax.php"
ONE = f"{SESSIONS}/{{session_id:uuid}}"
PASSWORD = "uma senha bem longa"

# A session is found by one statement, as a token is.
BUDGETS = {
    ("GET", SESSIONS): 3,
    ("GET", ONE): 3,
    ("DELETE", ONE): 6,
    ("GET", LOGIN): 0,
    ("POST", LOGIN): 9,
    ("GET", AJAX): 2,
    ("GET", "/wp-admin"): 0,
    ("GET", "/wp-admin/{path:path}"): 0,
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
    assert not too_dear, "\n".join(too_dear)
    assert asked == set(BUDGETS)
