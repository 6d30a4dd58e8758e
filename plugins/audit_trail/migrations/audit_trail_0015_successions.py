"""What the old keys said of the next log's name, for those who keep a head of the old one.

Revision ID: audit_trail_0015
"""

from alembic import op

revision = "audit_trail_0015"
down_revision = "audit_trail_0014"
branch_labels = None
depends_on = None

# Public, and a signature: it cannot be made here, and says nothing of anybody.
SUCCESSIONS = """
create table audit.successions (
  epoch integer primary key references audit.epochs (number),
  note text collate "C" not null
);
create trigger only_grows before update or delete on audit.successions
  for each row execute function audit.refuse_change();
create trigger keeps_all before truncate on audit.successions
  for each statement execute function audit.refuse_change();

create function audit.seams()
returns table (number integer, origin text, verifier_keys text[], closing text, succession text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select e.number, e.origin, e.verifier_keys, e.closing_checkpoint, s.note
  from audit.epochs e left join audit.successions s on s.epoch = e.number
  order by e.number;
end;
revoke all on function audit.seams() from public;
grant select, insert on audit.successions to cms_audit_sequencer;
grant execute on function audit.seams() to cms_audit_reader;
"""


def upgrade() -> None:
    op.execute(SUCCESSIONS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
