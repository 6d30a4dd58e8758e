"""Alerts reach people by mail and subscribers by webhook; the letter names nobody."""

import json

import pytest

from cms import core
from cms.errors import Unavailable
from cms.host import open_host
from cms.identity.models import User
from cms.kernel.registry import Registry
from cms.settings import Settings
from plugins.audit_trail import plugin as audit_trail
from plugins.audit_trail.alerts.letters import mail
from plugins.audit_trail.alerts.rules import Terms, add
from plugins.zero_trust import plugin as zero_trust
from tests.plugins.audit_trail.alerts.test_alerts_api import _alert
from tests.plugins.audit_trail.conftest import House
from tests.support.clinic import Clinic
from tests.support.postbox import open_postbox


@pytest.fixture
async def postbox():
    async with open_postbox() as box:
        yield box


@pytest.fixture
async def mailing(database, tmp_path, postbox):
    """A clinic whose house has a mail server."""
    settings = Settings(data_dir=str(tmp_path / "var"), **postbox.settings)
    registry = Registry([core.plugin, zero_trust, audit_trail])
    async with open_host(settings, database, registry) as host, Clinic.founded(host) as clinic:
        yield clinic


async def _jobs(clinic):
    import psycopg

    with psycopg.connect(clinic.host.worker_url) as connection:
        rows = connection.execute(
            "select task_name, args from jobs.procrastinate_jobs "
            "where task_name in ('cms:mail_audit_alert', 'cms:announce_webhooks') order by id"
        ).fetchall()
    return [(name, {k: v for k, v in args.items() if k != "tenant_id"}) for name, args in rows]


async def test_each_reader_gets_one_letter_in_her_language(mailing, postbox):
    vera = await mailing.person("vera", ["compliance_officer"])
    john = await mailing.person("john", ["compliance_officer"])
    async with mailing.as_system() as work:
        (await work.session.get(User, (work.tenant_id, john.id))).locale = "en_US"
        await work.session.flush()
        work.session.sync_session.connection().info["written"] = set()
        terms = Terms(name="Recusa", filter={"action": "identity:session:refuse"},
                      threshold=5, emails=["dpo@clinica.example"], roles=[])  # fmt: skip
        await add(work, terms)
    await _alert(mailing, House(mailing.host, mailing.tenant))
    jobs = await _jobs(mailing)
    letters = [args for name, args in jobs if name == "cms:mail_audit_alert"]
    assert sum(name == "cms:announce_webhooks" for name, _ in jobs) == 2
    assert len(letters) == 3
    assert "@" not in json.dumps(letters)
    for args in letters:
        async with mailing.as_system() as work:
            await mail(work, **args)
    got = {to[0]: letter for to, letter in postbox.letters}
    assert set(got) == {
        "vera@clinica.example", "john@clinica.example", "dpo@clinica.example",
    }  # fmt: skip
    assert "Alerta de auditoria" in got["vera@clinica.example"]["Subject"]
    assert "Cinco entradas recusadas de uma conta" in got["vera@clinica.example"]["Subject"]
    assert "Audit alert" in got["john@clinica.example"]["Subject"]
    for letter in got.values():
        body = letter.get_content()
        assert "/api/v1/audit/alerts/" in body
        assert letter["Auto-Submitted"] == "auto-generated"
        assert not [name for name in ("vera", "john", "dr.ana") if name in body.lower()]
    told = await vera.get("/api/v1/audit/events", params={"action": "audit:alert:mail"})
    assert len(told.json()["events"]) == 3


async def test_a_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not(mailing, postbox):
    vera = await mailing.person("vera", ["compliance_officer"])
    await _alert(mailing, House(mailing.host, mailing.tenant))
    ((_, args),) = [job for job in await _jobs(mailing) if job[0] == "cms:mail_audit_alert"]
    postbox.answer = "451 later"
    with pytest.raises(Unavailable):
        async with mailing.as_system() as work:
            await mail(work, **args)
    postbox.answer = "554 never"
    async with mailing.as_system() as work:
        await mail(work, **args)
    told = await vera.get("/api/v1/audit/events", params={"action": "audit:alert:mail"})
    assert [event["outcome"] for event in told.json()["events"]] == ["failed"]
    postbox.answer = "250 OK"
    for _ in range(2):  # a job that was run twice
        async with mailing.as_system() as work:
            await mail(work, **args)
    assert len({letter["Message-ID"] for _, letter in postbox.letters}) == 1
