"""Importing a roster replaces the one in use at once, or not at all."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cms.errors import Conflict
from cms.kernel.registry import Registry
from plugins.professional_registry import guards, roster, roster_load
from plugins.professional_registry.commands import import_roster
from plugins.professional_registry.councils import table
from plugins.professional_registry.demo_roster import DemoPhysician
from plugins.professional_registry.events import (
    RegistrationStatusChanged,
    RegistrationVerified,
    RosterActivated,
    RosterAnnounced,
)
from plugins.professional_registry.models import RosterEntry
from plugins.professional_registry.roster_file import RosterRefused
from plugins.professional_registry.roster_load import load
from plugins.professional_registry.standing import standing
from plugins.professional_registry.statuses import Status, Validation

ANA = DemoPhysician("Ana Inventada", "SP", 9900101, specialties=(("CARDIOLOGIA", 99991),))


def with_status(physician: DemoPhysician, status: str) -> DemoPhysician:
    return DemoPhysician(physician.name, physician.uf, physician.number, status)


async def load_beside(clinic, *physicians):
    """A roster that is loaded and that nobody uses yet."""
    async with clinic.work() as work:
        announced = await roster.announce(work, "CRM", work.now)
    url = clinic.shop.engine.url.set(drivername="postgresql").render_as_string(False)
    path = clinic.roster(*physicians)
    return await asyncio.to_thread(load, url, announced, path, largest_shrink=0.1)


async def generations(clinic) -> dict[int, int]:
    async with clinic.work() as work:
        rows = await work.all(
            select(RosterEntry.generation).where(RosterEntry.tenant_id == clinic.tenant.id)
        )
    return {generation: rows.count((generation,)) for (generation,) in rows}


async def test_the_first_import_verifies_whoever_waits_for_it(clinic):
    user_id, professional_id = await clinic.registered("CRM-SP 9900101", "Ana Inventada")
    await clinic.registered("CRP 06/999991", "Bruna Suposta")
    result = await clinic.import_roster(ANA)
    assert (result.generation, result.rows, result.verified) == (1, 27 * 4 + 1, 1)
    async with clinic.work() as work:
        assert (await standing(work, user_id)).may_sign
    assert await clinic.history(professional_id) == [("UNVERIFIED", "ACTIVE")]
    assert [e.generation for e in clinic.told(RosterAnnounced)] == [1]
    [loaded] = [e.after for e in clinic.told(RosterActivated)]
    assert (loaded["rows"], loaded["sha256"]) == (109, result.sha256)
    assert loaded["counts"] == {uf: 5 if uf == "SP" else 4 for uf in table().ufs}


async def test_a_licence_lost_between_two_rosters_is_told(clinic):
    user_id, professional_id = await clinic.registered("CRM-SP 9900101", "Ana Inventada")
    await clinic.import_roster(ANA)
    clinic.events.clear()
    await clinic.import_roster(with_status(ANA, "C"))
    (change,) = clinic.told(RegistrationStatusChanged)
    assert change.ids() == {
        "professional_id": professional_id,
        "user_id": user_id,
        "status": "REVOKED",
        "validation": "revoked",
        "outcome": "success",
    }
    assert change.before == {"status": "ACTIVE", "validation": "verified"}
    async with clinic.work() as work:
        assert [o.code for o in await guards.responsible_may_sign(work, user_id)] == [
            "registry.revoked"
        ]
    assert await clinic.history(professional_id) == [
        ("UNVERIFIED", "ACTIVE"),
        ("ACTIVE", "REVOKED"),
    ]


async def test_nothing_is_told_of_people_who_are_what_they_were(clinic):
    await clinic.registered("CRM-SP 9900101", "Ana Inventada")
    await clinic.import_roster(ANA)
    clinic.events.clear()
    await clinic.import_roster(ANA)
    assert len(clinic.told(RegistrationVerified)) == 1
    assert clinic.told(RegistrationStatusChanged) == []


async def test_a_refused_roster_leaves_the_one_in_use(clinic):
    user_id, _ = await clinic.registered("CRM-SP 9900101", "Ana Inventada")
    await clinic.import_roster(ANA)
    broken = clinic.roster(with_status(ANA, "C"))
    (broken / "TO.txt").write_bytes((broken / "TO.txt").read_bytes()[:-9])
    with pytest.raises(RosterRefused, match=r"TO\.txt, line 5: the file ends in the middle"):
        await clinic.import_roster(path=broken)
    async with clinic.work() as work:
        assert (await standing(work, user_id)).may_sign
        assert (await roster.in_use(work, "CRM")).generation == 1


async def test_a_roster_that_lost_many_rows_is_refused(clinic):
    crowd = [DemoPhysician(f"Pessoa Inventada {n}", "SP", 9900200 + n) for n in range(20)]
    await clinic.import_roster(*crowd)
    with pytest.raises(RosterRefused, match=r"SP\.txt: has 4 rows; the roster in use has 24"):
        await clinic.import_roster()


async def test_an_import_goes_by_the_settings_of_the_installation(clinic):
    crowd = [DemoPhysician(f"Pessoa Inventada {n}", "SP", 9900200 + n) for n in range(20)]
    user_id, _ = await clinic.registered("CRM-SP 9900101", "Ana Inventada")
    await clinic.import_roster(ANA, *crowd)
    shop, chosen = clinic.shop, {"largest_shrink": 0.9, "fresh_days": 400}
    registry = Registry(shop.registry.plugins, {"professional_registry": chosen})
    clinic.shop = replace(shop, registry=registry)
    await clinic.import_roster(ANA, days_ago=60)
    async with clinic.work() as work:
        assert (await standing(work, user_id)).fresh_until > work.now + timedelta(days=300)


async def test_readers_see_the_old_roster_until_the_new_one_is_activated(clinic):
    await clinic.import_roster(ANA)
    loaded = await load_beside(clinic, with_status(ANA, "C"))
    async with clinic.work() as work:
        assert (await roster.in_use(work, "CRM")).generation == 1
    async with clinic.work() as work:
        await roster.activate(work, loaded)
    async with clinic.work() as work:
        assert (await roster.in_use(work, "CRM")).generation == 2


async def test_a_roster_that_another_import_cleared_away_is_not_activated(clinic):
    first = await load_beside(clinic, ANA)
    await clinic.import_roster(ANA)
    with pytest.raises(Conflict, match="import it again"):
        async with clinic.work() as work:
            await roster.activate(work, first)
    async with clinic.work() as work:
        assert (await roster.in_use(work, "CRM")).generation == 2


async def test_an_import_waits_for_an_activation_under_way(clinic):
    first = await load_beside(clinic, ANA)
    async with clinic.work() as work:
        await roster.activate(work, first)
        second = asyncio.create_task(load_beside(clinic, ANA))
        await asyncio.sleep(0.5)
        assert not second.done()
    assert (await second).generation == 2
    assert await generations(clinic) == {1: 109, 2: 109}


async def test_old_rows_leave_with_the_import_after_next(clinic):
    for _ in range(3):
        await clinic.import_roster(ANA)
    assert await generations(clinic) == {2: 109, 3: 109}


async def test_imports_at_the_same_time_end_in_one_roster(clinic):
    paths = [clinic.roster(ANA) for _ in range(4)]
    results = await asyncio.gather(
        *(import_roster(clinic.shop, clinic.tenant, path) for path in paths),
        return_exceptions=True,
    )
    assert all(isinstance(r, Conflict) for r in results if isinstance(r, Exception))
    async with clinic.work() as work:
        in_use = await roster.in_use(work, "CRM")
    done = [r.generation for r in results if not isinstance(r, Exception)]
    assert in_use.generation == max(done)
    assert (await generations(clinic))[in_use.generation] == 109


async def test_progress_is_told_up_to_the_last_rows(clinic, monkeypatch):
    seen = []
    monkeypatch.setattr(roster_load, "_ROWS_BETWEEN_REPORTS", 50)
    path = clinic.roster(ANA)
    await import_roster(
        clinic.shop, clinic.tenant, path, progress=lambda done, total: seen.append((done, total))
    )
    [total] = {total for _, total in seen}
    assert total == sum(file.stat().st_size for file in path.glob("*.txt"))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert 0.9 * total < seen[-1][0] <= total


async def test_a_roster_belongs_to_the_tenant_who_holds_the_key(clinic, database):
    await clinic.import_roster(ANA)
    async with clinic.shop.work(None) as work:
        rows = await work.one("select count(*) from professional_registry.roster_rows")
        assert rows[0] == 0


async def test_the_application_cannot_rewrite_what_the_council_said(clinic):
    await clinic.import_roster(ANA)
    for statement in (
        "update professional_registry.roster_rows set status_raw = 'A' where tenant_id = :t",
        "update professional_registry.status_history set to_status = 'ACTIVE' where tenant_id = :t",
        "delete from professional_registry.status_history where tenant_id = :t",
        "delete from professional_registry.professionals where tenant_id = :t",
    ):
        with pytest.raises(Exception, match="permission denied"):
            async with clinic.work() as work:
                await work.execute(text(statement), {"t": clinic.tenant.id})


async def test_a_person_who_left_the_roster_may_not_sign(clinic):
    user_id, _ = await clinic.registered("CRM-SP 9900101", "Ana Inventada")
    await clinic.import_roster(ANA)
    await clinic.import_roster()
    async with clinic.work() as work:
        found = await standing(work, user_id)
    assert (found.may_sign, found.status, found.validation) == (
        False,
        Status.NOT_FOUND,
        Validation.PENDING,
    )
