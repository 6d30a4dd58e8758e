"""Envelopes of version 2 say which numbers of their writer were taken back; queued entries are
sealed by who wrote them, and those that are not are set aside.

Revision ID: audit_trail_0003
"""

from alembic import op

revision = "audit_trail_0003"
down_revision = "audit_trail_0002"
branch_labels = None
depends_on = None

# Null in events of version 1, whose hashed form does not have it.
COLUMN = "alter table audit.events add column writer_void bigint[]"

TRAIL = """
create or replace view audit.trail with (security_barrier = true) as
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
         as previous_record_hash,
       e.writer_void
from audit.events e
left join audit.leaves l on l.event_id = e.event_id
left join audit.leaves p on p.epoch = l.epoch and p.seq = l.seq - 1
left join audit.epochs g on g.number = l.epoch
where e.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint;
"""


# The transaction leads the key: whether this one has written an event is one look into an index.
QUEUE = """
alter table audit.pending add column transaction xid8 not null default pg_current_xact_id();
alter table audit.pending add column writer_id text collate "C";
alter table audit.pending add column writer_seq bigint;
alter table audit.pending add column mac bytea;
revoke insert on audit.pending from cms_audit_writer;
grant insert (event_id, occurred_at, leaf_hash, writer_id, writer_seq, mac) on audit.pending
  to cms_audit_writer;
"""

# The queue holds what came in a twentieth of a second: its index is built in no time.
QUEUE_KEY = (
    """
-- squawk-ignore ban-drop-constraint
alter table audit.pending drop constraint pending_pkey
""",
    """
-- squawk-ignore adding-serial-primary-key-field, constraint-missing-not-valid
alter table audit.pending add primary key (transaction, event_id)
""",
)

# What waits while this migration runs was written by the version before, which sealed nothing. It
# is sequenced by the first sequencer that starts; after that no unsealed entry is, ever.
UNSEALED = """
create table audit.unsealed (event_id uuid primary key);
insert into audit.unsealed select event_id from audit.pending;
"""

# Kept by the sequencer from the entries that it has checked; `closed_at`: silent for so long that
# it is taken for gone.
WRITERS = """
create table audit.writers (
  writer_id text collate "C" primary key,
  opened_at timestamptz not null default now(),
  last_seq bigint not null check (last_seq >= 0),
  last_at timestamptz not null default now(),
  closed_at timestamptz
);

create table audit.quarantine (
  id bigint primary key generated always as identity,
  set_aside_at timestamptz not null default now(),
  reason text not null,
  event_id uuid not null,
  occurred_at timestamptz not null,
  leaf_hash bytea not null,
  writer_id text collate "C",
  writer_seq bigint,
  mac bytea,
  settled_at timestamptz,
  settled_because text
);
create trigger keeps_all before delete on audit.quarantine
  for each row execute function audit.refuse_change();
create trigger keeps_everything before truncate on audit.quarantine
  for each statement execute function audit.refuse_change();

alter table audit.alarms add column kind text collate "C" not null default 'log'
  check (kind in ('log', 'quarantine', 'verification'));
"""

# Whoever repairs something by hand says so in the same transaction; the worker makes it an event.
MAINTENANCE = """
create table audit.maintenance (
  transaction xid8 primary key default pg_current_xact_id(),
  said_at timestamptz not null default now(),
  role text collate "C" not null default session_user,
  application text not null default coalesce(current_setting('application_name', true), ''),
  reason text not null check (length(btrim(reason)) between 1 and 500),
  told_at timestamptz
);
create trigger keeps_all before delete on audit.maintenance
  for each row execute function audit.refuse_change();
create trigger keeps_everything before truncate on audit.maintenance
  for each statement execute function audit.refuse_change();

create function audit.maintain(why text) returns void
language sql set search_path = pg_catalog, pg_temp
begin atomic
  insert into audit.maintenance (reason) values (why) on conflict (transaction) do nothing;
end;
revoke all on function audit.maintain(text) from public;
"""

# Deferred to the commit: an event may be written after the change that it tells of. Which tables
# have this trigger is up to `cms audit guard`.
SILENCE = """
create function audit.refuse_silence() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from audit.pending where transaction = pg_current_xact_id())
     or exists (select from audit.maintenance where transaction = pg_current_xact_id()) then
    return null;
  end if;
  raise exception '%.% was changed and no audit event says so: nothing was saved',
      tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege',
      hint = 'Change it through the product. As the owner say why in the same transaction: '
        'select audit.maintain(''reason''). Without the audit trail: cms audit guard --off';
end $$;
revoke all on function audit.refuse_silence() from public;

create table audit.guard (
  is_the_row boolean primary key default true check (is_the_row),
  is_wanted boolean not null,
  said_at timestamptz not null default now()
);
"""

GRANTS = """
grant select, update (told_at) on audit.maintenance to cms_audit_sequencer;
grant select, insert, update (last_seq, last_at, closed_at) on audit.writers
  to cms_audit_sequencer;
grant select, insert on audit.quarantine to cms_audit_sequencer;
grant select, delete on audit.unsealed to cms_audit_sequencer;
"""


def upgrade() -> None:
    for part in (COLUMN, TRAIL, QUEUE, *QUEUE_KEY, UNSEALED, WRITERS, MAINTENANCE, SILENCE, GRANTS):
        op.execute(part)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
