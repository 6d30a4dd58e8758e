"""Reusable blocks and navigation: who reads what, and in which form."""

import pytest

from cms.content.surrounding import reusable
from tests.support.wordpress import fields, flat

V2 = "/wp-json/wp/v2"
ROLES = ("subscriber", "contributor", "author", "editor", "administrator")
TEXT = "<!-- wp:paragraph -->\n<p>Beba água.</p>\n<!-- /wp:paragraph -->"
DEEP = frozenset({"title", "content", "guid"})


async def made(person, base, **more):
    body = {"title": "Aviso", "content": TEXT, "status": "publish", **more}
    answer = await person.post(f"{V2}/{base}", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_block_shows_its_text_as_it_is_stored(cms):
    editor = await cms.person("ed", ["editor"])
    block = await made(editor, "blocks")
    assert block["title"] == {"raw": "Aviso"}
    assert block["content"] == {"raw": TEXT, "protected": False, "block_version": 1}
    seen = (await editor.get(f"{V2}/blocks/{block['id']}")).json()
    assert seen["content"] == {"raw": TEXT, "protected": False}
    assert seen["link"] == f"http://clinica.example/?post_type=wp_block&p={block['id']}"
    async with cms.as_system() as work:
        assert await reusable(work, [block["id"], 999_999]) == {block["id"]: TEXT}


@pytest.mark.parametrize("base", ["blocks", "navigation"])
async def test_the_fields_of_each_context_are_those_of_wordpress(cms, base):
    admin = await cms.person("dona.marina", ["administrator"])
    block = await made(admin, base)
    for context in ("view", "edit", "embed"):
        body = (await admin.get(f"{V2}/{base}/{block['id']}?context={context}")).json()
        wanted = set(fields(f"wp_v2_{base}_1", context))
        if context == "embed":
            wanted -= {"content.protected"}
        assert flat(body, deep=DEEP) == wanted, context


async def test_the_address_of_blocks_is_public_and_the_blocks_are_not(cms):
    """As measured: a stranger gets an empty list, whoever writes gets the blocks."""
    editor = await cms.person("ed", ["editor"])
    block = await made(editor, "blocks")
    listed = await cms.http.get(f"{V2}/blocks")
    assert (listed.status_code, listed.json()) == (200, [])
    refused = await cms.http.get(f"{V2}/blocks/{block['id']}")
    assert (refused.status_code, refused.json()["code"]) == (401, "rest_forbidden")
    for role in ROLES:
        person = await cms.person(f"o.{role}", [role])
        own = await person.get(f"{V2}/blocks/{block['id']}")
        assert own.status_code == (403 if role == "subscriber" else 200), role
        written = await person.post(f"{V2}/blocks", {"title": "x", "content": "y"})
        may = role in {"author", "editor", "administrator"}
        assert written.status_code == (201 if may else 403), role


async def test_navigation_is_read_by_everyone_and_written_with_the_theme(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    menu = await made(admin, "navigation")
    draft = await made(admin, "navigation", status="draft")
    seen = await cms.http.get(f"{V2}/navigation/{menu['id']}")
    assert seen.status_code == 200
    assert seen.json()["content"]["rendered"].strip() == "<p>Beba água.</p>"
    assert [one["id"] for one in (await cms.http.get(f"{V2}/navigation")).json()] == [menu["id"]]
    assert (await cms.http.get(f"{V2}/navigation/{draft['id']}")).status_code == 401
    for role in ROLES:
        person = await cms.person(f"o.{role}", [role])
        written = await person.post(f"{V2}/navigation", {"title": "x", "content": "y"})
        assert written.status_code == (201 if role == "administrator" else 403), role


async def test_what_a_block_does_not_show_the_loader_does_not_load(cms):
    editor = await cms.person("ed", ["editor"])
    draft = await made(editor, "blocks", status="draft")
    closed = await made(editor, "blocks", password="segredo")
    seen = (await editor.get(f"{V2}/blocks/{closed['id']}")).json()
    assert seen["content"] == {"raw": "", "protected": True}
    async with cms.as_system() as work:
        assert await reusable(work, [draft["id"], closed["id"]]) == {}


async def test_the_two_sites_do_not_meet(cms):
    editor = await cms.person("ed", ["editor"])
    block = await made(editor, "blocks")
    async with cms.other() as other:
        theirs = await other.person("outra", ["editor"])
        assert (await theirs.get(f"{V2}/blocks/{block['id']}")).status_code == 404
        assert (await theirs.get(f"{V2}/blocks")).json() == []
