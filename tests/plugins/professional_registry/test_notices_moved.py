"""Notices of cases which the registry kept itself are read where all are after the upgrade."""

from importlib import import_module

import psycopg
from sqlalchemy import select

from cms.database.ids import BLOCK
from cms.notices.models import Notice
from cms.notices.telling import tell

MIGRATIONS = "plugins.professional_registry.migrations.professional_registry_"
BEFORE = import_module(f"{MIGRATIONS}0004_cases")
MOVING = import_module(f"{MIGRATIONS}0005_notices")


async def test_they_keep_their_numbers_and_whether_they_were_read(clinic, other_clinic, database):
    people = [await clinic.person(), await other_clinic.person()]
    _, professional_id = await clinic.registered("CRM-SP 9900001", "Ana Inventada")
    with psycopg.connect(database.owner) as owner:
        owner.execute("set app.tenant_id = ''")
        owner.execute(BEFORE.NOTICES.replace("create index notices_of on", "create index on"))
        tenant = clinic.tenant.id
        owner.execute(f"set app.tenant_id = '{tenant:d}'")
        owner.execute(
            "insert into professional_registry.cases (tenant_id, id, professional_id, user_id,"
            " opened_at, opened_by_request, reason, from_status, to_status, criteria)"
            " values (%s, 9, %s, %s, now(), 'r', 'revoked', 'ACTIVE', 'REVOKED', '{}')",
            [tenant, professional_id, people[0]],
        )
        for number, kind, read in ((3, "suspended", "now()"), (4, "closed", "null")):
            owner.execute(
                "insert into professional_registry.notices values"
                f" (%s, %s, %s, 9, %s, '2026-01-02Z', {read})",
                [tenant, number, people[0], kind],
            )
        owner.execute(
            "insert into cms.id_counters values (%s, 'registration_notice', 21)", [tenant]
        )
        owner.execute(MOVING.MOVE)
        owner.execute(MOVING.FAREWELL)
    async with clinic.work() as work:
        rows = await work.all(select(Notice).where(Notice.tenant_id == tenant).order_by(Notice.id))
        moved = [(n.id, n.kind, n.about_id, n.read_at is None) for (n,) in rows]
        assert moved == [(3, "registry.suspended", 9, False), (4, "registry.closed", 9, True)]
        [new] = await tell(work, "registry.closed", [people[0]], {"case_id": 9})
        assert new > BLOCK
