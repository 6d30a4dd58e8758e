"""Verification through a council's service: outages, memory, order of sources, and secrecy."""

import asyncio
import logging
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy import func, select

from cms.database.work import Workshop
from cms.errors import CapabilityMissing, Conflict, InvalidInput, SetupError
from cms.kernel.actors import ANONYMOUS
from cms.kernel.events import Outcome
from cms.kernel.registry import Registry
from plugins.professional_registry import (
    commands,
    lookups,
    registrations,
    schedule,
    sources,
)
from plugins.professional_registry.demo_roster import DemoPhysician
from plugins.professional_registry.events import IdentityChecked, RegistrationVerified
from plugins.professional_registry.guards import responsible_may_sign
from plugins.professional_registry.health import rosters_are_fresh
from plugins.professional_registry.identity_check import check_identity
from plugins.professional_registry.identity_proof import Confirmation, IdentityProof, LegalBasis
from plugins.professional_registry.models import ProviderAnswer
from plugins.professional_registry.settings import Endpoint, RegistrySettings
from plugins.professional_registry.standing import standing
from tests.plugins.professional_registry.wire import server
from tests.plugins.professional_registry.wire.forms import error, physician, soap
from tests.plugins.professional_registry.wire.server import reply

NUMBER, NAME = "CRM-SP 9900101", "Ana Maria Inventada"
ANA = DemoPhysician(NAME, "SP", 9900101)
KEY, CPF = "KEY-OF-THE-CUSTOMER", "98765432100"
WELL, DOWN = reply(soap(physician())), reply(b"", status="503 Busy")
REVOKED = reply(soap(physician("C")))


@pytest.fixture
async def council():
    async with server.opened() as opened:
        opened.will(WELL)
        yield opened


@pytest.fixture
def online(clinic, council, tmp_path):
    """The clinic, with the settings of somebody who has a key."""
    (tmp_path / "cfm-key").write_text(KEY)
    return settled(clinic, council, tmp_path)


def settled(clinic, council, tmp_path, **changes):
    facts = {
        "providers": {"CRM": ["cfm-soap", "cfm-roster"]},
        "endpoints": {"cfm-soap": {"url": council.url, "attempts": 1}},
        "cfm_key_file": str(tmp_path / "cfm-key"),
        "cache_hours": 0.0,
    }
    shop = clinic.shop
    registry = Registry(shop.registry.plugins, {"professional_registry": facts | changes})
    clinic.shop = Workshop(shop.engine, shop.ids, registry, shop.decisions, shop.enqueue)
    return clinic


async def codes(clinic, user_id, days=0):
    async with clinic.work() as work:
        work.now += timedelta(days=days)
        return [objection.code for objection in await responsible_may_sign(work, user_id)]


async def verified(clinic, days=0):
    """A physician who was verified so many days from now, with the ids of both."""
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await again(clinic, professional_id, days)
    return user_id, professional_id


async def again(clinic, professional_id, days=0):
    async with clinic.work() as work:
        work.now += timedelta(days=days)
        await registrations.verify(work, professional_id)


async def test_who_is_active_at_the_council_may_sign(online, council):
    user_id, _ = await verified(online)
    assert await codes(online, user_id) == []
    async with online.work() as work:
        found = await standing(work, user_id)
    assert found.source == "cfm-soap"
    assert 29 <= (found.fresh_until - found.checked_at).days <= 30
    assert len(council.asked) == 1


async def test_an_outage_keeps_yesterdays_truth_until_it_expires_and_then_suspends(online, council):
    user_id, professional_id = await verified(online)
    council.will(DOWN)
    await again(online, professional_id, days=1)
    assert online.told(RegistrationVerified)[-1].outcome is Outcome.FAILED
    assert await codes(online, user_id, days=29) == []
    assert await codes(online, user_id, days=31) == ["registry.expired"]
    await again(online, professional_id, days=31)
    async with online.work() as work:
        assert (await standing(work, user_id)).validation == "expired"
    council.will(WELL)
    await again(online, professional_id, days=32)
    assert await codes(online, user_id) == []


@pytest.mark.parametrize(
    "script",
    [DOWN, server.reset, reply(b"<html/>", "text/html"), reply(soap(error("3010")))],
    ids=["503", "reset", "captcha", "bad key"],
)
async def test_an_outage_never_allows_and_never_forgives(online, council, script):
    council.will(REVOKED)
    user_id, professional_id = await verified(online)
    assert await codes(online, user_id) == ["registry.revoked"]
    council.will(script)
    await again(online, professional_id)
    assert await codes(online, user_id) == ["registry.revoked"]


async def test_nobody_is_allowed_by_a_service_that_was_never_up(online, council):
    council.will(DOWN)
    user_id, _ = await verified(online)
    assert await codes(online, user_id) == ["registry.unverified"]


async def test_an_unknown_letter_is_for_a_person(online, council):
    council.will(reply(soap(physician("Ω"))))
    user_id, _ = await verified(online)
    assert await codes(online, user_id) == ["registry.unverified"]
    async with online.work() as work:
        assert (await standing(work, user_id)).status_raw == "Ω"


async def test_the_roster_answers_when_the_service_is_down(online, council):
    await online.import_roster(ANA)
    council.will(DOWN)
    user_id, _ = await verified(online)
    assert await codes(online, user_id) == []


async def test_an_older_roster_does_not_undo_what_the_council_said(online, council):
    await online.import_roster(ANA, days_ago=3)
    council.will(REVOKED)
    user_id, professional_id = await verified(online)
    council.will(DOWN)
    await again(online, professional_id, days=1)
    assert online.told(RegistrationVerified)[-1].outcome is Outcome.FAILED
    assert await codes(online, user_id) == ["registry.revoked"]
    await online.import_roster(ANA, days_ago=2)
    assert await codes(online, user_id) == ["registry.revoked"]
    await online.import_roster(ANA)
    assert await codes(online, user_id) == []


async def test_an_answer_that_was_overtaken_on_its_way_counts_no_more(online, council):
    user_id, professional_id = await online.registered(NUMBER, NAME)
    overtaken = asyncio.Event()

    async def late(request, writer):
        await overtaken.wait()
        await WELL(request, writer)

    council.will(late, REVOKED)
    first = asyncio.create_task(again(online, professional_id))
    while not council.asked:
        await asyncio.sleep(0.01)
    await again(online, professional_id)
    overtaken.set()
    await first
    assert await codes(online, user_id) == ["registry.revoked"]


async def test_within_the_hours_of_the_cache_the_council_is_asked_once(clinic, council, tmp_path):
    (tmp_path / "cfm-key").write_text(KEY)
    settled(clinic, council, tmp_path, cache_hours=12.0)
    user_id, professional_id = await verified(clinic)
    async with clinic.work() as work:
        first = await standing(work, user_id)
    council.will(REVOKED)
    await again(clinic, professional_id, days=0.4)
    async with clinic.work() as work:
        second = await standing(work, user_id)
    assert len(council.asked) == 1
    assert second.fresh_until == first.fresh_until, "a copy is as old as its original"
    await again(clinic, professional_id, days=0.6)
    assert len(council.asked) == 2
    assert await codes(clinic, user_id) == ["registry.revoked"]


async def test_bad_news_serves_for_minutes_only_and_an_outage_not_at_all(clinic, council, tmp_path):
    (tmp_path / "cfm-key").write_text(KEY)
    settled(clinic, council, tmp_path, cache_hours=12.0)
    council.will(DOWN, REVOKED)
    user_id, professional_id = await verified(clinic)
    await again(clinic, professional_id)
    await again(clinic, professional_id, days=10 / 1440)
    assert len(council.asked) == 2
    council.will(WELL)
    await again(clinic, professional_id, days=20 / 1440)
    assert len(council.asked) == 3
    assert await codes(clinic, user_id) == []


async def test_an_answer_of_another_release_is_asked_anew(clinic, council, database, tmp_path):
    (tmp_path / "cfm-key").write_text(KEY)
    settled(clinic, council, tmp_path, cache_hours=12.0)
    _, professional_id = await verified(clinic)
    with psycopg.connect(database.owner) as connection:
        connection.execute(f"set local app.tenant_id = {clinic.tenant.id}")
        connection.execute("update professional_registry.provider_answers set answer = '{}'")
    await again(clinic, professional_id)
    assert len(council.asked) == 2


async def test_the_memory_of_one_tenant_serves_no_other(online, council):
    await verified(online)
    async with online.work() as work:
        count = select(func.count()).select_from(ProviderAnswer)
        (mine,) = await work.one(count)
    async with online.shop.work(replace(online.tenant, id=online.tenant.id + 1), ANONYMOUS) as work:
        (others,) = await work.one(count)
    assert (mine, others) == (1, 0)


async def test_everybody_is_verified_each_in_her_own_transaction(online, council):
    for number in range(9900101, 9900107):
        await online.registered(f"CRM-SP {number}", NAME)
    assert await commands.verify(online.shop, online.tenant) == 6
    assert len(council.asked) == 6


async def test_a_source_that_nobody_knows_is_named(clinic, council, tmp_path):
    settled(clinic, council, tmp_path, providers={"CRM": ["cfm-saop"]})
    with pytest.raises(
        SetupError, match="'cfm-saop'; the sources are: cfm-roster, council-roster, cfm-soap"
    ):
        await verified(clinic)
    with pytest.raises(SetupError, match="cfm-saop"):
        await commands.verify(clinic.shop, clinic.tenant)


async def test_every_enabled_source_tells_its_health(online, council, tmp_path):
    await online.import_roster(ANA)

    async def tenants():
        return [online.tenant]

    host = SimpleNamespace(shop=online.shop, tenants=SimpleNamespace(all=tenants))
    assert (await rosters_are_fresh(host)).is_well
    (tmp_path / "cfm-key").unlink()
    health = await rosters_are_fresh(host)
    assert (health.name, health.is_well) == ("cfm-soap", False)
    assert health.message.startswith(f"{online.tenant.slug}: key-missing")


def test_no_setting_asks_faster_than_the_source_allows():
    def rate(**facts):
        settings = RegistrySettings(endpoints={"cfm-soap": Endpoint(**facts)})
        return sources.online(settings)[0]._line.bucket.per_second

    assert rate() == 3
    assert rate(per_second=50.0) == 3
    assert rate(per_second=1.0) == 1
    assert rate(processes=4) == 0.75


def test_the_line_is_one_for_all_lookups_of_the_process():
    one, other = (sources.online(RegistrySettings())[0] for _ in range(2))
    assert one._line is other._line


PROOF = IdentityProof(CPF, date(1980, 3, 31), LegalBasis.LEGAL_OBLIGATION)


async def test_an_identity_is_checked_with_its_legal_basis_on_record(online, council):
    user_id, professional_id = await online.registered(NUMBER, NAME)
    council.will(reply(soap("<resultadoConsulta>true</resultadoConsulta>", "Validar")))
    async with online.work() as work:
        assert await check_identity(work, professional_id, PROOF) is Confirmation.CONFIRMED
    (event,) = online.told(IdentityChecked)
    assert (event.legal_basis, event.outcome) == (LegalBasis.LEGAL_OBLIGATION, Outcome.SUCCESS)
    assert await codes(online, user_id) == ["registry.unverified"], "an identity is no licence"


async def test_an_identity_is_checked_by_who_may_and_where_it_can(online, council, tmp_path):
    _, professional_id = await online.registered(NUMBER, NAME)
    with pytest.raises(CapabilityMissing):
        async with online.work(ANONYMOUS) as work:
            await check_identity(work, professional_id, PROOF)
    settled(online, council, tmp_path, providers={})
    with pytest.raises(Conflict, match="cfm-soap"):
        async with online.work() as work:
            await check_identity(work, professional_id, PROOF)


async def test_no_key_no_cpf_and_no_birth_date_is_left_anywhere(
    online, council, database, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    _, professional_id = await verified(online)
    scripts = [
        DOWN,
        server.reset,
        reply(soap(error("3010"))),
        reply(soap(f"<x>{CPF}</x>", "Validar")),
    ]
    for script in scripts:
        council.will(script)
        await again(online, professional_id)
        async with online.work() as work:
            await check_identity(work, professional_id, PROOF)
    sent = b"".join(council.asked)
    assert KEY.encode() in sent
    assert CPF.encode() in sent
    assert b"31/03/1980" in sent
    lines = b"".join(request.partition(b"\r\n\r\n")[0] for request in council.asked).decode()
    out, err = capfd.readouterr()
    told = repr(online.events)
    everything = "\n".join([caplog.text, out, err, told, lines, _dump(database, online.tenant.id)])
    assert "httpcore" in caplog.text, "the libraries were listened to"
    for secret in (KEY, CPF, "31/03/1980", "1980-03-31"):
        assert secret not in everything


def _dump(database, tenant_id) -> str:
    """Every row of every table of the plugin and of the audit, as text."""
    with psycopg.connect(database.owner) as connection:
        connection.execute(f"set local app.tenant_id = {tenant_id}")
        tables = connection.execute(
            "select format('%I.%I', table_schema, table_name) from information_schema.tables"
            " where table_schema in ('professional_registry', 'audit', 'cms')"
            " and table_type = 'BASE TABLE'"
        ).fetchall()
        rows = [
            connection.execute(f"select t::text from {name} t").fetchall() for (name,) in tables
        ]
    text = repr(rows)
    assert "INVENTADA" in text
    return text


async def test_a_foreign_number_is_registered_and_its_fault_is_told(clinic):
    user_id, right = await clinic.registered("NPI 1234567893", NAME)
    with pytest.raises(InvalidInput, match="the check digit is wrong"):
        await clinic.registered("NPI 1234567890", NAME)
    async with clinic.work() as work:
        assert (await registrations.get(work, right)).country == "US"
    assert await codes(clinic, user_id) == ["registry.unverified"]


async def test_what_was_said_before_a_webhook_does_not_answer_it(online, council, tmp_path):
    settled(online, council, tmp_path, cache_hours=12.0)
    user_id, professional_id = await verified(online)
    council.will(REVOKED)
    await again(online, professional_id)
    assert await codes(online, user_id) == []
    async with online.work() as work:
        work.now += timedelta(minutes=2)
        await schedule.verify_one(work, professional_id, since=int(work.now.timestamp()))
    assert await codes(online, user_id) == ["registry.revoked"]
    assert len(council.asked) == 2


async def test_a_look_up_leaves_no_answer_behind(online, council, tmp_path):
    settled(online, council, tmp_path, cache_hours=12.0)
    async with online.work() as work:
        looked = await lookups.look_up(work, NUMBER, NAME)
        assert (looked.found.source, looked.found.name_matches) == ("cfm-soap", True)
        assert {state.name for state in await lookups.providers(work)} == {
            "cfm-soap",
            "cfm-roster",
            "council-roster",
        }
    async with online.work() as work:
        assert (await work.one(select(func.count()).select_from(ProviderAnswer)))[0] == 0
