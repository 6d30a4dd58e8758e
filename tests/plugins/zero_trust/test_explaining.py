"""The compliance officer reads the policies and asks what they would say, over HTTP."""

import pytest


@pytest.fixture
async def officer(cms):
    return await cms.person("officer", ["administrator"])


async def test_the_policies_are_shown_with_their_text_and_version(officer):
    answer = (await officer.get("/api/v1/zero-trust/policies")).json()
    first = answer["policies"][0]
    assert first["id"] == "platform.same_tenant"
    assert first["cedar"].startswith("forbid")
    assert len(answer["version"]) == 12


async def test_an_explanation_names_policies_remedies_and_the_score(officer):
    visitor = {"kind": "anonymous", "method": "none", "factors": []}
    body = {"action": "post.publish", "resource_type": "post", "subject": visitor}
    refused = (await officer.post("/api/v1/zero-trust/explain", body)).json()
    assert (refused["effect"], refused["reasons"]) == ("deny", ["no-policy-permits"])
    assert refused["trust_score"] == 10
    allowed = await officer.post("/api/v1/zero-trust/explain", {**body, "subject": {}})
    explained = allowed.json()
    assert explained["effect"] == "allow"
    assert [p["id"] for p in explained["policies"]] == ["zero_trust.people_act_in_their_site"]


async def test_what_cannot_be_asked_is_refused(officer):
    path = "/api/v1/zero-trust/explain"
    answer = await officer.post(path, {"action": "post.read", "resource_type": "post", "mood": 1})
    assert answer.status_code == 400


async def test_an_author_may_not_see_the_policies(cms):
    author = await cms.person("author", ["author"])
    for answer in (
        await author.get("/api/v1/zero-trust/policies"),
        await author.post("/api/v1/zero-trust/explain", {"action": "a.b", "resource_type": "c"}),
    ):
        assert answer.status_code == 403


async def test_a_visitor_is_denied_by_policy_before_any_capability_is_asked(cms):
    answer = await cms.http.get("/api/v1/zero-trust/policies")
    assert answer.status_code in {401, 403}
