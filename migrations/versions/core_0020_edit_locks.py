"""Who has which text open.

Revision ID: core_0020
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0020"
down_revision = "core_0019"
branch_labels = None
depends_on = None

# A row is a courtesy and no right: a text is saved over the very text that it was opened with.
TABLES = """
create table cms.edit_locks (
  tenant_id bigint not null references cms.tenants (id),
  post_id bigint not null,
  user_id bigint not null,
  token text collate "C" not null check (char_length(token) between 16 and 64),
  seen_at timestamptz not null,
  primary key (tenant_id, post_id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);
"""

GRANTS = """
grant select, insert, delete on cms.edit_locks to cms_app;
grant update (user_id, token, seen_at) on cms.edit_locks to cms_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    enable_tenancy("cms.edit_locks")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
