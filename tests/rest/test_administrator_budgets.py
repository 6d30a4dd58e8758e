"""What administering people and the site costs the database, by the API and on screens."""

import re

from tests.support.queries import counted
from tests.support.visiting import Visitor

V1, ADMIN = "/api/v1", "/admin"
INVITATIONS, ONE = f"{V1}/invitations", f"{V1}/invitations/{{invitation_id:int}}"
PEOPLE, PERSON = f"{ADMIN}/people", f"{ADMIN}/people/{{user_id:int}}"
ASKED, INVITED = f"{PEOPLE}/invitations", f"{PEOPLE}/invitations/{{invitation_id:int}}"
ROLES, ROLE = f"{PEOPLE}/roles", f"{PEOPLE}/roles/{{name:str}}"
SETTINGS, REDIRECTS, HOOKS = f"{ADMIN}/settings", f"{ADMIN}/redirects", f"{ADMIN}/webhooks"
REDIRECT, HOOK = f"{REDIRECTS}/{{redirect_id:int}}", f"{HOOKS}/{{webhook_id:int}}"
SYSTEM = f"{ADMIN}/system"
PASSWORD = "quatro palavras bem longas"

# Statements of one request without BEGIN and COMMIT. Of a screen three find the session, what the
# registry knows of its person, and how she reads. Whoever is new gets a key of her own in the
# trail, and the first that a site makes brings the site's too.
BUDGETS = {
    ("GET", INVITATIONS): 3,
    ("POST", INVITATIONS): 9,
    ("POST", f"{ONE}/link"): 7,
    ("DELETE", ONE): 6,
    ("POST", f"{INVITATIONS}/accept"): 23,
    ("POST", f"{V1}/auth/lost-password"): 5,
    ("POST", f"{V1}/auth/new-password"): 10,
    ("POST", f"{V1}/users/{{user_id:int}}/password-link"): 8,
    ("GET", PEOPLE): 5,
    ("GET", f"{PEOPLE}/new"): 4,
    ("POST", f"{PEOPLE}/new"): 19,
    ("GET", PERSON): 10,
    ("POST", f"{PERSON}/profile"): 7,
    ("POST", f"{PERSON}/roles"): 11,
    ("POST", f"{PERSON}/unlock"): 8,
    ("POST", f"{PERSON}/sign-out"): 10,
    ("POST", f"{PERSON}/application"): 9,
    ("POST", f"{PERSON}/password"): 9,
    ("GET", f"{PERSON}/leave"): 5,
    ("POST", f"{PERSON}/leave"): 23,
    ("GET", ASKED): 6,
    ("POST", ASKED): 10,
    ("POST", f"{INVITED}/link"): 8,
    ("POST", f"{INVITED}/end"): 7,
    ("GET", f"{ADMIN}/join"): 4,
    ("POST", f"{ADMIN}/join"): 17,
    ("GET", f"{ADMIN}/lost-password"): 0,
    ("POST", f"{ADMIN}/lost-password"): 5,
    ("GET", f"{ADMIN}/password"): 3,
    ("POST", f"{ADMIN}/password"): 10,
    ("GET", ROLES): 4,
    ("POST", ROLES): 7,
    ("GET", ROLE): 4,
    ("POST", f"{ROLE}/check"): 7,
    ("POST", ROLE): 8,
    ("POST", f"{ROLE}/remove"): 8,
    ("GET", SETTINGS): 3,
    ("GET", f"{SETTINGS}/{{slug:str}}"): 3,
    ("POST", f"{SETTINGS}/{{slug:str}}"): 6,
    ("GET", REDIRECTS): 4,
    ("POST", REDIRECTS): 9,
    ("GET", REDIRECT): 6,
    ("POST", REDIRECT): 10,
    ("POST", f"{REDIRECT}/remove"): 7,
    ("POST", f"{REDIRECTS}/import"): 7,
    ("GET", HOOKS): 4,
    ("POST", HOOKS): 9,
    ("GET", HOOK): 5,
    ("POST", HOOK): 8,
    ("POST", f"{HOOK}/secret"): 8,
    ("POST", f"{HOOK}/ping"): 7,
    ("POST", f"{HOOK}/deliveries/{{delivery_id:int}}"): 8,
    ("POST", f"{HOOK}/remove"): 9,
    # The checks of plugins ask what each of them needs.
    ("GET", f"{SYSTEM}/health"): 18,
    ("GET", f"{SYSTEM}/plugins"): 3,
    ("GET", f"{SYSTEM}/jobs"): 7,
    ("GET", f"{SYSTEM}/failures"): 7,
    ("POST", f"{ADMIN}/tour/{{name:str}}"): 6,
}
# These need something that failed before, or a second factor; tests/admin has it.
FAILED_BEFORE = {
    ("POST", f"{PERSON}/factors"),
    ("POST", f"{SYSTEM}/jobs/{{job_id:int}}/retry"),
    ("POST", f"{SYSTEM}/failures/letters/{{notice_id:int}}"),
    ("POST", f"{SYSTEM}/failures/webhooks/{{webhook_id:int}}/{{delivery_id:int}}"),
    ("POST", f"{SYSTEM}/failures/publications/{{post_id:int}}"),
}


async def test_administering_costs_no_more_than_its_budget(cms):
    boss = await cms.person("marina", ["administrator"])
    ana, bia = await cms.person("ana"), await cms.person("bia")
    asked, too_dear = set(), []

    def within(method, template, statements):
        asked.add((method, template))
        if len(statements) > BUDGETS[method, template]:
            too_dear.append(f"{method} {template}: {len(statements)}\n{statements}")

    async def api(method, template, address="", body=None, headers=None):
        with counted(cms.host) as statements:
            answer = await cms.http.request(
                method, address or template, json=body, headers=headers or boss.bearer
            )
        assert answer.status_code < 300, (method, template, answer.text)
        within(method, template, statements)
        return answer.json() if answer.content else None

    async def screen(visitor, template, address="", sent=None, **options):
        # The session notes that it is used once a minute, and its nonce is made outside.
        method, path = ("GET" if sent is None else "POST"), address or template
        nonce = {"_wpnonce": await visitor._nonce()}
        with counted(cms.host) as statements:
            if sent is None:
                seen = await visitor.get(path)
            else:
                seen = await visitor.send(path, {**sent, **nonce}, **options)
        assert seen.status in {200, 303}, (method, path, seen.words)
        within(method, template, statements)
        return seen

    invitation = {"email": "nova@x.example", "roles": ["author"]}
    made = await api("POST", INVITATIONS, body=invitation)
    await api("GET", INVITATIONS)
    made = await api("POST", f"{ONE}/link", f"{INVITATIONS}/{made['id']}/link")
    joining = {"login": "nova", "display_name": "Nova", "password": PASSWORD}
    stranger = {"X-Nobody": "1"}
    accepting = {**joining, "token": made["token"]}
    await api("POST", f"{INVITATIONS}/accept", body=accepting, headers=stranger)
    made = await api("POST", INVITATIONS, body=invitation | {"email": "x@x.example"})
    await api("DELETE", ONE, f"{INVITATIONS}/{made['id']}")
    lost = f"{V1}/auth/lost-password"
    await api("POST", lost, body={"login": "ana"}, headers=stranger)
    template = f"{V1}/users/{{user_id:int}}/password-link"
    link = await api("POST", template, f"{V1}/users/{ana.id}/password-link")
    chosen = {"token": link["token"], "password": PASSWORD}
    await api("POST", f"{V1}/auth/new-password", body=chosen, headers=stranger)

    admin, nobody = await Visitor.of(cms, boss), await Visitor.of(cms, None)
    await Visitor.of(cms, bia)
    await screen(admin, PEOPLE)
    await screen(admin, f"{PEOPLE}/new")
    new = {"login": "rui", "name": "Rui", "email": "rui@x.example", "roles": ["author"]}
    shown = await screen(admin, f"{PEOPLE}/new", sent=new)
    own = f"{PEOPLE}/{bia.id}"
    seen = await screen(admin, PERSON, own)
    profile = seen.fields(f"{own}/profile") | {"display_name": "Bia de Tal"}
    application = seen.fields(f"{own}/application")
    await screen(admin, f"{PERSON}/profile", f"{own}/profile", profile)
    await screen(admin, f"{PERSON}/roles", f"{own}/roles", {"roles": ["author", "editor"]})
    await screen(admin, f"{PERSON}/unlock", f"{own}/unlock", {})
    await screen(admin, f"{PERSON}/sign-out", f"{own}/sign-out", {})
    await screen(admin, f"{PERSON}/application", f"{own}/application", application)
    await screen(admin, f"{PERSON}/password", f"{own}/password", {})
    await screen(admin, f"{PERSON}/leave", f"{own}/leave")
    leaving = {"sure": "1", "reassign": "ana"}
    await screen(admin, f"{PERSON}/leave", f"{own}/leave", leaving)
    await screen(admin, ASKED)
    await screen(admin, ASKED, sent={"email": "y@x.example", "roles": ["author"], "days": "7"})
    number = max(
        int(n) for n in re.findall(rf"{ASKED}/(\d+)/link", (await admin.get(ASKED)).response.text)
    )
    again = await screen(admin, f"{INVITED}/link", f"{ASKED}/{number}/link", {})
    await screen(nobody, f"{ADMIN}/join", link_on(again))
    token = link_on(again).partition("token=")[2]
    joined = {"token": token, "login": "yara", "display_name": "Yara", "password": PASSWORD}
    await screen(nobody, f"{ADMIN}/join", sent=joined)
    await admin.send(ASKED, {"email": "z@x.example", "roles": ["author"], "days": "7"})
    await screen(admin, f"{INVITED}/end", f"{ASKED}/{number + 1}/end", {})
    await screen(nobody, f"{ADMIN}/lost-password")
    await screen(nobody, f"{ADMIN}/lost-password", sent={"login": "ana"})
    await screen(nobody, f"{ADMIN}/password", link_on(shown))
    token = link_on(shown).partition("token=")[2]
    await screen(nobody, f"{ADMIN}/password", sent={"token": token, "password": PASSWORD})

    await screen(admin, ROLES)
    await screen(admin, ROLES, sent={"name": "nova", "label": "Nova", "like": "author"})
    await screen(admin, ROLE, f"{ROLES}/nova")
    granted = {"capabilities": ["read", "edit_posts"]}
    await screen(admin, f"{ROLE}/check", f"{ROLES}/author/check", granted)
    await screen(admin, ROLE, f"{ROLES}/nova", granted)
    await screen(admin, f"{ROLE}/remove", f"{ROLES}/nova/remove", {})

    await screen(admin, SETTINGS)
    group = f"{SETTINGS}/permalinks"
    await screen(admin, f"{SETTINGS}/{{slug:str}}", group)
    changed = {"permalink_structure": "/%year%/%postname%/"}
    await screen(admin, f"{SETTINGS}/{{slug:str}}", group, changed)
    await screen(admin, REDIRECTS)
    await screen(admin, REDIRECTS, sent={"source": "/a/", "target": "/b/", "status": "301"})
    csv = {"file": ("r.csv", b"source,target,status\n/c/,/d/,301\n", "text/csv")}
    await screen(admin, f"{REDIRECTS}/import", sent={}, files=csv)
    one = next(x for x in (await admin.get(REDIRECTS)).links if x.startswith(f"{REDIRECTS}/"))
    await screen(admin, REDIRECT, one)
    await screen(admin, REDIRECT, one, {"source": "/a/", "target": "/e/", "status": "301"})
    await screen(admin, f"{REDIRECT}/remove", f"{one}/remove", {})
    await screen(admin, HOOKS)
    hook = {"url": "https://hook.example/", "topics": ["*"], "more": ""}
    await screen(admin, HOOKS, sent=hook)
    one = next(x for x in (await admin.get(HOOKS)).links if x.startswith(f"{HOOKS}/"))
    await screen(admin, f"{HOOK}/ping", f"{one}/ping", {})
    seen = await screen(admin, HOOK, one)
    sent_again = next(
        form.attributes["action"]
        for form in seen.tree.css("main form")
        if "/deliveries/" in form.attributes["action"]
    )
    await screen(admin, f"{HOOK}/deliveries/{{delivery_id:int}}", sent_again, {})
    await screen(admin, HOOK, one, hook | {"is_active": "1"})
    await screen(admin, f"{HOOK}/secret", f"{one}/secret", {})
    await screen(admin, f"{HOOK}/remove", f"{one}/remove", {})
    for name in ("health", "plugins", "jobs", "failures"):
        await screen(admin, f"{SYSTEM}/{name}")
    tour = f"{ADMIN}/tour/{{name:str}}"
    await screen(admin, tour, f"{ADMIN}/tour/administrator", {"step": "roles"})
    for visitor in (admin, nobody):
        await visitor.http.aclose()
    assert not too_dear, "\n".join(too_dear)
    assert asked == set(BUDGETS)


def link_on(seen):
    """The path of the link that a page shows."""
    written = seen.tree.css_first("#link").attributes["value"]
    return written.partition("clinica.example")[2]
