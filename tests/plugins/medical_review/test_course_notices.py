"""People are told when it is their turn, when they were given a review, and when one is late."""

from datetime import UTC, datetime, timedelta

from plugins.medical_review.reviewing import due
from tests.plugins.medical_review.conftest import REVIEWS
from tests.plugins.medical_review.quorums import LEGAL, bound, stage, workflow


async def told(person):
    found = (await person.get("/api/v1/notices")).json()
    return sorted(one["kind"].partition(".")[2] for one in found["notices"])


async def test_the_next_stage_learns_that_a_text_has_come(newsroom, cms):
    legal = {**stage("legal"), "seats": [{"name": "legal", "capability": LEGAL}]}
    await bound(newsroom, workflow(stage("technical"), legal))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    lia = await cms.person("lia.juridica", ["legal_reviewer"])
    review = await newsroom.submit(await newsroom.article(ana), ana)
    assert await told(lia) == []
    await newsroom.decide(review, bruno)
    assert await told(lia) == ["to_review"]


async def test_who_was_given_a_review_is_told_and_who_took_it_is_not(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    review = await newsroom.submit(await newsroom.article(ana), ana)
    await bruno.post(f"{REVIEWS}/{review['id']}/claim")
    body = {"to_user_id": carla.id, "instead_of": bruno.id}
    await bruno.post(f"{REVIEWS}/{review['id']}/assignment", body)
    assert await told(bruno) == ["to_review"]
    assert await told(carla) == ["assigned", "to_review"]


async def test_what_is_late_is_told_to_who_has_it_and_then_to_who_assigns(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    admin = await cms.person("dona.marina", ["administrator"])
    review = await newsroom.submit(await newsroom.article(ana), ana)
    await bruno.post(f"{REVIEWS}/{review['id']}/claim")
    for hours in (73, 98):
        async with cms.as_system() as work:
            work.now += timedelta(hours=hours)
            await due.watch(work)
    assert await told(bruno) == ["late", "to_review"]
    assert await told(carla) == ["to_review"]
    assert "escalated" in await told(admin)


async def test_a_delegate_learns_of_it(newsroom):
    bruno, carla = await newsroom.reviewer(), await newsroom.reviewer("carla.revisora")
    ends = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    await bruno.post(f"{REVIEWS}/delegations", {"to_user_id": carla.id, "ends_at": ends})
    assert await told(carla) == ["delegated"]
