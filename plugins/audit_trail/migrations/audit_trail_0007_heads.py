"""Where signed heads were published, which are urgent, how old ones are thinned out, rollovers.

Revision ID: audit_trail_0007
"""

from alembic import op

revision = "audit_trail_0007"
down_revision = "audit_trail_0006"
branch_labels = None
depends_on = None

TABLES = """
alter table audit.checkpoints add column urgent boolean not null default false;

create table audit.publications (
  target text collate "C" primary key,
  epoch integer,
  size bigint,
  at timestamptz,
  attempts integer not null default 0,
  last_error text,
  next_attempt timestamptz,
  notice text,
  check ((epoch is null) = (size is null))
);

create table audit.rollovers (
  id bigint primary key generated always as identity,
  epoch integer not null,
  site text not null,
  reason text not null,
  destroy_keys boolean not null,
  compromised_since timestamptz,
  asked_at timestamptz not null default now(),
  begun_at timestamptz,
  done_at timestamptz
);
"""

# Which tags are urgent is the vocabulary's to say, so they are given; risk can be the event's own.
URGENT = """
create function audit.is_urgent(ids uuid[], moments timestamptz[], actions text[])
returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select from unnest(ids, moments) as w (id, at)
    join audit.events e on e.occurred_at = w.at and e.event_id = w.id
    where e.risk_level = 'critical' or e.action = any (actions));
end;
"""

# The rule is that of plugins/audit_trail/heads/thinning.py; the time is that of the row.
THINNING = """
create function audit.pinned_heads(of_epoch integer) returns setof bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select p.size from audit.publications p where p.epoch = of_epoch;
end;

create function audit.stretch(moment timestamptz, today timestamptz) returns text
language sql immutable set search_path = pg_catalog, pg_temp
begin atomic
  select s.length || ':' || floor(extract(epoch from moment) / s.length)
  from (values (366 * 86400, 86400), (31 * 86400, 3600), (86400, 60)) as s (age, length)
  where (floor(extract(epoch from moment) / s.length) + 1) * s.length + s.age
        <= extract(epoch from today)
  order by s.age desc limit 1;
end;

-- Whoever deletes, the rule holds: a head goes only when a later one of its stretch is there.
create function audit.refuse_unless_thinned() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  following text := (select audit.stretch(c.stored_at, now()) from audit.checkpoints c
                     where c.epoch = old.epoch and c.size > old.size order by c.size limit 1);
begin
  if old.size > 0 and audit.stretch(old.stored_at, now()) = following
     and old.size not in (select audit.pinned_heads(old.epoch)) then
    return old;
  end if;
  raise exception 'audit.checkpoints: no later head stands for that of % entries', old.size
    using errcode = 'insufficient_privilege';
end $$;

create function audit.thin_heads() returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
  with heads as (
    select c.epoch, c.size, audit.stretch(c.stored_at, now()) as stretch from audit.checkpoints c
  ), seen as (
    select h.*, lead(h.stretch) over (partition by h.epoch order by h.size) as following
    from heads h
  ), gone as (
    delete from audit.checkpoints c using seen s
    where c.epoch = s.epoch and c.size = s.size and s.size > 0 and s.stretch = s.following
      and s.size not in (select audit.pinned_heads(s.epoch))
    returning c.size
  )
  select count(*) from gone;
end;

drop trigger only_grows on audit.checkpoints;
create trigger only_grows before update on audit.checkpoints
  for each row execute function audit.refuse_change();
create trigger only_thinned before delete on audit.checkpoints
  for each row execute function audit.refuse_unless_thinned();
"""

STANDING = """
create function audit.head_of(of_epoch integer)
returns table (epoch integer, size bigint, note text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select c.epoch, c.size, c.note from audit.checkpoints c
  where c.epoch = of_epoch order by c.size desc limit 1;
end;

create function audit.signing()
returns table (epoch integer, size bigint, signed bigint, unsigned_since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select e.number, coalesce(b.size, 0), c.size,
         (select min(u.sequenced_at) from audit.batches u
          where u.epoch = e.number and u.last_seq >= coalesce(c.size, 0))
  from (select max(number) as number from audit.epochs) e
  left join lateral (select last_seq + 1 as size from audit.batches
                     where epoch = e.number order by last_seq desc limit 1) b on true
  left join lateral (select size from audit.checkpoints
                     where epoch = e.number order by size desc limit 1) c on true
  where e.number is not null;
end;

create function audit.publishing()
returns table (target text, epoch integer, size bigint, at timestamptz, attempts integer,
               last_error text, notice text, behind_since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select p.target, p.epoch, p.size, p.at, p.attempts, p.last_error, p.notice,
         (select c.stored_at from audit.checkpoints c
          where (c.epoch, c.size) > (coalesce(k.epoch, 0), coalesce(k.size, -1))
          order by c.epoch, c.size limit 1)
  from audit.publications p
  left join audit.checkpoints k on k.epoch = p.epoch and k.size = p.size
  order by p.target;
end;
"""

GRANTS = """
revoke all on function audit.is_urgent(uuid[], timestamptz[], text[]),
  audit.refuse_unless_thinned(), audit.pinned_heads(integer),
  audit.stretch(timestamptz, timestamptz),
  audit.thin_heads(), audit.head_of(integer), audit.signing(),
  audit.publishing() from public;
grant select, insert, update on audit.publications to cms_audit_sequencer;
grant select, insert, update (begun_at, done_at) on audit.rollovers to cms_audit_sequencer;
grant execute on function audit.is_urgent(uuid[], timestamptz[], text[]),
  audit.pinned_heads(integer), audit.thin_heads() to cms_audit_sequencer;
grant execute on function audit.head_of(integer), audit.signing(),
  audit.publishing() to cms_audit_reader;
"""


def upgrade() -> None:
    for part in (TABLES, URGENT, THINNING, STANDING, GRANTS):
        op.execute(part)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
