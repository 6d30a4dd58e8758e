"""People learn of a review without looking: who may decide, who has to, whose text it is."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from cms.host import open_host
from cms.jobs.worker import run_hook
from cms.notices.letters import mail_digest
from cms.settings import Settings
from plugins.medical_review.reviewing import due
from tests.notices.conftest import jobs, run, sql
from tests.notices.test_preferences import put
from tests.notices.test_telling import NOTICES, speaks
from tests.plugins.medical_review.conftest import REVIEWS, Newsroom
from tests.plugins.medical_review.quorums import LEGAL, bound, stage, workflow
from tests.support.clinic import Clinic
from tests.support.postbox import open_postbox


@pytest.fixture
async def postbox():
    async with open_postbox() as box:
        yield box


@pytest.fixture
async def cms(database, tmp_path, postbox):
    settings = Settings(data_dir=str(tmp_path / "var"), **postbox.settings)
    async with open_host(settings, database) as host, Clinic.founded(host) as clinic:
        yield clinic


@pytest.fixture
def newsroom(cms, tmp_path):
    return Newsroom(cms, tmp_path / "rosters")


async def follow(cms):
    """What the worker does after each commit, for those who are told by a job."""
    with psycopg.connect(cms.host.worker_url) as connection:
        rows = connection.execute(
            "select args from jobs.procrastinate_jobs where task_name = 'cms:hook'"
            " and args ->> 'hook' like 'plugins.medical_review.telling:%' order by id"
        ).fetchall()
    for (args,) in rows:
        await run_hook(cms.host, **args)


async def kinds(person):
    """What she was told of reviews, the oldest first."""
    await follow(person.clinic)
    told = (await person.get(f"{NOTICES}?limit=100")).json()["notices"]
    found = [one["kind"].partition(".") for one in reversed(told)]
    return [kind for room, _, kind in found if room == "medical_review"]


async def test_reviewers_learn_that_a_text_waits_and_its_people_what_came_of_it(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    jo, admin = await newsroom.journalist(), await cms.person("olga", ["administrator"])
    carla = await newsroom.reviewer("carla.revisora")
    post = await newsroom.article(jo, responsible_professional=ana.id)
    review = await newsroom.submit(post, jo)
    assert [await kinds(one) for one in (bruno, carla)] == [["to_review"], ["to_review"]]
    assert [await kinds(one) for one in (jo, ana, admin)] == [[], [], []]
    sent = await newsroom.decide(review, bruno, "send_back", comment="Falta a dose.")
    assert sent.status_code == 200
    assert [await kinds(one) for one in (jo, ana)] == [["sent_back"], ["sent_back"]]
    await newsroom.edit(post, jo, title="Com a dose")
    again = await newsroom.submit(post, jo)
    assert await kinds(carla) == ["to_review", "to_review"]
    assert (await newsroom.decide(again, bruno, "approve")).status_code == 200
    assert await kinds(ana) == ["sent_back", "approved"]
    [told, *_] = (await jo.get(NOTICES)).json()["notices"]
    assert told["link"] == f"/api/v1/reviews/of-post/{post['id']}"
    assert (await jo.get(told["link"])).status_code == 200


async def test_who_has_a_part_in_a_text_is_not_asked_to_review_it(newsroom):
    """A reviewer who writes is asked about the texts of others only."""
    await newsroom.physician()
    rui = await newsroom.physician(
        "rui.revisor", roles=("content_reviewer", "medical_professional")
    )
    bruno = await newsroom.reviewer()
    await newsroom.submit(await newsroom.article(rui), rui)
    assert (await kinds(rui), await kinds(bruno)) == ([], ["to_review"])


async def test_a_day_of_reviews_is_one_letter_in_the_language_of_its_reader(newsroom, cms, postbox):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    await speaks(cms, bruno, "en_US")
    chosen = {"in_app": True, "mail": "digest"}
    wanted = f"{NOTICES}/preferences/medical_review.to_review"
    assert (await put(bruno, wanted, chosen)).status_code == 200
    posts = [await newsroom.article(ana, title=f"Dor {n}") for n in range(3)]
    for post in posts:
        await newsroom.submit(post, ana)
    await follow(cms)
    assert jobs(cms, "mail_notice_digest") == []
    sql(cms, "update cms.notices set mail_at = now() where mail = 'digest'")
    await run(cms, mail_digest, user_id=bruno.id)
    [letter] = [letter for to, letter in postbox.letters if to == ["bruno.revisor@clinica.example"]]
    assert letter["Subject"].endswith("3 new notices")
    text = letter.get_content()
    assert all(f"Text “Dor {n}” waits for a review" in text for n in range(3))
    assert not [word for word in ("ana", "Ana") if word in text]


async def test_a_title_is_told_to_who_may_read_the_text_today(newsroom, cms):
    """Who reviewed yesterday and does not today keeps the notice, and learns no new title by it."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, title="<em>Dor</em> & febre")
    await newsroom.submit(post, ana)
    await follow(cms)
    [told] = (await bruno.get(NOTICES)).json()["notices"]
    assert told["title"] == "O texto “Dor & febre” espera uma revisão"
    assert told["link"] == f"/api/v1/reviews/{told['about']['id']}"
    sql(cms, "update cms.user_roles set role_name = 'author' where user_id = %s", bruno.id)
    [told] = (await bruno.get(NOTICES)).json()["notices"]
    assert told["title"] == f"O texto {post['id']} espera uma revisão"
    await newsroom.edit(post, ana, title="Outra dor")
    assert "Outra" not in (await bruno.get(NOTICES)).text


async def test_each_stage_is_told_to_those_who_decide_in_it(newsroom, cms):
    """A legal reviewer is not asked about the medicine, nor a physician about the law; and what ran
    twice is told once."""
    seat = {"name": "legal", "capability": LEGAL, "people": 1}
    await bound(newsroom, workflow(stage("technical"), stage("legal", seats=[seat])))
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    lia = await cms.person("lia.juridica", ["legal_reviewer"])
    review = await newsroom.submit(await newsroom.article(ana), ana)
    assert (await kinds(bruno), await kinds(lia)) == (["to_review"], [])
    assert (await newsroom.decide(review, bruno)).status_code == 200
    assert (await kinds(bruno), await kinds(lia)) == (["to_review"], ["to_review"])
    assert await kinds(ana) == ["advanced"]
    assert (await newsroom.decide(review, lia)).status_code == 200
    assert await kinds(ana) == ["advanced", "approved"]


async def test_who_has_a_review_in_hand_and_who_is_given_one(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    admin = await cms.person("dona.marina", ["administrator"])
    review = await newsroom.submit(await newsroom.article(ana), ana)
    assert (await bruno.post(f"{REVIEWS}/{review['id']}/claim")).status_code == 200
    assert (await kinds(ana), await kinds(bruno)) == (["in_hand"], ["to_review"])
    body = {"to_user_id": carla.id, "instead_of": bruno.id}
    given = await admin.post(f"{REVIEWS}/{review['id']}/assignment", body)
    assert given.status_code == 200, given.text
    assert await kinds(carla) == ["to_review", "given"]


async def test_what_waits_too_long_is_told_to_who_has_it_and_then_to_who_assigns(newsroom, cms):
    """A text that nobody judges must not wait in silence."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    admin = await cms.person("dona.marina", ["administrator"])
    first, second = [await newsroom.article(ana, title=f"Dor {n}") for n in (1, 2)]
    review = await newsroom.submit(first, ana)
    await newsroom.submit(second, ana)
    assert (await bruno.post(f"{REVIEWS}/{review['id']}/claim")).status_code == 200
    for _ in range(2):
        async with cms.as_system() as work:
            work.now += timedelta(days=30)
            await due.watch(work)
    assert (await kinds(bruno)).count("overdue") == 2
    assert (await kinds(carla)).count("overdue") == 1, "the other one is in somebody's hands"
    assert await kinds(admin) == ["step_in", "step_in"]
    [told, *_] = (await admin.get(NOTICES)).json()["notices"]
    assert told["is_urgent"]
    assert "Dor" in told["title"]


async def test_a_delegate_learns_of_it(newsroom):
    bruno, carla = await newsroom.reviewer(), await newsroom.reviewer("carla.revisora")
    ends = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    await bruno.post(f"{REVIEWS}/delegations", {"to_user_id": carla.id, "ends_at": ends})
    assert await kinds(carla) == ["delegated"]
