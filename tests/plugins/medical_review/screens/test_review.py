"""One review on one screen, by forms alone: reading, commenting, signing, and why one cannot."""


import pytest

REVIEWER = ("bruno.revisor", ["content_reviewer"])


@pytest.fixture
async def ana(newsroom):
    return await newsroom.physician()


@pytest.fixture
async def review(newsroom, ana):
    """A review that waits."""
    return await newsroom.submit(await newsroom.article(ana), ana)


async def test_a_reviewer_approves_what_she_has_read(visitor, newsroom, review):
    bruno = await visitor(*REVIEWER)
    seen = await bruno.get(f"/admin/reviews/{review['id']}")
    assert (seen.status, seen.title) == (200, "Dor de cabeça")
    assert "A dor costuma passar com repouso." in seen.words
    assert review["content_hash"] in seen.words
    sent = seen.fields(f"/admin/reviews/{review['id']}/decision") | {"verdict": "approve"}
    done = await bruno.follow(await bruno.send(f"/admin/reviews/{review['id']}/decision", sent))
    assert "You have signed. The text is approved." in done.words
    assert "Bruno Revisor" in done.words
    assert (await newsroom.review_of({"id": review["post_id"]}, ana_of(newsroom)))[
        "state"
    ] == "approved"


def ana_of(newsroom):
    return newsroom.cms.people["ana.medica"]
