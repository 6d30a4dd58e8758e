"""Redirects: made by administrators, recorded when posts move, followed by visitors."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.content.models import Post
from cms.errors import InvalidInput
from cms.site import redirects
from cms.site.paths import checked_source, checked_target, encoded, normal, sources_for
from tests.support.queries import counted

V2, V1 = "/wp-json/wp/v2", "/api/v1"


@pytest.fixture
async def admin(cms):
    return await cms.person("dona.marina", ["administrator"])


async def made(admin, source, target="", status=301):
    body = {"source": source, "target": target, "status": status}
    answer = await admin.post(f"{V1}/redirects", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def resolved(cms, path):
    answer = await cms.http.get(f"{V1}/resolve", params={"path": path})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def led(cms, path):
    answer = await cms.http.get(path)
    return answer.status_code, answer.headers.get("Location")


async def test_a_visitor_is_led_to_the_target(cms, admin):
    one = await made(admin, "/antigo/", "/novo/")
    assert (one["source"], one["chain"], one["is_automatic"]) == ("/antigo", [], False)
    assert await led(cms, "/antigo/") == (301, "http://clinica.example/novo/")
    assert await led(cms, "/antigo") == (301, "http://clinica.example/novo/")
    assert await led(cms, "/Antigo/") == (404, None)
    await made(admin, "/fora", "https://livros.example/a?b=c#d", 302)
    assert await led(cms, "/fora/") == (302, "https://livros.example/a?b=c#d")
    await made(admin, "/morto", status=410)
    gone = await cms.http.get("/morto/")
    assert (gone.status_code, gone.json()["type"]) == (410, "urn:cms:problem:gone")
    assert (await resolved(cms, "/morto"))["kind"] == "gone"


async def test_a_wildcard_takes_the_rest_of_the_path_with_it(cms, admin):
    await made(admin, "/blog/*", "/artigos/*", 307)
    await made(admin, "/blog/velho/*", "https://arquivo.example/*")
    home = "http://clinica.example"
    assert await led(cms, "/blog/2020/dor/") == (307, f"{home}/artigos/2020/dor")
    assert await led(cms, "/blog/") == (404, None)
    assert await led(cms, "/blog/velho/x/y") == (301, "https://arquivo.example/x/y")
    # The tail is a path: it opens no query, no fragment and no line of its own.
    for odd in ("%0d%0aSet-Cookie:%20a=b", "a%3Fb%23c", "%2F%2Fevil.example"):
        status, location = await led(cms, f"/blog/velho/{odd}")
        assert status == 301
        assert location.startswith("https://arquivo.example/")
        assert not {"\r", "\n", "?", "#", " "} & set(location)


async def test_content_counts_before_a_wildcard_and_after_an_exact_redirect(cms, admin):
    post = await cms.draft(admin, title="Dor", status="publish")
    await made(admin, "/*", "https://tudo.example/")
    assert (await resolved(cms, "/dor/"))["id"] == post["id"]
    await made(admin, "/dor", "/outra/")
    assert (await resolved(cms, "/dor/"))["kind"] == "redirect"


async def test_the_old_address_of_a_post_leads_to_the_new_one(cms, admin):
    post = await cms.draft(admin, title="Dor", slug="dor", status="publish")
    item = f"{V2}/posts/{post['id']}"
    for slug in ("dor-aguda", "dor-forte"):
        assert (await admin.post(item, {"slug": slug})).status_code == 200
    for old in ("/dor/", "/dor-aguda/"):
        assert await led(cms, old) == (301, "http://clinica.example/dor-forte/")
    # A new text may take the old address, and the first may come back to it.
    other = await cms.draft(admin, title="Nova", slug="dor", status="publish")
    assert (await resolved(cms, "/dor/"))["id"] == other["id"]
    assert (await admin.post(item, {"slug": "dor-aguda"})).status_code == 200
    assert (await resolved(cms, "/dor-aguda/"))["id"] == post["id"]
    assert await led(cms, "/dor-forte/") == (301, "http://clinica.example/dor-aguda/")
    listed = (await admin.get(f"{V1}/redirects")).json()
    assert listed["total"] == 3
    assert {one["post_id"] for one in listed["redirects"]} == {post["id"]}
    # Nobody is led to what readers may not see.
    assert (await admin.post(item, {"status": "draft"})).status_code == 200
    assert await led(cms, "/dor-forte/") == (404, None)


async def test_addresses_by_id_record_nothing_and_lead_nowhere_else(cms, admin, monkeypatch):
    async def plain(work, posts):
        return {post.id: f"/?p={post.id}" for post in posts}

    for module in ("renames", "redirects", "resolving"):
        monkeypatch.setattr(f"cms.site.{module}.paths", plain)
    post = await cms.draft(admin, title="Dor", slug="dor", status="publish")
    await admin.post(f"{V2}/posts/{post['id']}", {"slug": "febre"})
    assert (await admin.get(f"{V1}/redirects")).json()["total"] == 0
    found = await resolved(cms, f"/?p={post['id']}")
    assert (found["kind"], found["id"]) == ("post", post["id"])
    assert (await cms.http.get(f"/?p={post['id']}")).status_code == 404


async def test_feeds_move_with_their_page(cms, admin):
    post = await cms.draft(admin, title="Dor", slug="dor", status="publish")
    await admin.post(f"{V2}/posts/{post['id']}", {"slug": "febre"})
    assert await led(cms, "/dor/feed/") == (301, "http://clinica.example/febre/feed/")
    assert await led(cms, "/dor/feed/atom/") == (301, "http://clinica.example/febre/feed/atom/")


async def test_drafts_and_texts_alone_record_nothing(cms, admin):
    draft = await cms.draft(admin, title="Dor", slug="dor")
    await admin.post(f"{V2}/posts/{draft['id']}", {"slug": "febre"})
    live = await cms.draft(admin, title="Gripe", status="publish")
    with counted(cms.host) as statements:
        await admin.post(f"{V2}/posts/{live['id']}", {"title": "Gripe forte"})
    assert "public_addresses" not in str(statements)
    assert (await admin.get(f"{V1}/redirects")).json()["total"] == 0


async def test_pages_below_a_page_that_moves_are_found_too(cms, admin, monkeypatch):
    """Permalinks of pages are paths; here they are made so for posts."""
    top = await cms.draft(admin, title="Guia", slug="guia", status="publish")
    below = await cms.draft(admin, title="Dor", slug="dor", status="publish")

    async def by_path(work, posts):
        parent = await work.session.get(Post, (work.tenant_id, top["id"]))
        head = {below["id"]: f"/{parent.slug}"}
        return {post.id: f"{head.get(post.id, '')}/{post.slug}/" for post in posts}

    for module in ("renames", "redirects", "resolving"):
        monkeypatch.setattr(f"cms.site.{module}.paths", by_path)
    declared = cms.host.registry.post_types
    monkeypatch.setitem(declared, "post", _hierarchical(declared["post"]))
    # Its address is known as the new kind of path after the next change of it.
    await admin.post(f"{V2}/posts/{below['id']}", {"slug": "dor-2"})
    assert (await resolved(cms, "/guia/dor-2/"))["id"] == below["id"]
    await admin.post(f"{V2}/posts/{top['id']}", {"slug": "manual"})
    assert await led(cms, "/guia/") == (301, "http://clinica.example/manual/")
    assert await led(cms, "/guia/dor-2/") == (301, "http://clinica.example/manual/dor-2/")


def _hierarchical(post_type):
    from dataclasses import replace

    return replace(post_type, is_hierarchical=True)


async def test_a_circle_is_refused_and_a_chain_is_one_hop(cms, admin):
    await made(admin, "/a", "/b")
    await made(admin, "/b", "/c")
    for source, target in (("/c", "/a"), ("/x", "/x"), ("/y/*", "/y/z/*"), ("/z/*", "/z/z")):
        answer = await admin.post(f"{V1}/redirects", {"source": source, "target": target})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:cms:problem:conflict")
        assert " → " in answer.json()["detail"]
    assert (await made(admin, "/0", "/a"))["chain"] == ["/a", "/b"]
    assert await led(cms, "/0") == (301, "http://clinica.example/c")
    again = await admin.post(f"{V1}/redirects", {"source": "/a/", "target": "/q"})
    assert again.status_code == 409


async def test_a_redirect_is_listed_changed_and_removed(cms, admin):
    one = await made(admin, "/a", "/b")
    own = f"{V1}/redirects/{one['id']}"
    changed = await cms.http.patch(own, json={"target": "/c"}, headers=admin.bearer)
    assert (changed.status_code, changed.json()["target"]) == (200, "/c")
    assert (await admin.get(own)).json()["created_by"] == admin.id
    await made(admin, "/z", "/q")
    found = (await admin.get(f"{V1}/redirects?search=q")).json()
    assert [item["source"] for item in found["redirects"]] == ["/z"]
    assert (await admin.get(f"{V1}/redirects?per_page=1&page=2")).json()["total"] == 2
    assert (await admin.delete(own)).status_code == 204
    assert (await admin.get(own)).status_code == 404
    assert await led(cms, "/a") == (404, None)


async def test_only_administrators_see_and_change_redirects(cms, admin):
    one = await made(admin, "/a", "/b")
    editor = await cms.person("ed", ["editor"])
    for who, status in ((cms.http, 401), (editor, 403)):
        assert (await who.get(f"{V1}/redirects")).status_code == status
        assert (await who.get(f"{V1}/redirects/{one['id']}")).status_code == status
        assert (await who.delete(f"{V1}/redirects/{one['id']}")).status_code == status
        body = {"source": "/x", "target": "/y"}
        assert (await who.post(f"{V1}/redirects", json=body)).status_code == status
        assert (await who.post(f"{V1}/redirects/import")).status_code == status


BAD = [
    ({"source": "a", "target": "/b"}, {"source"}),
    ({"source": "//evil.example", "target": "/b"}, {"source"}),
    ({"source": "/a?b=c", "target": "/b"}, {"source"}),
    ({"source": "/a/*/b", "target": "/b"}, {"source"}),
    ({"source": "/a/%0d", "target": "/b"}, {"source"}),
    ({"source": "/a/../b", "target": "/b"}, {"source"}),
    ({"source": "/a" * 600, "target": "/b"}, {"source"}),
    ({"source": "/a/" * 30, "target": "/b"}, {"source"}),
    ({"source": "/a", "target": ""}, {"target"}),
    ({"source": "/a", "target": "javascript:alert(1)"}, {"target"}),
    ({"source": "/a", "target": "//evil.example/"}, {"target"}),
    ({"source": "/a", "target": "/\\evil.example"}, {"target"}),
    ({"source": "/a", "target": "https://u:p@evil.example/"}, {"target"}),
    ({"source": "/a/*", "target": "https://*.evil.example/"}, {"target"}),
    ({"source": "/a", "target": "/b/*"}, {"target"}),
    ({"source": "/a", "target": "/b\r\nX: y"}, {"target"}),
    ({"source": "/a", "target": "/b", "status": 410}, {"target"}),
    ({"source": "x", "target": "y", "status": 200}, {"source", "target", "status"}),
]


async def test_a_bad_redirect_is_refused_with_every_fault(admin):
    for body, fields in BAD:
        answer = await admin.post(f"{V1}/redirects", body)
        assert (answer.status_code, set(answer.json()["faults"])) == (400, fields), body


async def csv(admin, text):
    headers = {**admin.bearer, "Content-Type": "text/csv"}
    return await admin.clinic.http.post(f"{V1}/redirects/import", content=text, headers=headers)


async def test_a_file_is_read_in_whole(cms, admin):
    await made(admin, "/a", "/velho")
    rows = "\n".join(f"/n{number},/m{number},302" for number in range(300))
    with counted(cms.host) as statements:
        answer = await csv(admin, f"\ufeffsource,target,status\n/a,/novo,\n/g,,410\n\n{rows}\n")
    assert (answer.status_code, answer.json()) == (200, {"imported": 302})
    assert len(statements) < 10
    assert await led(cms, "/a") == (301, "http://clinica.example/novo")
    assert (await led(cms, "/g"))[0] == 410
    assert (await led(cms, "/n299"))[0] == 302


async def test_a_bad_file_is_refused_by_lines_and_nothing_is_saved(cms, admin):
    for text, faults in (
        ("", {"line 1"}),
        ("from,to\n", {"line 1"}),
        ("source,target\n/ok,/o\nx,/y\n/ok,/z\n/q,/r,3o1\n", {"line 3", "line 4", "line 5"}),
        ("source,target\n/a,/b\n/b,/a\n", {"line 2", "line 3"}),
        ('source,target\n/a,"/b\n', {"line 2"}),
    ):
        answer = await csv(admin, text)
        assert (answer.status_code, set(answer.json()["faults"])) == (400, faults), text
    assert (await csv(admin, b"\xff\xfe")).status_code == 400
    assert (await csv(admin, b"x" * 2_000_001)).status_code == 400
    too_many = "source,target\n" + "".join(f"/a{n},/b\n" for n in range(5002))
    assert (await csv(admin, too_many)).status_code == 400
    assert (await admin.get(f"{V1}/redirects")).json()["total"] == 0


async def test_hits_are_estimated(cms, admin, monkeypatch):
    monkeypatch.setattr(redirects, "SAMPLE", 1)
    one = await made(admin, "/a", "/b")
    for _ in range(3):
        await cms.http.get("/a")
    await resolved(cms, "/a")
    shown = (await admin.get(f"{V1}/redirects/{one['id']}")).json()
    assert shown["hits"] == 4
    assert shown["last_hit_on"]


async def test_tenants_have_their_own(cms, admin):
    one = await made(admin, "/a", "/b")
    async with cms.other() as other:
        theirs = await other.person("chefe", ["administrator"])
        assert (await theirs.get(f"{V1}/redirects")).json() == {"redirects": [], "total": 0}
        assert (await theirs.get(f"{V1}/redirects/{one['id']}")).status_code == 404
        assert (await theirs.delete(f"{V1}/redirects/{one['id']}")).status_code == 404
        assert await led(other, "/a") == (404, None)


async def test_two_who_add_the_same_source_at_once_are_told(admin):
    body = {"source": "/a", "target": "/b"}
    answers = await asyncio.gather(*(admin.post(f"{V1}/redirects", body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


@given(st.text(max_size=60))
def test_a_source_that_is_kept_is_in_its_normal_form(text):
    try:
        kept = checked_source("/" + text)
    except InvalidInput:
        return
    assert normal(kept) == kept or "%" in kept
    assert kept in sources_for(kept.removesuffix("*") + ("x" if kept.endswith("*") else ""))


@given(st.text(max_size=60))
def test_a_target_cannot_break_out_of_its_header(text):
    try:
        target = checked_target("/" + text, "/a/*")
    except InvalidInput:
        return
    sent = encoded(target)
    assert sent.isascii()
    assert not {"\r", "\n", "\0", " ", "\\"} & set(sent)
    assert not target.startswith("//")
