"""The newest verifications of the log, for an officer who looks at its proof.

Revision ID: audit_trail_0016
"""

from alembic import op

revision = "audit_trail_0016"
down_revision = "audit_trail_0015"
branch_labels = None
depends_on = None

# Those that somebody of the site asked for, and the newest of the two that nobody needs to ask for.
LATELY = """
create function audit.verifications_of_late(most integer)
returns table (id uuid, round text, actor_id bigint, asked_at timestamptz, state text, verdict text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select l.id, l.round, l.actor_id, l.asked_at, l.state, l.verdict from (
    (select v.* from audit.verifications v
     where v.round = 'asked'
       and v.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint
     order by v.asked_at desc limit most)
    union all
    (select v.* from audit.verifications v
     where v.round = 'newest' and v.tenant_id is null order by v.asked_at desc limit 1)
    union all
    (select v.* from audit.verifications v
     where v.round = 'rolling' and v.tenant_id is null order by v.asked_at desc limit 1)
  ) l order by l.asked_at desc, l.id;
end;
revoke all on function audit.verifications_of_late(integer) from public;
grant execute on function audit.verifications_of_late(integer) to cms_audit_reader;
"""


def upgrade() -> None:
    op.execute(LATELY)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
