"""A reviewer from outside: a link for one text, a code by mail, a registration looked up."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.plugins.medical_review.conftest import REVIEWS, codes
from tests.plugins.medical_review.letters_out import (
    GUEST,
    invited,
    link,
    office,
    post_runs,
    postbox,
    submitted,
)
from tests.plugins.medical_review.quorums import bound, stage, workflow

__all__ = ["office", "postbox"]


async def anyone(newsroom, what, **body):
    return await newsroom.cms.http.post(f"{REVIEWS}/external/{what}", json=body)


async def code(newsroom, token, postbox):
    asked = await anyone(newsroom, "code", token=token)
    assert asked.status_code == 202, asked.text
    await post_runs(newsroom)
    return re.search(r"\b(\d{8})\b", postbox.letters[-1][1].get_content())[1]


async def test_somebody_without_an_account_decides_under_her_name_and_registration(office, postbox):
    """Elsewhere outsiders shared an account, or sent their yes by mail."""
    ana, post, review = await submitted(office)
    token = await link(office, review, postbox)
    shown = (await anyone(office, "text", token=token)).json()
    assert shown["title"]["raw"] == "Dor de cabeça"
    assert shown["review"]["content_hash"] == review["content_hash"]
    said = {"verdict": "approve", "content_hash": review["content_hash"]}
    number = await code(office, token, postbox)
    done = await anyone(office, "decision", token=token, code=number, **said)
    assert done.status_code == 200, done.text
    decision = done.json()["decision"]
    assert decision["reviewer_name"] == GUEST["name"]
    assert decision["registration"] == GUEST["registration"]
    assert (decision["factors"], decision["level"]) == (["otp"], "simple")
    assert done.json()["review"]["state"] == "approved"
    assert (await office.change(post, ana, status="publish")).status_code == 200
    spent = await anyone(office, "decision", token=token, code=number, **said)
    assert spent.status_code == 401


async def test_a_guest_cannot_sign_in_and_is_proposed_to_nobody(office, postbox):
    _, _, review = await submitted(office)
    await link(office, review, postbox)
    admin = await office.cms.person("dona.marina", ["administrator"])
    users = (await admin.get("/wp-json/wp/v2/users?context=edit&per_page=50")).json()
    assert not [one for one in users if one.get("roles") and one["name"] == GUEST["name"]]
    proposed = (await admin.get(f"{REVIEWS}/{review['id']}/candidates")).json()
    assert proposed == []


async def test_a_licence_lost_after_her_approval_stops_the_publication(office, postbox):
    ana, post, review = await submitted(office)
    token = await link(office, review, postbox)
    number = await code(office, token, postbox)
    said = {"verdict": "approve", "content_hash": review["content_hash"]}
    assert (await anyone(office, "decision", token=token, code=number, **said)).is_success
    await office.revoke(0)
    assert codes(await office.change(post, ana, status="publish")) == ["quorum.lost"]


async def test_who_is_not_in_the_register_or_may_not_sign_is_not_asked(office, postbox):
    _, _, review = await submitted(office)
    unknown = await invited(office, review, registration="CRM-RJ 9900999")
    assert (unknown.status_code, unknown.json()["code"]) == (409, "registry.unverified")
    await office.revoke(0)
    lost = await invited(office, review)
    assert (lost.status_code, lost.json()["code"]) == (409, "registry.revoked")
    wrong = await invited(office, review, name="Olga", email="olga", days=99)
    assert set(wrong.json()["faults"]) == {"name", "email", "days"}
    own = await invited(office, review, registration="CRM-SP 9900101")
    assert list(own.json()["faults"]) == ["registration"]
    assert postbox.letters == []


async def test_only_who_assigns_and_keeps_registrations_asks_somebody_in(office, postbox):
    _, _, review = await submitted(office)
    bruno = await office.reviewer()
    refused = await bruno.post(f"{REVIEWS}/{review['id']}/invitations", GUEST)
    assert refused.status_code == 403


async def test_a_link_is_bound_to_one_text(office, postbox):
    ana, post, review = await submitted(office)
    token = await link(office, review, postbox)
    number = await code(office, token, postbox)
    await office.edit(post, ana, title="Outra dor")
    again = await office.submit(post, ana)
    said = {"verdict": "approve", "content_hash": again["content_hash"]}
    late = await anyone(office, "decision", token=token, code=number, **said)
    assert (late.status_code, late.json()["code"]) == (409, "review.closed")
    assert (await anyone(office, "text", token=token)).status_code == 401


async def test_codes_cannot_be_guessed(office, postbox):
    _, _, review = await submitted(office)
    token = await link(office, review, postbox)
    number = await code(office, token, postbox)
    wrong = f"{(int(number) + 1) % 10**8:08}"
    said = {"token": token, "verdict": "approve", "content_hash": review["content_hash"]}
    tried = await asyncio.gather(
        *(anyone(office, "decision", code=wrong, **said) for _ in range(8))
    )
    assert {one.status_code for one in tried} == {401}
    # Five were tried, so the right one comes too late; another code is another five.
    assert (await anyone(office, "decision", code=number, **said)).status_code == 401
    soon = await anyone(office, "code", token=token)
    assert soon.status_code == 429


@pytest.mark.parametrize("change", ["cmsrv_1.x", "cmsrv_99.", "", "x" * 50])
async def test_a_forged_link_opens_nothing(office, postbox, change):
    _, _, review = await submitted(office)
    token = await link(office, review, postbox)
    forged = change + token[len("cmsrv_1.") :] if change.endswith(".") else change
    for what in ("text", "code"):
        assert (await anyone(office, what, token=forged)).status_code == 401


async def test_a_link_ends_with_its_day_and_can_be_taken_back(office, postbox):
    _, _, review = await submitted(office)
    token = await link(office, review, postbox)
    admin = await office.cms.person("dona.marina", ["administrator"])
    address = f"{REVIEWS}/{review['id']}/invitations"
    (listed,) = (await admin.get(address)).json()
    ends = datetime.fromisoformat(listed["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=6) < ends <= timedelta(days=7)
    assert (await invited(office, review)).status_code == 409
    gone = await admin.delete(f"{REVIEWS}/invitations/{listed['id']}")
    assert gone.status_code == 204
    assert (await anyone(office, "text", token=token)).status_code == 401
    assert (await invited(office, review)).status_code == 201


async def test_the_place_of_a_guest_is_kept_for_her(office, postbox):
    _, _, review = await submitted(office)
    await link(office, review, postbox)
    bruno = await office.reviewer()
    assert (await office.decide(review, bruno)).json()["code"] == "review.claimed"


async def test_a_guest_is_one_of_a_quorum(office, postbox):
    await bound(office, workflow(stage(people=2, quorum={"clinicians": 1})))
    _, _, review = await submitted(office)
    token = await link(office, review, postbox)
    bruno = await office.reviewer()
    assert (await office.decide(review, bruno)).json()["review"]["state"] == "open"
    number = await code(office, token, postbox)
    said = {"verdict": "approve", "content_hash": review["content_hash"]}
    done = await anyone(office, "decision", token=token, code=number, **said)
    assert done.json()["review"]["state"] == "approved"
