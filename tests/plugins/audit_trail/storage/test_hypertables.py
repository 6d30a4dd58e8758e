"""What only hypertables have: chunks, their packed form behind them, aggregates, drops."""

import psycopg
import pytest

from plugins.audit_trail.storage.keeper import keep
from tests.plugins.audit_trail.storage.conftest import SOON, Stored, as_owner


def packed_table(stored: Stored, table: str) -> str:
    """The table behind the packed chunks that has most rows; its name differs by version."""
    candidates = stored.house.ask(
        "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = '_timescaledb_internal' and c.relkind = 'r'"
        " and c.relname like '%%compress%%' and exists (select from pg_attribute a"
        " where a.attrelid = c.oid and a.attname = %s)",
        "channel" if table == "events" else "leaf_hash",
    )
    counted = [(stored.house.ask(f"select count(*) from {name}")[0][0], name)
               for (name,) in candidates]  # fmt: skip
    return max(counted)[1]


async def test_packed_rows_verify_and_are_read_as_before(packed: Stored):
    assert {one.is_sealed for one in await packed.ranges("events")} == {True, False}
    assert {one.is_sealed for one in await packed.ranges("leaves")} == {True, False}
    report = packed.house.verify()
    assert (report.verdict, report.entries, report.findings) == ("green", 9, [])
    with psycopg.connect(packed.house.host.addresses.web) as web:
        web.execute("select set_config('app.tenant_id', %s, false)", [str(packed.house.tenant.id)])
        seen = web.execute(
            'select seq, resource_id from audit.trail order by "timestamp", event_id'
        ).fetchall()
    assert [seq for seq, _ in seen] == list(range(9))
    assert {number for _, number in seen} == {201, 171, 121, 1}


async def test_it_goes_on_after_packing(packed: Stored):
    await packed.record(0, 0)
    report = packed.house.verify()
    assert (report.verdict, report.entries) == ("green", 11)


async def test_a_late_event_into_a_packed_chunk_is_taken(packed: Stored):
    await packed.record(170)
    report = packed.house.verify()
    assert (report.verdict, report.entries, report.findings) == ("green", 10, [])


async def test_a_packed_row_that_its_owner_changes_is_found(packed: Stored):
    as_owner(packed.house, "update audit.events set actor_role = 'x' where resource_id = 171")
    assert packed.kinds() == {"event-altered": 3}
    assert packed.house.verify().findings[0].count == 2


async def test_rows_that_vanish_behind_the_columnstore_are_named(packed: Stored):
    """No trigger is there: the owner's DELETE succeeds, and what is gone is told one by one."""
    with psycopg.connect(packed.house.owner_url) as owner:
        gone = owner.execute(
            f"delete from {packed_table(packed, 'events')} returning _ts_meta_count"
        ).fetchall()
    report = packed.house.verify()
    assert [finding.kind for finding in report.findings] == ["event-missing"]
    assert report.findings[0].count == sum(count for (count,) in gone)
    lost = {event for (event,) in packed.house.ask(
        "select l.event_id from audit.leaves l where not exists "
        "(select from audit.events e where e.event_id = l.event_id)"
    )}  # fmt: skip
    assert len(lost) == sum(count for (count,) in gone)
    assert report.findings[0].event_id in {str(event) for event in lost}


async def test_leaves_that_vanish_behind_the_columnstore_are_missed(packed: Stored):
    with psycopg.connect(packed.house.owner_url) as owner:
        owner.execute(f"delete from {packed_table(packed, 'leaves')}")
    kinds = packed.kinds()
    assert kinds["entry-missing"] is not None
    assert "head-beyond" in kinds
    assert "event-outside" in kinds


async def test_a_packed_time_that_is_moved_behind_the_columnstore_is_found(packed: Stored):
    table = packed_table(packed, "events")
    with psycopg.connect(packed.house.owner_url) as owner:
        owner.execute(f"update {table} set tenant_id = tenant_id + 1")
    assert set(packed.kinds()) == {"event-altered"}


async def test_a_truncated_chunk_is_found(hypertables: Stored):
    """Truncation has triggers of the statement, which chunks do not take over."""
    await hypertables.record(200, 200, 0)
    oldest = (await hypertables.ranges("events"))[0]
    with psycopg.connect(hypertables.house.owner_url) as owner:
        owner.execute(f"truncate {oldest.name}")
    report = hypertables.house.verify()
    assert [(finding.kind, finding.seq, finding.count) for finding in report.findings] == [
        ("event-missing", 0, 2)
    ]


async def test_dropped_chunks_are_found(hypertables: Stored):
    await hypertables.record(200, 200, 100, 0)
    with psycopg.connect(hypertables.house.owner_url) as owner:
        owner.execute("select drop_chunks('audit.events', older_than => interval '60 days')")
    found = hypertables.house.verify().findings
    assert [(finding.kind, finding.seq, finding.count) for finding in found] == [
        ("event-missing", 0, 3)
    ]


@pytest.mark.parametrize("role", ["web", "worker"])
async def test_no_login_of_ours_drops_or_packs_by_itself(hypertables: Stored, role: str):
    await hypertables.record(200, 0)
    (oldest, *_) = await hypertables.ranges("events")
    for statement in (
        "select drop_chunks('audit.events', older_than => interval '60 days')",
        f"select compress_chunk('{oldest.name}')",
        "select set_chunk_time_interval('audit.events', interval '1 day')",
        "select add_retention_policy('audit.events', interval '60 days')",
        f"drop table {oldest.name}",
        "select * from audit.days_counted",
    ):
        with (
            psycopg.connect(getattr(hypertables.house.host.addresses, role)) as connection,
            pytest.raises(psycopg.Error) as refused,
        ):
            connection.execute(statement)
        assert isinstance(
            refused.value,
            psycopg.errors.InsufficientPrivilege
            | psycopg.errors.FeatureNotSupported
            | psycopg.errors.UndefinedTable,
        ), statement
    assert hypertables.house.verify().is_green


async def test_refreshed_days_are_the_same_days(hypertables: Stored):
    if not hypertables.standing.has_columnstore:
        pytest.skip("this edition of TimescaleDB has no continuous aggregates")
    await hypertables.record(3, 3, 2)
    with psycopg.connect(hypertables.house.owner_url, autocommit=True) as owner:
        owner.execute("call refresh_continuous_aggregate('audit.days_counted', null, null)")
    await hypertables.record(1)
    with psycopg.connect(hypertables.house.host.addresses.web) as web:
        web.execute("select set_config('app.tenant_id', %s, false)",
                    [str(hypertables.house.tenant.id)])  # fmt: skip
        rows = web.execute("select events from audit.days order by day").fetchall()
    assert rows == [(2,), (1,), (1,)]


async def test_no_policy_of_the_extension_touches_evidence(hypertables: Stored):
    jobs = hypertables.house.ask(
        "select proc_name from timescaledb_information.jobs where hypertable_schema = 'audit'"
    )
    assert {name for (name,) in jobs} <= {"policy_refresh_continuous_aggregate"}


async def test_row_level_security_is_not_the_boundary(hypertables: Stored):
    ((secured,),) = hypertables.house.ask(
        "select relrowsecurity from pg_class where oid = 'audit.events'::regclass"
    )
    assert secured is False


async def test_the_worker_packs_and_chooses_the_chunks(hypertables: Stored):
    await hypertables.record(*[200] * 4, 0)
    async with hypertables.open() as (store, connection):
        sealed = await keep(connection, SOON)
        assert len(sealed) == (2 if hypertables.standing.has_columnstore else 0)
        assert await store.make_room(connection) == ["chunks of 65536 leaves"]
        assert await store.make_room(connection) == []
    assert hypertables.house.verify().is_green


async def test_a_busy_house_gets_shorter_chunks(hypertables: Stored):
    with psycopg.connect(hypertables.house.owner_url) as owner:
        owner.execute(
            "insert into audit.leaves (epoch, seq, event_id, occurred_at, leaf_hash, record_hash)"
            " select 0, n, gen_random_uuid(), now() - interval '1 hour' + n * interval '1 second',"
            " sha256('x'), sha256('x') from generate_series(0, 7200) n"
        )
    async with hypertables.open() as (store, connection):
        chosen = await store.make_room(connection)
    assert chosen == ["chunks of 23 days", "chunks of 2097152 leaves"]
