"""Around a review: who has it in hand, who is away, who speaks for whom, what waits too long."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from plugins.medical_review.reviewing import due
from tests.plugins.medical_review.conftest import REVIEWS
from tests.plugins.medical_review.quorums import bound, stage, workflow


def day(number):
    return (datetime.now(UTC) + timedelta(days=number)).isoformat()


async def people(newsroom):
    bruno, carla = await newsroom.reviewer(), await newsroom.reviewer("carla.revisora")
    return await newsroom.physician(), bruno, carla


async def assign(newsroom, review, **body):
    admin = await newsroom.cms.person("dona.marina", ["administrator"])
    return await admin.post(f"{REVIEWS}/{review['id']}/assignment", body)


async def test_a_claimed_review_is_left_to_who_has_it(newsroom):
    """Elsewhere two reviewers read the same text, because nobody saw that it was being read."""
    ana, bruno, carla = await people(newsroom)
    review = await newsroom.submit(await newsroom.article(ana), ana)
    claim = f"{REVIEWS}/{review['id']}/claim"
    assert (await bruno.post(claim)).status_code == 200
    assert (await bruno.post(claim)).status_code == 200
    for refused in (await carla.post(claim), await newsroom.decide(review, carla)):
        assert (refused.status_code, refused.json()["code"]) == (409, "review.claimed")
    assert (await bruno.post(f"{REVIEWS}/{review['id']}/release")).status_code == 200
    twice = await bruno.post(f"{REVIEWS}/{review['id']}/release")
    assert twice.json()["code"] == "review.not_claimed"
    assert (await newsroom.decide(review, carla)).status_code == 200


async def test_nobody_claims_her_own_text_or_a_stage_that_is_not_hers(newsroom):
    ana = await newsroom.physician(roles=("medical_professional", "content_reviewer"))
    review = await newsroom.submit(await newsroom.article(ana), ana)
    own = await ana.post(f"{REVIEWS}/{review['id']}/claim")
    assert own.json()["code"] == "review.self"
    lia = await newsroom.cms.person("lia.juridica", ["legal_reviewer"])
    other = await lia.post(f"{REVIEWS}/{review['id']}/claim")
    assert other.status_code == 403


async def test_a_review_is_given_to_somebody_who_can_decide(newsroom):
    ana, bruno, carla = await people(newsroom)
    review = await newsroom.submit(await newsroom.article(ana), ana)
    await bruno.post(f"{REVIEWS}/{review['id']}/claim")
    jo = await newsroom.journalist()
    for unable in (ana, jo):
        refused = await assign(newsroom, review, to_user_id=unable.id)
        assert list(refused.json()["faults"]) == ["to_user_id"]
    moved = await assign(newsroom, review, to_user_id=carla.id, instead_of=bruno.id)
    assert moved.status_code == 200, moved.text
    assert (await newsroom.decide(review, bruno)).json()["code"] == "review.claimed"
    assert (await newsroom.decide(review, carla)).status_code == 200


async def test_who_has_a_review_may_pass_it_on_and_others_may_not(newsroom):
    ana, bruno, carla = await people(newsroom)
    review = await newsroom.submit(await newsroom.article(ana), ana)
    await bruno.post(f"{REVIEWS}/{review['id']}/claim")
    body = {"to_user_id": carla.id, "instead_of": bruno.id}
    address = f"{REVIEWS}/{review['id']}/assignment"
    assert (await carla.post(address, body)).status_code == 403
    assert (await bruno.post(address, body)).status_code == 200


async def test_what_somebody_has_who_goes_away_is_offered_again(newsroom):
    ana, bruno, carla = await people(newsroom)
    review = await newsroom.submit(await newsroom.article(ana), ana)
    await bruno.post(f"{REVIEWS}/{review['id']}/claim")
    away = {"from_at": day(-1), "to_at": day(7)}
    noted = await bruno.post(f"{REVIEWS}/absences", away)
    assert noted.status_code == 201, noted.text
    mine = (await carla.get(f"{REVIEWS}/mine")).json()["reviews"]
    assert [one["review_id"] for one in mine] == [review["id"]]
    proposed = (await carla.get(f"{REVIEWS}/{review['id']}/candidates")).json()
    objections = {one["user_id"]: [o["code"] for o in one["objections"]] for one in proposed}
    assert objections == {bruno.id: ["review.absent"], carla.id: []}
    of_bruno = await carla.post(f"{REVIEWS}/absences", {**away, "user_id": bruno.id})
    assert of_bruno.status_code == 403
    ended = await bruno.delete(f"{REVIEWS}/absences/{noted.json()['id']}")
    assert ended.status_code == 204
    assert (await bruno.get(f"{REVIEWS}/absences")).json() == []


async def test_an_absence_that_begins_later_frees_reviews_when_it_begins(newsroom, cms):
    ana, bruno, _ = await people(newsroom)
    review = await newsroom.submit(await newsroom.article(ana), ana)
    await bruno.post(f"{REVIEWS}/{review['id']}/claim")
    await bruno.post(f"{REVIEWS}/absences", {"from_at": day(1), "to_at": day(7)})
    async with cms.as_system() as work:
        await due.watch(work)
        assert await held(work) == [bruno.id]
    async with cms.as_system() as work:
        work.now += timedelta(days=2)
        await due.watch(work)
        assert await held(work) == []


async def held(work):
    rows = await work.all(text("select user_id from medical_review.claims where ended_at is null"))
    return [row.user_id for row in rows]


async def test_a_delegate_decides_on_behalf_and_the_record_says_so(newsroom, cms):
    ana, bruno, _ = await people(newsroom)
    lia = await cms.person("lia.juridica", ["legal_reviewer"])
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    early = await newsroom.decide(review, lia, on_behalf_of=bruno.id)
    assert (early.status_code, early.json()["code"]) == (403, "review.not_delegated")
    made = await bruno.post(f"{REVIEWS}/delegations", {"to_user_id": lia.id, "ends_at": day(3)})
    assert made.status_code == 201, made.text
    assert (await newsroom.decide(review, lia)).status_code == 403
    done = await newsroom.decide(review, lia, on_behalf_of=bruno.id)
    assert done.status_code == 200, done.text
    assert done.json()["decision"]["reviewer_id"] == lia.id
    history = (await ana.get(f"{REVIEWS}/of-post/{post['id']}")).json()
    assert history[0]["decisions"][0]["on_behalf_of"] == bruno.id


async def test_a_delegate_and_who_delegated_are_one(newsroom, cms):
    await bound(newsroom, workflow(stage(people=2)))
    ana, bruno, carla = await people(newsroom)
    await bruno.post(f"{REVIEWS}/delegations", {"to_user_id": carla.id, "ends_at": day(3)})
    review = await newsroom.submit(await newsroom.article(ana), ana)
    assert (await newsroom.decide(review, carla, on_behalf_of=bruno.id)).status_code == 200
    for again in (await newsroom.decide(review, bruno), await newsroom.decide(review, carla)):
        assert (again.status_code, again.json()["code"]) == (409, "review.counted")


async def test_nobody_has_her_own_text_judged_in_her_name(newsroom):
    ana = await newsroom.physician(roles=("medical_professional", "content_reviewer"))
    bruno = await newsroom.reviewer()
    await ana.post(f"{REVIEWS}/delegations", {"to_user_id": bruno.id, "ends_at": day(3)})
    review = await newsroom.submit(await newsroom.article(ana), ana)
    refused = await newsroom.decide(review, bruno, on_behalf_of=ana.id)
    assert refused.json()["code"] == "review.self"


async def test_a_delegation_ends_by_itself_or_is_taken_back(newsroom, cms):
    ana, bruno, carla = await people(newsroom)
    faults = await bruno.post(
        f"{REVIEWS}/delegations", {"to_user_id": carla.id, "ends_at": day(-1)}
    )
    assert list(faults.json()["faults"]) == ["ends_at"]
    too_long = {"to_user_id": carla.id, "ends_at": day(200)}
    assert (await bruno.post(f"{REVIEWS}/delegations", too_long)).status_code == 400
    body = {"to_user_id": carla.id, "ends_at": day(3)}
    made = (await bruno.post(f"{REVIEWS}/delegations", body)).json()
    known = (await carla.get(f"{REVIEWS}/delegations")).json()
    assert [one["id"] for one in known] == [made["id"]]
    await bruno.delete(f"{REVIEWS}/delegations/{made['id']}")
    review = await newsroom.submit(await newsroom.article(ana), ana)
    refused = await newsroom.decide(review, carla, on_behalf_of=bruno.id)
    assert refused.json()["code"] == "review.not_delegated"


async def test_what_is_overdue_is_marked_told_and_escalated_by_risk(newsroom, cms):
    ana, bruno, _ = await people(newsroom)
    safe = {"anonymization_applied": True, "consent_for_publication": True}
    risky = await newsroom.article(ana, contains_patient_data=True, **safe)
    plain = await newsroom.article(ana)
    reviews = [await newsroom.submit(post, ana) for post in (risky, plain)]
    marks = {}
    for hours in (23, 25, 73, 97):
        async with cms.as_system() as work:
            work.now += timedelta(hours=hours)
            await due.watch(work)
        cards = (await bruno.get(f"{REVIEWS}/board")).json()["columns"][0]["cards"]
        for card in cards:
            is_marked = (card["overdue_at"] is not None, card["escalated_at"] is not None)
            marks.setdefault(card["review_id"], []).append(is_marked)
    no, both = (False, False), (True, True)
    assert marks[reviews[0]["id"]] == [no, both, both, both]
    assert marks[reviews[1]["id"]] == [no, no, (True, False), both]
    admin = await cms.person("dona.marina", ["administrator"])
    events = (await admin.get("/api/v1/audit/events?limit=100")).json()["events"]
    tags = [one["action"] for one in events]
    assert tags.count("review:decision:overdue") == 2
    assert tags.count("review:decision:escalate") == 2


async def test_priority_moves_the_time(newsroom, cms):
    ana, _, _ = await people(newsroom)
    review = await newsroom.submit(await newsroom.article(ana), ana)
    admin = await cms.person("dona.marina", ["administrator"])
    address = f"{REVIEWS}/{review['id']}/schedule"

    async def patched(**body):
        return await cms.http.patch(address, json=body, headers=admin.bearer)

    urgent = (await patched(priority="urgent")).json()
    submitted = datetime.fromisoformat(review["submitted_at"])
    assert datetime.fromisoformat(urgent["due_at"]) - submitted == timedelta(hours=18)
    own = (await patched(due_at=day(5))).json()
    assert own["due_at"][:10] == day(5)[:10]
    assert list((await patched(priority="now")).json()["faults"]) == ["priority"]
    assert list((await patched(due_at=day(-5))).json()["faults"]) == ["due_at"]
    refused = await cms.http.patch(address, json={"priority": "high"}, headers=ana.bearer)
    assert refused.status_code == 403


async def test_the_author_takes_her_text_back(newsroom):
    ana, bruno, _ = await people(newsroom)
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    jo = await newsroom.journalist()
    address = f"{REVIEWS}/{review['id']}/withdrawal"
    assert (await jo.post(address)).status_code == 403
    taken = await ana.post(address)
    assert (taken.status_code, taken.json()["state"]) == (200, "withdrawn")
    assert (await newsroom.read(post, ana))["status"] == "draft"
    assert (await newsroom.decide(review, bruno)).json()["code"] == "review.closed"
    assert (await ana.post(address)).status_code == 409
