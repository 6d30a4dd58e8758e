"""The log: events with their queue, leaves, batches, signed heads, epochs and alarms.

Revision ID: audit_trail_0001
"""

from alembic import op

from cms.database.ddl import group_role

revision = "audit_trail_0001"
down_revision = None
branch_labels = ("audit_trail",)
depends_on = "core_0001"

# JSON stands as `json`, never jsonb: its text is what was hashed, byte for byte.
# The time leads the key, so that a month is one piece of it and a listing by time needs no sort.
EVENTS = """
create table audit.events (
  event_id uuid not null,
  occurred_at timestamptz not null,
  tenant_id bigint not null,
  schema_version smallint not null,
  event_type text collate "C" not null,
  action text collate "C" not null,
  outcome text collate "C" not null check (outcome in ('success', 'refused', 'failed')),
  resource_type text collate "C" not null,
  resource_id bigint,
  resource_version bytea,
  actor_id bigint,
  actor_kind text collate "C" not null,
  actor_role text collate "C",
  on_behalf_of bigint,
  actor_ip text collate "C",
  actor_user_agent text collate "C",
  actor_device_fingerprint text collate "C",
  channel text collate "C" not null,
  request_id text collate "C",
  purpose text collate "C",
  lgpd_basis text collate "C",
  consent_reference text collate "C",
  data_subject_id text collate "C",
  policy_reference text collate "C",
  risk_level text collate "C" not null check (risk_level in ('low', 'medium', 'high', 'critical')),
  automated_flags json not null,
  before_state json,
  after_state json,
  event_data json,
  pii_commitment bytea,
  writer_id text collate "C" not null,
  writer_seq bigint not null,
  primary key (occurred_at, event_id)
) partition by range (occurred_at);

create index events_newest on audit.events (tenant_id, occurred_at desc, event_id desc);
create index events_of_actor on audit.events (tenant_id, actor_id, occurred_at desc);
create index events_of_resource
  on audit.events (tenant_id, resource_type, resource_id, occurred_at desc);
create index events_of_subject on audit.events (tenant_id, data_subject_id, occurred_at desc)
  where data_subject_id is not null;
create index events_risky on audit.events (tenant_id, occurred_at desc)
  where risk_level in ('high', 'critical');

-- A clock that is months ahead must not make audited transactions fail.
create table audit.events_default partition of audit.events default;
"""

# The queue is emptied twenty times a second, so it is vacuumed by count, not by share.
LOG = """
create table audit.pending (
  event_id uuid primary key,
  occurred_at timestamptz not null,
  leaf_hash bytea not null check (length(leaf_hash) = 32)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

create table audit.epochs (
  number integer primary key,
  origin text collate "C" not null unique,
  opened_at timestamptz not null,
  schema_version integer not null,
  hash_algorithm text collate "C" not null,
  verifier_keys text[] not null,
  closing_checkpoint text collate "C",
  genesis bytea not null check (length(genesis) = 32)
);

-- The key is the last barrier: two sequencers can never both commit position n. The epoch is held
-- by the batch; a foreign key here would cost more than the rest of the row.
create table audit.leaves (
  epoch integer not null,
  seq bigint not null check (seq >= 0),
  event_id uuid not null unique,
  occurred_at timestamptz not null,
  leaf_hash bytea not null check (length(leaf_hash) = 32),
  record_hash bytea not null check (length(record_hash) = 32),
  primary key (epoch, seq)
);

create table audit.batches (
  epoch integer not null references audit.epochs (number),
  first_seq bigint not null,
  last_seq bigint not null,
  root bytea not null check (length(root) = 32),
  frontier bytea[] not null,
  sequenced_at timestamptz not null default now(),
  primary key (epoch, first_seq),
  unique (epoch, last_seq),
  check (first_seq between 0 and last_seq)
);

create table audit.checkpoints (
  epoch integer not null references audit.epochs (number),
  size bigint not null check (size >= 0),
  root bytea not null check (length(root) = 32),
  note text collate "C" not null,
  stored_at timestamptz not null default now(),
  primary key (epoch, size)
);

create table audit.alarms (
  id bigint primary key generated always as identity,
  raised_at timestamptz not null default now(),
  message text not null,
  cleared_at timestamptz
);
"""

REFUSAL = """
create function audit.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '%.% only grows: % is refused', tg_table_schema, tg_table_name, tg_op
    using errcode = 'insufficient_privilege';
end $$;
"""

# Truncation has statement triggers only, which partitions do not take over from their parent.
REFUSED_ROWS = """
create trigger only_grows before update or delete on audit.{table}
  for each row execute function audit.refuse_change();
"""
REFUSED_TRUNCATION = """
create trigger keeps_all before truncate on audit.{table}
  for each statement execute function audit.refuse_change();
"""
ONLY_GROWING = ("events", "leaves", "batches", "checkpoints", "epochs")

# ATTACH lets writers pass, where CREATE … PARTITION OF would stop them. A month that a wrong clock
# has written to already stays in the default partition.
PARTITIONS = """
create function audit.make_partitions(ahead integer default 3) returns setof text
language plpgsql security definer
set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  first_month timestamp := date_trunc('month', now() at time zone 'UTC');
  name text;
  since timestamptz;
  until timestamptz;
begin
  for n in 0..ahead loop
    since := (first_month + make_interval(months => n)) at time zone 'UTC';
    until := (first_month + make_interval(months => n + 1)) at time zone 'UTC';
    name := 'events_' || to_char(since at time zone 'UTC', 'YYYY_MM');
    continue when to_regclass('audit.' || name) is not null;
    continue when exists (
      select from audit.events_default where occurred_at >= since and occurred_at < until);
    execute format('create table audit.%I (like audit.events including all)', name);
    execute format(
      'create trigger keeps_all before truncate on audit.%I '
      'for each statement execute function audit.refuse_change()', name);
    execute format(
      'alter table audit.events attach partition audit.%I for values from (%L) to (%L)',
      name, since, until);
    return next name;
  end loop;
end $$;
"""

# Officers read with the owner's rights through a barrier, so no condition of theirs can see a row
# of another tenant before the filter has dropped it.
TRAIL = """
create view audit.trail with (security_barrier = true) as
select e.event_id, e.occurred_at as "timestamp", e.tenant_id, e.schema_version,
       e.event_type, e.action, e.outcome,
       e.resource_type, e.resource_id, encode(e.resource_version, 'hex') as resource_version,
       e.actor_id, e.actor_kind, e.actor_role, e.on_behalf_of,
       e.actor_ip, e.actor_user_agent, e.actor_device_fingerprint,
       e.channel, e.request_id, e.purpose, e.lgpd_basis, e.consent_reference,
       e.data_subject_id, e.policy_reference, e.risk_level, e.automated_flags,
       e.event_data, e.before_state, e.after_state,
       encode(e.pii_commitment, 'hex') as pii_commitment, e.writer_id, e.writer_seq,
       l.epoch, l.seq, encode(l.leaf_hash, 'hex') as leaf_hash,
       encode(l.record_hash, 'hex') as record_hash,
       encode(case when l.seq = 0 then g.genesis else p.record_hash end, 'hex')
         as previous_record_hash
from audit.events e
left join audit.leaves l on l.event_id = e.event_id
left join audit.leaves p on p.epoch = l.epoch and p.seq = l.seq - 1
left join audit.epochs g on g.number = l.epoch
where e.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint;
"""

# Both tell of the installation as a whole: sizes, times and hashes, nobody's data.
STANDING = """
create function audit.latest_head()
returns table (epoch integer, size bigint, note text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select c.epoch, c.size, c.note from audit.checkpoints c
  order by c.epoch desc, c.size desc limit 1;
end;

create function audit.standing()
returns table (waiting bigint, oldest timestamptz, size bigint, signed bigint, alarm text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select (select count(*) from audit.pending), (select min(p.occurred_at) from audit.pending p),
         coalesce((select b.last_seq + 1 from audit.batches b
                   order by b.epoch desc, b.last_seq desc limit 1), 0),
         (select c.size from audit.checkpoints c order by c.epoch desc, c.size desc limit 1),
         (select a.message from audit.alarms a where a.cleared_at is null order by a.id limit 1);
end;
"""

GRANTS = """
revoke all on function audit.refuse_change(), audit.make_partitions(integer),
  audit.latest_head(), audit.standing() from public;
grant usage on schema audit
  to cms_audit_writer, cms_audit_sequencer, cms_audit_reader, cms_audit_retention;
grant insert on audit.events, audit.pending to cms_audit_writer;
grant select, delete on audit.pending to cms_audit_sequencer;
grant select, insert on audit.leaves, audit.batches, audit.checkpoints, audit.epochs
  to cms_audit_sequencer;
grant select, insert, update (cleared_at) on audit.alarms to cms_audit_sequencer;
grant execute on function audit.make_partitions(integer) to cms_audit_sequencer;
grant select on audit.trail to cms_audit_reader;
grant execute on function audit.latest_head(), audit.standing() to cms_audit_reader;
grant cms_audit_writer, cms_audit_reader to cms_app;
grant cms_audit_sequencer to cms_worker;
"""

ROLES = ("cms_audit_writer", "cms_audit_sequencer", "cms_audit_reader", "cms_audit_retention")


def upgrade() -> None:
    for name in ROLES:
        group_role(name)
    op.execute("create schema audit")
    for part in (EVENTS, LOG, REFUSAL):
        op.execute(part)
    for table in ONLY_GROWING:
        op.execute(REFUSED_ROWS.format(table=table))
        op.execute(REFUSED_TRUNCATION.format(table=table))
    op.execute(REFUSED_TRUNCATION.format(table="events_default"))
    for part in (PARTITIONS, TRAIL, STANDING, GRANTS):
        op.execute(part)
    op.execute("select audit.make_partitions()")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
