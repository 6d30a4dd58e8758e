"""How many posts are published, and a post that may be stored before its first revision.

Revision ID: core_0003
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None

# Sixteen rows for each number: two people who publish at once seldom wait for each other.
COUNTS = """
create table cms.post_counts (
  tenant_id bigint not null references cms.tenants (id),
  post_type text collate "C" not null,
  status text collate "C" not null,
  bucket smallint not null,
  posts bigint not null,
  primary key (tenant_id, post_type, status, bucket)
);
"""
GRANTS = "grant select, insert, update on cms.post_counts to cms_app"

# The owner is bound by row-level security too, so each tenant is counted under its own name.
FILL = """
do $$
declare
  tenant bigint;
begin
  for tenant in select id from cms.tenants loop
    execute format('set local app.tenant_id = %L', tenant);
    insert into cms.post_counts (tenant_id, post_type, status, bucket, posts)
      select tenant_id, post_type, status, 0, count(*) from cms.posts
      where tenant_id = tenant and status = 'publish'
      group by tenant_id, post_type, status;
  end loop;
  set local app.tenant_id = '';
end $$;
"""

# A new post and its first revision name each other; checked at the end of the transaction, both can
# be inserted as they will be, without an update in between.
REVISIONS = """
alter table cms.posts
  alter constraint posts_tenant_id_id_live_revision_id_fkey deferrable initially deferred,
  alter constraint posts_tenant_id_id_working_revision_id_fkey deferrable initially deferred;
"""


def upgrade() -> None:
    op.execute(COUNTS)
    enable_tenancy("cms.post_counts")
    op.execute(GRANTS)
    op.execute(FILL)
    op.execute(REVISIONS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
