"""What browsers of other sites need to read us, as measured on WordPress; and our ETag."""

from itertools import product

V2 = "/wp-json/wp/v2"
ORIGIN = {"Origin": "https://front.example"}
MEASURED = {
    "Access-Control-Allow-Origin": "https://front.example",
    "Access-Control-Allow-Methods": "OPTIONS, GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": "X-WP-Total, X-WP-TotalPages, Link, ETag",
    "Access-Control-Allow-Headers": "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, "
    "Content-Type",
    "Vary": "Origin",
}


async def test_every_answer_may_be_read_from_another_site(cms):
    paths = ("/wp-json/", f"{V2}/posts", f"{V2}/posts/999", "/wp-json/nope")
    for method, path in product(("GET", "HEAD", "POST", "OPTIONS"), paths):
        answer = await cms.http.request(method, path, headers=ORIGIN)
        assert {name: answer.headers.get(name) for name in MEASURED} == MEASURED, (method, path)
        plain = await cms.http.request(method, path)
        assert "Access-Control-Allow-Origin" not in plain.headers
        assert plain.headers["Vary"] == "Origin"
        assert plain.headers["Access-Control-Expose-Headers"]


async def test_a_preflight_is_answered_before_anybody_is_asked_who_he_is(cms):
    asked = ORIGIN | {
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "authorization, if-match",
    }
    for path in (f"{V2}/posts/1", f"{V2}/users/me", "/?rest_route=/wp/v2/posts"):
        answer = await cms.http.options(path, headers=asked)
        assert (answer.status_code, answer.content) == (200, b"")
        allowed = answer.headers["Access-Control-Allow-Headers"]
        assert {"Authorization", "If-Match"} <= set(allowed.split(", "))
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]


async def test_other_doors_are_not_opened_to_other_sites(cms):
    for path in ("/healthz", "/api/v1/reviews", "/"):
        answer = await cms.http.get(path, headers=ORIGIN)
        assert not [name for name in answer.headers if name.startswith("access-control")]
