"""Notices of cases move over to the notices of the host, with their numbers.

Revision ID: professional_registry_0005
"""

from alembic import op

revision = "professional_registry_0005"
down_revision = "professional_registry_0004"
branch_labels = None
depends_on = "core_0018"

# Nobody was mailed of them. The owner sees the rows of one tenant at a time.
MOVE = """
do $$
declare
  tenant bigint;
begin
  for tenant in select id from cms.tenants loop
    execute format('set local app.tenant_id = %L', tenant);
    insert into cms.notices (tenant_id, id, user_id, kind, about, about_id, facts, is_urgent,
                             is_listed, created_at, read_at, mail)
    select tenant_id, id, user_id, 'registry.' || kind, 'case', case_id,
           jsonb_build_object('case_id', case_id), kind in ('suspended', 'opened'),
           true, created_at, read_at, 'none'
    from professional_registry.notices
    where tenant_id = tenant;
    insert into cms.id_counters (tenant_id, space, next)
    select tenant_id, 'notice', next from cms.id_counters
    where tenant_id = tenant and space = 'registration_notice';
  end loop;
  set local app.tenant_id = '';
end $$
"""

# A process of the version before cannot open or close cases until it is restarted, and does
# everything else: two tables of the same notices would tell different things.
FAREWELL = """
-- squawk-ignore ban-drop-table
drop table professional_registry.notices
"""


def upgrade() -> None:
    op.execute(MOVE)
    op.execute(FAREWELL)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
