"""Before the routing: addresses without rewriting, disguised methods, HEAD, and no such route."""

import pytest

V2 = "/wp-json/wp/v2"


async def test_the_api_answers_without_pretty_addresses(cms):
    author = await cms.person("ana.autora")
    for number in range(2):
        await cms.draft(author, title=f"Post {number}", status="publish")
    pretty = await cms.http.get(f"{V2}/posts?per_page=1")
    for door in ("/", "/index.php"):
        plain = await cms.http.get(f"{door}?rest_route=/wp/v2/posts&per_page=1")
        assert plain.json() == pretty.json()
        assert plain.headers["Link"] == pretty.headers["Link"]
    slashed = await cms.http.get("/?rest_route=%2Fwp%2Fv2%2Fposts%2F&per_page=1")
    assert slashed.json() == pretty.json()
    made = await author.post("/?rest_route=/wp/v2/posts", {"title": "Novo"})
    assert made.status_code == 201


async def test_only_the_front_door_reads_rest_route(cms):
    for path in ("/healthz", "/api/v1/auth/token", "/wp-json/wp/v2/types"):
        response = await cms.http.get(f"{path}?rest_route=/wp/v2/posts")
        assert response.json() != []


@pytest.mark.parametrize("in_header", [True, False])
async def test_a_post_may_stand_for_another_method(cms, in_header):
    author = await cms.person("ana.autora")
    draft = await cms.draft(author)
    path = f"{V2}/posts/{draft['id']}"
    headers = author.bearer | ({"X-HTTP-Method-Override": "delete"} if in_header else {})
    response = await cms.http.post(path if in_header else f"{path}?_method=DELETE", headers=headers)
    assert response.json()["status"] == "trash"


async def test_a_link_must_not_become_a_deletion(cms):
    author = await cms.person("ana.autora")
    draft = await cms.draft(author)
    path = f"{V2}/posts/{draft['id']}"
    headers = author.bearer | {"X-HTTP-Method-Override": "DELETE"}
    response = await cms.http.get(f"{path}?_method=DELETE", headers=headers)
    assert (response.status_code, response.json()["status"]) == (200, "draft")
    strange = await cms.http.post(f"{path}?_method=TRACE", headers=author.bearer, json={})
    assert strange.json()["status"] == "draft"


async def test_head_tells_what_get_would_without_the_body(cms):
    author = await cms.person("ana.autora")
    await cms.draft(author, status="publish")
    for path in (f"{V2}/posts", f"{V2}/posts/999", "/wp-json/", f"{V2}/nope"):
        got, head = await cms.http.get(path), await cms.http.head(path)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers.get("X-WP-Total") == got.headers.get("X-WP-Total")
        assert head.headers["Content-Type"] == got.headers["Content-Type"]


NO_ROUTE = [
    ("GET", "/wp-json/nope"),
    ("GET", f"{V2}/posts/abc"),
    ("GET", f"{V2}/posts/1/2"),
    ("PUT", f"{V2}/posts"),
    ("DELETE", f"{V2}/posts"),
    ("DELETE", f"{V2}/categories"),
    ("POST", f"{V2}/types"),
    ("GET", "/?rest_route=/nope"),
]


async def test_an_unknown_path_and_a_wrong_method_are_the_same(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    wanted = {
        "code": "rest_no_route",
        "message": "No route was found matching the URL and request method.",
        "data": {"status": 404},
    }
    for method, path in NO_ROUTE:
        response = await cms.http.request(method, path, headers=admin.bearer)
        assert (response.status_code, response.json()) == (404, wanted), (method, path)


async def test_a_slash_at_the_end_makes_no_difference(cms):
    author = await cms.person("ana.autora")
    await cms.draft(author, status="publish")
    for path in (f"{V2}/posts", f"{V2}/types", "/wp-json"):
        assert (await cms.http.get(f"{path}/")).json() == (await cms.http.get(path)).json()


async def test_the_index_names_every_route(cms):
    index = (await cms.http.get("/wp-json/")).json()
    assert index["name"] == "Clínica clinica"
    assert index["namespaces"] == [
        "oembed/1.0", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1",
    ]  # fmt: skip
    assert (index["timezone_string"], index["gmt_offset"]) == ("America/Sao_Paulo", -3)
    assert {
        "/wp/v2/posts",
        r"/wp/v2/posts/(?P<id>[\d]+)",
        r"/wp/v2/posts/(?P<parent>[\d]+)/revisions/(?P<id>[\d]+)",
        r"/wp/v2/types/(?P<type>[\w-]+)",
        r"/wp/v2/users/(?P<id>[\d]+)",
        "/wp/v2/users/me",
    } <= set(index["routes"])
    assert not [route for route in index["routes"] if "{" in route]
