"""What others say of the heads: cosignatures of witnesses, tokens of a timestamp authority.

Revision ID: audit_trail_0008
"""

from alembic import op

revision = "audit_trail_0008"
down_revision = "audit_trail_0007"
branch_labels = None
depends_on = None

# A line is public and says nothing of anybody; it is kept as it was verified.
TABLES = """
create table audit.cosignatures (
  epoch integer not null,
  size bigint not null,
  witness text collate "C" not null,
  key_id bytea not null check (length(key_id) = 4),
  line text collate "C" not null check (line like '— %' and right(line, 1) = e'\\n'),
  witnessed_at timestamptz not null,
  stored_at timestamptz not null default now(),
  primary key (epoch, size, witness, key_id),
  foreign key (epoch, size) references audit.checkpoints (epoch, size) on delete cascade
);

create table audit.timestamps (
  epoch integer not null,
  size bigint not null,
  authority text collate "C" not null,
  token bytea not null,
  stamped_at timestamptz not null,
  stored_at timestamptz not null default now(),
  primary key (epoch, size, authority),
  foreign key (epoch, size) references audit.checkpoints (epoch, size)
);

-- How it stands with each of them; `since` is when it began to be so.
create table audit.outside (
  kind text collate "C" not null check (kind in ('witness', 'timestamp')),
  name text collate "C" not null,
  state text collate "C" not null,
  message text not null,
  size bigint,
  since timestamptz not null,
  at timestamptz not null,
  primary key (kind, name)
);

-- A witness that knows another history than ours: the sign of a rewritten or restored log. What
-- clears it is a head that continues what the witness knew.
create table audit.contradictions (
  id bigint primary key generated always as identity,
  epoch integer not null,
  witness text collate "C" not null,
  kind text collate "C" not null check (kind in ('rolled-back', 'rewritten')),
  our_size bigint not null,
  witness_size bigint not null,
  message text not null,
  evidence text collate "C",
  raised_at timestamptz not null default now(),
  cleared_at timestamptz
);
"""

# Lines go with the head that they are under, when a later one stands for it, and not before.
GROWING = """
create function audit.refuse_while_signed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from audit.checkpoints c
                 where c.epoch = old.epoch and c.size = old.size) then
    return old;
  end if;
  raise exception '%.% only grows: % is refused', tg_table_schema, tg_table_name, tg_op
    using errcode = 'insufficient_privilege';
end $$;
create trigger only_grows before update on audit.cosignatures
  for each row execute function audit.refuse_change();
create trigger goes_with_its_head before delete on audit.cosignatures
  for each row execute function audit.refuse_while_signed();
create trigger keeps_all before truncate on audit.cosignatures
  for each statement execute function audit.refuse_change();
create trigger only_grows before update or delete on audit.timestamps
  for each row execute function audit.refuse_change();
create trigger keeps_all before truncate on audit.timestamps
  for each statement execute function audit.refuse_change();
"""

# The published note carries the lines of witnesses below those of the log.
READING = """
create or replace function audit.latest_head()
returns table (epoch integer, size bigint, note text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select c.epoch, c.size, c.note || coalesce((
    select string_agg(s.line, '' order by s.witness, s.key_id) from audit.cosignatures s
    where s.epoch = c.epoch and s.size = c.size), '')
  from audit.checkpoints c
  order by c.epoch desc, c.size desc limit 1;
end;

create or replace function audit.head_of(of_epoch integer)
returns table (epoch integer, size bigint, note text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select c.epoch, c.size, c.note || coalesce((
    select string_agg(s.line, '' order by s.witness, s.key_id) from audit.cosignatures s
    where s.epoch = c.epoch and s.size = c.size), '')
  from audit.checkpoints c
  where c.epoch = of_epoch order by c.size desc limit 1;
end;

create function audit.cosigned_heads(of_epoch integer, above bigint, fewest integer)
returns table (epoch integer, size bigint, note text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select c.epoch, c.size, c.note || s.lines
  from (
    select k.epoch, k.size, string_agg(k.line, '' order by k.witness, k.key_id) as lines
    from audit.cosignatures k
    where k.epoch = of_epoch and k.size > above
    group by k.epoch, k.size having count(distinct k.witness) >= fewest
    order by k.size desc limit 16
  ) s
  join audit.checkpoints c on c.epoch = s.epoch and c.size = s.size
  order by c.size desc;
end;

create function audit.log_keys(of_epoch integer)
returns table (origin text, verifier_keys text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select e.origin, e.verifier_keys from audit.epochs e where e.number = of_epoch;
end;

create function audit.outside_standing()
returns table (kind text, name text, state text, message text, size bigint, since timestamptz,
               at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select o.kind, o.name, o.state, o.message, o.size, o.since, o.at from audit.outside o
  union all
  select 'contradiction', c.witness, c.kind, c.message, c.witness_size, c.raised_at, c.raised_at
  from audit.contradictions c where c.cleared_at is null
  order by 6;
end;
"""

# Old heads are thinned out: of each stretch the newest that a witness vouched for stays, and each
# that an authority stamped.
PINNED = """
create or replace function audit.pinned_heads(of_epoch integer) returns setof bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select p.size from audit.publications p where p.epoch = of_epoch
  union
  select max(k.size) from audit.cosignatures k
  join audit.checkpoints c on c.epoch = k.epoch and c.size = k.size
  where k.epoch = of_epoch group by audit.stretch(c.stored_at, now())
  union
  select t.size from audit.timestamps t where t.epoch = of_epoch;
end;
"""

GRANTS = """
revoke all on function audit.refuse_while_signed(),
  audit.cosigned_heads(integer, bigint, integer), audit.log_keys(integer),
  audit.outside_standing() from public;
grant select, insert on audit.cosignatures, audit.timestamps to cms_audit_sequencer;
grant select, insert, update on audit.outside to cms_audit_sequencer;
grant select, insert, update (cleared_at) on audit.contradictions to cms_audit_sequencer;
grant execute on function audit.cosigned_heads(integer, bigint, integer), audit.log_keys(integer),
  audit.outside_standing() to cms_audit_reader;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GROWING)
    op.execute(READING)
    op.execute(PINNED)
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
