"""A change of standing reaches the person and the officers, by mail and through subscribers."""

import pytest

from cms.host import open_host
from cms.notices.letters import mail
from cms.settings import Settings
from plugins.professional_registry.commands import import_roster
from plugins.professional_registry.demo_roster import DemoPhysician, write_roster
from tests.notices.conftest import jobs, run
from tests.notices.test_telling import NOTICES, speaks
from tests.plugins.professional_registry.test_manual_api import API
from tests.support.clinic import Clinic
from tests.support.postbox import open_postbox

NAME = "Ana Maria Inventada"


@pytest.fixture
async def postbox():
    async with open_postbox() as box:
        yield box


@pytest.fixture
async def cms(database, tmp_path, postbox):
    settings = Settings(data_dir=str(tmp_path / "var"), **postbox.settings)
    async with open_host(settings, database) as host, Clinic.founded(host) as clinic:
        yield clinic


async def roster_says(cms, folder, status):
    ana = DemoPhysician(NAME, "SP", 9900101, status)
    await import_roster(cms.host.shop, cms.tenant, write_roster(folder / status, [ana]))


async def kinds(person):
    told = (await person.get(NOTICES)).json()["notices"]
    return [(one["kind"], one["mail"]["state"]) for one in reversed(told)]


async def test_the_person_at_once_the_officers_in_a_digest_and_a_loss_to_both(
    cms, tmp_path, postbox
):
    bia = await cms.person("bia", ["administrator"])
    ana = await cms.person("ana", ["medical_professional"])
    await speaks(cms, ana, "en_US")
    await roster_says(cms, tmp_path, "A")
    body = {"user_id": ana.id, "registration": "CRM-SP 9900101", "full_name": NAME}
    assert (await bia.post(f"{API}/registrations", body)).status_code == 201
    assert await kinds(ana) == [("registry.changed", "waiting")]
    assert await kinds(bia) == [("registry.changed_of_other", "digest")]

    await roster_says(cms, tmp_path, "C")
    assert await kinds(ana) == [
        ("registry.changed", "waiting"),
        ("registry.suspended", "waiting"),
        ("registry.changed", "waiting"),
    ]
    assert ("registry.opened", "waiting") in await kinds(bia)
    for _, ids in jobs(cms, "mail_notice"):
        await run(cms, mail, **ids)
    letters = [letter for to, letter in postbox.letters if to == ["ana@clinica.example"]]
    said = "\n".join(letter.get_content() for letter in letters)
    assert "Your registration is now revoked, and its verification is revoked." in said
    assert "contest it: a person will review" in said
    assert NAME not in said
    assert "9900101" not in said


async def test_subscribers_learn_which_registration_and_whose(cms, tmp_path):
    bia = await cms.person("bia", ["administrator"])
    ana = await cms.person("ana", ["medical_professional"])
    hook = {"url": "https://outside.example/hook", "topics": ["notice.created"]}
    assert (await bia.post("/api/v1/webhooks", hook)).status_code == 201
    await roster_says(cms, tmp_path, "A")
    body = {"user_id": ana.id, "registration": "CRM-SP 9900101", "full_name": NAME}
    made = (await bia.post(f"{API}/registrations", body)).json()
    told = [ids["more"] for _, ids in jobs(cms, "announce_webhooks") if ids["kind"] == "notice"]
    about = {"type": "registration", "id": made["professional_id"]}
    assert [(one["notice"], one["about"]) for one in told] == [
        ("registry.changed", about),
        ("registry.changed_of_other", about),
    ]
    assert [one["user_id"] for one in told[0]["told"]] == [ana.id]
