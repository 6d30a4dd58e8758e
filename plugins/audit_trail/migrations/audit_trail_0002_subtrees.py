"""The hashes of complete subtrees, so that a proof reads a few hundred rows of any log.

Revision ID: audit_trail_0002
"""

from alembic import op

revision = "audit_trail_0002"
down_revision = "audit_trail_0001"
branch_labels = None
depends_on = None

# Of every eighth level, as C2SP tlog-tiles cuts the tree: 32 bytes for 256 entries.
TABLE = """
create table audit.subtrees (
  epoch integer not null,
  level smallint not null check (level > 0 and level % 8 = 0),
  position bigint not null check (position >= 0),
  hash bytea not null check (length(hash) = 32),
  primary key (epoch, level, position)
);
create trigger only_grows before update or delete on audit.subtrees
  for each row execute function audit.refuse_change();
create trigger keeps_all before truncate on audit.subtrees
  for each statement execute function audit.refuse_change();
"""

# Hashes say nothing to anybody who does not know what was hashed, so all tenants share them.
READING = """
create function audit.hashes(of_epoch integer, at_level integer, first bigint, count integer)
returns table (at_position bigint, hash bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select l.seq, l.leaf_hash from audit.leaves l
  where at_level = 0 and l.epoch = of_epoch and l.seq >= first and l.seq < first + least(count, 256)
  union all
  select s.position, s.hash from audit.subtrees s
  where at_level > 0 and s.epoch = of_epoch and s.level = at_level
    and s.position >= first and s.position < first + least(count, 256)
  order by 1;
end;
revoke all on function audit.hashes(integer, integer, bigint, integer) from public;
"""

GRANTS = """
grant select, insert on audit.subtrees to cms_audit_sequencer;
grant execute on function audit.hashes(integer, integer, bigint, integer) to cms_audit_reader;
"""


def upgrade() -> None:
    for part in (TABLE, READING, GRANTS):
        op.execute(part)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
