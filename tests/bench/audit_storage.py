"""Bytes that an event costs, indexes and diff included: `python -m tests.bench.audit_storage`.

Native on an embedded server; on TimescaleDB, packed too, where CMS_TEST_TIMESCALE_URL names one.
"""

import asyncio
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql
from sqlalchemy.engine import make_url

from cms.database import migrate, roles
from cms.host import Addresses, all_plugins, open_host, prepare_embedded
from cms.settings import Settings
from plugins.audit_trail.storage.store import Periods, Range, open_store
from tests.bench.audit_rows import copy_events
from tests.bench.clinic_day import spend_days

DAYS = int(os.environ.get("BENCH_DAYS", "20"))
COPIES = int(os.environ.get("BENCH_COPIES", "200"))
NATIVE_TARGET, PACKED_TARGET = 600, 200

# A descriptor of its own for each index, whatever partition or chunk it is of.
_PARTS = """
select p.relname || ': ' || case when c.relkind = 'i' then coalesce(
         (select string_agg(coalesce(a.attname, 'expression'), ', ' order by k.n)
          from unnest(i.indkey::smallint[]) with ordinality k (attnum, n)
          left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum),
         'index') || case when i.indpred is not null then ' (partial)' else '' end
       else 'rows' end,
       sum(pg_relation_size(c.oid) + case when c.relkind = 'r' and c.reltoastrelid <> 0
         then pg_total_relation_size(c.reltoastrelid) else 0 end)
from pg_class c
left join pg_index i on i.indexrelid = c.oid
left join pg_inherits h on h.inhrelid = coalesce(i.indrelid, c.oid)
join pg_class p on p.oid = coalesce(h.inhparent, i.indrelid, c.oid)
join pg_namespace n on n.oid = p.relnamespace
where n.nspname = 'audit' and p.relname in ('events', 'leaves') and c.relkind in ('r', 'i')
group by 1 having sum(pg_relation_size(c.oid)) > 0 order by 1
"""


@contextmanager
def _native() -> Iterator[tuple[Addresses, Settings]]:
    with tempfile.TemporaryDirectory(prefix="cms-bench-") as folder:
        Path(folder).chmod(0o755)
        settings = Settings(data_dir=folder, site_url="http://localhost")
        yield prepare_embedded(settings), settings


@contextmanager
def _hypertables(url: str) -> Iterator[tuple[Addresses, Settings]]:
    name, password = f"bench_{secrets.token_hex(4)}", "of-the-tests"

    def address(login: str) -> str:
        where = make_url(url).set(database=name, username=login, password=password)
        return where.render_as_string(hide_password=False)

    owner, web, worker = map(address, ("cms_owner", "cms_web", "cms_jobs"))
    roles.create_owner(url, "cms_owner", password, name)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("create extension timescaledb")
    migrate.upgrade(owner, all_plugins())
    roles.create_member(owner, "cms_web", password, roles.WEB_GROUP)
    roles.create_member(owner, "cms_jobs", password, roles.WORKER_GROUP)
    try:
        with tempfile.TemporaryDirectory(prefix="cms-bench-") as folder:
            settings = Settings(data_dir=folder, site_url="http://localhost")
            yield Addresses(owner, web, worker), settings
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            )


async def _fill(where: Addresses, settings: Settings) -> None:
    async with open_host(settings, where) as host:
        await spend_days(host, DAYS)


def _grow(where: Addresses) -> int:
    with psycopg.connect(where.owner) as owner:
        events = copy_events(owner, COPIES, 60)
    with psycopg.connect(where.owner, autocommit=True) as owner:
        owner.execute("vacuum analyze audit.events")
        owner.execute("vacuum analyze audit.leaves")
    return events


def _say_parts(where: Addresses, events: int) -> float:
    with psycopg.connect(where.owner) as owner:
        parts = owner.execute(_PARTS).fetchall()
    for name, size in parts:
        print(f"    {name:60} {float(size) / events:7.1f}")
    return sum(float(size) for _, size in parts) / events


async def _packed(where: Addresses) -> float | None:
    """Bytes of an event and its leaf in packed ranges; None where nothing can be packed."""
    soon = Periods(seal_after=timedelta(days=-100))
    async with await AsyncConnection.connect(where.owner, autocommit=True) as owner:
        store = await open_store(owner, soon)
        while await store.seal(owner):
            pass
        sealed = [one for one in await store.ranges(owner) if one.is_sealed]
        if not sealed:
            return None
        total = 0.0
        for table in ("events", "leaves"):
            found = [one for one in sealed if one.table == table]
            each = sum(one.bytes for one in found) / await _count(owner, found)
            print(f"    {table}, packed {each:59.1f}")
            total += each
        return total


async def _count(owner: AsyncConnection[Any], ranges: list[Range]) -> int:
    counted = 0
    for one in ranges:
        schema, _, table = one.name.partition(".")
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
        row = await (await owner.execute(query)).fetchone()
        counted += int(row[0]) if row else 0
    return counted


def main() -> None:
    """Print the figures beside their targets."""
    with _native() as (where, settings):
        asyncio.run(_fill(where, settings))
        events = _grow(where)
        print(f"native, {events:,} events, bytes an event:")
        print(f"  total {_say_parts(where, events):.0f}, target {NATIVE_TARGET}")
    url = os.environ.get("CMS_TEST_TIMESCALE_URL")
    if not url:
        return
    with _hypertables(url) as (where, settings):
        asyncio.run(_fill(where, settings))
        events = _grow(where)
        print(f"TimescaleDB, {events:,} events, bytes an event:")
        print(f"  total before packing {_say_parts(where, events):.0f}")
        total = asyncio.run(_packed(where))
        said = "this edition packs nothing" if total is None else f"{total:.0f}"
        print(f"  total {said}, target {PACKED_TARGET}")


if __name__ == "__main__":
    main()
