"""A site declares types and taxonomies of its own, and they are served like those of the code."""

import pytest

from cms.content.models import ContentType
from cms.kernel.declarations import PostType
from plugins.audit_trail.officers.purposes import state
from tests.support.queries import counted

V2, V1 = "/wp-json/wp/v2", "/api/v1"
RECIPE = {
    "name": "recipe",
    "label": "Receitas",
    "singular": "Receita",
    "rest_base": "recipes",
    "taxonomies": ["category"],
    "has_archive": "receitas",
    "rewrite": "receitas",
}
DIET = {"name": "diet", "label": "Dietas", "rest_base": "diets", "post_types": ["recipe", "post"]}


@pytest.fixture
async def admin(cms):
    return await cms.person("dona.marina", ["administrator"])


async def declare(admin, recipe=RECIPE, diet=DIET):
    for kind, body in (("content-types", recipe), ("taxonomies", diet)):
        if body:
            response = await admin.post(f"{V1}/{kind}", body)
            assert response.status_code == 201, response.text
    return response.json()


async def test_a_declared_type_is_kept_as_a_whole(cms, admin):
    await declare(admin)
    [listed] = (await admin.get(f"{V1}/content-types")).json()
    assert {name: listed[name] for name in RECIPE} == RECIPE
    assert (await admin.get(f"{V1}/content-types/recipe")).json() == listed
    assert listed["supports"] == list(PostType("a", "a", "A").supports)
    changed = await cms.http.put(
        f"{V1}/content-types/recipe",
        json={**RECIPE, "label": "Receitas leves", "name": "other"},
        headers=admin.bearer,
    )
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], changed.json()["label"]) == ("recipe", "Receitas leves")
    [diet] = (await admin.get(f"{V1}/taxonomies")).json()
    assert diet["capabilities"]["assign_terms"] == "edit_posts"
    again = await admin.post(f"{V1}/content-types", RECIPE)
    assert (again.status_code, again.json()["type"]) == (409, "urn:cms:problem:conflict")
    missing = await admin.get(f"{V1}/taxonomies/nada")
    assert missing.status_code == 404


async def test_its_posts_live_like_all_others(cms, admin):
    await declare(admin)
    editor, author = await cms.person("ed", ["editor"]), await cms.person("ana.autora")
    diet = (await editor.post(f"{V2}/diets", {"name": "Sem glúten"})).json()
    made = await cms.draft(editor, "recipes", title="Bolo", diets=[diet["id"]], status="publish")
    assert (made["type"], made["diets"]) == ("recipe", [diet["id"]])
    item = f"{V2}/recipes/{made['id']}"
    shown = (await cms.http.get(item)).json()
    assert [one["taxonomy"] for one in shown["_links"]["wp:term"]] == ["category", "diet"]
    assert (await author.post(item, {"title": "x"})).status_code == 403
    changed = await editor.post(item, {"title": "Bolo de milho"})
    assert changed.json()["title"]["raw"] == "Bolo de milho"
    assert [one["id"] for one in (await cms.http.get(f"{V2}/recipes?search=milho")).json()] == [
        made["id"]
    ]
    assert len((await editor.get(f"{item}/revisions")).json()) == 2
    assert (await cms.http.get(f"{V2}/diets/{diet['id']}")).json()["count"] == 1
    listed = await cms.http.get(f"{V2}/recipes?diets={diet['id']}")
    assert [one["id"] for one in listed.json()] == [made["id"]]
    assert (await cms.http.get(f"{V2}/recipes?diets={diet['id'] + 1}")).json() == []
    # The taxonomy is a key of the built-in type that it names, too.
    article = await cms.draft(editor, diets=[diet["id"]], status="publish")
    assert article["diets"] == [diet["id"]]
    types = (await cms.http.get(f"{V2}/types")).json()
    assert types["recipe"]["taxonomies"] == ["category", "diet"]
    assert types["recipe"]["has_archive"] == "receitas"
    taxonomies = (await cms.http.get(f"{V2}/taxonomies?type=recipe")).json()
    assert set(taxonomies) == {"category", "diet"}
    assert (await editor.delete(item)).status_code == 200


async def test_another_site_knows_nothing_of_it(cms, admin):
    await declare(admin)
    async with cms.other() as other:
        theirs = await other.person("dono", ["administrator"])
        for path in ("/recipes", "/diets", "/types/recipe", "/taxonomies/diet"):
            assert (await other.http.get(f"{V2}{path}")).status_code == 404, path
            assert (await cms.http.get(f"{V2}{path}")).status_code == 200, path
        assert (await theirs.get(f"{V1}/content-types")).json() == []
        # The same name, another thing.
        own = {**RECIPE, "rest_base": "prescriptions", "taxonomies": []}
        await declare(theirs, own, None)
        assert (await other.http.get(f"{V2}/prescriptions")).json() == []
        assert (await cms.http.get(f"{V2}/prescriptions")).status_code == 404


UNFIT = [
    ("content-types", {"name": "Receita!"}, "name"),
    ("content-types", {"name": "post"}, "name"),
    ("content-types", {"name": "medical_article"}, "name"),
    ("content-types", {"name": "wp_block"}, "name"),
    ("content-types", {"name": "a" * 21}, "name"),
    ("content-types", {"label": " "}, "label"),
    ("content-types", {"label": "<b>x</b>"}, "label"),
    ("content-types", {"rest_base": "posts"}, "rest_base"),
    ("content-types", {"rest_base": "users"}, "rest_base"),
    ("content-types", {"rest_base": "patient-education"}, "rest_base"),
    ("content-types", {"rest_base": "a/b"}, "rest_base"),
    ("content-types", {"rest_base": "search"}, "rest_base"),
    ("content-types", {"supports": ["magic"]}, "supports"),
    ("content-types", {"taxonomies": ["nada"]}, "taxonomies"),
    ("content-types", {"capability_type": ["recipe", "recipe"]}, "capability_type"),
    ("content-types", {"capability_type": ["Recipe", "recipes"]}, "capability_type"),
    ("content-types", {"has_archive": "a b"}, "has_archive"),
    ("content-types", {"rewrite": "../x"}, "rewrite"),
    ("taxonomies", {"name": "category"}, "name"),
    ("taxonomies", {"name": "year"}, "name"),
    ("taxonomies", {"rest_base": "title"}, "rest_base"),
    ("taxonomies", {"rest_base": "evidence_level"}, "rest_base"),
    ("taxonomies", {"post_types": ["nada"]}, "post_types"),
    ("taxonomies", {"capabilities": {"edit_terms": "x y"}}, "capabilities"),
]


async def test_what_does_not_fit_is_refused_by_name(cms, admin):
    sound = {
        "content-types": {**RECIPE, "taxonomies": []},
        "taxonomies": {**DIET, "post_types": ["post"]},
    }
    for kind, change, field in UNFIT:
        response = await admin.post(f"{V1}/{kind}", {**sound[kind], **change})
        assert response.status_code == 400, (change, response.text)
        assert list(response.json()["faults"]) == [field], change
        assert (await admin.get(f"{V1}/{kind}")).json() == [], change


async def test_only_those_who_manage_options_declare(cms, admin):
    await declare(admin)
    editor = await cms.person("ed", ["editor"])
    for kind, name, body in (
        ("content-types", "recipe", RECIPE),
        ("taxonomies", "diet", DIET),
    ):
        for method, path in (
            ("GET", ""),
            ("POST", ""),
            ("GET", f"/{name}"),
            ("PUT", f"/{name}"),
            ("DELETE", f"/{name}"),
        ):
            sent = body if method in {"POST", "PUT"} else None
            url = f"{V1}/{kind}{path}"
            stranger = await cms.http.request(method, url, json=sent)
            assert stranger.status_code == 401, (method, url)
            refused = await cms.http.request(method, url, json=sent, headers=editor.bearer)
            assert refused.status_code == 403, (method, url)


async def test_what_holds_something_is_not_removed(cms, admin):
    await declare(admin)
    made = await cms.draft(admin, "recipes")
    term = (await admin.post(f"{V2}/diets", {"name": "Vegana"})).json()
    await admin.delete(f"{V2}/recipes/{made['id']}")
    for path in ("content-types/recipe", "taxonomies/diet"):
        refused = await admin.delete(f"{V1}/{path}")
        assert refused.status_code == 409, "also for what lies in the bin"
    await admin.delete(f"{V2}/diets/{term['id']}?force=true")
    assert (await admin.delete(f"{V1}/taxonomies/diet")).status_code == 204
    assert (await cms.http.get(f"{V2}/diets")).status_code == 404
    assert (await cms.http.get(f"{V2}/recipes")).status_code == 200
    article = await cms.draft(admin)
    assert "diets" not in article


async def test_a_declaration_is_told_in_the_trail(cms, admin):
    await declare(admin)
    await admin.delete(f"{V1}/taxonomies/diet")
    async with cms.as_system() as work:
        await state(work, "compliance")
        rows = await work.all(
            "select action from audit.trail where action like 'content:declaration:%'"
        )
    assert sorted(row.action for row in rows) == [
        "content:declaration:remove",
        "content:declaration:save",
        "content:declaration:save",
    ]


async def test_a_declared_type_costs_no_more_than_a_built_in_one(cms, admin):
    await declare(admin)
    costs = {}
    for base in ("posts", "recipes"):
        await cms.draft(admin, base, status="publish")
        await cms.http.get(f"{V2}/{base}")
        with counted(cms.host) as statements:
            await cms.http.get(f"{V2}/{base}")
        costs[base] = len(statements)
    assert costs["posts"] == costs["recipes"]


async def test_a_declaration_that_cannot_be_read_takes_nothing_else_down(cms, admin):
    """As after a downgrade: the site goes on without that type."""
    await declare(admin)
    async with cms.as_system() as work:
        row = await work.session.get(ContentType, (work.tenant_id, "recipe"))
        row.definition = {"name": "recipe"}
        work._covered.add("cms.content_types")
    cms.host.tenants.forget()
    assert (await cms.http.get(f"{V2}/recipes")).status_code == 404
    assert (await cms.http.get(f"{V2}/diets")).status_code == 200
    assert (await cms.http.get(f"{V2}/posts")).status_code == 200
