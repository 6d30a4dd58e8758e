"""Comments through REST: who may say what where, who sees it, and what is kept of whom."""

import re
from datetime import timedelta

import psycopg
import pytest

from cms.content import comment_rules
from cms.content.comments import LONGEST, forget_addresses
from cms.rest.comment_arguments import CREATE, DELETE, EDIT, ITEM, LIST
from tests.support.queries import counted
from tests.support.wordpress import arguments, fields, flat

V2 = "/wp-json/wp/v2"
COMMENTS = f"{V2}/comments"
OWN = "/api/v1/settings"


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


async def options(cms, **wanted):
    admin = await cms.person("dona.marina", ["administrator"])
    answer = await cms.http.patch(OWN, json=wanted, headers=admin.bearer)
    assert answer.status_code == 200, answer.text


async def said(person, post, content="Obrigada!", **more):
    answer = await person.post(COMMENTS, {"post": post, "content": content, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_the_arguments_are_those_of_wordpress():
    item = "/wp/v2/comments/(?P<id>[\\d]+)"
    for route, method, table in (
        ("/wp/v2/comments", "GET", LIST),
        ("/wp/v2/comments", "POST", CREATE),
        (item, "GET", ITEM),
        (item, "PATCH", EDIT),
        (item, "DELETE", DELETE),
    ):
        for name, wanted in arguments(route, method).items():
            if name == "id":
                continue
            ours = table[name]
            assert ours.get("default") == wanted.get("default"), (route, name)
            assert ours.get("enum") == wanted.get("enum"), (route, name)
            assert ours.get("format") == wanted.get("format"), (route, name)
            types = ours["type"] if isinstance(ours["type"], list) else [ours["type"]]
            assert name == "content" or wanted["type"] in types, (route, name)


async def test_the_fields_are_those_of_wordpress(cms, editor, post):
    made = await said(editor, post)
    for context in ("view", "edit", "embed"):
        body = (await editor.get(f"{COMMENTS}/{made['id']}?context={context}")).json()
        deep = frozenset({"author_avatar_urls", "content"})
        assert flat(body, deep=deep) == set(fields("wp_v2_comments", context)), context
    assert list(made) == [
        "id", "post", "parent", "author", "author_name", "author_email", "author_url",
        "author_ip", "author_user_agent", "date", "date_gmt", "content", "link", "status", "type",
        "author_avatar_urls", "meta", "_links",
    ]  # fmt: skip
    assert (made["status"], made["type"], made["meta"]) == ("approved", "comment", [])
    assert made["content"] == {"rendered": "<p>Obrigada!</p>\n", "raw": "Obrigada!"}
    assert re.fullmatch(rf"http://clinica\.example/.+/#comment-{made['id']}", made["link"])
    assert list(made["_links"]) == ["self", "collection", "author", "up"]


async def test_members_comment_and_the_first_one_waits(cms, editor, post):
    reader = await cms.person("leitor", ["subscriber"])
    first = await said(reader, post, "Ajudou muito.")
    assert (first["status"], first["author"], first["author_name"]) == (
        "hold", reader.id, "Leitor",
    )  # fmt: skip
    assert not {"author_email", "author_ip"} & set(first)
    assert (await cms.http.get(COMMENTS)).json() == []
    hidden = await cms.http.get(f"{COMMENTS}/{first['id']}")
    assert (hidden.status_code, hidden.json()["code"]) == (401, "rest_cannot_read")
    assert (await reader.get(f"{COMMENTS}/{first['id']}")).status_code == 200
    approved = await editor.post(f"{COMMENTS}/{first['id']}", {"status": "approve"})
    assert approved.json()["status"] == "approved"
    assert (await cms.http.get(COMMENTS)).json()[0]["id"] == first["id"]
    assert (await said(reader, post, "E mais uma vez."))["status"] == "approved"
    links = '<a href="https://a.example">a</a> <a href="https://b.example">b</a>'
    assert (await said(reader, post, links))["status"] == "hold"


REFUSALS = [
    ({"content": "x"}, 403, "rest_comment_invalid_post_id"),
    ({"post": 999999, "content": "x"}, 403, "rest_comment_invalid_post_id"),
    ({"post": "{draft}", "content": "x"}, 403, "rest_comment_draft_post"),
    ({"post": "{trash}", "content": "x"}, 403, "rest_comment_trash_post"),
    ({"post": "{private}", "content": "x"}, 403, "rest_cannot_read_post"),
    ({"post": "{closed}", "content": "x"}, 403, "rest_comment_closed"),
    ({"post": "{protected}", "content": "x"}, 403, "rest_cannot_read_post"),
    ({"post": "{live}", "content": "  "}, 400, "rest_comment_content_invalid"),
    ({"post": "{live}", "content": "<script>x</script>"}, 400, "rest_comment_content_invalid"),
    ({"post": "{live}"}, 400, "rest_comment_content_invalid"),
    ({"post": "{live}", "content": "a" * (LONGEST + 1)}, 400, "comment_content_column_length"),
    ({"post": "{live}", "content": "x", "status": "approve"}, 403, "rest_comment_invalid_status"),
    ({"post": "{live}", "content": "x", "author": 1}, 403, "rest_comment_invalid_author"),
    ({"post": "{live}", "content": "x", "author_ip": "1.2.3.4"}, 403,
     "rest_comment_invalid_author_ip"),
    ({"post": "{live}", "content": "x", "parent": 99}, 400, "rest_invalid_param"),
    ({"post": "{live}", "content": "x", "id": 1}, 400, "rest_comment_exists"),
    ({"post": "{live}", "content": "x", "type": "pingback"}, 400, "rest_invalid_comment_type"),
]  # fmt: skip


async def test_a_comment_that_may_not_be_is_refused_in_wordpress_words(cms, editor):
    ids = {}
    for name, more in {
        "live": {"status": "publish"}, "draft": {}, "trash": {}, "private": {"status": "private"},
        "closed": {"status": "publish", "comment_status": "closed"},
        "protected": {"status": "publish", "password": "segredo"},
    }.items():  # fmt: skip
        ids[name] = (await cms.draft(editor, title=name, **more))["id"]
    await editor.delete(f"{V2}/posts/{ids['trash']}")
    reader = await cms.person("leitor", ["subscriber"])
    for body, status, code in REFUSALS:
        sent = {**body, "post": body.get("post", 0)}
        if isinstance(sent["post"], str):
            sent["post"] = ids[sent["post"].strip("{}")]
        answer = await reader.post(COMMENTS, sent)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    assert (await editor.get(f"{COMMENTS}?status=any&context=edit")).json() == []
    unlocked = await reader.post(
        COMMENTS, {"post": ids["protected"], "content": "Oi", "password": "segredo"}
    )
    assert unlocked.status_code == 201


async def test_visitors_comment_only_where_the_site_lets_them(cms, editor, post):
    body = {
        "post": post,
        "content": "Oi",
        "author_name": "Zé <b>x</b>",
        "author_email": "z@x.example",
    }
    refused = await cms.http.post(COMMENTS, json=body)
    assert (refused.status_code, refused.json()) == (401, {
        "code": "rest_comment_login_required",
        "message": "Sorry, you must be logged in to comment.",
        "data": {"status": 401},
    })  # fmt: skip
    await options(cms, anonymous_comments=True)
    nameless = await cms.http.post(COMMENTS, json={"post": post, "content": "Oi"})
    assert nameless.json()["code"] == "rest_comment_author_data_required"
    made = await cms.http.post(COMMENTS, json=body)
    assert made.status_code == 201, made.text
    assert (made.json()["status"], made.json()["author"], made.json()["author_name"]) == (
        "hold", 0, "Zé x",
    )  # fmt: skip
    assert "author_email" not in made.json()
    closed = (await cms.draft(editor, status="publish", comment_status="closed"))["id"]
    shut = await cms.http.post(COMMENTS, json={**body, "post": closed})
    assert (shut.status_code, shut.json()["code"]) == (403, "rest_comment_closed")
    await options(cms, comment_registration=True)
    assert (await cms.http.post(COMMENTS, json=body)).status_code == 401


async def test_the_rules_of_the_site_are_kept(cms, editor, post):
    reader = await cms.person("leitor", ["subscriber"])
    await options(cms, comment_previously_approved=False)
    assert (await said(reader, post, "Um"))["status"] == "approved"
    await options(cms, moderation_keys="remédio\n", disallowed_keys="cassino")
    assert (await said(reader, post, "Que REMÉDIO?"))["status"] == "hold"
    assert (await said(reader, post, "Cassino grátis"))["status"] == "spam"
    await options(cms, comment_moderation=True)
    assert (await said(reader, post, "Dois"))["status"] == "hold"
    assert (await said(editor, post, "Eu modero"))["status"] == "approved"
    await options(cms, close_comments_for_old_posts=True, close_comments_days_old=1)
    old = await cms.draft(editor, status="publish", date="2020-01-01T00:00:00")
    late = await reader.post(COMMENTS, {"post": old["id"], "content": "Tarde"})
    assert late.json()["code"] == "rest_comment_closed"


async def test_reviewed_texts_take_no_comments_by_default(cms):
    admin = await cms.person("dona.marina", sorted(cms.host.registry.roles))
    made = await admin.post(f"{V2}/posts", {"title": "Aberto"})
    assert made.json()["comment_status"] == "open"
    article = await cms.draft(admin, "medical-articles")
    assert article["comment_status"] == "closed"


async def test_the_same_twice_and_too_much_at_once(cms, post, monkeypatch):
    reader = await cms.person("leitor", ["subscriber"])
    await said(reader, post)
    again = await reader.post(COMMENTS, {"post": post, "content": "Obrigada!"})
    assert (again.status_code, again.json()["code"]) == (409, "comment_duplicate")
    monkeypatch.setattr(comment_rules, "PAUSE", timedelta(seconds=15))
    soon = await reader.post(COMMENTS, {"post": post, "content": "Outra"})
    assert (soon.status_code, soon.json()["code"]) == (429, "comment_flood")
    monkeypatch.setattr(comment_rules, "PAUSE", timedelta(0))
    monkeypatch.setattr(comment_rules, "MOST_IN_AN_HOUR", 2)
    await said(reader, post, "Segunda")
    flood = await reader.post(COMMENTS, {"post": post, "content": "Terceira"})
    assert flood.status_code == 429


ATTACKS = {
    "<script>alert(1)</script>Oi": "Oi",
    '<a href="javascript:alert(1)">Oi</a>': "<a>Oi</a>",
    '<img src=x onerror="alert(1)">Oi': "Oi",
    "Veja https://example.com/a": '<a href="https://example.com/a" rel="nofollow ugc">',
    '<a href="https://x.example" rel="dofollow" onclick="x()">x</a>': 'rel="nofollow ugc"',
    "a < b & c": "a &lt; b &amp; c",
}


async def test_what_visitors_write_cannot_act_on_readers(cms, editor, post):
    for number, (typed, wanted) in enumerate(ATTACKS.items()):
        made = await said(editor, post, f"{number} {typed}")
        shown = made["content"]["rendered"]
        assert wanted in shown or wanted.replace("<a>Oi</a>", "Oi") in shown, (typed, shown)
        for word in ("<script", "javascript:", "onerror", "onclick", "dofollow"):
            assert word not in shown, typed


async def test_answers_lists_and_links(cms, editor, post):
    other = (await cms.draft(editor, title="Outro", status="publish"))["id"]
    first = await said(editor, post, "Primeiro", date="2024-01-01T10:00:00")
    answer = await said(editor, post, "Resposta", parent=first["id"], date="2024-01-02T10:00:00")
    there = await said(editor, other, "Ali", date="2024-01-03T10:00:00")
    names = {first["id"]: "first", answer["id"]: "answer", there["id"]: "there"}
    cases = {
        "": ["there", "answer", "first"],
        "order=asc": ["first", "answer", "there"],
        f"post={post}": ["answer", "first"],
        f"post={post},{other}&order=asc": ["first", "answer", "there"],
        f"parent={first['id']}": ["answer"],
        "parent=0": ["there", "first"],
        f"parent_exclude={first['id']}": ["there", "first"],
        f"include={first['id']},{there['id']}&orderby=include": ["first", "there"],
        f"exclude={first['id']}": ["there", "answer"],
        "after=2024-01-02T00:00:00": ["there", "answer"],
        "before=2024-01-02T00:00:00": ["first"],
        "search=RESPOSTA": ["answer"],
        "search=%25": [],
        "orderby=id&order=asc": ["first", "answer", "there"],
        "per_page=1&page=2": ["answer"],
        "per_page=1&offset=2": ["first"],
        "page=9": [],
        "type=pingback": None,
    }
    for query, wanted in cases.items():
        found = await cms.http.get(f"{COMMENTS}?{query}")
        if wanted is None:
            assert (found.status_code, found.json()["code"]) == (401, "rest_forbidden_param")
            continue
        assert [names[one["id"]] for one in found.json()] == wanted, query
    seen = (await cms.http.get(f"{COMMENTS}/{first['id']}")).json()
    assert seen["_links"]["children"][0]["href"].endswith(f"/comments?parent={first['id']}")
    seen = (await cms.http.get(f"{COMMENTS}/{answer['id']}")).json()
    assert seen["_links"]["in-reply-to"][0]["href"].endswith(f"/comments/{first['id']}")
    body = (await cms.http.get(f"{V2}/posts/{post}")).json()
    assert body["_links"]["replies"][0] == {
        "embeddable": True, "href": f"http://clinica.example/wp-json/wp/v2/comments?post={post}",
    }  # fmt: skip


async def test_what_only_moderators_ask(cms, editor, post):
    reader, author = await cms.person("leitor", ["subscriber"]), await cms.person("ana.autora")
    await said(editor, post)
    for query, code in {
        "?status=hold": "rest_forbidden_param",
        "?author=1": "rest_forbidden_param",
        "?author_email=a@x.example": "rest_forbidden_param",
        "?context=edit": "rest_forbidden_context",
        "?post=0": "rest_cannot_read",
    }.items():
        for who, status in ((cms.http, 401), (reader, 403)):
            answer = await who.get(COMMENTS + query)
            assert (answer.status_code, answer.json()["code"]) == (status, code), query
    probe = (await cms.http.get(f"{COMMENTS}?status=hold")).json()
    assert probe["message"] == "Query parameter not permitted: status"
    # An address that somebody gave is not found by guessing, whoever may write.
    guess = await author.get(f"{COMMENTS}?author_email=ed.editor@clinica.example")
    assert guess.status_code == 403
    assert (await author.get(f"{COMMENTS}?search=ed.editor@clinica")).json() == []
    assert len((await editor.get(f"{COMMENTS}?search=ed.editor@clinica")).json()) == 1


async def test_a_protected_post_protects_its_comments(cms, editor):
    post = (await cms.draft(editor, status="publish", password="segredo"))["id"]
    made = await said(editor, post, "Só entre nós")
    for path in (f"{COMMENTS}?post={post}", f"{COMMENTS}/{made['id']}"):
        mark = "&" if "?" in path else "?"
        assert (await cms.http.get(path)).status_code == 401
        assert (await cms.http.get(f"{path}{mark}password=errada")).status_code == 401
        assert (await cms.http.get(f"{path}{mark}password=segredo")).status_code == 200
    assert (await cms.http.get(COMMENTS)).json() == []


def rows(cms, statement):
    with psycopg.connect(cms.host.addresses.owner) as connection:
        connection.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        return connection.execute(statement).fetchall()


async def test_neither_trail_nor_database_keep_who_it_was(cms, post):
    reader = await cms.person("leitor", ["subscriber"])
    await said(reader, post, "Segredo meu")

    [told] = rows(cms, "select e::text from audit.events e where e::text like '%comment:create%'")
    assert "leitor" not in told[0]
    assert "Segredo" not in told[0]
    with psycopg.connect(cms.host.addresses.owner) as connection:
        connection.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        connection.execute("update cms.comments set created_at = created_at - interval '31 days'")
    async with cms.as_system() as work:
        await forget_addresses(work)
    assert rows(cms, "select author_ip, author_agent from cms.comments") == [(None, None)]


async def test_a_list_costs_the_same_for_one_and_for_many(cms, editor, post):
    costs = []
    for count in (1, 6):
        for number in range(count):
            await said(editor, post, f"{count} {number}")
        with counted(cms.host) as statements:
            await cms.http.get(COMMENTS)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 1


async def test_tenants_never_meet(cms, editor, post):
    made = await said(editor, post)
    async with cms.other() as other:
        stranger = await other.person("ze", ["editor"])
        assert (await stranger.get(f"{COMMENTS}/{made['id']}")).status_code == 404
        assert (await stranger.get(COMMENTS)).json() == []
        answer = await stranger.post(COMMENTS, {"post": post, "content": "Oi"})
        assert answer.json()["code"] == "rest_comment_invalid_post_id"


@pytest.mark.parametrize("value", ["\0", "\ud800", "x" * 9000, {"raw": [1]}, 10**20, None, [1]])
async def test_no_value_breaks_the_server(cms, editor, post, value):
    for field in EDIT:
        body = {"post": post, "content": f"Oi {field}", field: value}
        try:
            answer = await editor.post(COMMENTS, body)
        except UnicodeEncodeError:
            continue
        assert answer.status_code < 500, (field, answer.text)
