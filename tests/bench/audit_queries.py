"""`python -m tests.bench.audit_queries`: officers' questions on three million events.

16 tenants, skewed, over 24 months, in a database of its own that is made and dropped. Each question
is asked as an officer asks it: purpose, page, places in the log and names, in one transaction.
AUDIT_ROWS makes it smaller, AUDIT_HOME keeps the filled server for another run.
"""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from cms import core
from cms.database import embedded, migrate, roles
from cms.database.work import UnitOfWork
from cms.host import Addresses, Host, all_plugins, open_host
from cms.kernel.actors import SYSTEM
from cms.kernel.registry import Registry
from cms.settings import Settings
from cms.tenancy.founding import add_to_directory
from plugins.audit_trail import plugin as audit_trail
from plugins.audit_trail.officers.daily import read_days
from plugins.audit_trail.officers.filters import Paging, Wanted
from plugins.audit_trail.officers.reading import read_trail

ROWS = int(os.environ.get("AUDIT_ROWS", "3000000"))
TENANTS = 16
MONTHS = 24
RUNS = 55
DATABASE = "audit_queries"
TARGET, DAILY_TARGET = 10.0, 100.0

MONTH = """
do $$
declare
  since timestamptz := (date_trunc('month', now() at time zone 'UTC')
                        - make_interval(months => {back})) at time zone 'UTC';
  until timestamptz := (date_trunc('month', now() at time zone 'UTC')
                        - make_interval(months => {back} - 1)) at time zone 'UTC';
  name text := 'events_' || to_char(since at time zone 'UTC', 'YYYY_MM');
begin
  if to_regclass('audit.' || name) is null then
    execute format('create table audit.%I partition of audit.events for values from (%L) to (%L)',
                   name, since, until);
  end if;
end $$;
"""

# Half of all events are of the largest site; half of a site's are of its fifty busiest people.
FILL: LiteralString = """
with drawn as (
  select n, least(16, 1 + floor(-ln(random()) * 2))::bigint as tenant,
         date_trunc('month', now()) - make_interval(months => %(back)s)
           + random() * interval '27 days' as moment,
         random() as who, random() as what, random() as risk, random() as about
  from generate_series(%(first)s::bigint, %(last)s::bigint) n
), ordered as (
  select *, md5(n::text) as hash from drawn order by moment
)
insert into audit.events (
  event_id, occurred_at, tenant_id, schema_version, event_type, action, outcome, resource_type,
  resource_id, actor_id, actor_kind, actor_role, actor_ip, channel, request_id, data_subject_id,
  risk_level, automated_flags, after_state, event_data, writer_id, writer_seq)
select (lpad(to_hex(floor(extract(epoch from moment) * 1000)::bigint), 12, '0')
        || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid,
       moment, tenant, 1, 'revision_saved',
       (array['content:revision:save', 'content:post:transition', 'sealing:value:open',
              'identity:session:sign_in', 'content:post:create', 'review:review:decide'])
         [1 + floor(what * 6)::int],
       case when what > 0.97 then 'refused' else 'success' end,
       case when what < 0.8 then 'post' else 'user' end,
       (case when who < 0.5 then 1 + floor(about * 200) else 1 + floor(about * 40000) end)::bigint,
       (case when who < 0.5 then 1 + floor(what * 50) else 1 + floor(what * 5000) end)::bigint,
       'person', 'author',
       '10.' || floor(what * 200)::int || '.' || floor(about * 200)::int || '.7',
       'rest', gen_random_uuid()::text,
       case when about < 0.3 then substr(md5(floor(who * 60000)::text), 1, 32) end,
       case when risk > 0.99 then 'critical' when risk > 0.96 then 'high'
            when risk > 0.7 then 'medium' else 'low' end,
       '[]', '{"status":"publish"}', ('{"post_id":' || n || '}')::json, substr(hash, 1, 16), n
from ordered
"""
LEAVES: LiteralString = """
insert into audit.leaves (epoch, seq, event_id, occurred_at, leaf_hash, record_hash)
select 1, row_number() over (order by occurred_at, event_id) - 1, event_id, occurred_at,
       sha256(event_id::text::bytea), sha256(event_id::text::bytea)
from audit.events
"""
STANDING: LiteralString = """
insert into audit.epochs (number, origin, opened_at, schema_version, hash_algorithm, verifier_keys,
                          genesis)
values (1, 'bench.example', now(), 1, 'sha256', '{}', sha256('bench'));
insert into audit.batches (epoch, first_seq, last_seq, root, frontier)
select 1, 0, max(seq), sha256('bench'), '{}' from audit.leaves;
"""


@dataclass(frozen=True)
class Figure:
    """One line of the answer, in milliseconds."""

    what: str
    p50: float
    p95: float
    target: float

    def __str__(self) -> str:
        verdict = "ok" if self.p95 <= self.target else "ABOVE"
        return (
            f"{self.what:<44} p50 {self.p50:7.2f} ms   p95 {self.p95:7.2f} ms   "
            f"target {self.target:5.0f} ms  {verdict}"
        )


def prepare(home: Path) -> Addresses:
    """A server in this folder with a database full of events; one that is full already is used."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    server = embedded.start(home)
    superuser = server.url()
    where = Addresses(*(server.url(DATABASE, login, "bench") for login in
                        ("cms_owner", "cms_web", "cms_jobs")))  # fmt: skip
    if roles.can_log_in(where.owner):
        return where
    roles.create_owner(superuser, "cms_owner", "bench", DATABASE)
    migrate.upgrade(where.owner, all_plugins())
    roles.create_member(where.owner, "cms_web", "bench", roles.WEB_GROUP)
    roles.create_member(where.owner, "cms_jobs", "bench", roles.WORKER_GROUP)
    for number in range(1, TENANTS + 1):
        add_to_directory(where.owner, f"t{number}", f"Casa {number}", [f"t{number}.example"])
    fill(where.owner)
    return where


def fill(owner: str) -> None:
    """Events by month, leaves for all of them, and the counts of their days."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("set synchronous_commit = off")
        connection.execute("set maintenance_work_mem = '512MB'")
        a_month = ROWS // MONTHS
        for back in range(MONTHS, 0, -1):
            connection.execute(MONTH.format(back=back))  # type: ignore[arg-type]
            first = (MONTHS - back) * a_month
            connection.execute(FILL, {"back": back, "first": first + 1, "last": first + a_month})
        connection.execute(LEAVES)
        connection.execute(STANDING)
        while connection.execute("select audit.roll_up(500000)").fetchone() != (0,):
            pass
        connection.execute("vacuum (analyze) audit.events")
        connection.execute("vacuum (analyze) audit.leaves")
        connection.execute("vacuum (analyze) audit.daily")


Question = Callable[[UnitOfWork, random.Random], Awaitable[Any]]


def questions(facts: dict[str, list[Any]]) -> dict[str, tuple[Question, float]]:
    """What is asked, each time of somebody else."""
    now = datetime.now(UTC)
    last = Paging(newest_first=True)

    def asks(make: Callable[[random.Random], Wanted]) -> Question:
        return lambda work, chance: read_trail(work, make(chance), last)

    def days(back: int) -> datetime:
        return now - timedelta(days=back)

    return {
        "by actor, 90 days, last 100": (
            asks(lambda c: Wanted(actor_id=c.randint(1, 50), since=days(90))), TARGET),
        "by resource, all time, last 100": (
            asks(lambda c: Wanted(resource_type="post", resource_id=c.randint(1, 300))), TARGET),
        "by data subject, all time": (
            asks(lambda c: Wanted(data_subject=c.choice(facts["subjects"]))), TARGET),
        "high risk in a month, last 100": (
            asks(lambda c: _a_month(c, days)), TARGET),
        "by address, all time, last 100": (
            asks(lambda c: Wanted(ip=c.choice(facts["addresses"]))), TARGET),
        "by request": (
            asks(lambda c: Wanted(request_id=c.choice(facts["requests"]))), TARGET),
        "newest 100 of a site": (asks(lambda _: Wanted()), TARGET),
        "daily counts, 90 days": (lambda work, _: read_days(work, None, None), DAILY_TARGET),
    }  # fmt: skip


def _a_month(chance: random.Random, days: Callable[[int], datetime]) -> Wanted:
    back = chance.randint(40, 600)
    return Wanted(risk_at_least="high", since=days(back), until=days(back - 30))


def facts_of(owner: str, tenant: int) -> dict[str, list[Any]]:
    """Some values that there are."""
    with psycopg.connect(owner) as connection:
        rows = connection.execute(
            "select data_subject_id, actor_ip, request_id from audit.events "
            "where tenant_id = %s and data_subject_id is not null limit 400",
            [tenant],
        ).fetchall()
    names = ("subjects", "addresses", "requests")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


async def measure(host: Host, tenant_slug: str) -> list[Figure]:
    """Each question, asked as often as it takes to know its 95th percentile."""
    tenant, chance = await host.tenants.by_slug(tenant_slug), random.Random(5)
    facts = await asyncio.to_thread(facts_of, host.addresses.owner, tenant.id)
    figures = []
    for what, (ask, target) in questions(facts).items():
        spent = []
        for run in range(RUNS + 5):
            async with host.shop.work(tenant, SYSTEM) as work:
                await work.one("select 1 as ready")
                begun = time.perf_counter()
                await ask(work, chance)
                if run >= 5:
                    spent.append((time.perf_counter() - begun) * 1000)
        spent.sort()
        figures.append(Figure(what, spent[RUNS // 2], spent[int(RUNS * 0.95)], target))
    return figures


SIZES: LiteralString = """
select regexp_replace(ic.relname, '^events_[0-9_]{7}_', '') as index,
       sum(pg_relation_size(i.indexrelid)) / %s as bytes
from pg_index i join pg_class ic on ic.oid = i.indexrelid
join pg_inherits h on h.inhrelid = i.indrelid and h.inhparent = 'audit.events'::regclass
group by 1 having sum(pg_relation_size(i.indexrelid)) > 1000000 order by 2 desc
"""


def report(where: Addresses) -> None:
    """What the indexes cost."""
    with psycopg.connect(where.owner) as connection:
        print("bytes an event, by index")
        for name, size in connection.execute(SIZES, [ROWS]).fetchall():
            print(f"  {name:<60} {size:6.1f}")


async def main() -> None:
    home = Path(os.environ.get("AUDIT_HOME") or tempfile.mkdtemp(prefix="audit-queries-"))
    where = await asyncio.to_thread(prepare, home)
    settings = Settings(data_dir=str(home / "var"))
    async with open_host(settings, where, Registry([core.plugin, audit_trail])) as host:
        for slug in ("t1", "t8"):
            print(f"tenant {slug}, of {ROWS:,} events")
            for figure in await measure(host, slug):
                print(f"  {figure}")
    await asyncio.to_thread(report, where)


if __name__ == "__main__":
    asyncio.run(main())
