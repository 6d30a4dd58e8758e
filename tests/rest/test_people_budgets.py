"""Budgets of statements of people, their applications, settings and comments."""

from datetime import timedelta

from cms.content import comment_rules
from tests.support.queries import counted

V2, V1 = "/wp-json/wp/v2", "/api/v1"
PASSWORD = "uma senha bem longa"

# Statements of one request by an administrator, without BEGIN and COMMIT, as in the other table.
BUDGETS: dict[tuple[str, str], int] = {}
USERS, COMMENTS = f"{V2}/users", f"{V2}/comments"
for person in (f"{USERS}/{{user_id:int}}", f"{USERS}/me"):
    passwords = f"{person}/application-passwords"
    BUDGETS |= dict.fromkeys([(method, person) for method in ("POST", "PUT", "PATCH")], 11)
    BUDGETS |= {("GET", person): 6, ("DELETE", person): 25}
    BUDGETS |= {("GET", passwords): 4, ("POST", passwords): 9, ("DELETE", passwords): 6}
    BUDGETS |= {("GET", f"{passwords}/introspect"): 7, ("GET", f"{passwords}/{{uuid:str}}"): 4}
    BUDGETS |= dict.fromkeys(
        [(method, f"{passwords}/{{uuid:str}}") for method in ("POST", "PUT", "PATCH", "DELETE")], 7
    )
BUDGETS |= {("GET", USERS): 6, ("POST", USERS): 19}
for settings in (f"{V2}/settings", f"{V1}/settings"):
    BUDGETS |= {("GET", settings): 2, ("PATCH", settings): 5}
BUDGETS |= dict.fromkeys([(method, f"{V2}/settings") for method in ("POST", "PUT")], 5)
one_comment = f"{COMMENTS}/{{comment_id:int}}"
BUDGETS |= {("GET", COMMENTS): 3, ("POST", COMMENTS): 9, ("GET", one_comment): 3}
BUDGETS |= dict.fromkeys([(m, one_comment) for m in ("POST", "PUT", "PATCH", "DELETE")], 7)


async def requests(cms, admin):
    """Who asks, and (method, template, address, body), in an order in which each may be made."""
    site = f"{V2}/settings"
    for name, count in (("quem.fica", 1), ("quem.sai", 2)):
        one = await cms.person(name)
        for number in range(count):
            await cms.draft(one, title=str(number), status="publish")
    stays, leaves = cms.people["quem.fica"], cms.people["quem.sai"]
    new = {"username": "n.n", "email": "n@x.example", "password": PASSWORD, "roles": ["author"]}
    yield admin.bearer, "GET", USERS, f"{USERS}?context=edit&search=quem", None
    yield admin.bearer, "POST", USERS, USERS, new
    for person, address in (("{user_id:int}", str(stays.id)), ("me", "me")):
        template, item = f"{USERS}/{person}", f"{USERS}/{address}"
        yield admin.bearer, "GET", template, f"{item}?context=edit", None
        for method in ("POST", "PUT", "PATCH"):
            yield (
                admin.bearer,
                method,
                template,
                item,
                {"email": f"{method}.{address}@x.example"},
            )
        template, item = f"{template}/application-passwords", f"{item}/application-passwords"
        for number in range(4):
            yield admin.bearer, "POST", template, item, {"name": f"Nova {number}"}
        yield admin.bearer, "GET", template, item, None
        known = [one["uuid"] for one in (await admin.get(item)).json()]
        yield admin.bearer, "GET", f"{template}/{{uuid:str}}", f"{item}/{known[0]}", None
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            yield (
                admin.bearer,
                method,
                f"{template}/{{uuid:str}}",
                f"{item}/{known[0]}",
                {"name": method},
            )
        yield admin.bearer, "DELETE", template, item, None
        own = await cms.person(f"por.{address}")
        who = {"Authorization": own.basic._auth_header}
        where = f"{USERS}/{own.id if person != 'me' else 'me'}/application-passwords/introspect"
        yield who, "GET", f"{template}/introspect", where, None
    for method, name in (("POST", "a"), ("PUT", "b"), ("PATCH", "c")):
        yield admin.bearer, method, site, site, {"title": name}
    yield admin.bearer, "GET", site, site, None
    yield admin.bearer, "GET", f"{V1}/settings", f"{V1}/settings", None
    yield admin.bearer, "PATCH", f"{V1}/settings", f"{V1}/settings", {"public_menus": True}
    post = (await cms.draft(stays, title="Aberto", status="publish"))["id"]
    yield admin.bearer, "POST", COMMENTS, COMMENTS, {"post": post, "content": "Oi"}
    yield admin.bearer, "GET", COMMENTS, f"{COMMENTS}?context=edit", None
    comment = (await admin.get(COMMENTS)).json()[0]["id"]
    template, item = f"{COMMENTS}/{{comment_id:int}}", f"{COMMENTS}/{comment}"
    yield admin.bearer, "GET", template, f"{item}?context=edit", None
    for method in ("POST", "PUT", "PATCH"):
        yield admin.bearer, method, template, item, {"content": f"Oi {method}", "status": "approve"}
    yield admin.bearer, "DELETE", template, item, None
    gone = f"force=true&reassign={stays.id}"
    yield admin.bearer, "DELETE", f"{USERS}/{{user_id:int}}", f"{USERS}/{leaves.id}?{gone}", None
    other = await cms.person("outra.chefe", ["administrator"])
    yield other.bearer, "DELETE", f"{USERS}/me", f"{USERS}/me?{gone}", None


async def test_no_address_costs_more_than_its_budget(cms, monkeypatch):
    monkeypatch.setattr(comment_rules, "PAUSE", timedelta(0))
    admin = await cms.person("dona.marina", ["administrator"])
    asked, too_dear = set(), []
    async for headers, method, template, address, body in requests(cms, admin):
        with counted(cms.host) as statements:
            answer = await cms.http.request(method, address, json=body, headers=headers)
        assert answer.status_code < 300, (method, address, answer.text)
        asked.add((method, template))
        if len(statements) > BUDGETS[method, template]:
            too_dear.append(f"{method} {template}: {len(statements)}\n{statements}")
    assert not too_dear, "\n".join(too_dear)
    assert asked == set(BUDGETS)
