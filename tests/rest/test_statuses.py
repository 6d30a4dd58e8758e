"""What statuses, formats and names mean for a post, as in WordPress."""

import pytest

V2 = "/wp-json/wp/v2"
SITE = "http://clinica.example"


@pytest.fixture
async def editor(cms):
    return await cms.person("ed.editor", ["editor"])


async def test_private_titles_say_so(cms, editor):
    made = await cms.draft(editor, title="Ata", status="private")
    assert made["title"] == {"raw": "Ata", "rendered": "Private: Ata"}
    assert (made["slug"], made["link"]) == ("ata", f"{SITE}/ata/")
    assert (await cms.http.get(f"{V2}/posts/{made['id']}")).status_code == 401
    hidden = await cms.http.get(f"{V2}/posts")
    assert hidden.headers["X-WP-Total"] == "0"


async def test_a_name_in_another_script_is_percent_encoded(cms, editor):
    first = await cms.draft(editor, title="Грипп", status="publish")
    encoded = "%d0%b3%d1%80%d0%b8%d0%bf%d0%bf"
    assert (first["slug"], first["link"]) == (encoded, f"{SITE}/{encoded}/")
    second = await cms.draft(editor, title="Грипп", status="publish")
    assert second["slug"] == f"{encoded}-2"
    for given in ("грипп", encoded):
        found = (await cms.http.get(f"{V2}/posts", params={"slug": given})).json()
        assert [post["id"] for post in found] == [first["id"]]


async def test_posts_have_a_format_and_pages_have_none(cms, editor):
    made = await cms.draft(editor)
    assert made["format"] == "standard"
    aside = await editor.post(f"{V2}/posts/{made['id']}", {"format": "aside"})
    assert aside.json()["format"] == "aside"
    revisions = await editor.get(f"{V2}/posts/{made['id']}/revisions")
    assert len(revisions.json()) == 1
    page = await cms.draft(editor, "pages", format="aside")
    assert "format" not in page


@pytest.mark.parametrize("base", ["posts", "pages"])
async def test_a_post_goes_into_the_bin_and_comes_back_as_a_draft(cms, editor, base):
    made = await cms.draft(editor, base, title="Gripe", status="publish")
    path = f"{V2}/{base}/{made['id']}"
    binned = (await editor.delete(path)).json()
    assert (binned["status"], binned["slug"]) == ("trash", "gripe__trashed")
    written = "/?p=" if base == "posts" else "%pagename%"
    assert written in binned["permalink_template"]
    again = await editor.delete(path)
    assert (again.status_code, again.json()["code"]) == (410, "rest_already_trashed")
    assert again.json()["message"] == "The post has already been deleted."
    assert (await cms.http.get(path)).status_code == 401
    back = (await editor.post(path, {"status": "draft"})).json()
    assert (back["status"], back["slug"]) == ("draft", "gripe")
    refused = await editor.post(path, {"status": "trash"})
    assert refused.json()["data"]["details"]["status"]["code"] == "rest_not_in_enum"


async def test_a_page_below_a_binned_one_keeps_its_place(cms, editor):
    above = await cms.draft(editor, "pages", title="Acima", status="publish")
    below = await cms.draft(editor, "pages", title="Abaixo", status="publish", parent=above["id"])
    await editor.delete(f"{V2}/pages/{above['id']}")
    shown = (await cms.http.get(f"{V2}/pages/{below['id']}")).json()
    assert shown["parent"] == above["id"]
    assert shown["link"] == f"{SITE}/acima__trashed/abaixo/"
