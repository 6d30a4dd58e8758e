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
alter table audit.pending drop constraint pending_pkey;
alter table audit.pending add primary key (transaction, event_id);
revoke insert on audit.pending from cms_audit_writer;
grant insert (event_id, occurred_at, leaf_hash, writer_id, writer_seq, mac) on audit.pending
  to cms_audit_writer;
"""

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
  check (kind in ('log', 'quarantine'));
"""

GRANTS = """
grant select, insert, update (last_seq, last_at, closed_at) on audit.writers
  to cms_audit_sequencer;
grant select, insert on audit.quarantine to cms_audit_sequencer;
grant select, delete on audit.unsealed to cms_audit_sequencer;
"""


def upgrade() -> None:
    for part in (COLUMN, TRAIL, QUEUE, UNSEALED, WRITERS, GRANTS):
        op.execute(part)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
