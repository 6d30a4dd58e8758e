"""A post may have working heads beside the one that is edited: texts that were set aside.

Revision ID: core_0017
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0017"
down_revision = "core_0016"
branch_labels = None
depends_on = None

TABLES = """
create table cms.post_heads (
  tenant_id bigint not null references cms.tenants (id),
  post_id bigint not null,
  name text collate "C" not null check (name <> ''),
  revision_id bigint not null,
  base_revision_id bigint not null,
  set_aside_by bigint,
  set_aside_at timestamptz not null,
  primary key (tenant_id, post_id, name),
  unique (tenant_id, post_id, revision_id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, post_id, base_revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, set_aside_by) references cms.users (tenant_id, id)
);
"""

# A head is set aside and taken up again; between the two nothing of it changes.
GRANTS = "grant select, insert, delete on cms.post_heads to cms_app;"


def upgrade() -> None:
    op.execute(TABLES)
    enable_tenancy("cms.post_heads")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
