"""Whatever is sent, the answer is an error that somebody can act on, and never a 500."""

import json
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

V2 = "/wp-json/wp/v2"
JSON = {"Content-Type": "application/json"}

BODIES = {
    "cut short": b'{"title": "x"',
    "not utf-8": b'{"title": "\xff"}',
    "half a character": b'{"title": "\\ud800"}',
    "infinite": b'{"title": "x", "author": 1e999}',
    "nan": b'{"title": NaN}',
    "very deep": b'{"title":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
}


async def test_a_body_that_is_no_json_is_called_so(cms):
    author = await cms.person("ana.autora")
    for name, body in BODIES.items():
        response = await cms.http.post(f"{V2}/posts", content=body, headers=author.bearer | JSON)
        said = (response.status_code, response.json()["code"])
        assert said == (400, "rest_invalid_json"), name


VALUES = {
    "NUL in the title": ({"title": "a\0b"}, "title"),
    "NUL in a raw text": ({"content": {"raw": "\0"}}, "content"),
    "NUL in the password": ({"title": "x", "password": "\0"}, "password"),
    "an id beyond the database": ({"title": "x", "author": 2**63}, "author"),
    "a number with 5000 digits": ({"title": "x", "featured_media": 10**4000}, "featured_media"),
    "a date before the calendar": (
        {"title": "x", "date_gmt": "0001-01-01T00:00:00+14:00"},
        "date_gmt",
    ),
    "a list for a date": ({"title": "x", "date": [1]}, "date"),
    "an object for a list": ({"title": "x", "categories": {"a": 1}}, "categories"),
    "a script as template": ({"title": "x", "template": "<script>"}, "template"),
}


async def test_a_value_that_cannot_be_kept_is_refused_by_its_name(cms):
    author = await cms.person("ana.autora")
    for name, (body, field) in VALUES.items():
        response = await author.post(f"{V2}/posts", body)
        said = response.json()
        assert (response.status_code, said["code"]) == (400, "rest_invalid_param"), name
        assert list(said["data"]["params"]) == [field], name
    kept = await author.get(f"{V2}/posts?status=any")
    assert kept.json() == []


ADDRESSES = {
    "/posts/99999999999999999999999": 404,
    "/posts/9223372036854775808/revisions": 404,
    "/posts/1/revisions/9223372036854775808": 404,
    "/posts/-9223372036854775809": 404,
    "/categories/9223372036854775808": 404,
    "/users/9223372036854775808": 404,
    "/posts/abc": 404,
    "/posts/1.5": 404,
    "/posts/%00": 404,
    "/types/%00": 404,
    "/posts?search=%00": 400,
    "/posts?slug=%00": 400,
    "/posts?slug=%ff%fe": 200,
    "/posts?search=%ed%a0%80": 200,
    "/posts?include=9007199254740993": 400,
    "/posts?include=9007199254740992&orderby=include": 200,
    "/posts?orderby=include_slugs": 200,
    "/posts?page=9007199254740992": 400,
    "/posts?offset=9007199254740992": 200,
    "/posts?search=" + quote("'\"&|!():*<->\\") + "&orderby=relevance": 200,
    "/posts?after=0999-01-01": 400,
    "/posts?before=9998-12-31T23:59:59-23:59": 200,
    "/posts?status[]=publish&status[x]=1": 400,
    "/posts?status[x]=1&status[]=publish": 400,
    "/posts?page=x&page=1": 200,
    "/posts?page=1&page=x": 400,
    "/posts?_fields[]=id&_fields[]=title.rendered": 200,
    "/posts?_fields=" + ",".join(["a.b.c"] * 500): 200,
    "/categories?search=%25&orderby=count": 200,
    "/categories?post=9007199254740992": 200,
}


async def test_no_address_breaks_the_server(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    await cms.draft(admin, title="Febre", status="publish")
    for path, status in ADDRESSES.items():
        for context in ("view", "edit"):
            mark = "&" if "?" in path else "?"
            response = await admin.get(f"{V2}{path}{mark}context={context}")
            assert response.status_code == status, (path, response.text)


async def test_forms_are_read_like_json(cms):
    author = await cms.person("ana.autora")
    made = await cms.http.post(
        f"{V2}/posts", data={"title": "Por formulário", "sticky": "1"}, headers=author.bearer
    )
    assert made.json()["title"]["raw"] == "Por formulário"
    assert made.json()["sticky"] is True
    parts = await cms.http.post(
        f"{V2}/posts", files={"title": (None, "Em partes")}, headers=author.bearer
    )
    assert parts.json()["title"]["raw"] == "Em partes"
    broken = await cms.http.post(
        f"{V2}/posts",
        content=b"--x\r\nno",
        headers=author.bearer | {"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert broken.status_code == 400
    nul = await cms.http.post(
        f"{V2}/posts",
        content=b"title=a%00b&content=%ed%a0%80",
        headers=author.bearer | {"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (nul.status_code, list(nul.json()["data"]["params"])) == (400, ["title"])


async def test_a_body_counts_before_the_address(cms):
    author = await cms.person("ana.autora")
    made = await author.post(f"{V2}/posts?title=Address&excerpt=Address", {"title": "Body"})
    assert made.json()["title"]["raw"] == "Body"
    assert made.json()["excerpt"]["raw"] == "Address"


async def test_a_body_beyond_the_limit_is_refused_unread(cms):
    author = await cms.person("ana.autora")
    response = await cms.http.post(
        f"{V2}/posts", content=b"[" + b" " * 10_000_001, headers=author.bearer | JSON
    )
    assert response.status_code == 413


BROKEN = ["Basic é", "Basic !!!", "Basic YQ==", "Basic AGE6Yg==", "Basic", "Digest x", "\x7f"]


async def test_a_broken_proof_is_nobodys(cms):
    for proof in BROKEN:
        headers = {"Authorization": proof.encode("latin-1")}
        assert (await cms.http.get(f"{V2}/posts", headers=headers)).status_code == 200, proof
        assert (await cms.http.get(f"{V2}/users/me", headers=headers)).status_code == 401, proof


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
FIELDS = (
    "title", "content", "excerpt", "slug", "status", "password", "author", "featured_media",
    "comment_status", "sticky", "template", "date", "date_gmt", "categories", "id", "meta",
)  # fmt: skip


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.dictionaries(st.sampled_from(FIELDS), VALUE, max_size=5), raw=st.binary(max_size=20))
async def test_no_body_is_a_500(cms, body, raw):
    editor = await cms.person("ed.editor", ["editor"])
    headers = editor.bearer | JSON
    for content in (json.dumps({"title": "x", **body}).encode(), raw):
        response = await cms.http.post(f"{V2}/posts", content=content, headers=headers)
        assert response.status_code < 500, response.text
        query = {name: str(value) for name, value in body.items()}
        response = await cms.http.get(f"{V2}/posts", params=query, headers=editor.bearer)
        assert response.status_code < 500, response.text
    assert cms.host.engine.sync_engine.pool.checkedout() == 0
