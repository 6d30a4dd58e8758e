"""An approval is for one text, by somebody who has no part in it, signed in as herself."""

import asyncio

import pytest

from tests.plugins.medical_review.conftest import COMPLETE, REVIEWS, codes


async def test_a_save_that_changes_nothing_keeps_the_approval(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    decided = await newsroom.approve(post, ana, bruno)
    again = {**COMPLETE, "responsible_professional": ana.id, "medical_keywords": []}
    saved = await newsroom.edit(post, ana, **again)
    assert (saved["status"], saved["medical_approval_status"]) == ("pending", "approved")
    published = await newsroom.edit(post, ana, status="publish")
    assert published["approval"]["content_hash"] == decided["decision"]["content_hash"]


async def test_an_edit_after_approval_needs_a_new_approval(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    decided = await newsroom.approve(post, ana, bruno)
    edited = await newsroom.edit(post, ana, title="Outra dor")
    assert (edited["status"], edited["medical_approval_status"]) == ("draft", "stale")
    assert edited["approval"] is None
    refused = await newsroom.change(post, ana, status="publish")
    assert codes(refused) == ["review.stale"]
    approved = decided["decision"]["content_hash"]
    assert approved[:12] in refused.json()["data"]["objections"][0]["message"]


@pytest.mark.parametrize(
    "change",
    [
        {"scientific_references": [{"pmid": "1"}]},
        {"evidence_level": "II"},
        {"excerpt": "Resumo"},
        {"slug": "outro-endereco"},
        {"contains_patient_data": True},
    ],
)
async def test_every_versioned_field_belongs_to_what_was_approved(newsroom, change):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    edited = await newsroom.edit(post, ana, **change)
    assert edited["medical_approval_status"] == "stale"


async def test_the_text_that_was_approved_is_approved_again_once_it_is_back(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    await newsroom.edit(post, ana, title="Outra dor")
    back = await newsroom.edit(post, ana, title="Dor de cabeça", status="pending")
    assert back["medical_approval_status"] == "approved"
    assert (await bruno.get(REVIEWS)).json()["reviews"] == []


async def test_an_edit_during_the_review_takes_the_text_back(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    edited = await newsroom.edit(post, ana, title="Outra dor")
    assert (edited["status"], edited["medical_approval_status"]) == ("draft", "pending")
    assert (await newsroom.review_of(post, ana))["state"] == "withdrawn"
    late = await newsroom.decide(review, bruno)
    assert (late.status_code, late.json()["code"]) == (409, "review.closed")


async def test_editing_and_submitting_in_one_request_opens_a_review_of_the_new_text(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    first = await newsroom.submit(post, ana)
    edited = await newsroom.edit(post, ana, title="Outra dor", status="pending")
    second = await newsroom.review_of(post, ana)
    assert (edited["status"], second["state"]) == ("pending", "open")
    assert second["content_hash"] != first["content_hash"]


async def test_a_text_taken_back_leaves_the_queue(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.submit(post, ana)
    await newsroom.edit(post, ana, status="draft")
    assert (await bruno.get(REVIEWS)).json()["reviews"] == []
    binned = await newsroom.article(ana, title="Para a lixeira")
    await newsroom.submit(binned, ana)
    await ana.delete(f"/wp-json/wp/v2/medical-articles/{binned['id']}")
    assert (await newsroom.review_of(binned, ana))["state"] == "withdrawn"


async def test_the_reviewer_must_name_the_text_she_read(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    review = await newsroom.submit(await newsroom.article(ana), ana)
    other = "0" * 64
    refused = await newsroom.decide({**review, "content_hash": other}, bruno)
    assert (refused.status_code, refused.json()["code"]) == (409, "review.stale")
    assert (refused.json()["sent"], refused.json()["reviewed"]) == (other, review["content_hash"])


async def test_every_fault_of_a_decision_is_named(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    review = await newsroom.submit(await newsroom.article(ana), ana)
    refused = await newsroom.decide(review, bruno, "maybe", content_hash="abc", comment="\x00")
    assert refused.status_code == 400
    assert set(refused.json()["faults"]) == {"verdict", "content_hash", "comment"}
    assert "approve, send_back" in refused.json()["faults"]["verdict"]


async def test_a_review_is_decided_once(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    review = await newsroom.submit(await newsroom.article(ana), ana)
    assert (await newsroom.decide(review, bruno)).status_code == 200
    second = await newsroom.decide(review, await newsroom.reviewer("carla.revisora"))
    assert (second.status_code, second.json()["state"]) == (409, "approved")


REVIEWING_PHYSICIAN = ("medical_professional", "content_reviewer")


async def test_nobody_approves_her_own_text(newsroom):
    ana = await newsroom.physician(roles=REVIEWING_PHYSICIAN)
    review = await newsroom.submit(await newsroom.article(ana), ana)
    refused = await newsroom.decide(review, ana)
    assert (refused.status_code, refused.json()["code"]) == (403, "review.self")
    assert refused.json()["parts"] == [
        "its author",
        "an editor of it",
        "the professional who answers for it",
        "who submitted it",
    ]


async def test_nobody_approves_a_text_that_she_answers_for(newsroom):
    ana = await newsroom.physician(roles=REVIEWING_PHYSICIAN)
    jo = await newsroom.journalist()
    review = await newsroom.submit(await newsroom.article(jo, responsible_professional=ana.id), jo)
    refused = await newsroom.decide(review, ana)
    assert refused.json()["parts"] == ["the professional who answers for it"]


async def test_a_reviewer_who_changes_a_word_needs_somebody_else(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.submit(post, ana)
    await newsroom.edit(post, bruno, title="Dor")
    await newsroom.edit(post, ana, excerpt="Resumo")
    review = await newsroom.submit(post, ana)
    refused = await newsroom.decide(review, bruno)
    assert refused.json()["parts"] == ["an editor of it"]
    carla = await newsroom.reviewer("carla.revisora")
    assert (await newsroom.decide(review, carla)).status_code == 200
    await newsroom.edit(post, ana, excerpt="Outro resumo")
    # Carla has judged what Bruno wrote; of what came after it he has written nothing.
    later = await newsroom.decide(await newsroom.submit(post, ana), bruno)
    assert later.status_code == 200, later.text


async def test_an_author_who_steps_back_stays_a_part_of_her_text(newsroom):
    ana = await newsroom.physician(roles=(*REVIEWING_PHYSICIAN, "editor"))
    jo = await newsroom.journalist()
    other = await newsroom.physician("rita.medica")
    post = await newsroom.article(ana)
    await newsroom.edit(post, ana, author=jo.id, responsible_professional=other.id)
    review = await newsroom.submit(post, jo)
    refused = await newsroom.decide(review, ana)
    assert refused.json()["code"] == "review.self"


async def test_an_application_password_may_submit_and_may_not_sign(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    address = f"/wp-json/wp/v2/medical-articles/{post['id']}"
    submitted = await cms.http.post(address, json={"status": "pending"}, auth=ana.basic)
    assert submitted.status_code == 200, submitted.text
    review = await newsroom.review_of(post, ana)
    body = {"verdict": "approve", "content_hash": review["content_hash"]}
    decision = f"{REVIEWS}/{review['id']}/decision"
    unsigned = await cms.http.post(decision, json=body, auth=bruno.basic)
    assert (unsigned.status_code, unsigned.json()["obligations"]) == (401, ["signed_in"])
    assert "insufficient_user_authentication" in unsigned.headers["www-authenticate"]
    assert (await newsroom.decide(review, bruno)).status_code == 200
    by_password = await cms.http.post(address, json={"status": "publish"}, auth=ana.basic)
    assert by_password.status_code == 401
    assert by_password.json()["code"] == "rest_step_up_required"
    assert (await newsroom.change(post, ana, status="publish")).status_code == 200


@pytest.mark.parametrize("role", ["administrator", "editor", "legal_reviewer", "author"])
async def test_only_content_reviewers_decide(newsroom, cms, role):
    ana = await newsroom.physician()
    review = await newsroom.submit(await newsroom.article(ana), ana)
    other = await cms.person("outra.pessoa", [role])
    refused = await newsroom.decide(review, other)
    assert (refused.status_code, refused.json()["type"]) == (
        403,
        "urn:cms:problem:capability-missing",
    )


async def test_the_registration_stands_beside_the_signature_as_it_was(newsroom):
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    post = await newsroom.article(ana)
    decided = await newsroom.approve(post, ana, rui)
    assert decided["decision"]["registration"] == "CRM-SP 9900101"
    await newsroom.edit(post, ana, status="publish")
    await newsroom.revoke(1)
    reviewer = (await newsroom.read(post))["approval"]["reviewer"]
    assert reviewer["text"] == "Rui Revisor Inventada · MÉDICO(A) CRM-SP 9900101"


async def test_of_two_reviewers_at_once_one_decides(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    review = await newsroom.submit(await newsroom.article(ana), ana)
    answers = await asyncio.gather(
        newsroom.decide(review, bruno),
        newsroom.decide(review, carla, "send_back", comment="Falta a dose."),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_an_edit_that_meets_the_approval_never_makes_another_text_live(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    for number in range(5):
        post = await newsroom.article(ana)
        review = await newsroom.submit(post, ana)
        await asyncio.gather(
            newsroom.decide(review, bruno),
            newsroom.change(post, ana, title=f"Outra {number}"),
        )
        published = await newsroom.change(post, ana, status="publish")
        assert codes(published)[0] in {"review.stale", "review.missing"}
