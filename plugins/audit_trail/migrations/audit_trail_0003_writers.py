"""Envelopes of version 2: an event says which numbers of its writer were taken back.

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


def upgrade() -> None:
    for part in (COLUMN, TRAIL):
        op.execute(part)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
