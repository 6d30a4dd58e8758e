"""A trail that has grown in months moves into hypertables, with everything that belongs to it."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from cms.cli import cms as commands
from cms.database import migrate, roles
from cms.host import Addresses, all_plugins
from tests.conftest import Cluster
from tests.plugins.audit_trail.conftest import House

RIGHTS = """
select c.relname, a.grantee::regrole::text, a.privilege_type
from pg_class c join pg_namespace n on n.oid = c.relnamespace
cross join aclexplode(c.relacl) a
where n.nspname = 'audit' and c.relname not like 'events\\_%%' and c.relname <> 'days_counted'
order by 1, 2, 3
"""
VIEWS = """
select c.oid::regclass::text, c.reloptions from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'audit' and c.relkind = 'v' and c.relname <> 'days_counted' order by 1
"""
INDEXES = (
    "select indexname from pg_indexes where schemaname = 'audit' and tablename = %s order by 1"
)
TRIGGERS = """
select tgname from pg_trigger where tgrelid = 'audit.events'::regclass and not tgisinternal
and tgname in ('only_grows', 'keeps_all') order by 1
"""


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Addresses]:
    """On the server with the extension, a database that was made before anybody wanted it."""
    if not os.environ.get("CMS_TEST_TIMESCALE_URL"):
        pytest.skip("set CMS_TEST_TIMESCALE_URL: `make test-timescale`")
    name = f"{cluster.name}_move_{os.getpid()}"
    roles.create_owner(cluster.superuser_url, "cms_owner", cluster.password, name)
    where = cluster.addresses(name)
    migrate.upgrade(where.owner, all_plugins())
    roles.create_member(where.owner, "cms_web", cluster.password, roles.WEB_GROUP)
    roles.create_member(where.owner, "cms_jobs", cluster.password, roles.WORKER_GROUP)
    yield where
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


async def test_months_become_hypertables_with_all_that_belongs_to_them(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    await house.sequence(3, 4)
    await house.note(7)
    before = house.ask(RIGHTS), house.ask(VIEWS), house.ask(TRIGGERS)
    indexes = house.ask(INDEXES, "events")
    shown = house.ask("select count(*) from audit.events")
    monkeypatch.setenv("CMS_DATABASE_URL", house.host.addresses.web)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", house.owner_url)
    monkeypatch.chdir(tmp_path)
    await house.host.engine.dispose()

    def call(*words: str) -> tuple[int, str]:
        ran = CliRunner().invoke(commands, ["audit", "storage", *words])
        return ran.exit_code, ran.output + str(ran.exception or "")

    code, said = call("move")
    assert code != 0
    assert "--yes" in said
    code, said = call("move", "--yes")
    assert code == 0, said
    assert said.startswith("timescaledb: TimescaleDB 2.")
    assert "telemetry off" in said
    assert call("move", "--yes")[0] != 0

    assert (house.ask(RIGHTS), house.ask(VIEWS), house.ask(TRIGGERS)) == before
    assert house.ask(INDEXES, "events") == indexes
    assert house.ask("select count(*) from audit.events") == shown
    assert house.verify().is_green
    await house.sequence(2)
    report = house.verify()
    assert (report.verdict, report.entries) == ("green", 10)
    with psycopg.connect(house.host.addresses.web) as web:
        assert web.execute("show timescaledb.telemetry_level").fetchone() == ("off",)
        web.execute("select set_config('app.tenant_id', %s, false)", [str(house.tenant.id)])
        assert web.execute("select count(*) from audit.trail").fetchone() == (10,)
