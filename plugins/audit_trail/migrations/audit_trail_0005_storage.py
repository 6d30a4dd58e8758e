"""Narrower indexes, quarters where there are few events, and the store that the settings choose.

Revision ID: audit_trail_0005
"""

from typing import Any

from alembic import op
from sqlalchemy.engine import Connection

from cms.settings import load
from plugins.audit_trail.settings import settings_of
from plugins.audit_trail.storage.moving import settle

revision = "audit_trail_0005"
down_revision = "audit_trail_0004"
branch_labels = None
depends_on = None

# Rows come in the order of time. An ascending index then grows at its right edge and its pages are
# full; a descending one splits its first page in the middle, for ever: 90 bytes an event instead of
# 33. It is read backwards as fast. Ids that are null answer no question, and the number of a
# resource is enough to find it: its type is looked at in the row.
INDEXES = """
do $make$
begin
  execute 'drop index audit.events_newest, audit.events_of_actor, audit.events_of_resource,
           audit.events_of_subject, audit.events_risky';
  execute 'create index events_by_time on audit.events (tenant_id, occurred_at)';
  execute 'create index events_by_actor on audit.events (tenant_id, actor_id, occurred_at)
           where actor_id is not null';
  execute 'create index events_by_resource on audit.events (tenant_id, resource_id, occurred_at)
           where resource_id is not null';
  execute 'create index events_by_subject
           on audit.events (tenant_id, data_subject_id, occurred_at)
           where data_subject_id is not null';
  execute 'create index events_by_risk on audit.events (tenant_id, occurred_at)
           where risk_level in (''high'', ''critical'')';
end $make$;
"""

# ATTACH lets writers pass, where CREATE … PARTITION OF would stop them. A period that overlaps an
# older partition (the setting was another one) or that a wrong clock has written to already is cut
# into months, and those that cannot be made stay in the default partition.
PARTITIONS = """
create function audit.make_period(since timestamptz, until timestamptz, name text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if to_regclass('audit.' || name) is not null or exists (
    select from audit.events_default d where d.occurred_at >= since and d.occurred_at < until)
  then
    return false;
  end if;
  execute format('create table audit.%I (like audit.events including all)', name);
  execute format(
    'create trigger keeps_all before truncate on audit.%I '
    'for each statement execute function audit.refuse_change()', name);
  execute format(
    'alter table audit.events attach partition audit.%I for values from (%L) to (%L)',
    name, since, until);
  return true;
exception when invalid_object_definition then
  return false;
end $$;

create function audit.make_partitions(ahead integer, months integer) returns setof text
language plpgsql security definer
set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  part text := case months when 3 then 'quarter' else 'month' end;
  first timestamp := date_trunc(part, now() at time zone 'UTC');
  since timestamptz;
  until timestamptz;
  name text;
begin
  if (select c.relkind from pg_class c where c.oid = 'audit.events'::regclass) <> 'p' then
    return;  -- chunks come by themselves
  end if;
  for n in 0..ahead loop
    since := (first + make_interval(months => n * months)) at time zone 'UTC';
    until := (first + make_interval(months => (n + 1) * months)) at time zone 'UTC';
    name := 'events_' || to_char(since at time zone 'UTC',
                                 case months when 3 then 'YYYY_"q"Q' else 'YYYY_MM' end);
    if audit.make_period(since, until, name) then
      return next name;
    elsif months > 1 and to_regclass('audit.' || name) is null then
      for m in 0..months - 1 loop
        name := 'events_' || to_char((since + make_interval(months => m)) at time zone 'UTC',
                                     'YYYY_MM');
        if audit.make_period(since + make_interval(months => m),
                             since + make_interval(months => m + 1), name) then
          return next name;
        end if;
      end loop;
    end if;
  end loop;
end $$;

create or replace function audit.make_partitions(ahead integer default 3) returns setof text
language sql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
  select audit.make_partitions(ahead, 1)
$$;
revoke all on function audit.make_period(timestamptz, timestamptz, text),
  audit.make_partitions(integer), audit.make_partitions(integer, integer) from public;
grant execute on function audit.make_partitions(integer), audit.make_partitions(integer, integer)
  to cms_audit_sequencer;
"""

# Both are the extension's work, so every name of it stands in a string: there may be none.
HYPERTABLES = """
create function audit.choose_chunks() returns setof text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  home text := (select quote_ident(n.nspname) from pg_extension x
                join pg_namespace n on n.oid = x.extnamespace where x.extname = 'timescaledb');
  recent record;
  a_day numeric;
  days integer;
  entries bigint;
begin
  if (select c.relkind from pg_class c where c.oid = 'audit.events'::regclass) = 'p' then
    return;
  end if;
  select l.epoch, l.seq, l.occurred_at into recent from audit.leaves l
  order by l.epoch desc, l.seq desc limit 1;
  select least(recent.seq, 100000) * 86400
         / greatest(extract(epoch from recent.occurred_at - l.occurred_at), 1) into a_day
  from audit.leaves l where l.epoch = recent.epoch and l.seq = greatest(recent.seq - 100000, 0);
  -- Two million rows fit into memory with their indexes; a month at most, a day at least.
  days := greatest(1, least(30, 2000000 / greatest(coalesce(a_day, 0), 1)));
  entries := 2 ^ ceil(log(2.0, greatest(coalesce(a_day, 0) * days, 65536)));
  if (select d.time_interval from timescaledb_information.dimensions d
      where d.hypertable_schema = 'audit' and d.hypertable_name = 'events')
     is distinct from make_interval(days => days) then
    execute format('select %s.set_chunk_time_interval(%L::regclass, %L::interval)',
                   home, 'audit.events', make_interval(days => days));
    return next format('chunks of %s days', days);
  end if;
  if (select d.integer_interval from timescaledb_information.dimensions d
      where d.hypertable_schema = 'audit' and d.hypertable_name = 'leaves')
     is distinct from entries then
    execute format('select %s.set_chunk_time_interval(%L::regclass, %s::bigint)',
                   home, 'audit.leaves', entries);
    return next format('chunks of %s leaves', entries);
  end if;
end $$;

create function audit.seal_range(after interval) returns text
language plpgsql security definer
set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  home text := (select quote_ident(n.nspname) from pg_extension x
                join pg_namespace n on n.oid = x.extnamespace where x.extname = 'timescaledb');
  chunk text;
begin
  select format('%I.%I', c.chunk_schema, c.chunk_name) into chunk
  from timescaledb_information.chunks c
  where c.hypertable_schema = 'audit' and not c.is_compressed
    and (c.hypertable_name = 'events' and c.range_end < now() - after
         or c.hypertable_name = 'leaves' and exists (
           select from audit.leaves l
           where l.seq = c.range_end_integer - 1 and l.occurred_at < now() - after))
  order by c.hypertable_name, c.range_end, c.range_end_integer limit 1;
  if chunk is not null then
    execute format('select %s.compress_chunk(%L::regclass)', home, chunk);
  end if;
  return chunk;
end $$;

revoke all on function audit.choose_chunks(), audit.seal_range(interval) from public;
grant execute on function audit.choose_chunks(), audit.seal_range(interval)
  to cms_audit_sequencer;
"""

# For dashboards: each site sees its own counts. A continuous aggregate takes its place
# where the edition of TimescaleDB has them.
DAYS = """
create view audit.days with (security_barrier = true) as
select d.tenant_id, d.day, d.action, d.outcome, d.risk_level, d.events
from (select e.tenant_id, date_trunc('day', e.occurred_at at time zone 'UTC') as day, e.action,
             e.outcome, e.risk_level, count(*) as events
      from audit.events e group by 1, 2, 3, 4, 5) d
where d.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint;
grant select on audit.days to cms_audit_reader;
"""


def upgrade() -> None:
    for part in (INDEXES, PARTITIONS, HYPERTABLES, DAYS):
        op.execute(part)
    bind = op.get_bind()
    if isinstance(bind, Connection):  # else the migration is only being written out

        def ask(statement: str) -> list[Any]:
            found = bind.exec_driver_sql(statement, execution_options={"no_parameters": True})
            return list(found) if found.returns_rows else []

        settle(ask, settings_of(load()).storage)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
