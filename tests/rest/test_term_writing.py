"""Terms are changed and deleted, and posts that name them live on."""

import pytest

from cms.content import posts
from cms.content.draft import draft_of
from cms.content.events import TermChanged, TermDeleted
from cms.content.indexing import follow_term
from cms.rest.term_body import embeds, schema_of
from cms.rest.terms import list_table, write_table
from cms.tenancy import options
from tests.support import wordpress
from tests.support.asking import asking
from tests.support.queries import counted

V2 = "/wp-json/wp/v2"
MINE = {"context", "page", "per_page"}


@pytest.fixture
async def editor(cms):
    return await cms.person("ed.editor", ["editor"])


async def made(by, name, base="categories", **fields):
    response = await by.post(f"{V2}/{base}", {"name": name, **fields})
    assert response.status_code == 201, response.text
    return response.json()


@pytest.mark.parametrize(("base", "taxonomy"), [("categories", "category"), ("tags", "post_tag")])
def test_arguments_and_fields_are_those_of_wordpress(cms, base, taxonomy):
    declared = cms.host.registry.taxonomies[taxonomy]
    theirs = wordpress.arguments(f"/wp/v2/{base}", "GET")
    ours = list_table(declared)
    assert set(ours) == set(theirs)
    for name, argument in theirs.items():
        assert ours[name].get("default") == argument.get("default"), name
        assert ours[name].get("enum") == argument.get("enum"), name
    for name, argument in wordpress.arguments(f"/wp/v2/{base}", "POST").items():
        assert write_table(is_new=True)[name].get("required", False) == argument["required"], name
    properties = schema_of(declared)["properties"]
    for context in ("view", "embed", "edit"):
        shown = {name for name, one in properties.items() if context in one["context"]}
        assert shown == set(wordpress.fields(f"wp_v2_{base}", context)), context


async def test_a_body_has_the_measured_form(cms, editor):
    term = await made(editor, "Saúde & Bem", description="d")
    assert {name: term[name] for name in ("count", "description", "name", "parent", "meta")} == {
        "count": 0,
        "description": "d",
        "name": "Saúde &amp; Bem",
        "parent": 0,
        "meta": [],
    }
    assert (term["slug"], term["link"]) == (
        "saude-bem",
        "http://clinica.example/category/saude-bem/",
    )
    assert list(term["_links"]) == ["self", "collection", "about", "wp:post_type", "curies"]
    child = await made(editor, "Filha", parent=term["id"])
    assert child["_links"]["up"] == [
        {"embeddable": True, "href": f"http://clinica.example{V2}/categories/{term['id']}"}
    ]
    tag = await made(editor, "Dengue", "tags")
    assert tag["link"] == "http://clinica.example/tag/dengue/"
    for base, one in (("categories", child), ("tags", tag)):
        for context in ("view", "embed", "edit"):
            body = (await editor.get(f"{V2}/{base}/{one['id']}?context={context}")).json()
            expected = set(wordpress.fields(f"wp_v2_{base}", context))
            assert wordpress.flat(body) == expected, (base, context)


async def test_a_term_is_changed_by_each_verb(cms, editor):
    parent, term = await made(editor, "Dor"), await made(editor, "Cefaleia")
    path = f"{V2}/categories/{term['id']}"
    changed = await editor.post(path, {"name": "Cefaléia <b>tensional</b>"})
    assert (changed.json()["name"], changed.json()["slug"]) == ("Cefaléia tensional", "cefaleia")
    for method, body in (
        ("PUT", {"parent": parent["id"], "description": "x"}),
        ("PATCH", {"slug": "dor-na-cabeca"}),
    ):
        response = await cms.http.request(method, path, json=body, headers=editor.bearer)
        assert response.status_code == 200, response.text
    assert response.headers["Allow"] == "GET, POST, PUT, PATCH, DELETE"
    final = response.json()
    assert (final["slug"], final["parent"], final["description"]) == (
        "dor-na-cabeca",
        parent["id"],
        "x",
    )
    freed = await editor.post(path, {"parent": 0, "slug": ""})
    assert (freed.json()["parent"], freed.json()["slug"]) == (0, "cefaleia-tensional")


async def test_slugs_are_made_unique_as_wordpress_does(cms, editor):
    root, other = await made(editor, "Adultos"), await made(editor, "Crianças")
    asthma = await made(editor, "Asma", parent=root["id"])
    assert asthma["slug"] == "asma"
    assert (await made(editor, "Asma", parent=other["id"]))["slug"] == "asma-criancas"
    assert (await made(editor, "ASMÁ"))["slug"] == "asma-2"
    assert (await made(editor, "Tosse", slug="asma"))["slug"] == "asma-3"
    refused = await editor.post(f"{V2}/categories", {"name": "asma", "parent": root["id"]})
    assert (refused.status_code, refused.json()["code"]) == (400, "term_exists")
    assert refused.json()["data"]["term_id"] == asthma["id"]
    assert refused.json()["message"].endswith("already exists with this parent.")
    taken = await editor.post(f"{V2}/categories/{asthma['id']}", {"slug": "adultos"})
    assert (taken.status_code, taken.json()["code"]) == (400, "duplicate_term_slug")
    await made(editor, "Vacina", "tags")
    again = await editor.post(f"{V2}/tags", {"name": "vacina"})
    assert again.json()["message"].endswith("already exists in this taxonomy.")


async def test_a_tree_has_no_loop_and_a_flat_taxonomy_no_parent(cms, editor):
    top = await made(editor, "A")
    below = await made(editor, "B", parent=top["id"])
    tag = await made(editor, "C", "tags")
    for base, term, parent, code in (
        ("categories", top, top, "rest_term_invalid"),
        ("categories", top, below, "rest_term_invalid"),
        ("categories", top, tag, "rest_term_invalid"),
        ("tags", tag, top, "rest_taxonomy_not_hierarchical"),
    ):
        response = await editor.post(f"{V2}/{base}/{term['id']}", {"parent": parent["id"]})
        assert (response.status_code, response.json()["code"]) == (400, code)


async def test_who_may_do_what_with_terms(cms, editor):
    """Contributors make up tags, categories are the editors'; as measured on WordPress."""
    category, tag = await made(editor, "Dor"), await made(editor, "Dor", "tags")
    people = {
        role: await cms.person(f"a.{role}", [role])
        for role in ("subscriber", "contributor", "author", "editor", "administrator")
    }
    for role, person in people.items():
        manages, writes = role in {"editor", "administrator"}, role != "subscriber"
        for base, term, creates in (("categories", category, manages), ("tags", tag, writes)):
            response = await person.post(f"{V2}/{base}", {"name": f"de {role}"})
            expected = (201, None) if creates else (403, "rest_cannot_create")
            assert (response.status_code, response.json().get("code")) == expected, (role, base)
            item = f"{V2}/{base}/{term['id']}"
            changed = await person.post(item, {"description": role})
            expected = (200, None) if manages else (403, "rest_cannot_update")
            assert (changed.status_code, changed.json().get("code")) == expected, (role, base)
            gone = await person.delete(item)
            expected = 501, "rest_trash_not_supported"
            expected = expected if manages else (403, "rest_cannot_delete")
            assert (gone.status_code, gone.json()["code"]) == expected, (role, base)
            edit = await person.get(f"{item}?context=edit")
            assert edit.status_code == (200 if manages else 403)
            if not manages:
                assert edit.json()["code"] == "rest_forbidden_context"
            allowed = (await person.get(item)).headers["Allow"]
            assert allowed == ("GET, POST, PUT, PATCH, DELETE" if manages else "GET")
            listed = (await person.get(f"{V2}/{base}")).headers["Allow"]
            assert listed == ("GET, POST" if creates else "GET")
    for method, path in (("POST", ""), ("POST", f"/{tag['id']}"), ("DELETE", f"/{tag['id']}")):
        response = await cms.http.request(method, f"{V2}/tags{path}", json={"name": "x"})
        assert response.status_code == 401


async def test_a_deleted_term_leaves_posts_that_can_still_be_read_and_saved(cms, editor):
    parent = await made(editor, "Dor")
    term = await made(editor, "Cefaleia", parent=parent["id"])
    child = await made(editor, "Enxaqueca", parent=term["id"])
    tag = await made(editor, "Adultos", "tags")
    post = await cms.draft(editor, categories=[term["id"]], tags=[tag["id"]], status="publish")
    gone = await editor.delete(f"{V2}/categories/{term['id']}?force=true")
    assert gone.status_code == 200
    assert list(gone.json()) == ["deleted", "previous"]
    assert gone.json()["previous"]["count"] == 1
    missing = await cms.http.get(f"{V2}/categories/{term['id']}")
    assert (missing.status_code, missing.json()["code"]) == (404, "rest_term_invalid")
    moved = (await cms.http.get(f"{V2}/categories/{child['id']}")).json()
    assert moved["parent"] == parent["id"]
    path = f"{V2}/posts/{post['id']}"
    assert (await cms.http.get(path)).json()["categories"] == []
    assert (await cms.http.get(f"{V2}/posts?categories={term['id']}")).json() == []
    async with cms.as_system() as work:
        head = await posts.get(work, post["id"])
        kept = await posts.revision(work, post["id"], head.live_revision_id)
        assert kept.terms["category"] == [term["id"]], "a revision never changes"
        assert draft_of(kept, "post").content_hash() == kept.content_hash
    for body in ({"title": "Outro"}, {"tags": []}, {"categories": [parent["id"]]}):
        saved = await editor.post(path, body)
        assert saved.status_code == 200, saved.text
    assert saved.json()["categories"] == [parent["id"]]
    unknown = await editor.post(path, {"categories": [term["id"]]})
    assert unknown.json()["data"]["params"] == {
        "categories": f"there is no term {term['id']} in categories"
    }


async def test_a_post_without_a_category_gets_the_default_one(cms, editor):
    chosen, term = await made(editor, "Geral"), await made(editor, "Dor")
    both = await cms.draft(editor, categories=[term["id"], chosen["id"]], status="publish")
    alone = await cms.draft(editor, categories=[term["id"]], status="publish")
    async with cms.as_system() as work:
        await options.change(work, {"default_category": chosen["id"]})
    cms.host.tenants.forget()
    assert (await cms.draft(editor))["categories"] == [chosen["id"]]
    kept = await editor.delete(f"{V2}/categories/{chosen['id']}?force=true")
    assert (kept.status_code, kept.json()["code"]) == (403, "rest_cannot_delete")
    assert (await editor.delete(f"{V2}/categories/{term['id']}?force=true")).status_code == 200
    listed = (await cms.http.get(f"{V2}/posts?categories={chosen['id']}")).json()
    assert {one["id"]: one["categories"] for one in listed} == {
        both["id"]: [chosen["id"]],
        alone["id"]: [chosen["id"]],
    }
    assert (await cms.http.get(f"{V2}/categories/{chosen['id']}")).json()["count"] == 2
    again = await editor.post(f"{V2}/posts/{alone['id']}", {"title": "Outro"})
    assert again.json()["categories"] == [chosen["id"]]


async def test_tags_are_listed_by_every_argument(cms, editor):
    tags = {name: await made(editor, name, "tags") for name in ("Ânimo", "Bócio", "Caspa")}
    ids = {tag["slug"]: tag["id"] for tag in tags.values()}
    await editor.post(f"{V2}/tags/{ids['animo']}", {"description": "z"})
    post = await cms.draft(editor, tags=[ids["bocio"]], status="publish")
    for query, slugs in {
        "offset=1": ["bocio", "caspa"],
        "offset=1&per_page=1": ["bocio"],
        f"orderby=include&include={ids['caspa']},{ids['animo']}": ["caspa", "animo"],
        "orderby=include_slugs&slug=caspa,animo": ["caspa", "animo"],
        "orderby=slug&order=desc": ["caspa", "bocio", "animo"],
        "orderby=description&order=desc&per_page=1": ["animo"],
        "orderby=count&order=desc&per_page=1": ["bocio"],
        "orderby=term_group&per_page=3": None,
        "orderby=id": None,
        "hide_empty=1": ["bocio"],
        "search=%25": [],
        "search=b%C3%B3C": ["bocio"],
        f"post={post['id']}": ["bocio"],
        "page=3&per_page=2": [],
    }.items():
        response = await cms.http.get(f"{V2}/tags?{query}")
        assert response.status_code == 200, (query, response.text)
        if slugs is not None:
            assert [tag["slug"] for tag in response.json()] == slugs, query
    assert response.headers["X-WP-Total"] == "3"


async def test_a_page_of_terms_costs_one_statement_whatever_its_length(cms, editor):
    for number in range(12):
        await made(editor, f"Tema {number}", "tags")
    costs = set()
    for query in ("per_page=2", "per_page=12", "orderby=count&per_page=12", "hide_empty=true"):
        await cms.http.get(f"{V2}/tags?{query}")
        with counted(cms.host) as statements:
            await cms.http.get(f"{V2}/tags?{query}")
        costs.add(len(statements))
    assert max(costs) <= 2, "one, and another for the total of an empty page"


async def test_the_terms_of_a_page_of_posts_come_with_one_statement(cms, editor):
    """And those of a post that the reader may not see do not come at all."""
    tag = await made(editor, "Dengue", "tags")
    live = [await cms.draft(editor, tags=[tag["id"]], status="publish") for _ in range(3)]
    draft = await cms.draft(editor, tags=[tag["id"]])
    by_path = {one.path: one.load for one in embeds(cms.host.registry)}
    ids = [post["id"] for post in (*live, draft)]
    anonymous = cms.host.shop.work(cms.tenant)
    request = asking(cms.host)
    async with anonymous as work:
        with counted(cms.host) as statements:
            found = await by_path["/wp/v2/tags?post={id}"](request, work, ids)
            one = await by_path["/wp/v2/tags/{id}"](request, work, [tag["id"], 999_999])
        assert len(statements) == 2
    assert found[draft["id"]] == []
    assert {len(found[post["id"]]) for post in live} == {1}
    embedded = found[live[0]["id"]][0]
    assert wordpress.flat(embedded) == set(wordpress.fields("wp_v2_tags", "embed"))
    assert one[tag["id"]] == embedded
    assert one[999_999].code == "rest_term_invalid"


async def test_two_sites_have_terms_of_their_own(cms, editor):
    term = await made(editor, "Dor")
    async with cms.other() as other:
        stranger = await other.person("outro.editor", ["editor"])
        assert (await other.http.get(f"{V2}/categories")).json() == []
        for response in (
            await stranger.get(f"{V2}/categories/{term['id']}"),
            await stranger.post(f"{V2}/categories/{term['id']}", {"name": "x"}),
            await stranger.delete(f"{V2}/categories/{term['id']}?force=true"),
        ):
            assert response.status_code == 404
    assert (await cms.http.get(f"{V2}/categories/{term['id']}")).json()["name"] == "Dor"


async def test_a_post_is_found_by_what_its_terms_are_called_now(cms, editor):
    tag = await made(editor, "Zumbido", "tags")
    post = await cms.draft(editor, tags=[tag["id"]], status="publish")

    async def found(words):
        return [one["id"] for one in (await cms.http.get(f"{V2}/posts?search={words}")).json()]

    async def told(event):
        async with cms.as_system() as work:
            await follow_term(work, event)

    assert await found("zumbidos") == [post["id"]]
    await editor.post(f"{V2}/tags/{tag['id']}", {"name": "Tinido"})
    await told(TermChanged(term_id=tag["id"]))
    assert (await found("zumbido"), await found("tinidos")) == ([], [post["id"]])
    await editor.delete(f"{V2}/tags/{tag['id']}?force=true")
    await told(TermDeleted(term_id=tag["id"]))
    assert await found("tinido") == []
