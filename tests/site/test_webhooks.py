"""Webhooks: told of what readers notice, signed, tried again, given up, and never let inside."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from cms.jobs.worker import build_queue
from cms.settings import Settings
from cms.site import webhook_delivery, webhook_wire
from cms.site.outward_models import WebhookDelivery
from tests.support.queries import counted
from tests.support.subscriber import subscriber

V2, V1 = "/wp-json/wp/v2", "/api/v1"
LOOPBACK = ["127.0.0.0/8"]


@pytest.fixture
def settings(tmp_path):
    told = {"webhook_networks": LOOPBACK, "webhook_seconds": 60}
    return Settings(data_dir=str(tmp_path / "var"), plugins={"core": told})


@pytest.fixture
async def admin(cms):
    return await cms.person("dona.marina", ["administrator"])


async def subscribed(admin, url, *topics):
    body = {"url": url, "topics": list(topics or ["*"])}
    answer = await admin.post(f"{V1}/webhooks", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def run_jobs(cms, times=3):
    """What is due now; a job may put others into the queue."""
    async with build_queue(cms.host).open_async() as queue:
        for _ in range(times):
            await queue.run_worker_async(wait=False, install_signal_handlers=False)


def impatient(cms, monkeypatch, first_attempts):
    """These attempts have no time; the ones after them have as much as they need."""
    send, limits = webhook_wire.send, iter([0.3] * first_attempts)

    async def hurried(*values, seconds, **options):
        return await send(*values, seconds=next(limits, seconds), **options)

    monkeypatch.setattr(webhook_wire, "send", hurried)


async def log(admin, webhook):
    answer = await admin.get(f"{V1}/webhooks/{webhook['id']}/deliveries")
    assert answer.status_code == 200, answer.text
    return answer.json()["deliveries"]


async def test_a_subscriber_is_told_what_readers_notice(cms, admin):
    async with subscriber() as other_end:
        webhook = await subscribed(admin, other_end.url)
        term = (await admin.post(f"{V2}/categories", {"name": "Febre"})).json()["id"]
        post = await cms.draft(admin, title="Segredo", slug="dor", categories=[term])
        item = f"{V2}/posts/{post['id']}"
        await admin.post(item, {"title": "Ainda segredo"})
        await admin.post(item, {"status": "publish"})
        await admin.post(item, {"title": "Dor", "sticky": True})
        await admin.post(item, {"status": "draft"})
        await admin.post(item, {"status": "publish"})
        await admin.delete(item)
        redirect = {"source": "/a", "target": "/b"}
        await admin.post(f"{V1}/redirects", redirect)
        await run_jobs(cms)
        told = {one.message["type"] for one in other_end.heard}
        assert told == {
            "term.created",
            "post.trashed",
            "post.unpublished",
            "redirect.updated",
        }
        assert all(one.is_signed_with(webhook["secret"]) for one in other_end.heard)
        trashed = next(one for one in other_end.heard if "trashed" in one.message["type"])
    assert trashed.path == "/hook?key=a"
    assert trashed.headers["host"] == f"127.0.0.1:{other_end.port}"
    assert trashed.headers["content-type"] == "application/json"
    assert trashed.message["id"] == trashed.headers["webhook-id"]
    assert trashed.message["data"] == {
        "site": "clinica",
        "resource": {
            "id": post["id"],
            "type": "post",
            "rest": f"https://clinica.example{item}",
        },
        "surrogate_keys": f"post:{post['id']} type:post term:{term} author:{admin.id}",
    }
    everything = b"".join(one.body for one in other_end.heard)
    assert b"Segredo" not in everything
    assert b"marina" not in everything.lower()


async def test_publishing_and_editing_are_told_once_each(cms, admin):
    async with subscriber() as other_end:
        await subscribed(admin, other_end.url, "post.*")
        await cms.set_options(front_end_url="https://f.example")
        post = await cms.draft(admin, title="Dor", status="publish")
        await run_jobs(cms)
        await admin.post(f"{V2}/posts/{post['id']}", {"title": "Dor forte", "sticky": True})
        await run_jobs(cms)
        await cms.draft(admin, title="Rascunho")
        await cms.draft(admin, title="Particular", status="private")
        await run_jobs(cms)
        assert [one.message["type"] for one in other_end.heard] == [
            "post.published",
            "post.updated",
        ]
        resource = other_end.heard[0].message["data"]["resource"]
        assert resource["link"] == "https://f.example/dor/"
        assert len({one.headers["webhook-id"] for one in other_end.heard}) == 2


async def test_only_the_topics_that_were_asked_for_are_told(cms, admin):
    async with subscriber() as terms, subscriber() as posts:
        await subscribed(admin, terms.url, "term.created")
        await subscribed(admin, posts.url, "post.published")
        await admin.post(f"{V2}/categories", {"name": "Febre"})
        await cms.draft(admin, status="publish")
        await run_jobs(cms)
        assert [one.message["type"] for one in terms.heard] == ["term.created"]
        assert [one.message["type"] for one in posts.heard] == ["post.published"]
    resource = terms.heard[0].message["data"]["resource"]
    assert resource["link"] == "https://clinica.example/category/febre/"


@pytest.mark.parametrize(
    ("answer", "fault", "status"),
    [
        (500, "http-status", 500),
        (404, "http-status", 404),
        (302, "redirect", 302),
        ("slow", "time-out", None),
        ("cut", "connection-lost", None),
    ],
)
async def test_a_failure_is_logged_and_tried_again_with_the_same_id(
    cms, admin, monkeypatch, answer, fault, status
):
    monkeypatch.setattr(webhook_delivery, "PAUSES", (3600, 3600))
    if answer == "slow":
        impatient(cms, monkeypatch, first_attempts=2)
    async with subscriber(answer, answer, 204) as other_end:
        webhook = await subscribed(admin, other_end.url, "term.*")
        await admin.post(f"{V2}/categories", {"name": "Febre"})
        await run_jobs(cms)
        (first,) = await log(admin, webhook)
        assert first["attempts"] == 1
        assert (first["fault"], first["http_status"]) == (fault, status)
        assert first["state"] == "waiting"
        assert first["next_attempt_at"] is not None
        for attempt in (2, 3):
            async with cms.as_system() as work:
                await webhook_delivery.deliver(work, first["id"], attempt)
        (last,) = await log(admin, webhook)
        assert (last["state"], last["attempts"], last["http_status"]) == ("delivered", 3, 204)
        assert last["finished_at"]
        ids = {one.headers["webhook-id"] for one in other_end.heard}
        assert (len(other_end.heard), ids) == (3, {last["message_id"]})


async def test_an_endless_answer_is_not_read(cms, admin):
    async with subscriber("endless") as other_end:
        webhook = await subscribed(admin, other_end.url, "term.*")
        await admin.post(f"{V2}/categories", {"name": "Febre"})
        await run_jobs(cms)
        assert (await log(admin, webhook))[0]["state"] == "delivered"


async def test_after_the_last_attempt_it_is_given_up_and_can_be_sent_by_hand(
    cms, admin, monkeypatch
):
    monkeypatch.setattr(webhook_delivery, "PAUSES", (0,))
    monkeypatch.setattr(webhook_delivery, "MOST_ATTEMPTS", 2)
    async with subscriber(500, 500, 200) as other_end:
        webhook = await subscribed(admin, other_end.url, "term.*")
        await admin.post(f"{V2}/categories", {"name": "Febre"})
        await run_jobs(cms, times=5)
        (given_up,) = await log(admin, webhook)
        assert (given_up["state"], given_up["attempts"]) == ("failed", 2)
        again = await admin.post(
            f"{V1}/webhooks/{webhook['id']}/deliveries/{given_up['id']}/redeliver"
        )
        assert again.status_code == 202
        await run_jobs(cms)
        (sent,) = await log(admin, webhook)
        assert (sent["state"], sent["attempts"]) == ("delivered", 3)
        assert len({one.headers["webhook-id"] for one in other_end.heard}) == 1
        missing = await admin.post(f"{V1}/webhooks/{webhook['id']}/deliveries/999/redeliver")
        assert missing.status_code == 404


async def test_a_webhook_that_fails_for_days_is_disabled(cms, admin):
    async with subscriber(500) as other_end:
        webhook = await subscribed(admin, other_end.url, "term.*")
        await admin.post(f"{V2}/categories", {"name": "Febre"})
        await run_jobs(cms)
        async with cms.as_system() as work:
            await work.execute(
                update(WebhookDelivery)
                .where(WebhookDelivery.tenant_id == work.tenant_id)
                .values(first_failed_at=work.now - timedelta(days=6))
            )
        await admin.post(f"{V2}/categories", {"name": "Gripe"})
        await run_jobs(cms)
        own = f"{V1}/webhooks/{webhook['id']}"
        seen = (await admin.get(own)).json()
        assert (seen["is_active"], bool(seen["disabled_at"])) == (False, True)
        heard = len(other_end.heard)
        await admin.post(f"{V2}/categories", {"name": "Tosse"})
        await run_jobs(cms)
        assert len(other_end.heard) == heard
        assert (await admin.post(f"{own}/ping")).status_code == 409
        again = await cms.http.patch(own, json={"is_active": True}, headers=admin.bearer)
        assert again.json()["disabled_at"] is None


async def test_one_that_is_gone_is_disabled_at_once(cms, admin):
    async with subscriber(410) as other_end:
        webhook = await subscribed(admin, other_end.url, "term.*")
        await admin.post(f"{V2}/categories", {"name": "Febre"})
        await run_jobs(cms)
        assert not (await admin.get(f"{V1}/webhooks/{webhook['id']}")).json()["is_active"]
        assert (await log(admin, webhook))[0]["state"] == "failed"


async def test_a_job_that_runs_twice_sends_one_message(cms, admin):
    async with subscriber() as other_end:
        webhook = await subscribed(admin, other_end.url, "term.*")
        await admin.post(f"{V2}/categories", {"name": "Febre"})
        await run_jobs(cms)
        (delivery,) = await log(admin, webhook)
        async with cms.as_system() as work:
            await webhook_delivery.deliver(work, delivery["id"], 1)
            await webhook_delivery.deliver(work, delivery["id"], 2)
        assert len(other_end.heard) == 1


async def test_it_is_tested_by_a_ping_and_its_secret_renewed(cms, admin):
    async with subscriber() as other_end:
        webhook = await subscribed(admin, other_end.url, "comment.*")
        own = f"{V1}/webhooks/{webhook['id']}"
        assert webhook["secret"].startswith("whsec_")
        assert "secret" not in (await admin.get(own)).json()
        assert "secret" not in (await admin.get(f"{V1}/webhooks")).json()["webhooks"][0]
        assert (await admin.post(f"{own}/ping")).status_code == 201
        await run_jobs(cms)
        renewed = (await admin.post(f"{own}/secret")).json()["secret"]
        await admin.post(f"{own}/ping")
        await run_jobs(cms)
        old, new = other_end.heard
        assert old.message["type"] == "webhook.ping"
        assert old.is_signed_with(webhook["secret"])
        assert not old.is_signed_with(renewed)
        assert new.is_signed_with(renewed)
        assert not new.is_signed_with(webhook["secret"])


async def test_a_site_without_webhooks_pays_nothing(cms, admin):
    async def cost(name):
        await admin.get(f"{V1}/webhooks")  # the options of the site are read again after a change
        with counted(cms.host) as statements:
            await admin.post(f"{V2}/categories", {"name": name})
        return len(statements)

    await cost("Zero")  # the key of what is sealed in the trail is asked for once a minute
    before = await cost("Um")
    webhook = await subscribed(admin, "https://x.example/", "post.*")
    assert await cost("Dois") == before + 1
    await admin.delete(f"{V1}/webhooks/{webhook['id']}")
    assert await cost("Tres") == before


BAD = [
    ("ftp://x.example/", ["*"], {"url"}),
    ("https://", ["*"], {"url"}),
    ("https://u:p@x.example/", ["*"], {"url"}),
    ("https://x.example/#a", ["*"], {"url"}),
    ("https://x.example:99999/", ["*"], {"url"}),
    ("https://x.example/ a", ["*"], {"url"}),
    ("https://10.0.0.1/", ["*"], {"url"}),
    ("https://169.254.169.254/latest", ["*"], {"url"}),
    ("https://[::ffff:10.0.0.1]/", ["*"], {"url"}),
    ("https://[64:ff9b::a00:1]/", ["*"], {"url"}),
    ("https://x.example/" + "a" * 2000, ["*"], {"url"}),
    ("https://x.example/", [], {"topics"}),
    ("https://x.example/", ["posts"], {"topics"}),
    ("https://x.example/", ["user.created"], {"topics"}),
    ("x", ["y"], {"url", "topics"}),
]


async def test_a_bad_subscription_is_refused_with_every_fault(admin):
    for url, topics, fields in BAD:
        answer = await admin.post(f"{V1}/webhooks", {"url": url, "topics": topics})
        assert (answer.status_code, set(answer.json()["faults"])) == (400, fields), (url, topics)


async def test_only_administrators_see_and_change_webhooks(cms, admin):
    webhook = await subscribed(admin, "https://x.example/")
    own = f"{V1}/webhooks/{webhook['id']}"
    editor = await cms.person("ed", ["editor"])
    for who, status in ((cms.http, 401), (editor, 403)):
        for path in (f"{V1}/webhooks", own, f"{own}/deliveries"):
            assert (await who.get(path)).status_code == status
        for path in (f"{own}/ping", f"{own}/secret", f"{own}/deliveries/1/redeliver"):
            assert (await who.post(path)).status_code == status
        body = {"url": "https://y.example/", "topics": ["*"]}
        assert (await who.post(f"{V1}/webhooks", json=body)).status_code == status
        assert (await who.delete(own)).status_code == status
    async with cms.other() as other:
        theirs = await other.person("chefe", ["administrator"])
        assert (await theirs.get(f"{V1}/webhooks")).json() == {"webhooks": []}
        for path in (own, f"{own}/deliveries"):
            assert (await theirs.get(path)).status_code == 404
        assert (await theirs.post(f"{own}/ping")).status_code == 404
        assert (await theirs.delete(own)).status_code == 404


async def test_what_happens_on_one_site_is_not_told_to_another(cms, admin):
    async with subscriber() as other_end, cms.other() as other:
        theirs = await other.person("chefe", ["administrator"])
        await subscribed(theirs, other_end.url)
        await admin.post(f"{V2}/categories", {"name": "Febre"})
        await run_jobs(cms)
        assert [one.message["data"]["site"] for one in other_end.heard] == ["outra"] * len(
            other_end.heard
        )
        assert "term.created" not in {one.message["type"] for one in other_end.heard}


async def test_there_are_not_too_many(admin):
    for number in range(20):
        await subscribed(admin, f"https://x.example/{number}")
    body = {"url": "https://x.example/", "topics": ["*"]}
    assert (await admin.post(f"{V1}/webhooks", body)).status_code == 409


async def test_the_log_is_pruned(cms, admin):
    async with subscriber() as other_end:
        webhook = await subscribed(admin, other_end.url, "term.*")
        await admin.post(f"{V2}/categories", {"name": "Febre"})
        await run_jobs(cms)
        async with cms.as_system() as work:
            work.now += timedelta(days=29)
            await webhook_delivery.prune(work)
        assert len(await log(admin, webhook)) == 1
        async with cms.as_system() as work:
            work.now += timedelta(days=31)
            await webhook_delivery.prune(work)
        assert await log(admin, webhook) == []


def test_pauses_grow_and_differ():
    assert list(webhook_delivery.PAUSES) == sorted(webhook_delivery.PAUSES)
    assert 4 <= webhook_delivery.pause_after(1).total_seconds() <= 6
    assert len({webhook_delivery.pause_after(9) for _ in range(10)}) > 1
