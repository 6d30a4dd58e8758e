"""Who may do what with media: nobody, and the five roles of WordPress."""

import pytest

from tests.rest.test_media import MEDIA, send
from tests.support.pictures import photo

V2 = "/wp-json/wp/v2"
PICTURE = photo(40, 30)
ROLES = ("administrator", "editor", "author", "contributor", "subscriber")
MAY_UPLOAD = {"administrator", "editor", "author"}
MAY_EDIT_OTHERS = {"administrator", "editor"}


@pytest.mark.parametrize("role", ROLES)
async def test_what_each_role_may(cms, role):
    owner = await cms.person("dona.autora")
    made = (await send(owner, PICTURE)).json()
    person = await cms.person(f"x.{role}", [role])
    item = f"{MEDIA}/{made['id']}"
    edits, uploads = role in MAY_EDIT_OTHERS, role in MAY_UPLOAD
    read = await person.get(item)
    assert read.status_code == 200
    assert read.headers["allow"] == ("GET, POST, PUT, PATCH, DELETE" if edits else "GET")
    listed = await person.get(MEDIA)
    assert listed.headers["allow"] == ("GET, POST" if uploads else "GET")
    assert (await person.get(f"{item}?context=edit")).status_code == (200 if edits else 403)
    sent = await send(person, PICTURE)
    assert sent.status_code == (201 if uploads else 403)
    if not uploads:
        assert sent.json()["code"] == "rest_cannot_create"
    changed = await person.post(item, {"alt_text": "x"})
    assert changed.status_code == (200 if edits else 403)
    if not edits:
        assert changed.json()["code"] == "rest_cannot_edit"
    edit = await person.post(f"{item}/edit", {"src": made["source_url"], "rotation": 90})
    assert edit.status_code == (201 if edits else 403)
    again = await person.post(f"{item}/post-process", {"action": "create-image-subsizes"})
    assert again.status_code == (200 if edits else 403)
    gone = await person.delete(f"{item}?force=true")
    assert gone.status_code == (200 if edits else 403)
    if not edits:
        assert gone.json()["code"] == "rest_cannot_delete"


async def test_strangers_read_and_do_nothing_else(cms):
    owner = await cms.person("dona.autora")
    made = (await send(owner, PICTURE)).json()
    item = f"{MEDIA}/{made['id']}"
    assert (await cms.http.get(item)).status_code == 200
    assert (await cms.http.get(MEDIA)).headers["x-wp-total"] == "1"
    assert (await cms.http.get(f"{item}?context=edit")).status_code == 401
    for response in (
        await cms.http.post(MEDIA, files={"file": ("a.jpg", PICTURE)}),
        await cms.http.post(item, json={"alt_text": "x"}),
        await cms.http.delete(f"{item}?force=true"),
        await cms.http.post(f"{item}/edit", json={"src": made["source_url"]}),
        await cms.http.get(f"/api/v1{item.removeprefix(V2)}/original"),
    ):
        assert response.status_code == 401
    forbidden = await cms.http.get(f"{MEDIA}?status=private")
    detail = forbidden.json()["data"]["details"]["status"]
    assert (forbidden.status_code, detail["code"]) == (400, "rest_forbidden_status")


async def test_an_author_does_all_of_it_with_her_own(cms):
    author = await cms.person("ana.autora")
    made = (await send(author, PICTURE)).json()
    item = f"{MEDIA}/{made['id']}"
    assert (await author.post(item, {"title": "Novo"})).json()["title"]["raw"] == "Novo"
    assert (await author.delete(f"{item}?force=true")).status_code == 200


async def test_a_file_is_hung_only_on_a_post_of_ones_own(cms):
    author, other = await cms.person("ana.autora"), await cms.person("bia.outra")
    theirs = await cms.draft(other, status="publish")
    refused = await send(author, PICTURE, post=str(theirs["id"]))
    assert (refused.status_code, refused.json()["code"]) == (403, "rest_cannot_edit")
    free = (await send(author, PICTURE)).json()
    moved = await author.post(f"{MEDIA}/{free['id']}", {"post": theirs["id"]})
    assert (moved.status_code, moved.json()["code"]) == (403, "rest_cannot_edit")
    onto_media = await author.post(f"{MEDIA}/{free['id']}", {"post": free["id"]})
    assert onto_media.status_code == 400
    absent = await send(author, PICTURE, post="99999")
    assert (absent.status_code, absent.json()["code"]) == (404, "rest_post_invalid_id")


async def test_a_private_medium_is_for_few(cms):
    author, stranger = await cms.person("ana.autora"), await cms.person("bia.outra")
    editor = await cms.person("edu.editor", ["editor"])
    made = (await send(author, PICTURE, status="private")).json()
    assert made["status"] == "private"
    item = f"{MEDIA}/{made['id']}"
    assert (await cms.http.get(item)).status_code == 401
    assert (await stranger.get(item)).status_code == 403
    assert (await cms.http.get(made["source_url"])).status_code == 404
    for person in (author, editor):
        assert (await person.get(item)).status_code == 200
        assert (await person.get(made["source_url"])).status_code == 200
        assert len((await person.get(f"{MEDIA}?status=private")).json()) == 1
    shown = await author.post(item, {"status": "publish"})
    assert shown.json()["status"] == "inherit"
    assert (await cms.http.get(item)).status_code == 200
