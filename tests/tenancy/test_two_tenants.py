"""Two tenants never meet: every address of the product, asked with the other's ids and proofs."""

import re
from itertools import product

import psycopg
import pytest
from sqlalchemy.engine import make_url

from cms.app import DESCRIPTION, build_routes
from tests.support.browsing import browser

V2 = "/wp-json/wp/v2"
MARK = "zanzibar"
# Far from every other number in an answer, so that an id of the other tenant is known by sight.
FAR = 1_900_000_000
SPACES = (
    "post",
    "user",
    "term",
    "professional",
    "registration_status",
    "review",
    "review_decision",
    "widget",
)
_FOREIGN = re.compile(rf"\b{FAR // 10**6}\d{{6}}\b|{MARK}", re.IGNORECASE)


@pytest.fixture
async def outra(cms):
    """The other tenant, with something of everything that REST can make."""
    async with cms.other() as other:
        for space in SPACES:
            await cms.host.ids.advance_past(other.tenant.id, space, FAR)
        yield other


async def furnish(other):
    """Ids of the other tenant's things; each text and name of theirs carries the mark."""
    boss = await other.person(f"{MARK}.chefe", ["administrator"])
    term = (await boss.post(f"{V2}/categories", {"name": MARK})).json()["id"]
    ids = [boss.id, term]
    text = {"title": f"{MARK} dor", "content": f"<p>{MARK} texto</p>", "excerpt": MARK}
    for base in [t["rest_base"] for t in (await boss.get(f"{V2}/types")).json().values()]:
        for status in ("draft", "pending"):
            made = await boss.post(f"{V2}/{base}", {**text, "status": status, "slug": MARK})
            if made.status_code == 201:
                ids.append(made.json()["id"])
    menu = (await boss.post(f"{V2}/menus", {"name": MARK, "locations": ["primary"]})).json()["id"]
    link = {"title": MARK, "url": f"/{MARK}", "menus": menu}
    ids += [menu, (await boss.post(f"{V2}/menu-items", link)).json()["id"]]
    block = {"id_base": "block", "sidebar": "sidebar-1", "instance": {"raw": {"content": MARK}}}
    assert (await boss.post(f"{V2}/widgets", block)).status_code == 201
    live = await other.draft(boss, **text, status="publish", categories=[term])
    revisions = (await boss.get(f"{V2}/posts/{live['id']}/revisions")).json()
    return [*ids, live["id"], revisions[0]["id"]]


def kept(cms, cluster, tenant_id):
    """Every row of the tenant in every table, as one text."""
    name = make_url(cms.host.addresses.owner).database
    with psycopg.connect(cluster.url(name)) as connection:
        tables = connection.execute(
            "select format('%I.%I', table_schema, table_name) from information_schema.columns "
            "join information_schema.tables using (table_schema, table_name) "
            "where column_name = 'tenant_id' and table_type = 'BASE TABLE' order by 1"
        ).fetchall()
        return {
            table: connection.execute(
                f"select t::text from {table} t where tenant_id = %s order by 1", [tenant_id]
            ).fetchall()
            for (table,) in tables
            if not table.startswith(("zero_trust", "jobs"))
        }


def addresses(cms):
    """(method, template, names of the ids in it) of every route but health and description."""
    for route in build_routes(cms.host).routes:
        for handler in route.route_handlers:
            if "action" in handler.opt and route.path not in DESCRIPTION:
                names = re.findall(r"{([^}]+)}", route.path)
                for method in sorted(handler.http_methods - {"OPTIONS"}):
                    yield method, route.path, names


def filled(path, names, ids):
    for chosen in product(ids, repeat=len(names)):
        address = path
        for name, value in zip(names, chosen, strict=True):
            address = address.replace(f"{{{name}}}", str(value))
        yield address


async def asked_by(cms, admin, method, address, body):
    """By the token; a screen by a session of its own, since some of them end the session."""
    if address.startswith("/admin"):
        async with browser(cms, admin) as opened:
            sent = {"data": {**body, "_wpnonce": opened.nonce}} if method == "POST" else {}
            return await opened.http.request(method, address, **sent)
    sent = {"json": body} if method in {"POST", "PUT", "PATCH"} else {}
    return await cms.http.request(method, address, headers=admin.bearer, **sent)


def without_echo(text, address):
    """A page may repeat words of its address, such as the name of a column that is not there."""
    for word in re.findall(rf"{FAR // 10**6}\d{{6}}", address):
        text = text.replace(word, "")
    return text


async def test_no_address_shows_or_changes_what_is_anothers(cms, cluster, outra):
    admin = await cms.person("dona.marina", sorted(cms.host.registry.roles))
    await cms.draft(admin, title="Nosso", status="publish")
    ids = await furnish(outra)
    before = kept(cms, cluster, outra.tenant.id)
    assert sum(map(len, before.values())) > 20
    body = {
        **dict.fromkeys(("author", "featured_media", "parent", "user_id", "post_id"), ids[0]),
        "revision_id": ids[-1],
        "review_id": ids[0],
        "status": "publish",
        "force": True,
    }
    asked = 0
    for method, path, names in addresses(cms):
        chosen = ids if len(names) < 2 and not path.startswith("/admin") else ids[-3:]
        for address in filled(path, names, chosen):
            response = await asked_by(cms, admin, method, address, body)
            asked += 1
            # 501 says that a thing is not done here for anybody.
            is_answer = response.status_code < 500 or response.status_code == 501
            assert is_answer, (method, address, response.text)
            if any(":int" in name for name in names):
                assert response.status_code >= 400, (method, address, response.text)
            if response.status_code < 300:
                assert not _FOREIGN.search(without_echo(response.text, address)), (method, address)
    assert asked > 100
    assert kept(cms, cluster, outra.tenant.id) == before


FILTERS = (
    "author={user}", "author_exclude={user}", "include={post}", "include={post}&orderby=include",
    "categories={term}", "categories_exclude={term}", "slug=zanzibar", "search=zanzibar",
    "status=any", "status=any&context=edit", "orderby=title", "sticky=false", "after=1999-01-01",
)  # fmt: skip


async def test_no_filter_reaches_across(cms, outra):
    admin = await cms.person("dona.marina", sorted(cms.host.registry.roles))
    user, term, *posts = await furnish(outra)
    for base in ("posts", "categories"):
        for query in FILTERS:
            asked = query.format(user=user, term=term, post=posts[-2])
            response = await admin.get(f"{V2}/{base}?{asked}&per_page=100")
            assert response.status_code < 500, asked
            if response.status_code == 200:
                assert not _FOREIGN.search(response.text), asked
    for post_id in posts:
        terms = await admin.get(f"{V2}/categories?post={post_id}")
        assert terms.json() == []
    for field, value in (("categories", [term]), ("author", user), ("featured_media", posts[0])):
        response = await admin.post(f"{V2}/posts", {"title": "x", field: value})
        assert response.status_code == 400, field
    parent = await admin.post(f"{V2}/categories", {"name": "x", "parent": term})
    assert parent.json()["code"] == "rest_term_invalid"


async def test_a_proof_of_one_tenant_is_worth_nothing_at_the_other(cms, outra):
    mine = await cms.person("ana.autora", ["administrator"])
    theirs = await outra.person("ana.autora", ["administrator"])
    for visitor, http in ((theirs, cms.http), (mine, outra.http)):
        token = await http.get(f"{V2}/users/me", headers=visitor.bearer)
        assert token.status_code == 401
        password = await http.get(f"{V2}/users/me", auth=visitor.basic)
        assert (password.status_code, password.json()["code"]) == (401, "rest_not_logged_in")
        ended = await http.post("/api/v1/auth/sign-out", headers=visitor.bearer)
        assert ended.status_code == 401
        assert (await visitor.get(f"{V2}/users/me")).status_code == 200


async def test_both_may_have_the_same_names(cms, outra):
    for clinic in (cms, outra):
        ana = await clinic.person("ana.autora", ["editor"])
        made = await clinic.draft(ana, title="Dor", status="publish")
        assert made["slug"] == "dor"
        term = await ana.post(f"{V2}/categories", {"name": "Dor"})
        assert (term.status_code, term.json()["slug"]) == (201, "dor")
