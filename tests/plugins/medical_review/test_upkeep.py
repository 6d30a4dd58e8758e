"""Pain of peers: a yearly duty to review lives in custom flags and mails, and the dates on a page
do not mean that anybody reviewed it. Here the next review is a fact of the text, and it has
consequences."""

import asyncio
from datetime import date, timedelta

import pytest
from psycopg import AsyncConnection

from plugins.medical_review.aftercare import rules as aftercare_rules
from plugins.medical_review.aftercare.duties import (
    LOOK_AT_ONE,
    look_after,
    look_after_one,
    take_stock,
)
from plugins.medical_review.aftercare.risks import Kind, Level
from plugins.medical_review.aftercare.rules import DEFAULTS, Rules, later_by
from plugins.medical_review.aftercare.steps import due_step
from tests.plugins.medical_review.aftercare import day, days_pass, run_jobs, told
from tests.plugins.medical_review.conftest import ARTICLES, REVIEWS, codes

YEAR = 365


@pytest.fixture
async def people(newsroom):
    return await newsroom.physician(), await newsroom.reviewer()


@pytest.fixture
async def olga(cms):
    return await cms.person("olga.oficial", ["administrator"])


@pytest.fixture
def look(cms):
    """The periodic job, and the jobs that it queues."""

    async def run():
        async with cms.as_system() as work:
            await look_after(work)
        await run_jobs(cms)

    return run


async def set_rules(olga, **rules):
    async with olga.work() as work:
        await aftercare_rules.set_rules(work, Rules(**rules))


async def test_readers_see_when_a_text_was_reviewed_and_will_be_again(newsroom, people):
    ana, bruno = people
    post = await newsroom.published(ana, bruno)
    seen = await newsroom.read(post)
    assert (seen["last_reviewed"], seen["next_review"]) == (day(), later(12))
    assert seen["review_notice"] is None
    [version] = seen["versions"]
    assert version["content_hash"] == seen["approval"]["content_hash"]
    assert (version["is_current"], version["inherited"]) == (True, False)


def later(months):
    return later_by(date.fromisoformat(day()), months).isoformat()


@pytest.mark.parametrize(
    ("fields", "months"),
    [
        ({"target_audience": "professionals"}, 24),
        ({"target_audience": "general"}, 12),
        ({"content": "<p>Tome 500 mg de hora em hora.</p>"}, 6),
        (
            {"content": "<p>Em gestantes 5 mg/kg.</p>", "target_audience": "professionals"},
            12,
        ),
    ],
)
async def test_type_audience_and_risk_say_how_long_it_counts(newsroom, people, fields, months):
    post = await newsroom.published(*people, **fields)
    assert (await newsroom.read(post))["next_review"] == later(months)


async def test_each_publication_is_a_version_with_its_day(newsroom, people):
    ana, bruno = people
    post = await newsroom.published(ana, bruno)
    await newsroom.edit(post, ana, title="Dor nova")
    before = await newsroom.read(post)
    assert len(before["versions"]) == 1, "a working text is none"
    await newsroom.approve(post, ana, bruno)
    await newsroom.edit(post, ana, status="publish")
    versions = (await newsroom.read(post))["versions"]
    assert [one["is_current"] for one in versions] == [False, True]
    assert versions[0]["content_hash"] == before["versions"][0]["content_hash"]


async def test_what_was_taken_away_is_said_to_be_nowhere_published(newsroom, people):
    """Others still call a text published in their lists after it was taken away."""
    ana, bruno = people
    post = await newsroom.published(ana, bruno)
    gone = await newsroom.edit(post, ana, status="draft")
    assert [one["is_current"] for one in gone["versions"]] == [False]
    assert (gone["next_review"], gone["status"]) == (None, "draft")
    assert (await bruno.get(f"{REVIEWS}/due?within_days=400")).json()["texts"] == []


async def test_texts_from_before_get_their_next_review_by_a_job(newsroom, cms, people):
    post = await newsroom.published(*people)
    async with await AsyncConnection.connect(cms.host.addresses.owner) as owner:
        await owner.execute("select set_config('app.tenant_id', %s, true)", [str(cms.tenant.id)])
        await owner.execute("delete from medical_review.upkeep")
    assert (await newsroom.read(post))["next_review"] is None
    async with cms.as_system() as work:
        await take_stock(work)
    await run_jobs(cms)
    assert (await newsroom.read(post))["next_review"] == later(12)


async def test_reminders_come_once_each_and_then_it_is_overdue(newsroom, cms, people, look):
    post = await newsroom.published(*people)
    for days in (YEAR - 91, 1, 1, 60, 23, 4):
        await days_pass(cms, days)
        await look()
        await look()
    steps = [tag for tag in await told(cms, post["id"]) if "upkeep" in tag]
    assert steps == ["review:upkeep:remind"] * 3
    assert (await newsroom.read(post))["review_notice"] is None
    await days_pass(cms, 2)
    await look()
    notice = (await newsroom.read(post))["review_notice"]
    assert notice["kinds"] == ["overdue"]
    assert "está atrasada" in notice["html"]
    assert notice["html"].startswith('<aside class="review-notice" role="note" lang="pt-BR">')
    await days_pass(cms, 15)
    await look()
    steps = [tag for tag in await told(cms, post["id"]) if "upkeep" in tag]
    assert steps[3:] == ["review:upkeep:overdue", "review:upkeep:escalate"]
    review = await newsroom.review_of(post, people[0])
    assert review["state"] == "open", "it stands in the queue of reviewers"


async def test_those_whose_text_it_is_and_in_the_end_who_oversees_are_told(
    newsroom, cms, people, look, olga
):
    await newsroom.published(*people)
    await days_pass(cms, YEAR - 30)
    await look()
    await days_pass(cms, 31)
    await look()
    await days_pass(cms, 14)
    await look()
    for person, kinds in (
        (people[0], ["escalated", "reopened", "due_soon"]),
        (people[1], ["escalated", "reopened", "due_soon"]),
        (olga, ["escalated"]),
    ):
        told_of = (await person.get("/api/v1/notices")).json()["notices"]
        mine = [one["kind"].partition(".")[2] for one in told_of]
        upkeep = {"due_soon", "reopened", "escalated"}
        assert sorted(kind for kind in mine if kind in upkeep) == sorted(kinds)


async def test_after_a_long_silence_of_the_worker_nobody_gets_three_reminders(
    newsroom, cms, people, look
):
    post = await newsroom.published(*people)
    await days_pass(cms, YEAR - 5)
    await look()
    steps = [tag for tag in await told(cms, post["id"]) if "upkeep" in tag]
    assert steps == ["review:upkeep:remind"]


async def test_the_same_text_approved_again_counts_again(newsroom, cms, people, look):
    ana, bruno = people
    post = await newsroom.published(ana, bruno)
    await days_pass(cms, YEAR + 1)
    await look()
    decided = await newsroom.decide(await newsroom.review_of(post, ana), bruno)
    assert decided.status_code == 200, decided.text
    seen = await newsroom.read(post)
    assert (seen["last_reviewed"], seen["next_review"]) == (day(), later(12))
    assert seen["review_notice"] is None
    assert len(seen["versions"]) == 1, "nothing was published anew"
    assert (await bruno.get(f"{REVIEWS}/reopened")).json()["texts"] == []


async def test_overdue_can_take_a_text_from_readers_and_never_silently(
    newsroom, cms, people, look, olga
):
    ana, bruno = people
    post = await newsroom.published(ana, bruno)
    await set_rules(olga, when_overdue="unpublish")
    await days_pass(cms, YEAR + 1)
    await look()
    assert (await cms.http.get(f"{ARTICLES}/{post['id']}")).status_code == 401
    assert "review:upkeep:overdue" in await told(cms, post["id"])
    assert "review.reopened" in codes(await newsroom.change(post, ana, status="publish"))
    assert (await newsroom.decide(await newsroom.review_of(post, ana), bruno)).status_code == 200
    back = await newsroom.edit(post, ana, status="publish")
    assert (back["status"], back["next_review"]) == ("publish", later(12))


async def test_an_approval_that_waited_too_long_publishes_nothing(newsroom, cms, people):
    ana, bruno = people
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    await days_pass(cms, YEAR + 2)
    assert codes(await newsroom.change(post, ana, status="publish")) == ["review.expired"]


async def test_a_reviewer_moves_the_date_and_says_why(newsroom, cms, people):
    ana, bruno = people
    post = await newsroom.published(ana, bruno)
    address = f"{REVIEWS}/of-post/{post['id']}/due"
    wanted = {"due_on": day(30), "reason": "A diretriz muda no mês que vem."}
    assert (await put(ana, address, wanted)).status_code == 403
    moved = await put(bruno, address, wanted)
    assert (moved.status_code, moved.json()["next_review"]) == (200, day(30)), moved.text
    assert moved.json()["reason"] == wanted["reason"]
    assert (await newsroom.read(post))["next_review"] == day(30)
    for wrong in ({"due_on": day(-1)}, {"due_on": day(365 * 11)}, {"reason": "  "}):
        refused = await put(bruno, address, {**wanted, **wrong})
        assert (refused.status_code, list(refused.json()["faults"])) == (400, list(wrong))
    # Taken away and brought back by the same approval, it keeps the day.
    await newsroom.edit(post, ana, status="draft")
    assert (await ana.get(address)).json() is None
    assert (await newsroom.edit(post, ana, status="publish"))["next_review"] == day(30)


async def put(person, path, json):
    return await person.clinic.http.put(path, json=json, headers=person.bearer)


async def test_what_is_due_is_not_moved_away(newsroom, cms, people):
    ana, bruno = people
    post = await newsroom.published(ana, bruno)
    await days_pass(cms, YEAR)
    wanted = {"due_on": day(90), "reason": "Sem tempo."}
    refused = await put(bruno, f"{REVIEWS}/of-post/{post['id']}/due", wanted)
    assert (refused.status_code, refused.json()["post"]) == (409, post["id"])


async def test_the_list_of_what_is_due_goes_on_where_it_ended(newsroom, cms, people, statements):
    ana, bruno = people
    posts = [await newsroom.published(ana, bruno, title=f"Dor {i}") for i in range(3)]
    await days_pass(cms, YEAR + 1)
    fresh = await newsroom.published(ana, bruno, title="Nova")
    statements.clear()
    page = (await bruno.get(f"{REVIEWS}/due?limit=2")).json()
    assert sum("medical_review" in one for one in statements) == 1
    rest = (await bruno.get(f"{REVIEWS}/due?limit=2&after={page['next']}")).json()
    found = [*page["texts"], *rest["texts"]]
    assert [one["post_id"] for one in found] == sorted(one["id"] for one in posts)
    assert {one["is_overdue"] for one in found} == {True}
    assert rest["next"] is None
    year = (await bruno.get(f"{REVIEWS}/due?within_days=400")).json()["texts"]
    assert [one["post_id"] for one in year][-1] == fresh["id"]
    assert (await bruno.get(f"{REVIEWS}/due?after=x")).status_code == 400
    assert (await ana.get(f"{REVIEWS}/due")).status_code == 403
    assert (await cms.http.get(f"{REVIEWS}/due")).status_code == 401


async def test_a_job_that_is_stopped_in_the_middle_has_done_nothing_and_runs_again(
    newsroom, cms, people, look, monkeypatch
):
    post = await newsroom.published(*people)
    await days_pass(cms, YEAR + 1)

    class Stopped(Exception): ...

    async def stop(*_):
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr("plugins.medical_review.aftercare.duties.reopen", stop)
        with pytest.raises(Stopped):
            async with cms.as_system() as work:
                await look_after_one(work, post["id"])
    assert (await newsroom.read(post))["review_notice"] is None
    await look()
    assert (await newsroom.read(post))["review_notice"]["kinds"] == ["overdue"]


async def test_two_workers_take_one_step(newsroom, cms, people):
    post = await newsroom.published(*people)
    await days_pass(cms, YEAR + 1)

    async def one():
        async with cms.as_system() as work:
            await look_after_one(work, post["id"])

    await asyncio.gather(one(), one(), one())
    steps = [tag for tag in await told(cms, post["id"]) if "overdue" in tag]
    assert steps == ["review:upkeep:overdue"]


async def test_texts_of_other_days_and_other_tenants_are_left_alone(newsroom, cms, people):
    await newsroom.published(*people)
    async with cms.other() as there, there.as_system() as work:
        await look_after(work)
    queued = "select count(*) from jobs.procrastinate_jobs where task_name = %s"
    assert await count(cms, queued, f"cms:{LOOK_AT_ONE}") == 0


async def count(cms, query, *values):
    async with await AsyncConnection.connect(cms.host.addresses.worker) as connection:
        row = await (await connection.execute(query, values)).fetchone()
    return row[0]


def test_being_overdue_is_never_skipped():
    due = date(2026, 3, 1)
    months_later = due + timedelta(days=200)
    assert due_step(DEFAULTS, due, None, months_later) == 0
    assert due_step(DEFAULTS, due, 0, months_later) == 14
    assert due_step(DEFAULTS, due, 14, months_later) is None


def test_the_first_rule_that_fits_counts():
    kind = Kind("medical_article", "patients", Level.HIGH)
    assert DEFAULTS.months_for(kind) == 6
    assert later_by(date(2026, 8, 31), 6) == date(2027, 2, 28)


async def test_rules_are_the_officers_and_say_every_fault(newsroom, cms, people, olga):
    _, bruno = people
    address = f"{REVIEWS}/aftercare/rules"
    default = (await bruno.get(address)).json()
    assert (default["months"], default["when_overdue"]) == (12, "notice")
    assert (await put(bruno, address, default)).status_code == 403
    wrong = {
        **default,
        "months": 0,
        "grace_days": -1,
        "intervals": [{"months": 3, "audience": "x"}],
    }
    refused = await put(olga, address, wrong)
    assert set(refused.json()["faults"]) == {"months", "grace_days", "intervals[0].audience"}
    kept = await put(olga, address, {**default, "months": 3})
    assert kept.status_code == 200, kept.text
    assert (await bruno.get(address)).json()["months"] == 3
