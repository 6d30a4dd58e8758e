"""Errors of the own API: problem+json (RFC 9457) that names the field and the remedy."""

import pytest

TOKEN = "/api/v1/auth/token"
PROBLEM = "application/problem+json"


def said(response, status):
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == PROBLEM
    body = response.json()
    assert body["status"] == status
    assert {"type", "title", "status", "detail"} <= set(body)
    return body


FAULTS = [
    ({}, "login", "is required"),
    ({"login": "a"}, "password", "is required"),
    ({"login": 1, "password": "x"}, "login", "Expected `str`, got `int`"),
    ({"login": "", "password": "x"}, "login", "Expected `str` of length >= 1"),
    ({"login": "a", "password": "x" * 1001}, "password", "Expected `str` of length <= 1000"),
    ([], "body", "Expected `object`, got `array`"),
]


async def test_a_request_without_its_body_says_what_to_send(cms):
    problem = said(await cms.http.post(TOKEN), 400)
    assert problem["faults"]["body"].startswith("is required: send a JSON object")


async def test_a_refused_value_is_named_by_its_field(cms):
    for body, field, fault in FAULTS:
        problem = said(await cms.http.post(TOKEN, json=body), 400)
        assert problem["type"] == "urn:cms:problem:invalid-input"
        assert problem["faults"] == {field: fault}
    for raw in (b"{", b"\xff", b"[" * 100_000, b'{"login": "\\ud800", "password": "x"}'):
        headers = {"Content-Type": "application/json"}
        problem = said(await cms.http.post(TOKEN, content=raw, headers=headers), 400)
        assert list(problem["faults"]) == ["body"]


async def test_who_is_not_signed_in_is_asked_to(cms):
    for response in (
        await cms.http.post("/api/v1/auth/sign-out"),
        await cms.http.get("/api/v1/audit/events"),
        await cms.http.post("/api/v1/auth/sign-out", headers={"Authorization": "Bearer x"}),
    ):
        problem = said(response, 401)
        assert problem["type"] == "urn:cms:problem:sign-in-required"
        assert "/api/v1/auth/token" in problem["detail"]
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_who_may_not_is_told_which_right_is_missing(cms):
    contributor = await cms.person("caio", ["contributor"])
    problem = said(await contributor.get("/api/v1/audit/events"), 403)
    assert problem["type"] == "urn:cms:problem:capability-missing"


@pytest.mark.parametrize("path", ["/api/v1/nope", "/nope", "/api/nope", "/api/docs"])
async def test_an_unknown_address_is_a_problem_too(cms, path):
    assert said(await cms.http.get(path), 404)["type"] == "urn:cms:problem:not-found"


async def test_a_form_is_told_to_be_sent_as_json(cms):
    form = {"login": "a", "password": "x"}
    problem = said(await cms.http.post(TOKEN, data=form), 400)
    assert problem["faults"]["body"] == (
        "is 'application/x-www-form-urlencoded', not JSON; "
        "send JSON with Content-Type: application/json"
    )


async def test_a_number_in_the_query_that_no_row_can_have_is_named(cms):
    admin = await cms.person("marina", ["administrator"])
    for path, name in (("audit/events", "actor_id"), ("reviews/affected", "professional_user_id")):
        problem = said(await admin.get(f"/api/v1/{path}?{name}={2**63}"), 400)
        assert list(problem["faults"]) == [name]
        assert str(2**63 - 1) in problem["faults"][name]


async def test_what_the_own_api_tells_a_person_is_kept_by_no_cache(cms):
    admin = await cms.person("marina", ["administrator"])
    for path in ("reviews", "reviews/99", "audit/events", "audit/events?limit=x"):
        answer = await admin.get(f"/api/v1/{path}")
        assert answer.headers.get_list("Cache-Control") == ["private, no-store"], path
    assert "Cache-Control" not in (await cms.http.get("/api/v1/nope")).headers


async def test_a_wrong_method_names_the_right_ones(cms):
    response = await cms.http.get(TOKEN)
    assert said(response, 405)["title"] == "Method Not Allowed"
    assert "POST" in response.headers["Allow"]


async def test_an_id_that_no_row_can_have_is_not_found(cms):
    admin = await cms.person("marina", ["administrator"])
    for number in (2**63, -(2**63) - 1, 10**30):
        said(await admin.get(f"/api/v1/reviews/{number}"), 404)
