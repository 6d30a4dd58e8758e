"""Moderating comments: approve, hold, spam, bin, and what embeds show of them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cms.content import comment_rules
from cms.rest import comment_body, user_body
from cms.rest.errors import RestError
from tests.support.asking import asking
from tests.support.queries import counted

V2 = "/wp-json/wp/v2"
COMMENTS = f"{V2}/comments"


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """People in tests type faster; the pause has a test of its own."""
    monkeypatch.setattr(comment_rules, "PAUSE", timedelta(0))


@pytest.fixture
async def editor(cms):
    return await cms.person("ed.editor", ["editor"])


@pytest.fixture
async def post(cms, editor):
    return (await cms.draft(editor, status="publish"))["id"]


async def said(person, post, content="Obrigada!", **more):
    answer = await person.post(COMMENTS, {"post": post, "content": content, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_moderating(cms, editor, post):
    reader, author = await cms.person("leitor", ["subscriber"]), await cms.person("ana.autora")
    made = await said(reader, post)
    path = f"{COMMENTS}/{made['id']}"
    for who, status in ((cms.http, 401), (reader, 403), (author, 403)):
        for method, code in (("PATCH", "rest_cannot_edit"), ("DELETE", "rest_cannot_delete")):
            headers = who.bearer if who is not cms.http else {}
            answer = await cms.http.request(method, path, json={"content": "x"}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (status, code)
    for wanted, status in (
        ("approved", "approved"), ("spam", "spam"), ("unspam", "approved"), ("hold", "hold"),
        ("trash", "trash"), ("untrash", "hold"), ("1", "approved"), ("0", "hold"),
    ):  # fmt: skip
        assert (await editor.post(path, {"status": wanted})).json()["status"] == status, wanted
    assert (await editor.post(path, {"status": "nada"})).status_code == 400
    edited = await editor.post(path, {"content": {"raw": "Melhor assim"}, "author_name": "L."})
    assert (edited.json()["content"]["raw"], edited.json()["author_name"]) == ("Melhor assim", "L.")
    assert (await editor.delete(path)).json()["status"] == "trash"
    twice = await editor.delete(path)
    assert (twice.status_code, twice.json()["code"]) == (410, "rest_already_trashed")
    answer = await said(editor, post, "Resposta", parent=made["id"])
    gone = (await editor.delete(f"{path}?force=true")).json()
    assert (gone["deleted"], gone["previous"]["id"]) == (True, made["id"])
    assert (await editor.get(path)).json()["code"] == "rest_comment_invalid_id"
    assert (await editor.get(f"{COMMENTS}/{answer['id']}")).json()["parent"] == 0
    # An author moderates what is said of her own posts, and learns no address by it.
    own = (await cms.draft(author, status="publish"))["id"]
    mine = await said(reader, own, "Sobre o seu texto")
    held = await author.post(f"{COMMENTS}/{mine['id']}", {"status": "hold"})
    assert held.json()["status"] == "hold"
    assert "author_email" not in held.json()
    for forged in ({"author": editor.id}, {"date_gmt": "2020-01-01T00:00:00"}):
        answer = await author.post(f"{COMMENTS}/{mine['id']}", forged)
        assert answer.status_code == 403, forged


async def test_a_comment_cannot_answer_itself(cms, editor, post):
    first = await said(editor, post, "Um")
    second = await said(editor, post, "Dois", parent=first["id"])
    loop = await editor.post(f"{COMMENTS}/{first['id']}", {"parent": second["id"]})
    assert (loop.status_code, list(loop.json()["data"]["params"])) == (400, ["parent"])


async def test_embeds_are_loaded_for_a_whole_page_at_once(cms, editor, post):
    reader, shy = await cms.person("leitor", ["subscriber"]), await cms.person("caio.calado")
    other = (await cms.draft(editor, title="Outro", status="publish"))["id"]
    protected = (await cms.draft(editor, title="P", status="publish", password="x"))["id"]
    first = await said(editor, post, "Um")
    answer = await said(editor, post, "Resposta", parent=first["id"])
    secret = await said(editor, protected, "Segredo")
    waiting = await said(reader, post, "Espera")
    asked = asking(cms.host)
    async with cms.host.shop.work(cms.tenant) as work:
        load = {one.path: one.load for one in (*comment_body.EMBEDS, *user_body.EMBEDS)}
        with counted(cms.host) as statements:
            replies = await load["/wp/v2/comments?post={id}"](
                asking(cms.host), work, [post, other, protected]
            )
        assert len(statements) == 1
        assert [one["id"] for one in replies[post]] == [answer["id"], first["id"]]
        assert (replies[other], replies[protected]) == ([], [])
        assert "post" not in replies[post][0], "the embed context"
        answers = await load["/wp/v2/comments?parent={id}"](asked, work, [first["id"]])
        assert [one["id"] for one in answers[first["id"]]] == [answer["id"]]
        ids = [first["id"], secret["id"], waiting["id"], 999]
        single = await load["/wp/v2/comments/{id}"](asked, work, ids)
        assert single[first["id"]]["author_name"] == "Ed Editor"
        assert all(isinstance(single[one], RestError) for one in ids[1:])
        with counted(cms.host) as statements:
            people = await load["/wp/v2/users/{id}"](
                asking(cms.host), work, [editor.id, shy.id, 999]
            )
        assert len(statements) <= 3
        assert people[editor.id]["name"] == "Ed Editor"
        assert "meta" not in people[editor.id]
        assert people[shy.id].code == "rest_user_cannot_view"
        assert people[999].code == "rest_user_invalid_id"


PROBES = {
    "comment missing": ("nobody", "GET", f"{COMMENTS}/999999", None),
    "comments status anon": ("nobody", "GET", f"{COMMENTS}?status=hold", None),
    "comment anon": ("nobody", "POST", COMMENTS, {"post": "{live}", "content": "x"}),
    "comment admin": ("admin", "POST", COMMENTS, {"post": "{closed}", "content": "x"}),
    "comment empty": ("admin", "POST", COMMENTS, {"post": "{closed}", "content": ""}),
    "comment bad post": ("admin", "POST", COMMENTS, {"post": 999999, "content": "x"}),
    "users anon roles": ("nobody", "GET", f"{V2}/users?roles=author", None),
    "users context=edit subscriber": ("reader", "GET", f"{V2}/users?context=edit", None),
    "users create editor": (
        "editor",
        "POST",
        f"{V2}/users",
        {"username": "zz", "email": "zz@x.example", "password": "uma senha bem longa"},
    ),
    "user bad role": (
        "admin",
        "POST",
        f"{V2}/users",
        {"username": "zz", "email": "z@x.example", "password": "uma senha longa", "roles": ["zz"]},
    ),
    "user delete no reassign": ("admin", "DELETE", f"{V2}/users/{{reader}}?force=true", None),
    "user delete no force": ("admin", "DELETE", f"{V2}/users/{{reader}}?reassign=1", None),
    "settings anon": ("nobody", "GET", f"{V2}/settings", None),
    "settings editor": ("editor", "GET", f"{V2}/settings", None),
    "settings bad": ("admin", "POST", f"{V2}/settings", {"posts_per_page": "x"}),
}
ERRORS = json.loads((Path(__file__).parent / "data" / "wordpress-people-errors.json").read_text())


async def test_errors_are_those_that_wordpress_was_seen_to_give(cms, editor, post):
    admin = await cms.person("dona.marina", ["administrator"])
    reader = await cms.person("leitor", ["subscriber"])
    closed = await cms.draft(editor, title="Fechado", status="publish", comment_status="closed")
    ids = {"live": post, "closed": closed["id"], "reader": reader.id}
    who = {"admin": admin.bearer, "editor": editor.bearer, "reader": reader.bearer, "nobody": {}}
    assert set(PROBES) == set(ERRORS)
    for name, (person, method, path, body) in PROBES.items():
        if body and isinstance(body.get("post"), str):
            body = {**body, "post": ids[body["post"].strip("{}")]}
        answer = await cms.http.request(method, path.format(**ids), json=body, headers=who[person])
        wanted = ERRORS[name]
        assert (answer.status_code, answer.json()) == (wanted["status"], wanted["body"]), name
