"""Looking with a purpose: views by purpose, daily counts, and the officers' own desk.

Revision ID: audit_trail_0011
"""

from alembic import op

revision = "audit_trail_0011"
down_revision = "audit_trail_0010"
branch_labels = None
depends_on = None

# A request is a UUID as text: 36 bytes that say no more than eight of their hash. Rows of version 2
# have no address in the clear, so the first index costs them nothing.
# They are made from within, because PostgreSQL makes no index of a partitioned table concurrently:
# who writes to a month waits while that month is indexed.
INDEXES = """
do $make$
begin
  execute 'create index events_of_address on audit.events (tenant_id, actor_ip, occurred_at desc)
           where actor_ip is not null';
  execute 'create index events_of_request
           on audit.events (hashtextextended(request_id, 0))
           where request_id is not null';
end $make$;
"""

# What was the view for everything is nobody's any more; each purpose has a view of its own over it,
# where what the purpose does not need is null. A view of another purpose is empty, so a process of
# the version before sees nothing rather than too much.
ROWS = """
do $make$
begin
  execute 'alter view audit.trail rename to trail_rows';
end $make$;
revoke all on audit.trail_rows from cms_audit_reader;
"""
ADDRESSES = ("actor_ip", "actor_user_agent", "actor_device_fingerprint")
SUBJECTS = ("data_subject_id", "consent_reference")
VALUES = ("before_state", "after_state")
VIEWS = {
    "trail": ("compliance", ()),
    "trail_of_subjects": ("data_protection", ADDRESSES),
    "trail_of_addresses": ("security", SUBJECTS),
    "trail_without_people": ("external_audit", ADDRESSES + SUBJECTS + VALUES),
}
# The columns are those that the view has by now, whatever migrations came before this one.
VIEW = """
do $make$
begin
  execute (
    select 'create view audit.{name} with (security_barrier = true) as select '
           || string_agg(case when a.attname = any ('{{{hidden}}}'::name[])
                then format('null::%s as %I', format_type(a.atttypid, a.atttypmod), a.attname)
                else format('e.%I', a.attname) end, ', ' order by a.attnum)
           || ', hashtextextended(e.request_id, 0) as request_hash'
           || ', case when e.resource_type = ''review'' then e.event_data->>''post_id'' end'
           || ' as of_post from audit.trail_rows e '
           || 'where current_setting(''app.audit_purpose'', true) = ''{purpose}'''
    from pg_attribute a
    where a.attrelid = 'audit.trail_rows'::regclass and a.attnum > 0 and not a.attisdropped);
end $make$;
grant select on audit.{name} to cms_audit_reader;
"""

TENANT = "nullif(current_setting('app.tenant_id', true), '')::bigint"
STATED = "current_setting('app.audit_purpose', true) in ({})".format(
    ", ".join(f"'{purpose}'" for purpose, _ in VIEWS.values())
)

# What is sealed is for purposes too, and lies beside the commitment that binds it.
PERSONAL = f"""
create or replace view audit.sealed_personal with (security_barrier = true) as
select p.event_id, p.occurred_at, p.key_id, p.salt, p.ciphertext, p.ip_token, p.erased_at,
       e.pii_commitment as commitment
from audit.personal p
join audit.events e on e.occurred_at = p.occurred_at and e.event_id = p.event_id
where p.tenant_id = {TENANT}
  and current_setting('app.audit_purpose', true) in ('compliance', 'data_protection', 'security');
"""  # noqa: S608 - constants only

FUNCTIONS = f"""
-- Where events of the tenant stand in the log; events of others have no place.
create function audit.places(wanted uuid[])
returns table (event_id uuid, epoch integer, seq bigint, leaf_hash text, record_hash text,
               previous_record_hash text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.event_id, l.epoch, l.seq, encode(l.leaf_hash, 'hex'), encode(l.record_hash, 'hex'),
         encode(case when l.seq = 0 then g.genesis else p.record_hash end, 'hex')
  from audit.leaves l
  join audit.events e on e.occurred_at = l.occurred_at and e.event_id = l.event_id
  left join audit.leaves p on p.epoch = l.epoch and p.seq = l.seq - 1
  left join audit.epochs g on g.number = l.epoch and l.seq = 0
  where l.event_id = any(wanted) and e.tenant_id = {TENANT} and {STATED}
$$;

-- Committed events of the tenant that have no place yet.
create function audit.waiting() returns table (event_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.event_id from audit.pending p
  join audit.events e on e.occurred_at = p.occurred_at and e.event_id = p.event_id
  where e.tenant_id = {TENANT} and {STATED}
$$;

create function audit.last_place() returns table (epoch integer, seq bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select b.epoch, b.last_seq from audit.batches b order by b.epoch desc, b.last_seq desc limit 1
$$;

-- For the watch over rules: the tenant's events between two places, in their order.
create function audit.sequenced(after_epoch integer, after_seq bigint,
                                to_epoch integer, to_seq bigint, most integer)
returns table (epoch integer, seq bigint, event_id uuid, occurred_at timestamptz, action text,
               outcome text, resource_type text, resource_id bigint, actor_id bigint,
               actor_kind text, actor_ip text, channel text, request_id text, risk_level text,
               data_subject_id text, detail text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.epoch, l.seq, e.event_id, e.occurred_at, e.action, e.outcome, e.resource_type,
         e.resource_id, e.actor_id, e.actor_kind, coalesce(encode(p.ip_token, 'hex'), e.actor_ip),
         e.channel, e.request_id,
         e.risk_level, e.data_subject_id, e.event_data::text
  from audit.leaves l
  cross join lateral (
    select * from audit.events o
    where o.occurred_at = l.occurred_at and o.event_id = l.event_id offset 0) e
  left join audit.personal p on p.occurred_at = e.occurred_at and p.event_id = e.event_id
  where (l.epoch, l.seq) > (after_epoch, after_seq) and (l.epoch, l.seq) <= (to_epoch, to_seq)
    and e.tenant_id = {TENANT} and current_setting('app.audit_purpose', true) = 'monitoring'
  order by l.epoch, l.seq limit most
$$;

create function audit.alarms_after(last bigint)
returns table (id bigint, raised_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.id, a.raised_at from audit.alarms a
  where a.id > last and current_setting('app.audit_purpose', true) = 'monitoring' order by a.id
$$;

-- Whose rules have something to look at; ids of tenants and nothing else, for the worker.
create function audit.tenants_between(after_epoch integer, after_seq bigint,
                                      to_epoch integer, to_seq bigint)
returns setof bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distinct e.tenant_id from audit.leaves l
  cross join lateral (
    select o.tenant_id from audit.events o
    where o.occurred_at = l.occurred_at and o.event_id = l.event_id offset 0) e
  where (l.epoch, l.seq) > (after_epoch, after_seq) and (l.epoch, l.seq) <= (to_epoch, to_seq)
$$;
"""  # noqa: S608 - constants only

# An order does not pass through a barrier, so a page of a view would sort everything that it finds.
# Here the words are fixed and the values are quoted: nothing that runs can leak, and the order and
# the limit reach the index. What a purpose does not see it cannot ask for here either.
FINDING = f"""
create function audit.find_keys(sought jsonb, newest_first boolean, start_at timestamptz,
                                start_id uuid, most integer)
returns table (occurred_at timestamptz, event_id uuid)
language plpgsql stable security definer rows 100 set search_path = pg_catalog, pg_temp as $$
declare
  purpose constant text := current_setting('app.audit_purpose', true);
  way constant text := case when newest_first then 'desc' else 'asc' end;
  moment text := 'e.occurred_at';
  asked text := format(' from audit.events e where e.tenant_id = %L::bigint', {TENANT});
  name text;
begin
  if not coalesce({STATED}, false)
     or sought ?| array['actor_ip', 'ip_token'] and purpose not in ('compliance', 'security')
     or sought ? 'data_subjects' and purpose not in ('compliance', 'data_protection') then
    return;
  end if;
  if sought ? 'ip_token' then
    moment := 'p.occurred_at';
    asked := format(' from audit.personal p join audit.events e on e.occurred_at = p.occurred_at'
      ' and e.event_id = p.event_id where p.tenant_id = %1$L::bigint'
      ' and e.tenant_id = %1$L::bigint and p.ip_token = decode(%2$L, ''hex'')',
      {TENANT}, sought->>'ip_token');
  end if;
  foreach name in array array['actor_kind', 'resource_type', 'outcome', 'risk_level', 'channel',
                              'actor_ip', 'action'] loop
    if sought ? name then
      asked := asked || format(' and e.%I = %L', name, sought->>name);
    end if;
  end loop;
  foreach name in array array['actor_id', 'resource_id'] loop
    if sought ? name then
      asked := asked || format(' and e.%I = %L::bigint', name, sought->>name);
    end if;
  end loop;
  if sought ? 'action_from' then
    asked := asked || format(' and e.action >= %L and e.action < %L',
                             sought->>'action_from', sought->>'action_end');
  end if;
  if sought ? 'risk_levels' then
    asked := asked || format(' and e.risk_level in (%s)', (
      select string_agg(quote_literal(r.level), ', ')
      from jsonb_array_elements_text(sought->'risk_levels') as r (level)));
  end if;
  if sought ? 'data_subjects' then
    asked := asked || format(' and e.data_subject_id in (%s)', (
      select coalesce(string_agg(quote_literal(s.reference), ', '), 'null')
      from jsonb_array_elements_text(sought->'data_subjects') as s (reference)));
  end if;
  if sought ? 'request_id' then
    asked := asked || format(' and hashtextextended(e.request_id, 0) = hashtextextended(%1$L, 0)'
                             ' and e.request_id = %1$L', sought->>'request_id');
  end if;
  if sought ? 'of_post' then
    asked := asked || format(' and e.event_data->>''post_id'' = %L', sought->>'of_post');
  end if;
  if sought ? 'since' then
    asked := asked || format(' and %s >= %L::timestamptz', moment, sought->>'since');
  end if;
  if sought ? 'until' then
    asked := asked || format(' and %s < %L::timestamptz', moment, sought->>'until');
  end if;
  if start_at is not null then
    asked := asked || format(' and (%s, e.event_id) %s (%L::timestamptz, %L::uuid)', moment,
                             case when newest_first then '<' else '>' end, start_at, start_id)
      || format(' and %s %s %L::timestamptz', moment,
                case when newest_first then '<=' else '>=' end, start_at);
  end if;
  return query execute 'select e.occurred_at, e.event_id' || asked
    || format(' order by %1$s %2$s, e.event_id %2$s limit %3$s', moment, way, most);
end $$;
revoke all on function audit.find_keys(jsonb, boolean, timestamptz, uuid, integer) from public;
grant execute on function audit.find_keys(jsonb, boolean, timestamptz, uuid, integer)
  to cms_audit_reader;
"""  # noqa: S608 - constants only

# Counted by place in the log, not by day: an event that comes late to its day is counted like any
# other, once. `daily_upto` is the last place that is counted.

# Few events are newer than the counts, which no statistics know: OFFSET 0 keeps them from being
# joined with the whole log.
DAILY = f"""
create table audit.daily (
  tenant_id bigint not null,
  day date not null,
  action text collate "C" not null,
  outcome text collate "C" not null,
  risk_level text collate "C" not null,
  actor_kind text collate "C" not null,
  events bigint not null check (events > 0),
  primary key (tenant_id, day, action, outcome, risk_level, actor_kind)
);
create table audit.daily_upto (
  is_only boolean primary key default true check (is_only),
  epoch integer not null,
  seq bigint not null
);
insert into audit.daily_upto (epoch, seq) values (0, -1);

create function audit.roll_up(most integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  upto record;
  taken bigint;
begin
  select d.epoch, d.seq into strict upto from audit.daily_upto d for update;
  with found as (
    select l.epoch, l.seq, l.event_id, l.occurred_at from audit.leaves l
    where (l.epoch, l.seq) > (upto.epoch, upto.seq) order by l.epoch, l.seq limit most
  ), counted as (
    insert into audit.daily as d
    select e.tenant_id, (e.occurred_at at time zone 'UTC')::date, e.action, e.outcome,
           e.risk_level, e.actor_kind, count(*)
    from found f
    join audit.events e on e.occurred_at = f.occurred_at and e.event_id = f.event_id
    group by 1, 2, 3, 4, 5, 6
    on conflict (tenant_id, day, action, outcome, risk_level, actor_kind)
      do update set events = d.events + excluded.events
  ), moved as (
    update audit.daily_upto u set epoch = last.epoch, seq = last.seq
    from (select f.epoch, f.seq from found f order by f.epoch desc, f.seq desc limit 1) last
  )
  select count(*) into taken from found;
  return taken;
end $$;

create function audit.daily_counts(first_day date, last_day date)
returns table (day date, action text, outcome text, risk_level text, actor_kind text,
               events bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with fresh as (
    select l.occurred_at, l.event_id from audit.daily_upto d
    cross join lateral (
      select n.occurred_at, n.event_id from audit.leaves n
      where (n.epoch, n.seq) > (d.epoch, d.seq) order by n.epoch, n.seq offset 0) l
    union all
    select p.occurred_at, p.event_id from audit.pending p
  ), counted as (
    select d.day, d.action, d.outcome, d.risk_level, d.actor_kind, d.events
    from audit.daily d
    where d.tenant_id = {TENANT} and d.day between first_day and last_day
    union all
    select (e.occurred_at at time zone 'UTC')::date, e.action, e.outcome, e.risk_level,
           e.actor_kind, count(*)
    from fresh f
    cross join lateral (
      select * from audit.events o
      where o.occurred_at = f.occurred_at and o.event_id = f.event_id offset 0) e
    where e.tenant_id = {TENANT}
      and (e.occurred_at at time zone 'UTC')::date between first_day and last_day
    group by 1, 2, 3, 4, 5
  )
  select c.day, c.action, c.outcome, c.risk_level, c.actor_kind, sum(c.events)::bigint
  from counted c where {STATED}
  group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
$$;
"""  # noqa: S608 - constants only

GRANTS = """
revoke all on function audit.places(uuid[]), audit.waiting(), audit.last_place(),
  audit.sequenced(integer, bigint, integer, bigint, integer), audit.alarms_after(bigint),
  audit.tenants_between(integer, bigint, integer, bigint), audit.roll_up(integer),
  audit.daily_counts(date, date) from public;
grant execute on function audit.places(uuid[]), audit.waiting(),
  audit.last_place(), audit.daily_counts(date, date),
  audit.sequenced(integer, bigint, integer, bigint, integer), audit.alarms_after(bigint)
  to cms_audit_reader;
grant execute on function audit.tenants_between(integer, bigint, integer, bigint),
  audit.roll_up(integer), audit.last_place() to cms_audit_sequencer;
"""


def upgrade() -> None:
    for part in (INDEXES, ROWS):
        op.execute(part)
    for name, (purpose, hidden) in VIEWS.items():
        op.execute(VIEW.format(name=name, purpose=purpose, hidden=",".join(hidden)))
    for part in (PERSONAL, FUNCTIONS, FINDING, DAILY):
        op.execute(part)
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
