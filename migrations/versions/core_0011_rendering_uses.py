"""Which stored renderings show an attachment or a reusable block.

Revision ID: core_0011
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None

TABLES = """
-- Beside renderings.dependencies, which says the same: no index on jsonb is used under row-level
-- security, since its operators are not leakproof. `used_id` has no foreign key: a text may refer
-- to what is not there, or no more.
create table cms.rendering_uses (
  tenant_id bigint not null,
  kind text collate "C" not null check (kind in ('media', 'block')),
  used_id bigint not null,
  revision_id bigint not null,
  primary key (tenant_id, kind, used_id, revision_id),
  foreign key (tenant_id, revision_id) references cms.renderings (tenant_id, revision_id)
    on delete cascade
);
create index rendering_uses_revision on cms.rendering_uses (tenant_id, revision_id);
"""

GRANTS = """
grant select, insert, delete on cms.rendering_uses to cms_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    enable_tenancy("cms.rendering_uses")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
