"""A thousand texts came from the old site and none was reviewed here: where to begin, who does what
by when, and how far it is."""

import asyncio
from datetime import date

import pytest

from cms.exchange.report import lines_of
from plugins.medical_review.aftercare.duties import open_planned
from tests.plugins.medical_review.aftercare import day, run_jobs
from tests.plugins.medical_review.conftest import REVIEWS, codes, inherited_item

BOARD = f"{REVIEWS}/inherited"
DOSE = "<p>Tome 500 mg de hora em hora.</p>"
NEW = {"modified": "2026-10-04 09:30:00", "modified_gmt": "2026-10-04 12:30:00"}


@pytest.fixture
async def olga(cms):
    return await cms.person("olga.oficial", ["administrator"])


@pytest.fixture
async def texts(bring):
    """Two of high risk, three of medium."""
    await bring(
        *(inherited_item(id, content=DOSE, **NEW) for id in (1, 2)),
        *(inherited_item(id, **NEW) for id in (3, 4, 5)),
    )


async def filed(cms, post_id, name):
    """The post under a category of this name; the category's id."""
    admin = await cms.person("olga.oficial", ["administrator"])
    term = (await admin.post("/wp-json/wp/v2/categories", {"name": name})).json()["id"]
    async with cms.as_system() as work:
        await work.execute(
            "update medical_review.inherited_texts set specialties = array[cast(:term as bigint)]"
            " where tenant_id = :tenant and post_id = :post",
            {"term": term, "tenant": work.tenant_id, "post": post_id},
        )
    return term


async def test_the_board_counts_by_risk_and_specialty(newsroom, cms, texts, statements):
    term = await filed(cms, 3, "Neurologia")
    bruno = await newsroom.reviewer()
    statements.clear()
    seen = (await bruno.get(f"{BOARD}/board")).json()
    assert sum("inherited_texts" in one for one in statements) == 1
    assert (seen["waiting"], seen["reviewed"], seen["planned"], seen["late"]) == (5, 0, 0, 0)
    assert seen["by_risk"] == {"high": 2, "medium": 3, "low": 0}
    assert seen["by_specialty"] == [
        {"specialty": None, "name": None, "texts": 4},
        {"specialty": term, "name": "Neurologia", "texts": 1},
    ]
    high = (await bruno.get(f"{BOARD}?level=high")).json()["texts"]
    assert [one["post_id"] for one in high] == [1, 2]
    medium = (await bruno.get(f"{BOARD}?level=medium&specialty={term}")).json()["texts"]
    assert [one["post_id"] for one in medium] == [3]
    assert (await bruno.get(f"{BOARD}?level=x")).status_code == 400


async def test_a_plan_spreads_the_days_and_the_reviewers(newsroom, texts, olga):
    bruno, rita = await newsroom.reviewer(), await newsroom.reviewer("rita.revisora")
    wanted = {"per_week": 2, "starts_on": day(1), "reviewers": [bruno.id, rita.id]}
    made = await olga.post(f"{BOARD}/plans", wanted)
    assert (made.status_code, made.json()["texts"]) == (201, 5), made.text
    lines = (await bruno.get(BOARD)).json()["texts"]
    start = date.fromisoformat(day(1))
    days = [(date.fromisoformat(one["review_by"]) - start).days for one in lines]
    assert days == [0, 3, 7, 10, 14], "two a week, the riskiest first"
    assert [one["assigned_to"] for one in lines] == [bruno.id, rita.id] * 2 + [bruno.id]
    mine = (await rita.get(f"{BOARD}?assigned_to={rita.id}")).json()["texts"]
    assert [one["post_id"] for one in mine] == [2, 4]
    none_left = await olga.post(f"{BOARD}/plans", wanted)
    assert none_left.status_code == 409


async def test_progress_is_seen_and_a_plan_can_be_given_up(newsroom, texts, olga):
    bruno = await newsroom.reviewer()
    plan = {"per_week": 7, "starts_on": day(), "level": "high"}
    made = (await olga.post(f"{BOARD}/plans", plan)).json()
    async with newsroom.cms.as_system() as work:
        await open_planned(work)
    await run_jobs(newsroom.cms)
    review = await newsroom.review_of({"id": 1}, bruno)
    assert (await newsroom.decide(review, bruno)).status_code == 200
    [seen] = (await bruno.get(f"{BOARD}/plans")).json()["plans"]
    assert (seen["texts"], seen["reviewed"], seen["late"]) == (2, 1, 0)
    assert (await newsroom.read({"id": 1}))["inherited"] is None
    board = (await bruno.get(f"{BOARD}/board")).json()
    assert (board["waiting"], board["reviewed"], board["planned"]) == (4, 1, 1)
    ended = await olga.post(f"{BOARD}/plans/{made['id']}/end")
    assert ended.status_code == 200, ended.text
    assert (await olga.post(f"{BOARD}/plans/{made['id']}/end")).status_code == 404
    again = await olga.post(f"{BOARD}/plans", {"per_week": 1, "starts_on": day(), "level": "high"})
    assert again.json()["texts"] == 1, "what was reviewed is not planned anew"


async def test_texts_are_given_in_bulk_and_nothing_is_left_out_silently(newsroom, texts, olga):
    bruno = await newsroom.reviewer()
    given = await olga.post(f"{BOARD}/assign", {"post_ids": [1, 2, 3], "to_user_id": bruno.id})
    assert given.json() == {"texts": 3}
    mine = (await bruno.get(f"{BOARD}?assigned_to={bruno.id}")).json()["texts"]
    assert len(mine) == 3
    strange = await olga.post(f"{BOARD}/assign", {"post_ids": [1, 99], "to_user_id": 987654})
    assert set(strange.json()["faults"]) == {"post_ids", "to_user_id"}
    assert "99" in strange.json()["faults"]["post_ids"]
    back = await olga.post(f"{BOARD}/assign", {"post_ids": [1], "to_user_id": None})
    assert back.status_code == 200
    assert len((await bruno.get(f"{BOARD}?assigned_to={bruno.id}")).json()["texts"]) == 2
    for refused in (
        await bruno.post(f"{BOARD}/assign", {"post_ids": [1], "to_user_id": bruno.id}),
        await bruno.post(f"{BOARD}/plans", {"per_week": 1, "starts_on": day()}),
        await bruno.post(f"{BOARD}/scan"),
    ):
        assert refused.status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"per_week": 0}, "per_week"),
        ({"starts_on": "2020-01-01"}, "starts_on"),
        ({"reviewers": [987654]}, "reviewers"),
    ],
)
async def test_a_plan_says_what_is_wrong_with_it(olga, texts, wrong, field):
    refused = await olga.post(f"{BOARD}/plans", {"per_week": 2, "starts_on": day(), **wrong})
    assert (refused.status_code, list(refused.json()["faults"])) == (400, [field])


async def test_two_plans_at_once_share_no_text(newsroom, texts, olga):
    plan = {"per_week": 7, "starts_on": day()}
    answers = await asyncio.gather(*(olga.post(f"{BOARD}/plans", plan) for _ in range(3)))
    made = [one.json()["texts"] for one in answers if one.status_code == 201]
    plans = (await olga.get(f"{BOARD}/plans")).json()["plans"]
    assert sum(one["texts"] for one in plans) == 5
    assert made


async def test_the_scan_keeps_what_the_rules_find_and_goes_through_all(
    cms, texts, olga, monkeypatch
):
    monkeypatch.setattr("plugins.medical_review.aftercare.scanning.BATCH", 2)
    assert {one["findings"] for one in (await olga.get(BOARD)).json()["texts"]} == {None}
    assert (await olga.post(f"{BOARD}/scan")).status_code == 202
    await run_jobs(cms, 6)
    lines = (await olga.get(BOARD)).json()["texts"]
    assert len(lines) == 5
    for one in lines:
        assert one["findings"], "a text without a responsible professional has some"
        assert set(one["findings"]) <= {"blocker", "warning", "note"}


async def test_an_import_never_replaces_a_text_that_was_reviewed_here(newsroom, cms, bring, texts):
    """The publication of a reviewed article outlives every later import of the old site."""
    bruno = await newsroom.reviewer()
    admin = await cms.person("olga.oficial", ["administrator"])
    await admin.post(f"{REVIEWS}/of-post/3/again")
    await newsroom.decide(await newsroom.review_of({"id": 3}, bruno), bruno)
    live = await newsroom.read({"id": 3})
    assert live["medical_approval_status"] == "approved"
    report = await bring(inherited_item(3, content="<p>Outro texto.</p>", **NEW))
    seen = await newsroom.read({"id": 3})
    assert seen["content"] == live["content"]
    assert (seen["inherited"], seen["approval"]) == (None, live["approval"])
    async with cms.as_system() as work:
        notes = [note for line in await lines_of(work, report.run_id) for note in line.notes]
    assert any("review.reviewed_here" in note for note in notes)
    assert (await bruno.get(f"{BOARD}/board")).json()["waiting"] == 4
    # What came is the working text, and goes the way of every text.
    refused = await newsroom.change({"id": 3}, admin, status="publish")
    assert "review.stale" in codes(refused)


async def test_other_tenants_have_a_board_of_their_own(newsroom, cms, texts):
    async with cms.other() as there:
        theirs = await there.person("vera.oficial", ["administrator"])
        assert (await theirs.get(f"{BOARD}/board")).json()["waiting"] == 0
        assert (await theirs.get(BOARD)).json()["texts"] == []
        refused = await theirs.post(f"{BOARD}/assign", {"post_ids": [1], "to_user_id": theirs.id})
        assert refused.status_code == 400
