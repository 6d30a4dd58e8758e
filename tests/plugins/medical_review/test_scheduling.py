"""An approved article that waits for its day is judged by the rules of that day."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.content import due
from plugins.medical_review.publishing.alerts import nothing_is_overdue, tell_of_missed
from tests.plugins.medical_review.conftest import ARTICLES

LATER = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0).isoformat()


@pytest.fixture
async def scheduled(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    article = await newsroom.article(ana)
    await newsroom.approve(article, ana, bruno)
    planned = await newsroom.edit(article, ana, status="publish", date_gmt=LATER)
    assert planned["status"] == "future"
    return article


async def days_pass(cms, post_id):
    """Everything about the plan is three days older, and so its time has come."""
    async with cms.as_system() as work:
        await work.execute("update cms.posts set date_gmt = now()")
        await work.execute(
            "update cms.post_schedules set planned_at = planned_at - interval '3 days', "
            "authenticated_at = authenticated_at - interval '3 days'"
        )
        work._covered |= {"cms.posts", "cms.post_schedules"}
    async with cms.as_system() as work:
        await due.publish_due(work, post_id)


async def notices(person):
    return (await person.get("/api/v1/notices")).json()["notices"]


async def test_the_sign_in_of_the_day_it_was_planned_counts(cms, newsroom, scheduled):
    await days_pass(cms, scheduled["id"])
    assert (await newsroom.read(scheduled))["status"] == "publish"


async def test_a_text_that_changed_since_is_not_published(cms, newsroom, scheduled):
    ana = await cms.person("ana.medica")
    await newsroom.edit(scheduled, ana, title="Outra dose")
    await days_pass(cms, scheduled["id"])
    kept = await newsroom.read(scheduled, by=ana)
    assert kept["status"] == "future"
    codes = [one["code"] for one in kept["cms_schedule"]["objections"]]
    assert codes == ["review.stale"]


async def test_a_text_that_waits_says_when_it_goes_live(cms, newsroom, scheduled):
    """A date was set and the item stayed a draft, its button said "publish": here words say it."""
    ana = await cms.person("ana.medica")
    seen = (await newsroom.read(scheduled, by=ana))["publication"]
    assert (seen["state"], seen["goes_live_at"]) == ("scheduled", LATER.replace("+00:00", "Z"))
    assert seen["text"].startswith("Aprovado; vai ao ar em ")
    await newsroom.edit(scheduled, ana, title="Outra dose")
    seen = (await newsroom.read(scheduled, by=ana))["publication"]
    assert seen["state"] == "not_approved"
    await days_pass(cms, scheduled["id"])
    assert (await newsroom.read(scheduled, by=ana))["publication"]["state"] == "held_up"
    told = await notices(ana)
    assert [(one["kind"], one["about"]) for one in told] == [
        ("review.publication_held_up", {"type": "post", "id": scheduled["id"]})
    ]


async def test_a_time_that_passes_by_is_noticed(cms, newsroom, scheduled):
    """Scheduled publications waited for ever where no runner served their queue."""
    ana = await cms.person("ana.medica")
    assert (await nothing_is_overdue(cms.host)).is_well
    async with cms.as_system() as work:
        await work.execute(
            "update cms.post_schedules set publish_at = now() - interval '11 minutes'"
        )
        work._covered |= {"cms.post_schedules"}
    for _ in range(2):
        async with cms.as_system() as work:
            await tell_of_missed(work)
    assert [one["kind"] for one in await notices(ana)] == ["review.publication_missed"]
    assert (await newsroom.read(scheduled, by=ana))["publication"]["state"] == "overdue"
    health = await nothing_is_overdue(cms.host)
    assert not health.is_well
    assert str(scheduled["id"]) in health.message


async def test_what_does_not_wait_says_nothing_of_it(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    assert (await newsroom.read(post, ana))["publication"] is None
    assert "publication" not in await newsroom.read(post)


async def test_a_licence_that_was_lost_since_stops_it(cms, newsroom, scheduled):
    ana = await cms.person("ana.medica")
    await newsroom.revoke()
    await days_pass(cms, scheduled["id"])
    kept = await newsroom.read(scheduled, by=ana)
    assert kept["status"] == "future"
    assert kept["cms_schedule"]["objections"]
    assert (await cms.http.get(f"{ARTICLES}/{scheduled['id']}")).status_code == 401


async def test_an_application_password_schedules_no_reviewed_text(cms, newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    article = await newsroom.article(ana)
    await newsroom.approve(article, ana, bruno)
    asked = {"status": "future", "date_gmt": LATER}
    refused = await cms.http.post(f"{ARTICLES}/{article['id']}", json=asked, auth=ana.basic)
    assert (refused.status_code, refused.json()["code"]) == (401, "rest_step_up_required")


async def test_a_draft_that_nobody_approved_is_not_scheduled(newsroom):
    ana = await newsroom.physician()
    article = await newsroom.article(ana)
    refused = await newsroom.change(article, ana, status="future", date_gmt=LATER)
    assert refused.status_code == 409
