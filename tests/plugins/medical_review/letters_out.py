"""Reviewers from outside in tests: Olga, her letters, and the house that sends them."""

import re

import psycopg
import pytest

from cms.host import build_registry, open_host
from cms.settings import Settings
from plugins.medical_review.inviting.letters import MAIL_CODE, MAIL_LINK, mail_code, mail_link
from plugins.professional_registry.demo_roster import DemoPhysician
from tests.plugins.medical_review.conftest import REVIEWS, Newsroom
from tests.support.clinic import Clinic
from tests.support.postbox import open_postbox

GUEST = {
    "name": "Olga Externa Inventada",
    "registration": "CRM-RJ 9900901",
    "email": "olga@fora.example",
}
JOBS = {f"cms:{MAIL_LINK}": mail_link, f"cms:{MAIL_CODE}": mail_code}


@pytest.fixture
async def postbox():
    async with open_postbox() as box:
        yield box


@pytest.fixture
async def office(database, tmp_path, postbox):
    """A newsroom whose house has a mail server, and Olga on the roster."""
    settings = Settings(data_dir=str(tmp_path / "var"), **postbox.settings)
    registry = build_registry(settings)
    async with open_host(settings, database, registry) as host, Clinic.founded(host) as clinic:
        newsroom = Newsroom(clinic, tmp_path / "rosters")
        newsroom.roster.append(DemoPhysician(GUEST["name"], "RJ", 9900901))
        yield newsroom


async def post_runs(newsroom):
    """Send the newest letter that waits."""
    with psycopg.connect(newsroom.cms.host.worker_url) as connection:
        row = connection.execute(
            "select task_name, args from jobs.procrastinate_jobs where task_name = any(%s) "
            "order by id desc limit 1",
            [list(JOBS)],
        ).fetchone()
    name, args = row
    assert set(args) == {"tenant_id", "invitation_id"}
    async with newsroom.cms.as_system() as work:
        await JOBS[name](work, args["invitation_id"])


async def submitted(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    return ana, post, await newsroom.submit(post, ana)


async def invited(newsroom, review, **more):
    admin = await newsroom.cms.person("dona.marina", ["administrator"])
    return await admin.post(f"{REVIEWS}/{review['id']}/invitations", {**GUEST, **more})


async def link(newsroom, review, postbox):
    """Olga's link, out of her letter."""
    made = await invited(newsroom, review)
    assert made.status_code == 201, made.text
    await post_runs(newsroom)
    to, letter = postbox.letters[-1]
    assert to == [GUEST["email"]]
    return re.search(r"#(cmsrv_\S+)", letter.get_content())[1]
