"""`_envelope` and `_jsonp`: for clients that see neither headers nor statuses."""

import json

import pytest

V2 = "/wp-json/wp/v2"


async def test_an_envelope_holds_body_status_and_headers(cms):
    ana = await cms.person("ana.autora")
    made = await cms.draft(ana, status="publish")
    response = await cms.http.get(f"{V2}/posts?_envelope&_fields=id")
    assert (response.status_code, "X-WP-Total" in response.headers) == (200, False)
    assert response.json() == {
        "body": [{"id": made["id"]}],
        "status": 200,
        "headers": {"Allow": "GET", "X-WP-Total": 1, "X-WP-TotalPages": 1},
    }
    assert response.headers["X-Robots-Tag"] == "noindex"


async def test_an_enveloped_error_arrives_as_a_success(cms):
    response = await cms.http.get(f"{V2}/posts/999?_envelope=1")
    body = response.json()
    assert (response.status_code, body["status"]) == (200, 404)
    assert body["body"]["code"] == "rest_post_invalid_id"
    missing = (await cms.http.get("/wp-json/nope?_envelope")).json()
    assert (missing["body"]["code"], missing["status"]) == ("rest_no_route", 404)


async def test_an_envelope_can_embed(cms):
    ana = await cms.person("ana.autora")
    made = await cms.draft(ana, status="publish")
    body = (await cms.http.get(f"{V2}/posts/{made['id']}?_envelope&_embed=author")).json()
    assert body["body"]["_embedded"]["author"][0]["id"] == ana.id


async def test_a_created_post_is_enveloped_too(cms):
    ana = await cms.person("ana.autora")
    response = await ana.post(f"{V2}/posts?_envelope", {"title": "x"})
    body = response.json()
    assert (response.status_code, body["status"]) == (200, 201)
    assert body["headers"]["Location"].endswith(f"/posts/{body['body']['id']}")


@pytest.mark.parametrize("path", [f"{V2}/types", f"{V2}/posts/999", "/wp-json/nope"])
async def test_a_callback_gets_the_answer(cms, path):
    plain = await cms.http.get(path)
    response = await cms.http.get(f"{path}?_jsonp=clinic.show_1")
    assert response.status_code == plain.status_code
    assert response.headers["Content-Type"].startswith("application/javascript")
    text = response.text
    assert text.startswith("/**/clinic.show_1(")
    assert text.endswith(")")
    assert json.loads(text.removeprefix("/**/clinic.show_1(")[:-1]) == plain.json()


@pytest.mark.parametrize("callback", ["alert(1)", "a b", "", "a;b", "<script>"])
async def test_what_is_no_name_is_no_callback_and_nothing_is_saved(cms, callback):
    ana = await cms.person("ana.autora")
    for refused in (
        await cms.http.get(f"{V2}/types", params={"_jsonp": callback}),
        await cms.http.get("/wp-json/nope", params={"_jsonp": callback}),
        await ana.post(f"{V2}/posts", {"title": "x"}, params={"_jsonp": callback}),
    ):
        assert refused.status_code in {400, 404}
        assert refused.headers["Content-Type"].startswith("application/json")
    assert refused.json()["code"] == "rest_callback_invalid"
    assert refused.json()["data"] == {"status": 400}
    assert (await ana.get(f"{V2}/posts?status=any")).json() == []
