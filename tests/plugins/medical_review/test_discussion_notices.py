"""Whom a discussion concerns is told of it, and nobody of what she did herself."""

import pytest

from tests.plugins.medical_review.talking import answer, say, step

PAGE = "/api/v1/notices"


async def told(person):
    """What the person was told of discussions, the oldest first."""
    found = answer(await person.get(PAGE))["notices"]
    kinds = [one["kind"] for one in found if one["kind"].startswith("discussion.")]
    return [kind.removeprefix("discussion.") for kind in reversed(kinds)]


@pytest.fixture
async def people(newsroom):
    return await newsroom.physician(), await newsroom.reviewer()


async def test_an_author_is_told_of_comments_and_of_what_must_be_fixed(newsroom, people):
    ana, bruno = people
    post = await newsroom.article(ana)
    await say(bruno, post, body="Bonito.")
    await say(bruno, post, body="Errado.", severity="must_fix")
    assert (await told(ana), await told(bruno)) == (["opened", "must_fix"], [])


async def test_who_answers_for_a_text_is_told_like_its_author(newsroom, people):
    ana, bruno = people
    jo = await newsroom.journalist()
    post = await newsroom.article(jo, responsible_professional=ana.id)
    await say(bruno, post, field="title", body="Curto demais.")
    assert (await told(ana), await told(jo)) == (["opened"], ["opened"])


async def test_who_takes_part_is_told_of_answers_and_of_the_end(newsroom, people):
    ana, bruno = people
    carla = await newsroom.reviewer("carla.revisora")
    post = await newsroom.article(ana)
    thread = await say(bruno, post, body="@carla.revisora, o que acha?")
    answer(await step(carla, thread, "comments", body="Concordo com @bruno.revisor."), 201)
    answer(await step(ana, thread, "comments", body="Feito."), 201)
    answer(await step(ana, thread, "resolve"))
    assert await told(bruno) == ["mentioned", "answered", "settled"]
    assert await told(carla) == ["mentioned", "answered"]
    assert await told(ana) == ["opened"]


async def test_a_notice_has_no_word_of_the_discussion(newsroom, people):
    ana, bruno = people
    post = await newsroom.article(ana)
    await say(bruno, post, body="Segredo entre nós.")
    assert "Segredo" not in (await ana.get(PAGE)).text
