"""A type that a site declares for itself can be reviewed like those of the code."""

from typing import Any

import pytest

from tests.plugins.medical_review.conftest import COMPLETE, Newsroom, codes
from tests.support.clinic import Person

TYPES = "/api/v1/content-types"
GUIDES = "/wp-json/wp/v2/guides"
GUIDE: dict[str, Any] = {"name": "guide", "label": "Guias", "rest_base": "guides"}


@pytest.fixture
async def admin(newsroom: Newsroom) -> Person:
    return await newsroom.cms.person("dona.marina", ["administrator"])


async def test_its_texts_have_the_fields_and_the_duties_of_medical_ones(
    newsroom: Newsroom, admin: Person
) -> None:
    made = await admin.post(TYPES, {**GUIDE, "is_reviewed": True})
    assert (made.status_code, made.json()["is_reviewed"]) == (201, True)
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    values = {**COMPLETE, "responsible_professional": ana.id, "specialties": ["neurologia"]}
    guide = (await ana.post(GUIDES, values)).json()
    assert (guide["evidence_level"], guide["specialties"]) == ("I", ["neurologia"])
    assert guide["medical_approval_status"] == "pending"
    refused = await ana.post(f"{GUIDES}/{guide['id']}", {"status": "publish"})
    assert codes(refused) == ["review.missing"]
    wrong = await ana.post(GUIDES, {**values, "specialties": ["astrologia"]})
    assert wrong.status_code == 400
    submitted = await ana.post(f"{GUIDES}/{guide['id']}", {"status": "pending"})
    assert submitted.status_code == 200
    review = await newsroom.review_of(guide, ana)
    assert (await newsroom.decide(review, bruno)).status_code == 200
    shown = await ana.post(f"{GUIDES}/{guide['id']}", {"status": "publish"})
    assert (shown.status_code, shown.json()["approval"]["reviewer"]["user_id"]) == (200, bruno.id)
    (found,) = (await newsroom.cms.http.get(f"{GUIDES}?specialty=neurologia")).json()
    assert found["id"] == guide["id"]


async def test_an_application_password_publishes_none_of_them(
    newsroom: Newsroom, admin: Person
) -> None:
    await admin.post(TYPES, {**GUIDE, "is_reviewed": True})
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    values = {**COMPLETE, "responsible_professional": ana.id, "status": "pending"}
    guide = (await ana.post(GUIDES, values)).json()
    await newsroom.decide(await newsroom.review_of(guide, ana), bruno)
    address = f"{GUIDES}/{guide['id']}"
    refused = await newsroom.cms.http.post(address, json={"status": "publish"}, auth=ana.basic)
    assert (refused.status_code, refused.json()["code"]) == (401, "rest_step_up_required")


async def test_nobody_gets_past_the_guards_by_declaring_the_type_anew(
    newsroom: Newsroom, admin: Person
) -> None:
    await admin.post(TYPES, {**GUIDE, "is_reviewed": True})
    free = await newsroom.cms.http.put(f"{TYPES}/guide", json=GUIDE, headers=admin.bearer)
    assert (free.status_code, free.json()["is_reviewed"]) == (200, False)
    bound = {**GUIDE, "is_reviewed": True}
    again = await newsroom.cms.http.put(f"{TYPES}/guide", json=bound, headers=admin.bearer)
    assert again.json()["is_reviewed"] is True
    ana = await newsroom.physician()
    values = {**COMPLETE, "responsible_professional": ana.id}
    assert (await ana.post(GUIDES, values)).status_code == 201
    refused = await newsroom.cms.http.put(f"{TYPES}/guide", json=GUIDE, headers=admin.bearer)
    assert refused.status_code == 409


async def test_a_type_that_becomes_reviewed_keeps_what_readers_have(
    newsroom: Newsroom, admin: Person
) -> None:
    await admin.post(TYPES, GUIDE)
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    old = await admin.post(GUIDES, {"title": "Guia", "content": COMPLETE["content"]})
    address = f"{GUIDES}/{old.json()['id']}"
    assert (await admin.post(address, {"status": "publish"})).status_code == 200
    await newsroom.cms.http.put(
        f"{TYPES}/guide", json={**GUIDE, "is_reviewed": True}, headers=admin.bearer
    )
    assert (await newsroom.cms.http.get(address)).json()["title"]["rendered"] == "Guia"
    values = {**COMPLETE, "title": "Guia novo", "responsible_professional": ana.id}
    edited = (await admin.post(address, values)).json()
    assert edited["cms_revision"]["state"] == "changed"
    assert (await newsroom.cms.http.get(address)).json()["title"]["rendered"] == "Guia"
    await admin.post(address, {"status": "pending"})
    await newsroom.decide(await newsroom.review_of(edited, admin), bruno)
    assert (await admin.post(address, {"status": "publish"})).status_code == 200
    assert (await newsroom.cms.http.get(address)).json()["title"]["rendered"] == "Guia novo"
