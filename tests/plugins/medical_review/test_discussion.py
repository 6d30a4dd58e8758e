"""Comments on a text: threads, answers, what must be fixed, and what is kept of all that."""

import asyncio

import pytest

from plugins.medical_review.discussion.events import PersonMentioned
from plugins.medical_review.discussion.places import Asked
from plugins.medical_review.discussion.threads import Opening, open_thread
from tests.plugins.medical_review.conftest import ARTICLES, REVIEWS, codes
from tests.plugins.medical_review.talking import (
    COMMENTS,
    THREADS,
    answer,
    listed,
    patched,
    refused,
    said,
    say,
    step,
    text,
)

DOSE = "Tome dois mg de paracetamol ao dia."


PLACES = [
    {},
    {"field": "medical.evidence_level"},
    {"field": "title", "quote": "cabeça"},
    {"field": "terms.category"},
    {"block": [0]},
    {"quote": "dois mg"},
]


@pytest.mark.parametrize("base", ["medical-articles", "patient-education"])
async def test_everything_of_every_reviewed_type_can_be_spoken_of(newsroom, base):
    """Elsewhere comments reach only some kinds of texts and some of their fields."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.cms.draft(
        ana, base, title="Dor de cabeça", content=text(DOSE), evidence_level="I", categories=[]
    )
    unknown = await said(bruno, post, body="De onde vem isto?", field="evidence_level")
    assert "there are: title, content" in answer(unknown, 400)["faults"]["field"]
    opened = []
    for place in PLACES:
        thread = answer(await said(bruno, post, body="De onde vem isto?", **place), 201)
        assert thread["today"]["found"] == "exact", place
        opened.append(thread["id"])
        assert [one["id"] for one in await listed(ana, post)] == opened, place


async def test_an_author_answers_and_the_thread_keeps_its_order(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=text(DOSE))
    thread = await say(bruno, post, quote="dois mg", body="Não são 500?")
    assert (thread["severity"], thread["state"], thread["kind"]) == ("note", "open", "comment")
    answer(await step(ana, thread, "comments", body="Sim, corrijo."), 201)
    [found] = await listed(bruno, post)
    told = [(one["author"]["name"], one["body"]) for one in found["comments"]]
    assert told == [("Bruno Revisor", "Não são 500?"), ("Ana Medica", "Sim, corrijo.")]


async def test_what_must_be_fixed_stops_publication_and_says_so(newsroom):
    """A comment that blocks publishing without a word leaves everybody guessing."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=text(DOSE))
    await newsroom.approve(post, ana, bruno)
    thread = await say(bruno, post, quote="dois mg", body="500 mg!", severity="must_fix")
    held = await newsroom.change(post, ana, status="publish")
    assert codes(held) == ["discussion.must_fix"]
    [objection] = held.json()["data"]["objections"]
    assert f"thread {thread['id']} (content)" in objection["message"]
    assert "reviewer resolve" in objection["remedy"]
    blockers = (await ana.get(f"{REVIEWS}/blockers/{post['id']}")).json()
    assert [one["code"] for one in blockers["publish"]["objections"]] == ["discussion.must_fix"]
    answer(await step(bruno, thread, "resolve", reason="É por quilo."))
    await newsroom.edit(post, ana, status="publish")


async def test_a_note_stops_nothing(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    await say(bruno, post, body="Bonito.")
    assert (await newsroom.edit(post, ana, status="publish"))["status"] == "publish"


async def test_only_reviewers_say_that_something_must_be_fixed(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    assert refused(await said(ana, post, body="Já!", severity="must_fix"))[0] == 403
    faults = answer(await said(ana, post, body="Já!", severity="grave"), 400)["faults"]
    assert "note, must_fix" in faults["severity"]


async def test_an_author_does_not_settle_what_she_must_fix(newsroom):
    ana = await newsroom.physician(roles=("medical_professional", "content_reviewer"))
    bruno, carla = await newsroom.reviewer(), await newsroom.reviewer("carla.revisora")
    post = await newsroom.article(ana)
    thread = await say(bruno, post, body="Falta a fonte.", severity="must_fix")
    assert refused(await step(ana, thread, "resolve")) == (403, "discussion.must_fix")
    assert answer(await step(carla, thread, "resolve"))["settled_by"]["name"] == "Carla Revisora"
    assert answer(await step(bruno, thread, "reopen", reason="Não."))["state"] == "open"
    steps = answer(await bruno.get(f"{THREADS}/{thread['id']}"))["history"]
    told = [(one["act"], one["by"]["name"], one["reason"]) for one in steps]
    assert told == [
        ("open", "Bruno Revisor", ""),
        ("resolve", "Carla Revisora", ""),
        ("reopen", "Bruno Revisor", "Não."),
    ]


async def test_a_thread_is_settled_once_and_answered_while_open(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    thread = await say(bruno, post, body="Um.")
    settled = await asyncio.gather(*(step(one, thread, "resolve") for one in (ana, bruno)))
    assert sorted(one.status_code for one in settled) == [200, 409]
    assert refused(await step(ana, thread, "comments", body="Dois.")) == (409, "discussion.settled")
    assert refused(await step(ana, thread, "accept")) == (409, "discussion.comment")
    assert refused(await step(ana, thread, "reject", reason="x")) == (409, "discussion.comment")
    answer(await step(ana, thread, "reopen"))
    assert refused(await step(ana, thread, "reopen")) == (409, "discussion.settled")


async def test_what_was_said_is_never_lost(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    thread = await say(bruno, post, body="Está errado.")
    comment = thread["comments"][0]["id"]
    address = f"{COMMENTS}/{comment}"
    edited = answer(await patched(bruno, address, body="Parece errado."))
    assert (edited["comments"][0]["body"], edited["comments"][0]["version"]) == (
        "Parece errado.",
        2,
    )
    assert (
        answer(await patched(bruno, address, body="Parece errado."))["comments"][0]["version"] == 2
    )
    deleted = answer(await bruno.delete(address))["comments"][0]
    assert (deleted["body"], deleted["is_deleted"]) == ("", True)
    assert refused(await patched(bruno, address, body="De novo.")) == (409, "discussion.deleted")
    history = (await bruno.get(f"{address}/versions")).json()
    assert [(one["act"], one["body"]) for one in history] == [
        ("written", "Está errado."),
        ("edited", "Parece errado."),
        ("deleted", ""),
    ]
    assert (await ana.get(f"{address}/versions")).status_code == 403


async def test_nobody_changes_the_words_of_another(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    thread = await say(bruno, post, body="Um.")
    address = f"{COMMENTS}/{thread['comments'][0]['id']}"
    assert (await patched(ana, address, body="Dois.")).status_code == 403
    assert (await ana.delete(address)).status_code == 403


async def test_who_is_called_by_name_is_told_if_she_may_read_it(newsroom, told):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    jo = await newsroom.journalist()
    post = await newsroom.article(ana)
    body = (
        "@ana.medica, veja; @jo.jornalista não pode; @ninguem; fale@bruno.revisor. @BRUNO.REVISOR"
    )
    thread = await say(bruno, post, body=body)
    assert [one["id"] for one in thread["comments"][0]["mentioned"]] == sorted([ana.id, bruno.id])
    assert [event.user_id for event in told] == [ana.id]
    address = f"{COMMENTS}/{thread['comments'][0]['id']}"
    await patched(bruno, address, body=f"{body} Já leu?")
    assert len(told) == 1
    assert jo.id not in {event.user_id for event in told}


@pytest.fixture
def told(cms):
    """Everybody who is called by name from here on."""
    found = []

    async def note(_work, event):
        found.append(event)

    cms.host.registry.hooks.observe(PersonMentioned, note)
    return found


async def test_strangers_neither_read_nor_speak(newsroom, cms, tmp_path):
    ana, bruno, jo = (
        await newsroom.physician(),
        await newsroom.reviewer(),
        await newsroom.journalist(),
    )
    post = await newsroom.published(ana, bruno)
    thread = await say(bruno, post, body="Entre nós.")
    one, many = f"{THREADS}/{thread['id']}", f"{THREADS}/of-post/{post['id']}"
    versions = f"{COMMENTS}/{thread['comments'][0]['id']}/versions"
    for address in (one, many, versions):
        assert (await jo.get(address)).status_code == 403
        assert (await cms.http.get(address)).status_code == 401
    assert (await jo.post(many, {"body": "Eu também."})).status_code == 403
    for act in ("comments", "resolve", "reopen", "accept", "reject"):
        assert (await jo.post(f"{one}/{act}", {"body": "x", "reason": "x"})).status_code == 403
    plain = await cms.draft(ana, "posts")
    assert (await ana.get(f"{THREADS}/of-post/{plain['id']}")).status_code == 404
    async with cms.other() as outra:
        nora = await outra.person("nora.revisora", ["content_reviewer"])
        for address in (one, many, versions):
            assert (await nora.get(address)).status_code == 404


async def test_a_discussed_text_is_not_deleted_for_good(newsroom):
    ana = await newsroom.physician()
    admin = await newsroom.cms.person("rita.admin", ["administrator"])
    post = await newsroom.article(ana)
    await say(ana, post, body="Nota para mim.")
    assert codes(await admin.delete(f"{ARTICLES}/{post['id']}?force=true")) == [
        "discussion.evidence"
    ]


async def test_threads_are_paged_from_the_oldest_and_chosen_by_state(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    ids = [(await say(bruno, post, body=f"{number}"))["id"] for number in range(3)]
    first = answer(await ana.get(f"{THREADS}/of-post/{post['id']}?limit=2"))
    assert [one["id"] for one in first["threads"]] == ids[:2]
    rest = answer(await ana.get(f"{THREADS}/of-post/{post['id']}?limit=2&after={first['next']}"))
    assert ([one["id"] for one in rest["threads"]], rest["next"]) == (ids[2:], None)
    answer(await step(ana, {"id": ids[0]}, "resolve"))
    assert [one["id"] for one in await listed(ana, post, state="open")] == ids[1:]
    assert refused(await ana.get(f"{THREADS}/of-post/{post['id']}?state=x"))[0] == 400
    assert refused(await ana.get(f"{THREADS}/of-post/{post['id']}?limit=0"))[0] == 400


FAULTS = [
    ({"body": ""}, "body"),
    ({"body": "\x00"}, "body"),
    ({"body": "x", "quote": "não está lá"}, "quote"),
    ({"body": "x", "quote": "mg"}, "quote"),
    ({"body": "x", "block": [9]}, "block"),
    ({"body": "x", "block": []}, "block"),
    ({"body": "x", "field": "medical.contains_patient_data", "quote": "x"}, "quote"),
    ({"replacement": "x"}, "quote"),
    ({"replacement": "Tome 2 mg", "quote": "Tome 2 mg"}, "replacement"),
]


async def test_each_fault_of_a_comment_is_named(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, content=text("Tome 2 mg, ou 3 mg."))
    for fields, fault in FAULTS:
        assert fault in answer(await said(ana, post, **fields), 400)["faults"], fields


async def test_what_must_be_fixed_is_not_overtaken_by_a_publication(newsroom):
    """A reviewer is still saying it while the author publishes: she waits, and is told."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    async with bruno.work() as work:
        await open_thread(work, post["id"], Opening(Asked(), "Espere!", "must_fix"))
        publishing = asyncio.create_task(newsroom.change(post, ana, status="publish"))
        await asyncio.sleep(0.5)
        assert not publishing.done()
    assert codes(await publishing) == ["discussion.must_fix"]
