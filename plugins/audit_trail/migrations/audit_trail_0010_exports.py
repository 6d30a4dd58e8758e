"""What an evidence export needs: each epoch with its newest head, and who asked for what.

Revision ID: audit_trail_0010
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "audit_trail_0010"
down_revision = "audit_trail_0009"
branch_labels = None
depends_on = None

# Of the installation as a whole: origins, public keys, sizes and hashes, nobody's data.
LOGS = """
create function audit.logs()
returns table (number integer, origin text, opened_at timestamptz, schema_version integer,
               hash_algorithm text, verifier_keys text[], closing_checkpoint text,
               size bigint, note text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select e.number, e.origin, e.opened_at, e.schema_version, e.hash_algorithm, e.verifier_keys,
         e.closing_checkpoint, c.size, c.note{lines}
  from audit.epochs e
  cross join lateral (
    select k.epoch, k.size, k.note from audit.checkpoints k
    where k.epoch = e.number order by k.size desc limit 1) c;
end;
revoke all on function audit.logs() from public;
grant execute on function audit.logs() to cms_audit_reader;
"""

# Below the lines of the log stand those of witnesses, where there are any.
LINES = """ || coalesce((
    select string_agg(s.line, '' order by s.witness, s.key_id) from audit.cosignatures s
    where s.epoch = c.epoch and s.size = c.size), '')"""

# The newest head of each epoch that each authority has stamped, as it was stamped.
STAMPS = """
create function audit.stamps()
returns table (epoch integer, size bigint, note text, authority text, token bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  {stamps};
end;
revoke all on function audit.stamps() from public;
grant execute on function audit.stamps() to cms_audit_reader;
"""
STAMPED = """select distinct on (t.epoch, t.authority) t.epoch, t.size, c.note, t.authority, t.token
  from audit.timestamps t join audit.checkpoints c on c.epoch = t.epoch and c.size = t.size
  order by t.epoch, t.authority, t.size desc"""

# Who asked stays a number here, as in the events: an account may be deleted, its acts are not.
EXPORTS = """
create table audit.exports (
  tenant_id bigint not null references cms.tenants (id),
  id uuid not null,
  asked_by bigint,
  asked_at timestamptz not null,
  asked json not null,
  forms text[] not null,
  with_personal boolean not null,
  proof json not null,
  state text collate "C" not null default 'waiting'
    check (state in ('waiting', 'running', 'done', 'failed', 'expired')),
  attempt timestamptz,
  done bigint not null default 0,
  total bigint,
  fault text,
  made json,
  expires_at timestamptz,
  primary key (tenant_id, id)
);
create index exports_due on audit.exports (tenant_id, state, expires_at);
grant select, insert, update (state, attempt, done, total, fault, made, expires_at)
  on audit.exports to cms_app;
"""


def upgrade() -> None:
    op.execute(LOGS.format(lines=LINES))
    op.execute(STAMPS.format(stamps=STAMPED))
    op.execute(EXPORTS)
    enable_tenancy("audit.exports")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
