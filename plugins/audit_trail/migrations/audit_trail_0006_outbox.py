"""Where events wait that are to be carried into the trail's own database, and what takes them in.

Revision ID: audit_trail_0006
"""

from alembic import op

revision = "audit_trail_0006"
down_revision = "audit_trail_0005"
branch_labels = None
depends_on = None

# The transaction leads the key as it does in the queue. It is emptied twenty times a second, so it
# is vacuumed by count, not by share.
OUTBOX = """
create table audit.outbox (
  transaction xid8 not null default pg_current_xact_id(),
  event_id uuid not null,
  occurred_at timestamptz not null,
  entry json not null,
  primary key (transaction, event_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

create function audit.outbox_standing() returns table (waiting bigint, oldest timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select count(*), min(o.occurred_at) from audit.outbox o;
end;
"""

# What is there already is not taken again, whether it still waits or is in the log: a carrier that
# was killed between the two databases comes with the same rows once more.
TAKE_OVER = """
create function audit.take_over(entries json[]) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with given as (
    select e as entry, r as event
    from unnest(entries) e cross join lateral json_populate_record(null::audit.events, e) r
  ), kept as (
    insert into audit.events select (g.event).* from given g
    on conflict do nothing returning event_id
  ), queued as (
    insert into audit.pending (event_id, occurred_at, leaf_hash, writer_id, writer_seq, mac)
    select (g.event).event_id, (g.event).occurred_at, (g.entry ->> 'leaf_hash')::bytea,
           (g.event).writer_id, (g.event).writer_seq, (g.entry ->> 'mac')::bytea
    from given g join kept k on k.event_id = (g.event).event_id
  ), sealed as (
    insert into audit.personal
      (event_id, occurred_at, tenant_id, key_id, salt, ciphertext, ip_token)
    select p.event_id, p.occurred_at, p.tenant_id, p.key_id, p.salt, p.ciphertext, p.ip_token
    from given g join kept k on k.event_id = (g.event).event_id
    cross join lateral json_populate_record(null::audit.personal, g.entry) p
    where p.salt is not null
  )
  select count(*) from kept
$$;
"""

# An event of the transaction is one wherever it waits.
SILENCE = """
create or replace function audit.refuse_silence() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from audit.pending where transaction = pg_current_xact_id())
     or exists (select from audit.outbox where transaction = pg_current_xact_id())
     or exists (select from audit.maintenance where transaction = pg_current_xact_id()) then
    return null;
  end if;
  raise exception '%.% was changed and no audit event says so: nothing was saved',
      tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege',
      hint = 'Change it through the product. As the owner say why in the same transaction: '
        'select audit.maintain(''reason''). Without the audit trail: cms audit guard --off';
end $$;
"""

GRANTS = """
revoke all on function audit.outbox_standing(), audit.take_over(json[]) from public;
grant insert (event_id, occurred_at, entry) on audit.outbox to cms_audit_writer;
grant select, delete on audit.outbox to cms_audit_sequencer;
grant execute on function audit.take_over(json[]) to cms_audit_sequencer;
grant execute on function audit.outbox_standing() to cms_audit_reader;
"""


def upgrade() -> None:
    for part in (OUTBOX, TAKE_OVER, SILENCE, GRANTS):
        op.execute(part)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
