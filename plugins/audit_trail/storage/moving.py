"""From months to hypertables in one transaction: all rows, rights, triggers and views, or none."""

from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from cms.errors import SetupError
from plugins.audit_trail.storage.store import NATIVE, STANDING, TIMESCALE, Standing

Ask = Callable[[str], list[Any]]
"""Runs a statement as the owner, and gives its rows if it has any."""

OLDEST = (2, 28)

_COUNT = "select exists (select from audit.events)"
_INSTALLABLE = "select default_version from pg_available_extensions where name = 'timescaledb'"

_HERE = """
select quote_ident(current_database()), extnamespace::regnamespace::text
from pg_extension where extname = 'timescaledb'
"""

_VIEWS = """
with recursive over (oid, depth) as (
  select 'audit.events'::regclass::oid, 0
  union all
  select r.ev_class, o.depth + 1
  from over o
  join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = o.oid
                  and d.classid = 'pg_rewrite'::regclass
  join pg_rewrite r on r.oid = d.objid
  where r.ev_class <> o.oid
)
select c.oid::regclass::text, pg_get_viewdef(c.oid),
       coalesce(array_to_string(c.reloptions, ', '), ''),
       array(select format('grant %s on %s to %I', a.privilege_type, c.oid::regclass,
                           a.grantee::regrole)
             from aclexplode(c.relacl) a where a.grantee <> c.relowner and a.grantee <> 0)
from pg_class c
join (select oid, max(depth) as depth from over group by oid) o using (oid)
where c.relkind = 'v' order by o.depth
"""
_INDEXES = """
select pg_get_indexdef(i.indexrelid) from pg_index i
where i.indrelid = 'audit.events'::regclass and not i.indisprimary
"""
_TRIGGERS = """
select pg_get_triggerdef(t.oid) from pg_trigger t
where t.tgrelid = 'audit.events'::regclass and not t.tgisinternal
"""
_GRANTS = """
select format('grant %s on audit.events to %I', a.privilege_type, a.grantee::regrole)
from pg_class c cross join aclexplode(c.relacl) a
where c.oid = 'audit.events'::regclass and a.grantee <> c.relowner and a.grantee <> 0
"""

# The queue is locked first, as writers lock it last: whoever holds it has written his event.
_LOCKS = "lock table audit.pending, audit.events, audit.leaves in access exclusive mode"

_EVENTS: tuple[str, ...] = (
    "alter table audit.events rename to events_by_month",
    "alter index audit.events_pkey rename to events_by_month_pkey",
    "create table audit.events (like audit.events_by_month including defaults"
    " including constraints including storage including compression)",
    "alter table audit.events add primary key (occurred_at, event_id)",
    "select {home}.create_hypertable('audit.events', 'occurred_at',"
    " chunk_time_interval => interval '30 days', create_default_indexes => false)",
    "insert into audit.events select * from audit.events_by_month order by occurred_at, event_id",
    "drop table audit.events_by_month",
)
# An id of an event is unique in `pending` while it waits and in `events` with its time for ever; a
# hypertable by seq can hold no third barrier. A leaf twice is found by the verification.
_LEAVES: tuple[str, ...] = (
    "alter table audit.leaves drop constraint leaves_event_id_key",
    "create index leaves_of_event on audit.leaves (event_id)",
    # The extension empties the table once its rows are in chunks.
    "alter table audit.leaves disable trigger keeps_all",
    "select {home}.create_hypertable('audit.leaves', 'seq', chunk_time_interval => 65536,"
    " create_default_indexes => false, migrate_data => true)",
    "alter table audit.leaves enable trigger keeps_all",
)
# Indexes are there before anything is packed: for their columns the packed form gets its filters.
_COLUMNSTORE: tuple[str, ...] = (
    "alter table audit.events set (timescaledb.compress,"
    " timescaledb.compress_segmentby = 'tenant_id',"
    " timescaledb.compress_orderby = 'occurred_at desc, event_id desc')",
    "alter table audit.leaves set (timescaledb.compress,"
    " timescaledb.compress_segmentby = 'epoch', timescaledb.compress_orderby = 'seq')",
)
_DAYS: tuple[str, ...] = (
    "create materialized view audit.days_counted"
    " with (timescaledb.continuous, timescaledb.materialized_only = false) as"
    " select e.tenant_id, {home}.time_bucket('1 day', e.occurred_at) as day, e.action, e.outcome,"
    " e.risk_level, count(*) as events from audit.events e group by 1, 2, 3, 4, 5 with no data",
    "create or replace view audit.days with (security_barrier = true) as"
    " select d.tenant_id, d.day at time zone 'UTC' as day, d.action, d.outcome, d.risk_level,"
    " d.events from audit.days_counted d"
    " where d.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint",
    # Only the owner may refresh it, and no function can: here the extension's own clock is right.
    # Where its workers are switched off the days are counted anew for each question.
    "select {home}.add_continuous_aggregate_policy('audit.days_counted',"
    " start_offset => interval '40 days', end_offset => interval '1 day',"
    " schedule_interval => interval '1 hour', initial_start => now() + interval '1 hour')",
)


def settle(ask: Ask, wanted: str) -> str:
    """At a migration: what the setting `storage` asks for; the driver that is then in use.

    `auto` takes hypertables only where somebody has created the extension in this very database
    and nothing is recorded yet. That a server offers it says nothing of this installation, and to
    move a grown log is a decision with a pause for writers: `cms audit storage move`.
    """
    found = standing_of(ask)
    if found.driver == TIMESCALE or wanted == NATIVE:
        return found.driver
    if wanted == TIMESCALE or (found.version is not None and not ask(_COUNT)[0][0]):
        move(ask)
        return TIMESCALE
    return found.driver


def move(ask: Ask) -> None:
    """Turn the months into hypertables, inside the caller's transaction. Writers wait for as long
    as the copy takes. SetupError where the server cannot."""
    home = _extension(ask)
    ask(_LOCKS)
    views = ask(_VIEWS)
    later = [row[0] for query in (_INDEXES, _TRIGGERS, _GRANTS) for row in ask(query)]
    for name, *_ in reversed(views):
        ask("drop view " + name)
    _all(ask, home, _EVENTS)
    for statement in later:
        ask(statement.replace(" ON ONLY ", " ON "))
    _all(ask, home, _LEAVES)
    for name, definition, options, grants in views:
        ask(f"create view {name}{options and f' with ({options})'} as {definition}")
        for grant in grants:
            ask(grant)
    if standing_of(ask).has_columnstore:
        _all(ask, home, _COLUMNSTORE)
        _all(ask, home, _DAYS)


def _extension(ask: Ask) -> str:
    """The schema of the extension, created if need be, and silent towards its makers."""
    if standing_of(ask).version is None:
        if not ask(_INSTALLABLE):
            raise SetupError(
                "this PostgreSQL server does not offer TimescaleDB: install it there, or set "
                'storage = "native" under [plugins.audit_trail]'
            )
        try:
            ask("create extension timescaledb")
        except (psycopg.Error, DBAPIError) as fault:
            raise SetupError(
                f"the extension timescaledb cannot be created: {fault}. It must stand in "
                "shared_preload_libraries; then create it as a superuser"
            ) from fault
    version = str(standing_of(ask).version)
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise SetupError(f"TimescaleDB 2.28 or newer is needed, this database has {version}")
    ((database, home),) = ask(_HERE)
    ask(f"alter database {database} set timescaledb.telemetry_level = 'off'")
    ask("set timescaledb.telemetry_level = 'off'")
    return str(home)


def standing_of(ask: Ask) -> Standing:
    """Which driver this database has, asked on a connection that waits."""
    rows = ask(STANDING)
    if not rows:
        raise SetupError("there is no audit trail in this database: run cms db upgrade")
    driver, version, edition, telemetry = rows[0]
    return Standing(driver=driver, version=version, edition=edition, telemetry=telemetry)


def _all(ask: Ask, home: str, statements: tuple[str, ...]) -> None:
    for statement in statements:
        ask(statement.format(home=home))
