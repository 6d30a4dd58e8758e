"""How a range of events may go: proposed, approved by two, archived, told in the log, dropped.

Revision ID: audit_trail_0013
"""

from alembic import op

revision = "audit_trail_0013"
down_revision = "audit_trail_0012"
branch_labels = None
depends_on = None

PRUNINGS = """
create table audit.prunings (
  id bigint primary key generated always as identity,
  part text collate "C" not null,
  since timestamptz not null,
  until timestamptz not null,
  events bigint not null,
  state text collate "C" not null default 'proposed'
    check (state in ('proposed', 'archived', 'dropped', 'withdrawn')),
  proposed_at timestamptz not null default now(),
  archive text,
  archive_sha256 bytea check (length(archive_sha256) = 32),
  archived_at timestamptz,
  dropped_at timestamptz,
  check (since < until)
);
create unique index prunings_one_a_range on audit.prunings (part)
  where state in ('proposed', 'archived');

-- Where the events stand in the log, and a head that was signed over them before they went.
create table audit.pruning_places (
  pruning_id bigint not null references audit.prunings (id),
  epoch integer not null,
  first_seq bigint not null,
  last_seq bigint not null,
  events bigint not null,
  size bigint not null,
  root bytea not null check (length(root) = 32),
  primary key (pruning_id, epoch)
);

create table audit.pruning_tenants (
  pruning_id bigint not null references audit.prunings (id),
  tenant_id bigint not null,
  events bigint not null,
  primary key (pruning_id, tenant_id)
);

create table audit.pruning_approvals (
  pruning_id bigint not null,
  tenant_id bigint not null,
  user_id bigint not null,
  approved_at timestamptz not null default now(),
  primary key (pruning_id, tenant_id, user_id),
  foreign key (pruning_id, tenant_id) references audit.pruning_tenants (pruning_id, tenant_id)
);

-- Whole tiles only, so that every later proof finds their hash among the stored subtrees; the
-- record hash is that of the last leaf, from which the chain goes on.
create table audit.pruned_leaves (
  epoch integer not null,
  first_seq bigint not null,
  last_seq bigint not null,
  pruning_id bigint not null references audit.prunings (id),
  record_hash bytea not null check (length(record_hash) = 32),
  primary key (epoch, first_seq),
  check (first_seq % 256 = 0 and last_seq % 256 = 255 and first_seq < last_seq)
);
"""

# A leaf goes only when its tile was written down as pruned. This is a hindrance like the other
# triggers: the evidence is the event that told of it, under a head that was signed before.
LEAVES = """
create function audit.refuse_leaf_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' and exists (
    select from audit.pruned_leaves p
    where p.epoch = old.epoch and old.seq between p.first_seq and p.last_seq)
  then
    return old;
  end if;
  raise exception '%.% only grows: % is refused', tg_table_schema, tg_table_name, tg_op
    using errcode = 'insufficient_privilege';
end $$;
revoke all on function audit.refuse_leaf_change() from public;
drop trigger only_grows on audit.leaves;
create trigger only_grows before update or delete on audit.leaves
  for each row execute function audit.refuse_leaf_change();
"""

TENANT = "nullif(current_setting('app.tenant_id', true), '')::bigint"

APPROVING = f"""
create function audit.approve_pruning(pruning bigint, person bigint) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with given as (
    insert into audit.pruning_approvals (pruning_id, tenant_id, user_id)
    select t.pruning_id, t.tenant_id, person
    from audit.pruning_tenants t join audit.prunings p on p.id = t.pruning_id
    where t.pruning_id = pruning and t.tenant_id = {TENANT}
      and p.state in ('proposed', 'archived')
    on conflict do nothing returning 1)
  select exists (select from given)
$$;

create view audit.pruning_requests with (security_barrier = true) as
select p.id, p.since, p.until, t.events, p.events as all_events,
       p.state, p.proposed_at, p.archived_at, encode(p.archive_sha256, 'hex') as archive_sha256,
       p.dropped_at,
       array(select a.user_id from audit.pruning_approvals a
             where a.pruning_id = p.id and a.tenant_id = t.tenant_id order by a.approved_at)
         as approvers
from audit.prunings p join audit.pruning_tenants t on t.pruning_id = p.id
where t.tenant_id = {TENANT};
"""  # noqa: S608

# Both stores: months of a partitioned table, or chunks of a hypertable.
RANGES = """
create function audit.ranges() returns table (part text, since timestamptz, until timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from pg_class where oid = 'audit.events'::regclass and relkind = 'p') then
    return query
      select i.inhrelid::regclass::text, m[1]::timestamptz, m[2]::timestamptz
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      cross join lateral
        regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''(.*)''\\) TO \\(''(.*)''\\)') m
      where i.inhparent = 'audit.events'::regclass and m is not null order by 2;
  else
    return query execute
      'select format(''%I.%I'', chunk_schema, chunk_name), range_start, range_end
       from timescaledb_information.chunks
       where hypertable_schema = ''audit'' and hypertable_name = ''events'' order by 2';
  end if;
end $$;

-- Whose events a range holds, how many of each class, and how long they are kept.
create function audit.range_content(range_part text)
returns table (tenant_id bigint, class text, events bigint, last timestamptz, months integer)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query execute format(
    'select f.tenant_id, f.class, sum(f.events)::bigint, max(f.last), '
    '       audit.months_kept(f.tenant_id, f.class) '
    'from (select e.tenant_id, audit.class_of(e.action) as class, count(*) as events, '
    '             max(e.occurred_at) as last '
    '      from %s e group by e.tenant_id, e.action) f '
    'group by f.tenant_id, f.class order by 1, 2',
    range_part::regclass);
end $$;
"""

# Everything that stands in the way of a range, in one list; an empty one is the permission.
PROBLEMS = """
create function audit.range_problems(range_part text)
returns table (code text, tenant_id bigint, detail text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  r record;
begin
  select * into r from audit.ranges() g where g.part = range_part;
  if not found then
    return query select 'gone', null::bigint, range_part;
    return;
  end if;
  return query select 'open', null::bigint, r.until::text where r.until > now();
  return query
    select 'kept', c.tenant_id, c.class || ' ' || (c.last + make_interval(months => c.months))::date
    from audit.range_content(range_part) c
    where c.last + make_interval(months => c.months) > now();
  return query execute format(
    'select ''held'', h.tenant_id, h.id::text from audit.legal_holds h '
    'where h.released_at is null and h.since < %L and h.until > %L and exists ('
    '  select from %s e where e.tenant_id = h.tenant_id '
    '    and e.occurred_at >= h.since and e.occurred_at < h.until '
    '    and (h.resource_type is null or e.resource_type = h.resource_type) '
    '    and (h.resource_id is null or e.resource_id = h.resource_id))',
    r.until, r.since, range_part::regclass);
  return query
    select 'waiting', null::bigint, count(*)::text from audit.pending p
    where p.occurred_at >= r.since and p.occurred_at < r.until having count(*) > 0;
  return query execute format(
    'select ''outside'', null::bigint, count(*)::text from %s e '
    'where not exists (select from audit.leaves l where l.event_id = e.event_id) '
    'having count(*) > 0', range_part::regclass);
  if to_regclass('audit.events_default') is not null then
    return query execute format(
      'select ''elsewhere'', null::bigint, count(*)::text from audit.events_default e '
      'where e.occurred_at >= %L and e.occurred_at < %L having count(*) > 0', r.since, r.until);
  end if;
  return query execute format(
    'select ''unsigned'', null::bigint, max(l.seq)::text from audit.leaves l '
    'join %s e on e.event_id = l.event_id '
    'where l.seq >= (select coalesce(max(c.size), 0) from audit.checkpoints c '
    '                where c.epoch = l.epoch) having count(*) > 0', range_part::regclass);
end $$;

create function audit.pruning_problems(pruning bigint)
returns table (code text, tenant_id bigint, detail text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  p audit.prunings;
begin
  select * into strict p from audit.prunings x where x.id = pruning;
  if p.state not in ('proposed', 'archived') then
    return query select 'state', null::bigint, p.state;
    return;
  end if;
  return query select * from audit.range_problems(p.part);
  -- What goes is what was told: an event that came late is not among those that two agreed to.
  if exists (select from audit.ranges() g where g.part = p.part) then
    return query
      select 'changed', null::bigint, p.events::text
      from audit.range_content(p.part) c having coalesce(sum(c.events), 0) <> p.events;
  end if;
  return query
    select 'approvals', t.tenant_id, count(a.user_id)::text
    from audit.pruning_tenants t
    left join audit.pruning_approvals a
      on a.pruning_id = t.pruning_id and a.tenant_id = t.tenant_id
    where t.pruning_id = pruning group by t.tenant_id having count(a.user_id) < 2;
  return query select 'archive', null::bigint, p.part where p.archived_at is null;
end $$;
"""

# The last step, and the only one that takes something away. The caller says which events told of
# it; they must stand in the log under a signed head, or nothing goes.
DROP = """
create function audit.drop_range(pruning bigint, told uuid[]) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp set lock_timeout = '10s' as $$
declare
  p audit.prunings;
  problem record;
  tenants bigint;
  gone bigint;
begin
  select * into strict p from audit.prunings x where x.id = pruning for update;
  -- Nothing comes between what is looked at and what goes.
  if exists (select from audit.ranges() g where g.part = p.part) then
    execute format('lock table %s in share mode', p.part::regclass);
  end if;
  select * into problem from audit.pruning_problems(pruning) limit 1;
  if found then
    raise exception 'the range may not go: % %', problem.code, problem.detail;
  end if;
  select count(distinct e.tenant_id) into tenants
  from audit.events e
  join audit.leaves l on l.event_id = e.event_id
  join audit.pruning_tenants t on t.pruning_id = pruning and t.tenant_id = e.tenant_id
  where e.event_id = any (told) and e.action = 'audit:range:prune' and e.resource_id = pruning
    and l.seq < (select max(c.size) from audit.checkpoints c where c.epoch = l.epoch);
  if tenants < (select count(*) from audit.pruning_tenants t where t.pruning_id = pruning) then
    raise exception 'the range may not go: nothing in the signed log tells of it';
  end if;
  perform audit.prune_tiles(p);
  if exists (select from pg_class where oid = 'audit.events'::regclass and relkind = 'p') then
    execute format('alter table audit.events detach partition %s', p.part::regclass);
    execute format('drop table %s', p.part::regclass);
  else
    execute 'select drop_chunks(''audit.events''::regclass, older_than => $1, newer_than => $2)'
      using p.until, p.since;
  end if;
  -- Their events are gone by now, so the trigger lets them follow.
  delete from audit.personal where occurred_at >= p.since and occurred_at < p.until;
  update audit.prunings set state = 'dropped', dropped_at = now() where id = pruning;
  return p.events;
end $$;

create function audit.prune_tiles(p audit.prunings) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- A tile goes when all of its 256 events do, or have gone before.
  with tiles as (
    select l.epoch, l.seq >> 8 as tile
    from audit.leaves l
    join audit.pruning_places w on w.pruning_id = p.id and w.epoch = l.epoch
    where l.seq between (w.first_seq >> 8 << 8) and (w.last_seq | 255)
    group by l.epoch, l.seq >> 8
    having count(*) = 256 and bool_and(
      (l.occurred_at >= p.since and l.occurred_at < p.until)
      or not exists (select from audit.events e
                     where e.occurred_at = l.occurred_at and e.event_id = l.event_id))
  ), kept as (
    select t.epoch, t.tile, t.tile - row_number() over (partition by t.epoch order by t.tile) as run
    from tiles t
    where exists (select from audit.subtrees s
                  where s.epoch = t.epoch and s.level = 8 and s.position = t.tile)
  )
  insert into audit.pruned_leaves (epoch, first_seq, last_seq, pruning_id, record_hash)
  select r.epoch, r.first_tile << 8, (r.last_tile << 8) | 255, p.id,
         (select l.record_hash from audit.leaves l
          where l.epoch = r.epoch and l.seq = (r.last_tile << 8 | 255))
  from (select k.epoch, min(k.tile) as first_tile, max(k.tile) as last_tile
        from kept k group by k.epoch, k.run) r;
  delete from audit.leaves l using audit.pruned_leaves g
  where g.pruning_id = p.id and l.epoch = g.epoch and l.seq between g.first_seq and g.last_seq;
end $$;
"""

PROPOSE = """
create function audit.propose_pruning(range_part text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  problem record;
  r record;
  made bigint;
begin
  select * into problem from audit.range_problems(range_part) limit 1;
  if found then
    raise exception 'the range may not go: % %', problem.code, problem.detail;
  end if;
  select * into strict r from audit.ranges() g where g.part = range_part;
  insert into audit.prunings (part, since, until, events)
  select range_part, r.since, r.until, coalesce(sum(c.events), 0)
  from audit.range_content(range_part) c
  returning id into made;
  execute format(
    'insert into audit.pruning_places (pruning_id, epoch, first_seq, last_seq, events, size, root) '
    'select %s, w.epoch, w.first_seq, w.last_seq, w.events, c.size, c.root '
    'from (select l.epoch, min(l.seq) as first_seq, max(l.seq) as last_seq, count(*) as events '
    '      from %s e join audit.leaves l on l.event_id = e.event_id group by l.epoch) w '
    'cross join lateral (select h.size, h.root from audit.checkpoints h '
    '                    where h.epoch = w.epoch order by h.size desc limit 1) c',
    made, range_part::regclass);
  insert into audit.pruning_tenants (pruning_id, tenant_id, events)
  select made, c.tenant_id, sum(c.events)
  from audit.range_content(range_part) c group by c.tenant_id;
  return made;
end $$;

create function audit.archive_range(pruning bigint, place text, digest bytea) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update audit.prunings set state = 'archived', archive = place, archive_sha256 = digest,
         archived_at = now()
  where id = pruning and state = 'proposed'
$$;

create function audit.withdraw_pruning(pruning bigint) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with withdrawn as (
    update audit.prunings set state = 'withdrawn'
    where id = pruning and state in ('proposed', 'archived') returning 1)
  select exists (select from withdrawn)
$$;
"""

OF_RETENTION = (
    "audit.ranges()",
    "audit.range_content(text)",
    "audit.range_problems(text)",
    "audit.pruning_problems(bigint)",
    "audit.propose_pruning(text)",
    "audit.archive_range(bigint, text, bytea)",
    "audit.withdraw_pruning(bigint)",
    "audit.drop_range(bigint, uuid[])",
)

# What takes events away is for the role of retention alone, of which no process is a member.
GRANTS = """
revoke all on function {retention}, audit.approve_pruning(bigint, bigint),
  audit.prune_tiles(audit.prunings) from public;
grant execute on function audit.approve_pruning(bigint, bigint) to cms_audit_writer;
grant execute on function {retention} to cms_audit_retention;
grant select on audit.pruning_requests to cms_audit_reader;
grant select on audit.prunings, audit.pruning_places, audit.pruning_tenants,
  audit.pruning_approvals, audit.pruned_leaves to cms_audit_retention;
grant select on audit.pruned_leaves to cms_audit_sequencer, cms_audit_verifier;
grant select on audit.prunings to cms_audit_verifier;
"""


def upgrade() -> None:
    for part in (PRUNINGS, LEAVES, APPROVING, RANGES, PROBLEMS, DROP, PROPOSE):
        op.execute(part)
    op.execute(GRANTS.format(retention=", ".join(OF_RETENTION)))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
