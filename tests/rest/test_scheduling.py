"""Posts that are published when their time comes, once, and by the rules of that day."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from cms.content import due
from cms.content.events import PublicationRefused, Transition
from cms.jobs.worker import build_queue
from cms.kernel.objections import Objection

V2 = "/wp-json/wp/v2"
DAY = timedelta(days=1)


def at(delta):
    return (datetime.now(UTC) + delta).replace(microsecond=0).isoformat()


@pytest.fixture
async def ana(cms):
    return await cms.person("ana.autora")


async def planned(cms, person, **more):
    fields = {"title": "Campanha", "status": "future", "date": at(DAY), **more}
    made = await cms.draft(person, **fields)
    assert made["status"] == "future", made
    return made


async def time_comes(cms, post_id, *, reminders=1):
    """The date is now past, and the worker is reminded of it."""
    async with cms.as_system() as work:
        await work.execute(
            text("update cms.posts set date_gmt = now() - interval '1 minute' where id = :id"),
            {"id": post_id},
        )
        work._covered.add("cms.posts")
    for _ in range(reminders):
        async with cms.as_system() as work:
            await due.publish_due(work, post_id)


def told(cms, kind):
    seen = []

    async def listen(work, event):
        seen.append((work.actor, event))

    cms.host.registry.hooks.observe(kind, listen)
    return seen


async def test_publishing_ahead_of_its_date_schedules(cms, ana):
    made = await planned(cms, ana, status="publish")
    assert made["slug"] == "campanha"
    assert made["link"] == f"http://clinica.example/?p={made['id']}"
    path = f"{V2}/posts/{made['id']}"
    assert (await cms.http.get(path)).status_code == 401
    other = await cms.person("bia.autora")
    refused = await other.get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "rest_forbidden")
    assert (await cms.http.get(f"{V2}/posts")).json() == []
    [listed] = (await ana.get(f"{V2}/posts?status=future&context=edit")).json()
    plan = listed["cms_schedule"]
    assert plan["planned_by"] == ana.id
    assert (plan["publish_at_gmt"], plan["refused_at_gmt"]) == (made["date_gmt"], None)
    assert "cms_schedule" not in (await ana.get(path)).json()


async def test_a_contributor_schedules_nothing(cms):
    caio = await cms.person("caio", ["contributor"])
    for status in ("future", "publish"):
        refused = await caio.post(f"{V2}/posts", {"title": "x", "status": status, "date": at(DAY)})
        assert (refused.status_code, refused.json()["code"]) == (403, "rest_cannot_publish")


async def test_its_time_publishes_it_once_as_whoever_planned_it(cms, ana):
    made = await planned(cms, ana)
    moves = told(cms, Transition)
    await time_comes(cms, made["id"], reminders=3)
    [(actor, move)] = moves
    assert (actor.user_id, move.to_status) == (ana.id, "publish")
    shown = (await cms.http.get(f"{V2}/posts/{made['id']}")).json()
    assert (shown["status"], shown["link"]) == ("publish", "http://clinica.example/campanha/")
    async with cms.as_system() as work:
        assert await work.all("select * from cms.post_schedules") == []


async def test_the_worker_finds_it_in_its_queue(cms, ana):
    made = await planned(cms, ana)
    async with build_queue(cms.host).open_async() as queue:
        await queue.run_worker_async(wait=False, install_signal_handlers=False)
        assert (await cms.http.get(f"{V2}/posts/{made['id']}")).status_code == 401
        waiting = await queue.connector.execute_query_one_async(
            "select count(*) as jobs, min(scheduled_at) as at from procrastinate_jobs "
            "where task_name = 'cms:publish_due' and status = 'todo'"
        )
        assert waiting["jobs"] == 1
        assert f"{waiting['at'].astimezone(UTC):%Y-%m-%dT%H:%M:%S}" == made["date_gmt"]
        # A minute before, as if it had come: clocks may differ by so much.
        await ana.post(f"{V2}/posts/{made['id']}", {"date_gmt": at(timedelta(minutes=2))})
        await queue.connector.execute_query_async(
            "update procrastinate_jobs set scheduled_at = now() where scheduled_at is not null"
        )
        async with cms.as_system() as work:
            await work.execute("update cms.posts set date_gmt = now()")
            work._covered.add("cms.posts")
        await queue.run_worker_async(wait=False, install_signal_handlers=False)
    assert (await cms.http.get(f"{V2}/posts/{made['id']}")).json()["status"] == "publish"


async def test_a_reminder_that_comes_early_changes_nothing(cms, ana):
    made = await planned(cms, ana)
    async with cms.as_system() as work:
        await due.publish_due(work, made["id"])
    assert (await ana.get(f"{V2}/posts/{made['id']}")).json()["status"] == "future"


async def test_a_lost_reminder_is_made_up_for(cms, ana):
    made = await planned(cms, ana)
    async with cms.as_system() as work:
        await work.execute("update cms.post_schedules set publish_at = now() - interval '1 hour'")
        await work.execute("update cms.posts set date_gmt = now() - interval '1 hour'")
        work._covered |= {"cms.posts", "cms.post_schedules"}
    async with cms.as_system() as work:
        await due.publish_missed(work)
    async with build_queue(cms.host).open_async() as queue:
        await queue.run_worker_async(wait=False, install_signal_handlers=False)
    assert (await cms.http.get(f"{V2}/posts/{made['id']}")).status_code == 200


async def test_what_guards_refuse_then_stays_and_says_why(cms, ana):
    made = await planned(cms, ana)

    async def closed(work, move):
        if move.publishes:
            yield Objection("hours.closed", "Nobody publishes at night.", "Come back by day.")

    cms.host.registry.hooks.guard(Transition, closed)
    refusals = told(cms, PublicationRefused)
    await time_comes(cms, made["id"], reminders=2)
    [(_, refused)] = refusals
    assert (refused.post_id, refused.after) == (made["id"], {"reasons": ["hours.closed"]})
    kept = (await ana.get(f"{V2}/posts/{made['id']}?context=edit")).json()
    assert kept["status"] == "future"
    assert kept["cms_schedule"]["refused_at_gmt"] is not None
    assert kept["cms_schedule"]["objections"] == [
        {
            "code": "hours.closed",
            "message": "Nobody publishes at night.",
            "remedy": "Come back by day.",
        }
    ]
    # Its text can be mended without being published by that.
    mended = await ana.post(f"{V2}/posts/{made['id']}", {"title": "Campanha nova"})
    assert (mended.status_code, mended.json()["status"]) == (200, "future")


async def test_whoever_lost_the_right_publishes_no_more(cms, ana):
    made = await planned(cms, ana)
    async with cms.as_system() as work:
        await work.execute("delete from cms.user_roles")
        work._covered.add("cms.user_roles")
    await time_comes(cms, made["id"])
    editor = await cms.person("ed.editor", ["editor"])
    kept = (await editor.get(f"{V2}/posts/{made['id']}?context=edit")).json()
    [objection] = kept["cms_schedule"]["objections"]
    assert (kept["status"], objection["code"]) == ("future", "capability-missing")
    # Somebody who may takes it up.
    live = await editor.post(f"{V2}/posts/{made['id']}", {"status": "publish"})
    assert live.json()["status"] == "publish"


async def test_a_date_that_is_set_back_publishes_at_once(cms, ana):
    made = await planned(cms, ana)
    live = await ana.post(f"{V2}/posts/{made['id']}", {"date": "2024-03-01T09:30:00"})
    assert (live.json()["status"], live.json()["date"]) == ("publish", "2024-03-01T09:30:00")
    again = await planned(cms, ana, title="Outra")
    undated = await ana.post(f"{V2}/posts/{again['id']}", {"date": None})
    assert undated.json()["status"] == "publish"


async def test_a_date_that_is_set_ahead_takes_a_post_from_its_readers(cms, ana):
    live = await cms.draft(ana, title="Hoje", status="publish")
    path = f"{V2}/posts/{live['id']}"
    later = await ana.post(path, {"date_gmt": at(DAY)})
    assert later.json()["status"] == "future"
    assert (await cms.http.get(path)).status_code == 401
    moved = await ana.post(path, {"date_gmt": at(2 * DAY)})
    assert moved.json()["cms_schedule"]["publish_at_gmt"] == moved.json()["date_gmt"]
    back = await ana.post(path, {"status": "draft"})
    assert back.json()["status"] == "draft"
    assert "cms_schedule" not in back.json()
    await time_comes(cms, live["id"])
    assert (await ana.get(path)).json()["status"] == "draft"


async def test_a_status_without_a_time_ahead_publishes(cms, ana):
    for date in ({}, {"date": "2024-03-01T09:30:00"}, {"date_gmt": at(timedelta(seconds=20))}):
        made = await cms.draft(ana, status="future", **date)
        assert made["status"] == "publish"
    private = await cms.draft(ana, status="draft", date=at(DAY))
    assert private["status"] == "draft"


async def test_the_bin_forgets_the_plan(cms, ana):
    made = await planned(cms, ana)
    binned = (await ana.delete(f"{V2}/posts/{made['id']}")).json()
    assert (binned["status"], binned["slug"]) == ("trash", "campanha__trashed")
    await time_comes(cms, made["id"])
    assert (await ana.get(f"{V2}/posts/{made['id']}")).json()["status"] == "trash"


async def test_two_workers_publish_it_once(cms, ana):
    made = await planned(cms, ana)
    moves = told(cms, Transition)
    await time_comes(cms, made["id"], reminders=0)

    async def reminded():
        async with cms.as_system() as work:
            await due.publish_due(work, made["id"])

    await asyncio.gather(*(reminded() for _ in range(4)))
    assert [move.to_status for _, move in moves] == ["publish"]
