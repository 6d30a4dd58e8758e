"""Other words for a passage, taken into the text by one call, or not at all."""

import asyncio

import pytest

from tests.plugins.medical_review.conftest import codes
from tests.plugins.medical_review.talking import (
    THREADS,
    answer,
    listed,
    refused,
    said,
    say,
    step,
    text,
)

DOSE = "Tome <strong>dois</strong> mg de paracetamol ao dia."
HELP = "Procure ajuda se ela vier de repente."


@pytest.fixture
async def people(newsroom):
    return await newsroom.physician(), await newsroom.reviewer()


async def accept_all(by, post, *threads):
    ids = [thread["id"] for thread in threads]
    return await by.post(f"{THREADS}/of-post/{post['id']}/accept", {"threads": ids})


async def content(newsroom, post, by):
    return (await newsroom.read(post, by))["content"]["raw"]


async def test_the_author_takes_suggested_words_by_one_call(newsroom, people):
    ana, bruno = people
    post = await newsroom.article(ana, content=text(DOSE, HELP))
    thread = await say(bruno, post, quote="dois mg", replacement="500 mg", body="Ver a bula.")
    assert (thread["kind"], thread["place"]["quote"]) == ("suggestion", "dois mg")
    taken = answer(await step(ana, thread, "accept"))
    expected = text(DOSE.replace("dois", "500"), HELP)
    assert await content(newsroom, post, ana) == expected
    [found] = await listed(ana, post)
    assert (found["state"], found["made_revision_id"]) == ("accepted", taken["revision_id"])
    assert found["settled_by"]["id"] == ana.id
    assert refused(await step(ana, thread, "accept")) == (409, "discussion.settled")
    assert refused(await step(bruno, thread, "reopen")) == (409, "discussion.settled")


async def test_who_suggested_words_of_a_text_does_not_approve_it(newsroom, people):
    """Elsewhere an approver's own last words go live with her approval, seen by nobody else."""
    ana, bruno = people
    carla = await newsroom.reviewer("carla.revisora")
    post = await newsroom.article(ana, content=text(DOSE, HELP))
    thread = await say(bruno, post, quote="dois", replacement="três")
    answer(await step(ana, thread, "accept"))
    await newsroom.edit(post, ana, title="Outra dor")
    review = await newsroom.submit(post, ana)
    own = await newsroom.decide(review, bruno)
    assert refused(own) == (403, "review.self")
    assert own.json()["parts"] == ["who suggested words of it"]
    assert (await newsroom.decide(review, carla)).status_code == 200
    await newsroom.edit(post, ana, title="Mais uma dor")
    after = await newsroom.submit(post, ana)
    assert (await newsroom.decide(after, bruno)).status_code == 200


async def test_an_accepted_suggestion_ends_the_approval_like_any_edit(newsroom, people):
    ana, bruno = people
    post = await newsroom.article(ana, content=text(DOSE, HELP))
    await newsroom.approve(post, ana, bruno)
    thread = await say(bruno, post, quote="de repente", replacement="sem aviso")
    answer(await step(ana, thread, "accept"))
    assert codes(await newsroom.change(post, ana, status="publish")) == ["review.stale"]


async def test_words_that_are_gone_are_not_replaced(newsroom, people):
    ana, bruno = people
    post = await newsroom.article(ana, content=text(DOSE, HELP))
    thread = await say(bruno, post, quote="mg de paracetamol", replacement="mg de ibuprofeno")
    changed = text(DOSE.replace("paracetamol", "dipirona"), HELP)
    await newsroom.edit(post, ana, content=changed)
    gone = await step(ana, thread, "accept")
    assert refused(gone) == (409, "suggestion.passage_gone")
    facts = gone.json()
    assert (facts["found"], facts["now"]) == ("changed", "mg de dipirona")
    assert facts["was"] == "mg de paracetamol"
    assert await content(newsroom, post, ana) == changed
    await newsroom.edit(post, ana, content=text("Outro texto."))
    gone = (await step(ana, thread, "accept")).json()
    assert (gone["found"], gone["now"]) == ("orphaned", "")
    await newsroom.edit(post, ana, content=text("Novo começo.", DOSE, HELP))
    answer(await step(ana, thread, "accept"))


async def test_several_suggestions_are_taken_together_or_not_at_all(newsroom, people):
    ana, bruno = people
    post = await newsroom.article(ana, content=text(DOSE, HELP), title="Dor de cabeça")
    one = await say(bruno, post, quote="dois mg", replacement="500 mg")
    two = await say(bruno, post, quote="de repente", replacement="& piorar")
    three = await say(bruno, post, field="title", quote="Dor", replacement="Dores")
    clash = await say(bruno, post, quote="dois", replacement="seis")
    both = await accept_all(ana, post, one, two, clash)
    assert refused(both) == (409, "suggestion.overlap")
    assert both.json()["threads"] == [one["id"], clash["id"]]
    assert {found["state"] for found in await listed(ana, post)} == {"open"}
    taken = answer(await accept_all(ana, post, one, two, three))
    now = await newsroom.read(post, ana)
    assert now["content"]["raw"] == text(
        DOSE.replace("dois", "500"), HELP.replace("de repente", "&amp; piorar")
    )
    assert now["title"]["raw"] == "Dores de cabeça"
    made = {found["made_revision_id"] for found in await listed(ana, post, state="accepted")}
    assert made == {taken["revision_id"]}
    assert refused(await accept_all(ana, post, clash)) == (409, "suggestion.passage_gone")


@pytest.mark.parametrize(
    ("stored", "quote", "words", "reason"),
    [
        (text("Um.", "Dois."), "Um. Dois.", "Nada", "from one block"),
        (text('Veja [gallery ids="1"].'), "gallery", "video", "shortcode"),
        (text("Um.", "Dois."), "Dois.", "", "nothing would be left"),
    ],
)
async def test_what_would_break_the_markup_is_refused_with_the_reason(
    newsroom, people, stored, quote, words, reason
):
    ana, bruno = people
    post = await newsroom.article(ana, content=stored)
    broken = await said(bruno, post, quote=quote, replacement=words)
    assert refused(broken) == (409, "suggestion.not_replaceable")
    assert reason in broken.json()["reason"]


@pytest.mark.parametrize(
    ("stored", "quote", "words", "result"),
    [
        ("A dor <b>for<em>te</em></b> passa", "forte passa", "passa", "A dor passa"),
        (
            'Veja <a href="/x">a fonte</a>.',
            "a fonte",
            "as fontes",
            'Veja <a href="/x">as fontes</a>.',
        ),
        ("Dor &amp; febre", "Dor & febre", "Dor <b>e</b> febre", "Dor &lt;b&gt;e&lt;/b&gt; febre"),
        ("Dor forte", "Dor", "Dor [gallery]", "Dor &#91;gallery] forte"),
        ("“Dor” – forte", '"Dor" - forte', "Dor forte", "Dor forte"),
    ],
)
async def test_markup_stays_and_words_are_only_words(
    newsroom, people, stored, quote, words, result
):
    ana, bruno = people
    post = await newsroom.article(ana, content=text(stored))
    thread = await say(bruno, post, quote=quote, replacement=words)
    answer(await step(ana, thread, "accept"))
    assert await content(newsroom, post, ana) == text(result)


async def test_plain_fields_are_plain(newsroom, people):
    ana, bruno = people
    post = await newsroom.article(ana, seo_title="Dor & febre", medical_disclaimer="<p>Aviso.</p>")
    plain = await say(bruno, post, field="medical.seo_title", quote="febre", replacement="a < b")
    marked = await say(
        bruno, post, field="medical.medical_disclaimer", quote="Aviso", replacement="A & B"
    )
    answer(await accept_all(ana, post, plain, marked))
    now = await newsroom.read(post, ana)
    assert now["seo_title"] == "Dor & a < b"
    assert now["medical_disclaimer"] == "<p>A &amp; B.</p>"


async def test_a_rejection_says_why_and_a_withdrawal_need_not(newsroom, people):
    ana, bruno = people
    post = await newsroom.article(ana, content=text(DOSE, HELP))
    one = await say(bruno, post, quote="dois", replacement="três")
    two = await say(bruno, post, quote="ajuda", replacement="socorro")
    assert "reason" in answer(await step(ana, one, "reject"), 400)["faults"]
    rejected = answer(await step(ana, one, "reject", reason="A bula diz dois."))
    assert (rejected["state"], rejected["history"][-1]["reason"]) == (
        "rejected",
        "A bula diz dois.",
    )
    assert answer(await step(bruno, two, "reject"))["state"] == "withdrawn"
    assert refused(await step(bruno, one, "resolve"))[0] == 409
    answer(await step(bruno, one, "reopen", reason="Veja a edição nova."))
    answer(await step(ana, one, "accept"))


async def test_who_may_not_edit_the_text_takes_no_words_into_it(newsroom, people, cms):
    ana, bruno = people
    legal = await cms.person("lia.juridica", ["legal_reviewer"])
    post = await newsroom.article(ana, content=text(DOSE))
    thread = await say(bruno, post, quote="dois", replacement="três")
    assert (await step(legal, thread, "accept")).status_code == 403
    assert (await step(legal, thread, "reject", reason="Não.")).status_code == 403
    plain = await say(legal, post, body="Sem palavras.")
    assert refused(await accept_all(ana, post, plain)) == (409, "discussion.comment")
    assert (await accept_all(ana, post)).status_code == 400
    assert (await accept_all(ana, post, {"id": 9999})).status_code == 404


async def test_a_live_text_stays_while_its_working_one_takes_the_words(newsroom, people):
    ana, bruno = people
    post = await newsroom.published(ana, bruno, content=text(DOSE))
    thread = await say(bruno, post, quote="dois", replacement="três")
    answer(await step(ana, thread, "accept"))
    assert "dois" in (await newsroom.read(post))["content"]["rendered"]
    assert "três" in await content(newsroom, post, ana)


async def test_two_who_accept_at_once_make_one_revision(newsroom, people):
    ana, bruno = people
    post = await newsroom.article(ana, content=text(DOSE))
    thread = await say(bruno, post, quote="dois", replacement="dois ou três")
    taken = await asyncio.gather(*(step(one, thread, "accept") for one in (ana, bruno, ana, bruno)))
    assert sorted(one.status_code for one in taken) == [200, 409, 409, 409]
    assert await content(newsroom, post, ana) == text(DOSE.replace("dois", "dois ou três"))


async def test_an_edit_and_an_acceptance_at_once_lose_neither(newsroom, people):
    ana, bruno = people
    post = await newsroom.article(ana, content=text(DOSE))
    thread = await say(bruno, post, quote="dois", replacement="três")
    edited, taken = await asyncio.gather(
        newsroom.change(post, ana, title="Outra dor"), step(bruno, thread, "accept")
    )
    assert (edited.status_code, taken.status_code) == (200, 200)
    now = await newsroom.read(post, ana)
    assert (now["title"]["raw"], "três" in now["content"]["raw"]) == ("Outra dor", True)
