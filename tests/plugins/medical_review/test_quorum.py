"""An approval is a quorum of different people, each of whom may sign, for exactly one text."""

import asyncio

import pytest

from cms.content.events import Transition
from cms.content.statuses import Status
from plugins.medical_review.aftercare.events import ReviewRenewed
from plugins.medical_review.reviewing import reviews
from tests.plugins.medical_review.conftest import ARTICLES, REVIEWS, codes
from tests.plugins.medical_review.quorums import (
    LEGAL,
    MEDICAL,
    bind,
    bound,
    clinician,
    stage,
    workflow,
)


async def test_two_people_have_to_agree(newsroom):
    await bound(newsroom, workflow(stage(people=2)))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    first = await newsroom.decide(review, bruno)
    assert (first.status_code, first.json()["review"]["state"]) == (200, "open")
    assert codes(await newsroom.change(post, ana, status="publish")) == ["review.missing"]
    again = await newsroom.decide(review, bruno)
    assert (again.status_code, again.json()["code"]) == (409, "review.counted")
    second = await newsroom.decide(review, carla)
    assert second.json()["review"]["state"] == "approved"
    assert (await newsroom.change(post, ana, status="publish")).status_code == 200


async def test_one_who_sends_back_ends_the_round(newsroom):
    await bound(newsroom, workflow(stage(people=2)))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    await newsroom.decide(review, bruno)
    back = await newsroom.decide(review, carla, "send_back", comment="Falta a dose.")
    assert back.json()["review"]["state"] == "sent_back"
    # Bruno's yes to this text does not outlive the no.
    again = await newsroom.submit(post, ana)
    assert (await newsroom.decide(again, carla)).json()["review"]["state"] == "open"


async def test_a_majority_can_be_asked_for_instead(newsroom):
    await bound(newsroom, workflow(stage(people=2, quorum={"unanimous": False})))
    ana = await newsroom.physician()
    people = [await newsroom.reviewer(f"{name}.revisor") for name in ("bruno", "carla", "davi")]
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    states = []
    for person, verdict in zip(people, ("approve", "send_back", "approve"), strict=True):
        said = await newsroom.decide(review, person, verdict, comment="Lido.")
        states.append(said.json()["review"]["state"])
    assert states == ["open", "open", "approved"]
    assert (await newsroom.change(post, ana, status="publish")).status_code == 200


async def test_a_person_with_two_roles_counts_once(newsroom):
    """Elsewhere one person approved as technical and as legal reviewer."""
    legal = {**stage("legal"), "seats": [{"name": "legal", "capability": LEGAL}]}
    await bound(newsroom, workflow(stage("technical"), legal))
    ana = await newsroom.physician()
    both = await newsroom.cms.person("rosa.dupla", ["content_reviewer", "legal_reviewer"])
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    advanced = await newsroom.decide(review, both)
    assert advanced.json()["review"]["stage"] == "legal"
    twice = await newsroom.decide(review, both)
    assert (twice.status_code, twice.json()["code"]) == (409, "review.counted")
    lia = await newsroom.cms.person("lia.juridica", ["legal_reviewer"])
    assert (await newsroom.decide(review, lia)).json()["review"]["state"] == "approved"


async def test_required_roles_decide_in_parallel(newsroom):
    """Elsewhere legal and editor could only come one after the other."""
    seats = [{"name": "medical", "capability": MEDICAL}, {"name": "legal", "capability": LEGAL}]
    await bound(newsroom, workflow({**stage(), "seats": seats}))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    both = await newsroom.cms.person("rosa.dupla", ["content_reviewer", "legal_reviewer"])
    review = await newsroom.submit(await newsroom.article(ana), ana)
    # Rosa can fill either seat; whoever comes later leaves her the other one.
    assert (await newsroom.decide(review, both)).json()["review"]["state"] == "open"
    assert (await newsroom.decide(review, bruno)).json()["review"]["state"] == "approved"


async def test_seats_in_turn_wait_for_each_other(newsroom):
    seats = [{"name": "medical", "capability": MEDICAL}, {"name": "legal", "capability": LEGAL}]
    await bound(newsroom, workflow({**stage(mode="in_turn"), "seats": seats}))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    lia = await newsroom.cms.person("lia.juridica", ["legal_reviewer"])
    review = await newsroom.submit(await newsroom.article(ana), ana)
    early = await newsroom.decide(review, lia)
    assert (early.status_code, early.json()["code"]) == (409, "review.other_stage")
    await newsroom.decide(review, bruno)
    assert (await newsroom.decide(review, lia)).json()["review"]["state"] == "approved"


CLINICIANS = {"clinicians": 2, "validated_within_days": 30}


async def test_clinicians_are_counted_by_their_registrations(newsroom):
    await bound(newsroom, workflow(stage(people=2, quorum=CLINICIANS)))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    rui, eva = await clinician(newsroom, "rui.medico"), await clinician(newsroom, "eva.medica")
    review = await newsroom.submit(await newsroom.article(ana), ana)
    states = [
        (await newsroom.decide(review, one)).json()["review"]["state"] for one in (bruno, rui, eva)
    ]
    assert states == ["open", "open", "approved"]


async def test_a_licence_lost_since_breaks_the_quorum_at_publication(newsroom):
    await bound(newsroom, workflow(stage(people=2, quorum=CLINICIANS)))
    ana = await newsroom.physician()
    rui, eva = await clinician(newsroom, "rui.medico"), await clinician(newsroom, "eva.medica")
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    for one in (rui, eva):
        await newsroom.decide(review, one)
    await newsroom.revoke(1)
    refused = await newsroom.change(post, ana, status="publish")
    assert codes(refused) == ["quorum.lost"]
    assert "1 of 2 people" in refused.json()["data"]["objections"][0]["message"]
    # The author is not stuck: the text can be submitted again, and somebody else approve it.
    again = await ana.post(REVIEWS, {"post_id": post["id"]})
    assert again.status_code == 201, again.text
    lea = await clinician(newsroom, "lea.medica")
    for one in (eva, lea):
        assert (await newsroom.decide(again.json(), one)).status_code == 200
    assert (await newsroom.change(post, ana, status="publish")).status_code == 200


async def test_a_licence_lost_before_the_last_voice_leaves_the_review_open(newsroom):
    await bound(newsroom, workflow(stage(people=2, quorum=CLINICIANS)))
    ana = await newsroom.physician()
    people = [await clinician(newsroom, f"{name}.medica") for name in ("rita", "eva", "lea")]
    review = await newsroom.submit(await newsroom.article(ana), ana)
    await newsroom.decide(review, people[0])
    await newsroom.revoke(1)
    states = [(await newsroom.decide(review, one)).json()["review"]["state"] for one in people[1:]]
    assert states == ["open", "approved"]


async def test_who_submits_learns_that_nobody_here_could_approve(newsroom):
    await bind(newsroom, workflow="technical_and_legal")
    ana = await newsroom.physician()
    await newsroom.reviewer()
    post = await newsroom.article(ana)
    submitted = await ana.post(REVIEWS, {"post_id": post["id"]})
    assert submitted.status_code == 201, submitted.text
    warned = {one["code"] for one in submitted.json()["warnings"]}
    assert warned == {"quorum.seat", "quorum.clinicians", "quorum.rqe"}


async def test_an_unfinished_approval_hides_nobodys_part_in_the_text(newsroom):
    """Who edits, and whose edit one of two has agreed to, still has a part in it."""
    await bound(newsroom, workflow(stage(people=2)))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    post = await newsroom.article(ana)
    await newsroom.edit(post, bruno, title="Dor")
    await newsroom.decide(await newsroom.submit(post, ana), carla)
    await newsroom.edit(post, ana, excerpt="Resumo")
    refused = await newsroom.decide(await newsroom.submit(post, ana), bruno)
    assert refused.json()["parts"] == ["an editor of it"]


# -- races


async def test_of_two_who_complete_a_quorum_at_once_both_count_and_it_closes_once(newsroom):
    await bound(newsroom, workflow(stage(people=2)))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    for number in range(3):
        post = await newsroom.article(ana, title=f"Dor {number}")
        review = await newsroom.submit(post, ana)
        both = await asyncio.gather(newsroom.decide(review, bruno), newsroom.decide(review, carla))
        assert [one.status_code for one in both] == [200, 200]
        states = sorted(one.json()["review"]["state"] for one in both)
        assert states == ["approved", "open"]


async def test_one_person_on_two_connections_counts_once(newsroom):
    await bound(newsroom, workflow(stage(people=2)))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    both = await asyncio.gather(*(newsroom.decide(review, bruno) for _ in range(3)))
    assert sorted(one.status_code for one in both) == [200, 409, 409]
    assert codes(await newsroom.change(post, ana, status="publish")) == ["review.missing"]


async def test_published_twice_at_once_is_published_once(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    answers = await asyncio.gather(
        *(newsroom.change(post, ana, status="publish") for _ in range(3))
    )
    assert {one.status_code for one in answers} <= {200, 409}
    read = await newsroom.cms.http.get(f"{ARTICLES}/{post['id']}")
    assert read.json()["status"] == "publish"


@pytest.mark.parametrize("attempt", range(3))
async def test_a_licence_lost_while_somebody_publishes_is_seen_or_waits(newsroom, attempt):
    await bound(newsroom, workflow(stage(people=1, quorum={"clinicians": 1})))
    ana, rui = await newsroom.physician(), await clinician(newsroom, "rui.medico")
    post = await newsroom.article(ana, title=f"Dor {attempt}")
    await newsroom.approve(post, ana, rui)
    published, _ = await asyncio.gather(
        newsroom.change(post, ana, status="publish"), newsroom.revoke(1)
    )
    if published.status_code == 200:
        later = await newsroom.cms.person("dona.marina", ["administrator"])
        carried = await later.get(f"{REVIEWS}/affected?professional_user_id={rui.id}")
        texts = carried.json()["professionals"][0]["texts"]
        assert post["id"] in {one["post_id"] for one in texts}
    else:
        assert codes(published) == ["quorum.lost"]


async def test_one_of_two_renews_nothing_of_a_live_text(newsroom, cms):
    """A live text that is judged again is renewed by its quorum, not by the first yes."""
    await bound(newsroom, workflow(stage(people=2)))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    for one in (bruno, carla):
        await newsroom.decide(review, one)
    live = await newsroom.edit(post, ana, status="publish")
    move = Transition(
        post_id=post["id"],
        revision_id=live["cms_revision"]["live"],
        content_hash=review["content_hash"],
        from_status=Status.PUBLISH,
        to_status=Status.PUBLISH,
    )
    async with cms.as_system() as work:
        await reviews.open_again(work, move)
    again = await newsroom.review_of(post, ana)
    admin = await cms.person("dona.marina", ["administrator"])

    async def renewals():
        events = (await admin.get("/api/v1/audit/events?limit=200")).json()["events"]
        return sum(one["action"] == ReviewRenewed.tag for one in events)

    assert (await newsroom.decide(again, bruno)).json()["review"]["state"] == "open"
    assert await renewals() == 0
    assert (await newsroom.decide(again, carla)).json()["review"]["state"] == "approved"
    assert await renewals() == 1
