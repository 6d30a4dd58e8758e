"""Pages stand below each other, and their addresses say so."""

import asyncio

import pytest

from cms.app import build_routes
from cms.errors import InvalidInput
from cms.tenancy.options import change
from tests.support.queries import counted
from tests.support.wordpress import arguments, fields

V2 = "/wp-json/wp/v2"
SITE = "http://clinica.example"

VIEW = [
    "id", "date", "date_gmt", "guid", "modified", "modified_gmt", "slug", "status", "type", "link",
    "title", "content", "excerpt", "author", "featured_media", "parent", "menu_order",
    "comment_status", "ping_status", "template", "meta", "_links",
]  # fmt: skip


@pytest.fixture
async def editor(cms):
    return await cms.person("ed.editor", ["editor"])


async def page(cms, editor, title, **more):
    return await cms.draft(editor, "pages", **{"title": title, "status": "publish", **more})


async def set_option(cms, **wanted):
    async with cms.as_system() as work:
        await change(work, wanted)
        work.afterwards(cms.host.tenants.forget)


async def test_a_page_has_the_fields_of_wordpress(cms, editor):
    made = await page(cms, editor, "Sobre")
    for context in ("view", "edit", "embed"):
        shown = (await editor.get(f"{V2}/pages/{made['id']}?context={context}")).json()
        wanted = {name for name in fields("wp_v2_pages", context) if "." not in name}
        assert set(shown) - {"_links"} == wanted
        if context == "view":
            assert list(shown) == VIEW
    assert made["link"] == f"{SITE}/sobre/"
    assert made["permalink_template"] == f"{SITE}/%pagename%/"
    draft = await page(cms, editor, "Rascunho", status="draft")
    assert draft["link"] == f"{SITE}/?page_id={draft['id']}"


async def test_an_address_names_the_pages_above(cms, editor):
    above = await page(cms, editor, "Clínica")
    middle = await page(cms, editor, "Equipe", parent=above["id"], menu_order=3)
    below = await page(cms, editor, "Ana", parent=middle["id"])
    assert (middle["parent"], middle["menu_order"]) == (above["id"], 3)
    assert below["link"] == f"{SITE}/clinica/equipe/ana/"
    assert below["permalink_template"] == f"{SITE}/clinica/equipe/%pagename%/"
    up = {"embeddable": True, "href": f"{SITE}{V2}/pages/{middle['id']}"}
    assert below["_links"]["up"] == [up]
    assert "up" not in above["_links"]
    with counted(cms.host) as statements:
        listed = (await cms.http.get(f"{V2}/pages?orderby=title&order=asc")).json()
    assert len(statements) <= 2, str(statements)
    assert [one["link"] for one in listed] == [
        f"{SITE}/clinica/equipe/ana/",
        f"{SITE}/clinica/",
        f"{SITE}/clinica/equipe/",
    ]
    moved = await editor.post(f"{V2}/pages/{below['id']}", {"parent": 0})
    assert (moved.json()["parent"], moved.json()["link"]) == (0, f"{SITE}/ana/")


async def test_a_name_is_free_below_another_parent(cms, editor):
    one, two = await page(cms, editor, "Um"), await page(cms, editor, "Dois")
    first = await page(cms, editor, "Contato", parent=one["id"])
    second = await page(cms, editor, "Contato", parent=two["id"])
    third = await page(cms, editor, "Contato", parent=two["id"])
    assert [p["slug"] for p in (first, second, third)] == ["contato", "contato", "contato-2"]
    moved = await editor.post(f"{V2}/pages/{first['id']}", {"parent": two["id"]})
    assert moved.json()["slug"] == "contato-3"


async def test_a_parent_must_be_a_page_that_is_not_below(cms, editor):
    above = await page(cms, editor, "Acima")
    below = await page(cms, editor, "Abaixo", parent=above["id"])
    post = await cms.draft(editor)
    for wanted in (below["id"], above["id"], post["id"], 999999, -1):
        refused = await editor.post(f"{V2}/pages/{above['id']}", {"parent": wanted})
        assert (refused.status_code, refused.json()["code"]) == (400, "rest_post_invalid_id")
        assert refused.json()["message"].startswith("Invalid post parent ID")
    born = await editor.post(f"{V2}/pages", {"title": "x", "parent": 999999})
    assert born.status_code == 400
    assert (await editor.get(f"{V2}/pages/{above['id']}")).json()["parent"] == 0


async def test_pages_are_found_by_their_place(cms, editor):
    above = await page(cms, editor, "Acima", menu_order=9)
    first = await page(cms, editor, "Primeira", parent=above["id"], menu_order=1)
    second = await page(cms, editor, "Segunda", parent=above["id"], menu_order=2)

    async def ids(query):
        response = await cms.http.get(f"{V2}/pages?{query}")
        assert response.status_code == 200, response.text
        return [one["id"] for one in response.json()]

    ordered = [first["id"], second["id"], above["id"]]
    assert await ids("orderby=menu_order&order=asc") == ordered
    assert await ids(f"parent={above['id']}&orderby=menu_order&order=asc") == ordered[:2]
    assert await ids("parent=0") == [above["id"]]
    assert await ids(f"parent_exclude={above['id']}") == [above["id"]]
    assert await ids("menu_order=2") == [second["id"]]
    assert (await ids("orderby=parent&order=asc"))[0] == above["id"]


async def test_pages_have_rights_of_their_own(cms, editor):
    made = await page(cms, editor, "Sobre")
    author = await cms.person("ana.autora")
    born = await author.post(f"{V2}/pages", {"title": "x"})
    assert (born.status_code, born.json()["code"]) == (403, "rest_cannot_create")
    edited = await author.post(f"{V2}/pages/{made['id']}", {"title": "x"})
    assert (edited.status_code, edited.json()["code"]) == (403, "rest_cannot_edit")
    assert (await author.get(f"{V2}/pages/{made['id']}")).status_code == 200


STRUCTURES = {
    "/%year%/%monthnum%/%day%/%postname%/": "/2024/03/01/febre/",
    "/arquivo/%post_id%": "/arquivo/{id}",
    "/%category%/%author%/%postname%/": "/saude/dor/author-{author}/febre/",
    "/%hour%%minute%%second%-%postname%/": "/093005-febre/",
    "": "/?p={id}",
}


async def test_the_site_chooses_the_form_of_addresses(cms, editor):
    ana = await cms.person("ana.autora")
    health = (await editor.post(f"{V2}/categories", {"name": "Saúde"})).json()["id"]
    pain = {"name": "Dor", "parent": health}
    filed = (await editor.post(f"{V2}/categories", pain)).json()["id"]
    made = await cms.draft(
        ana, title="Febre", status="publish", date="2024-03-01T09:30:05", categories=[filed]
    )
    for structure, path in STRUCTURES.items():
        await set_option(cms, permalink_structure=structure)
        await cms.http.get(f"{V2}/types")
        with counted(cms.host) as statements:
            [listed] = (await cms.http.get(f"{V2}/posts")).json()
        assert len(statements) <= 3, str(statements)
        assert listed["link"] == SITE + path.format(id=made["id"], author=ana.id), structure
    await set_option(cms, permalink_structure="/%category%/%postname%/")
    unfiled = await cms.draft(ana, title="Gripe", status="publish")
    assert unfiled["link"] == f"{SITE}/uncategorized/gripe/"
    assert unfiled["permalink_template"] == f"{SITE}/uncategorized/%postname%/"


@pytest.mark.parametrize("structure", ["/%zz%/", "%postname%", "/%year%/", "/a b/%postname%", "/%"])
async def test_a_form_that_names_no_post_is_refused(cms, structure):
    with pytest.raises(InvalidInput) as refused:
        await set_option(cms, permalink_structure=structure)
    assert list(refused.value.faults) == ["permalink_structure"]


async def test_the_front_page_stands_at_the_root(cms, editor):
    made = await page(cms, editor, "Início")
    await set_option(cms, show_on_front="page", page_on_front=made["id"])
    assert (await cms.http.get(f"{V2}/pages/{made['id']}")).json()["link"] == f"{SITE}/"
    await set_option(cms, front_end_url="https://leitores.example/")
    shown = (await cms.http.get(f"{V2}/pages/{made['id']}")).json()
    assert shown["link"] == "https://leitores.example/"
    assert shown["guid"]["rendered"] == f"{SITE}/?p={made['id']}"


@pytest.mark.parametrize("base", ["pages", "posts"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_every_argument_of_wordpress_is_known(cms, base, method):
    known = declared(cms, f"{V2}/{base}", method)
    # Tags come with their taxonomy.
    wanted = {n for n in arguments(f"/wp/v2/{base}", method) if not n.startswith("tags")}
    assert wanted <= set(known)
    for name in wanted:
        measured = arguments(f"/wp/v2/{base}", method)[name]
        for word in ("default", "enum", "minimum"):
            if word in measured and name != "status":
                assert known[name].get(word) == measured[word], name


def declared(cms, path, method):
    for route in build_routes(cms.host).routes:
        if route.path == path:
            for handler in route.route_handlers:
                if method in handler.http_methods:
                    return handler.opt["arguments"]
    raise LookupError(path)


async def test_two_moves_at_once_close_no_circle(cms, editor):
    for _ in range(3):
        one, two = await page(cms, editor, "Um"), await page(cms, editor, "Dois")
        answers = await asyncio.gather(
            editor.post(f"{V2}/pages/{one['id']}", {"parent": two["id"]}),
            editor.post(f"{V2}/pages/{two['id']}", {"parent": one["id"]}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 400]
