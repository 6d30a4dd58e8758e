"""Pain of peers: nobody learns that a published text stands on somebody who may not sign any more.
Here its review is reopened, and readers keep the text unless the site's rules say otherwise."""

import asyncio

import pytest

from plugins.medical_review.aftercare import rules as aftercare_rules
from plugins.medical_review.aftercare.rules import Rules
from plugins.professional_registry import cases, registrations
from plugins.professional_registry.events import RegistrationStatusChanged
from plugins.professional_registry.statuses import Status, Validation
from tests.plugins.medical_review.aftercare import run_jobs, told
from tests.plugins.medical_review.conftest import ARTICLES, REVIEWS
from tests.plugins.medical_review.test_library import TRIAL, added


@pytest.fixture
async def olga(cms):
    return await cms.person("olga.oficial", ["administrator"])


@pytest.fixture
async def text(newsroom):
    """A live text: Ana answers for it, Rui (a physician himself) has approved it."""
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    return await newsroom.published(ana, rui), ana, rui


async def set_rules(olga, **rules):
    async with olga.work() as work:
        await aftercare_rules.set_rules(work, Rules(**rules))


async def reopened(person):
    return (await person.get(f"{REVIEWS}/reopened")).json()["texts"]


async def test_a_lost_licence_of_an_approver_reopens_what_she_approved(newsroom, cms, text):
    post, ana, _ = text
    caio = await newsroom.physician("caio.medico")
    other = await newsroom.published(caio, await newsroom.reviewer(), title="De outra pessoa")
    await newsroom.revoke(1)
    await run_jobs(cms)
    bruno = await newsroom.reviewer()
    [one] = await reopened(bruno)
    assert (one["post_id"], one["reason"], one["status"]) == (post["id"], "licence", "publish")
    seen = await newsroom.read(post)
    assert (seen["status"], seen["review_notice"]) == ("publish", None), "readers keep the text"
    assert (await newsroom.read(other))["review_notice"] is None
    review = await newsroom.review_of(post, ana)
    assert review["state"] == "open"
    assert (await newsroom.decide(review, bruno)).status_code == 200
    assert await reopened(bruno) == []


async def test_the_rules_can_tell_readers_of_it(newsroom, cms, text, olga):
    post, ana, _ = text
    await set_rules(olga, when_reopened="notice")
    await newsroom.revoke(1)
    await run_jobs(cms)
    notice = (await newsroom.read(post))["review_notice"]
    assert notice["kinds"] == ["licence"]
    assert "verificação" in notice["text"]
    assert "inventada" not in notice["text"].lower(), "it accuses nobody"
    review = await newsroom.review_of(post, ana)
    assert (await newsroom.decide(review, await newsroom.reviewer())).status_code == 200
    assert (await newsroom.read(post))["review_notice"] is None


async def test_or_take_the_text_from_them(newsroom, cms, text, olga):
    post, _, _ = text
    await set_rules(olga, when_reopened="unpublish")
    await newsroom.revoke(1)
    await run_jobs(cms)
    assert (await cms.http.get(f"{ARTICLES}/{post['id']}")).status_code == 401
    tags = await told(cms, post["id"])
    assert tags[-2:] == ["review:reopening:open", "review:publication:end"]


async def test_nobodys_approval_gives_the_licence_back_to_who_answers_for_the_text(
    newsroom, cms, text
):
    post, ana, rui = text
    await newsroom.revoke(0)
    await run_jobs(cms)
    review = await newsroom.review_of(post, ana)
    await newsroom.decide(review, rui)
    assert [one["reason"] for one in await reopened(rui)] == ["licence"]
    # Somebody else answers for it now.
    caio = await newsroom.physician("caio.medico")
    await newsroom.edit(post, ana, responsible_professional=caio.id)
    decided = await newsroom.decide(await newsroom.submit(post, ana), rui)
    assert decided.status_code == 200, decided.text
    await newsroom.edit(post, ana, status="publish")
    assert await reopened(rui) == []


async def test_a_verification_that_only_ran_out_reopens_nothing(newsroom, cms, text):
    _, ana, rui = text
    async with cms.as_system() as work:
        person = await registrations.find(work, "CRM-SP 9900100")
        await work.emit(
            RegistrationStatusChanged(
                professional_id=person.id,
                user_id=ana.id,
                status=Status.ACTIVE,
                validation=Validation.EXPIRED,
                before={"validation": Validation.VERIFIED.value},
            )
        )
        [case] = await cases.listed(work)
    await run_jobs(cms)
    assert case.reason == "expired"
    assert await reopened(rui) == []


async def test_a_person_asks_for_a_new_review_and_a_reviewer_can_say_why_not(newsroom, cms, text):
    post, ana, rui = text
    address = f"{REVIEWS}/of-post/{post['id']}/again"
    stranger = await newsroom.journalist()
    assert (await stranger.post(address)).status_code == 403
    asked = await ana.post(address)
    assert (asked.status_code, asked.json()["reason"]) == (201, "asked"), asked.text
    assert (await ana.post(address)).status_code == 409
    own = f"{REVIEWS}/reopened/{asked.json()['id']}/dismiss"
    assert (await ana.post(own, {"reason": "Não."})).status_code == 403
    assert list((await rui.post(own, {"reason": ""})).json()["faults"]) == ["reason"]
    done = await rui.post(own, {"reason": "Pergunta respondida por e-mail."})
    assert (done.status_code, done.json()["outcome"]) == (200, "Pergunta respondida por e-mail.")
    assert await reopened(rui) == []
    assert (await rui.post(own, {"reason": "De novo."})).status_code == 409


async def test_two_who_ask_at_once_reopen_it_once(newsroom, text):
    post, ana, rui = text
    address = f"{REVIEWS}/of-post/{post['id']}/again"
    answers = await asyncio.gather(ana.post(address), rui.post(address), ana.post(address))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    assert len(await reopened(rui)) == 1


async def test_a_text_that_is_being_changed_waits_for_its_author(newsroom, cms, text):
    post, ana, rui = text
    await newsroom.edit(post, ana, title="Outra dor")
    assert (await ana.post(f"{REVIEWS}/of-post/{post['id']}/again")).status_code == 201
    newest = await newsroom.review_of(post, ana)
    assert newest["state"] == "approved", "only her own working text can be decided on"
    await newsroom.approve(post, ana, rui)
    assert len(await reopened(rui)) == 1
    await newsroom.edit(post, ana, status="publish")
    assert await reopened(rui) == []


async def test_a_retracted_reference_reopens_the_live_texts_that_rest_on_it(newsroom, cms, olga):
    """Others flag the publication and leave it to chance who reads the flag."""
    ana, rui = await newsroom.physician(), await newsroom.reviewer()
    entry = (await added(ana))["reference"]
    resting = [{"doi": TRIAL["DOI"], "title": TRIAL["title"]}]
    post = await newsroom.published(ana, rui, scientific_references=resting)
    other = await newsroom.published(ana, rui, title="Sobre outra coisa")
    await set_rules(olga, when_reopened="notice")
    address = f"{REVIEWS}/references/{entry['id']}/notice"

    async def note(notice):
        noted = await cms.http.put(address, json={"notice": notice}, headers=rui.bearer)
        assert noted.status_code == 200, noted.text
        await run_jobs(cms)

    await note("corrected")
    assert await reopened(rui) == []
    await note("retracted")
    await note("retracted")
    [one] = await reopened(rui)
    assert (one["post_id"], one["reason"], one["source"]) == (
        post["id"],
        "reference",
        entry["id"],
    )
    seen = await newsroom.read(post)
    assert (seen["status"], seen["review_notice"]["kinds"]) == ("publish", ["reference"])
    assert (await newsroom.read(other))["review_notice"] is None
    # It was a mistake: nothing is left to be judged again, and readers are told no more of it.
    await note(None)
    assert await reopened(rui) == []
    assert (await newsroom.read(post))["review_notice"] is None


async def test_those_whose_text_it_is_are_told_of_it_once(newsroom, cms, text):
    _, ana, rui = text
    await newsroom.revoke(1)
    await run_jobs(cms)
    await run_jobs(cms)
    for person in (ana, rui):
        notices = (await person.get("/api/v1/notices")).json()["notices"]
        told_of = [one for one in notices if one["kind"] == "medical_review.reopened"]
        assert len(told_of) == 1
        assert "registro profissional" in told_of[0]["text"]
