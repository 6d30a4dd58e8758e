"""How many statements each request may send. A list costs the same for one post as for ten."""

import pytest

from tests.support.queries import counted

V2 = "/wp-json/wp/v2"

# Statements, without BEGIN and COMMIT, with every bundled plugin at work: who signs in costs two
# more than an anonymous reader (who she is, and how her registration stands, which policies may ask
# in any decision), the audit trail one for each request that writes.
BUDGETS = {
    "list, anonymous": 1,
    "list, signed in": 3,
    "search": 2,
    "search, anonymous": 1,
    "item": 1,
    "terms": 1,
    "revisions": 4,
    "create": 9,
    "update": 15,
    "update that changes nothing": 5,
    "publish": 16,
    "trash": 13,
}


async def cost(cms, person, method, path, body=None):
    headers = person.bearer if person is not None else {}
    with counted(cms.host) as statements:
        response = await cms.http.request(method, f"{V2}{path}", json=body, headers=headers)
    assert response.status_code < 300, response.text
    return statements, response


@pytest.fixture
async def writers(cms):
    ana, editor = await cms.person("ana.autora"), await cms.person("ed", ["editor"])
    category = (await editor.post(f"{V2}/categories", {"name": "Dor"})).json()["id"]
    return ana, category


async def test_reading_costs_the_same_for_one_and_for_many(cms, writers):
    ana, category = writers
    paths = {
        "list, anonymous": (None, "/posts?per_page=10"),
        "list, signed in": (ana, "/posts?per_page=10&status=any&context=edit"),
        "search": (None, f"/posts?per_page=10&search=texto&categories={category}"),
        "search, anonymous": (None, "/posts?per_page=10&search=texto"),
        "terms": (None, "/categories"),
    }
    for count in (1, 10):
        while int((await cms.http.get(f"{V2}/posts")).headers["X-WP-Total"]) < count:
            made = await cms.draft(ana, status="publish", categories=[category])
        for name, (person, path) in paths.items():
            statements, response = await cost(cms, person, "GET", path)
            assert len(statements) <= BUDGETS[name], f"{name}: {len(statements)}\n{statements}"
            assert len(response.json()) == (count if name != "terms" else 1)
    statements, _ = await cost(cms, None, "GET", f"/posts/{made['id']}")
    assert len(statements) <= BUDGETS["item"], statements
    for title in ("Um", "Dois"):
        await ana.post(f"{V2}/posts/{made['id']}", {"title": title})
    statements, _ = await cost(cms, ana, "GET", f"/posts/{made['id']}/revisions")
    assert len(statements) <= BUDGETS["revisions"], statements


async def test_writing_keeps_its_budget(cms, writers):
    ana, category = writers
    body = {"title": "Dor", "content": "<p>Texto.</p>", "categories": [category]}
    steps = [
        ("create", "POST", "/posts", body),
        ("update", "POST", "/posts/{}", {"title": "Dor forte", "slug": "dor"}),
        ("update that changes nothing", "POST", "/posts/{}", {"title": "Dor forte"}),
        ("publish", "POST", "/posts/{}", {"status": "publish"}),
        ("trash", "DELETE", "/posts/{}", None),
    ]
    post_id = 0
    for name, method, path, sent in steps:
        statements, response = await cost(cms, ana, method, path.format(post_id), sent)
        post_id = response.json()["id"]
        assert len(statements) <= BUDGETS[name], f"{name}: {len(statements)}\n{statements}"
