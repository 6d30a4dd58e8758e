"""Health, plugins, jobs and failures on screens."""

from sqlalchemy import insert, text

from cms.jobs.queue import enqueue
from cms.jobs.worker import build_queue
from cms.notices.models import Notice
from tests.identity.test_proofs import as_owner
from tests.support.visiting import Visitor

JOBS, FAILURES = "/admin/system/jobs", "/admin/system/failures"


async def a_failed_job(cms):
    """A job of the clinic that nothing can do: it asks for a type of event that is not there."""
    async with cms.as_system() as work:
        await enqueue(work, "hook", {"hook": "nowhere", "event": "Nothing"})
    as_owner(cms, "update jobs.procrastinate_jobs set attempts = 100 where task_name = 'cms:hook'")
    async with build_queue(cms.host).open_async() as queue:
        await queue.run_worker_async(wait=False, queues=["cms"], install_signal_handlers=False)


async def test_health_names_every_check_and_what_to_do(visitor):
    admin = await visitor("marina", roles=["administrator"])
    seen = await admin.get("/admin/system/health")
    assert seen.status == 200, seen.words
    for name in ("migrations", "database login", "mail server", "keys of clinica", "worker"):
        assert name in seen.words.lower()
    assert "set CMS_SMTP_URL" in seen.words
    assert (await (await visitor("ana")).get("/admin/system/health")).status == 403


async def test_plugins_show_numbers_and_never_texts_of_settings(visitor):
    admin = await visitor("marina", roles=["administrator"])
    seen = await admin.get("/admin/system/plugins")
    assert seen.status == 200, seen.words
    assert "medical_review" in seen.words
    assert "set (not shown)" in seen.words or "empty" in seen.words
    assert (await (await visitor("ana")).get("/admin/system/plugins")).status == 403


async def test_a_failed_job_is_seen_with_its_reason_and_run_again(visitor, cms):
    await a_failed_job(cms)
    admin = await visitor("marina", roles=["administrator"])
    seen = await admin.get(JOBS)
    assert "hook" in seen.words, seen.words
    assert "KeyError" in seen.words
    assert "1 job has failed" in (await admin.get(FAILURES)).words
    [action] = [form.attributes["action"] for form in seen.tree.css("table form")]
    assert (await admin.send(action)).location == JOBS
    assert "No job is in this state" in (await admin.get(JOBS)).words
    assert "hook" in (await admin.get(f"{JOBS}?only=todo")).words
    assert (await admin.send(action)).status == 409


async def test_jobs_of_others_are_neither_seen_nor_run(visitor, cms):
    await a_failed_job(cms)
    admin = await visitor("marina", roles=["administrator"])
    [action] = [
        form.attributes["action"] for form in (await admin.get(JOBS)).tree.css("table form")
    ]
    async with cms.other() as other:
        stranger = await Visitor.of(other, await other.person("outra", ["administrator"]))
        assert "No job is in this state" in (await stranger.get(JOBS)).words
        assert (await stranger.send(action)).status == 409
        await stranger.http.aclose()
    ana = await visitor("ana")
    assert (await ana.get(JOBS)).status == 403
    assert (await ana.send(action)).status == 403
    async with cms.host.shop.work(None) as work:
        # Without a tenant there is nothing to see at all.
        assert await work.all(text("select * from jobs.listed('failed', null, 50)")) == []


async def test_a_letter_that_was_given_up_is_tried_again(visitor, cms):
    ana = await cms.person("ana")
    async with cms.as_system() as work:
        values = {
            "id": await work.next_id("notice"),
            "user_id": ana.id,
            "kind": "review.sent_back",
            "about": "post",
            "about_id": 1,
            "facts": {},
            "is_urgent": False,
            "is_listed": True,
            "created_at": work.now,
            "mail": "refused",
            "mail_at": work.now,
        }
        await work.execute(insert(Notice).values(tenant_id=work.tenant_id, **values))
    admin = await visitor("marina", roles=["administrator"])
    seen = await admin.get(FAILURES)
    assert "refused for good" in seen.words
    [action] = [form.attributes["action"] for form in seen.tree.css("table form")]
    assert (await admin.send(action)).location == FAILURES
    async with cms.as_system() as work:
        assert (await work.one("select mail from cms.notices")).mail == "waiting"
    assert (await admin.send(action)).status == 409


async def test_a_refused_publication_says_why_and_is_tried_again(visitor, cms):
    ana = await cms.person("ana")
    post = await cms.draft(ana, status="future", date="2999-01-01T10:00:00")
    as_owner(
        cms,
        "update cms.post_schedules set refused_at = now(), objections = "
        """'[{"code": "x", "message": "Falta algo.", "remedy": "Complete."}]'""",
    )
    admin = await visitor("marina", roles=["administrator"])
    seen = await admin.get(FAILURES)
    assert "Falta algo. Complete." in seen.words
    action = f"{FAILURES}/publications/{post['id']}"
    assert (await admin.send(action)).location == FAILURES
    assert "Falta algo." not in (await admin.get(FAILURES)).words
    assert (await admin.send(action)).status == 409
    assert (await (await visitor("bia")).send(action)).status == 403
