"""Terms that were deleted, types and taxonomies of a site's own, and a search that weighs.

Revision ID: core_0008
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0008"
down_revision = "core_0002"
branch_labels = None
depends_on = None

# Revisions are immutable and name terms by id: what became of an id is kept, so that it is never
# shown again. Lists are ordered by the folded name.
TERMS = """
create index terms_by_name on cms.terms (tenant_id, taxonomy, sort_key, id);
create index terms_parent on cms.terms (tenant_id, parent_id) where parent_id is not null;
create table cms.dropped_terms (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  taxonomy text collate "C" not null,
  replaced_by bigint,
  primary key (tenant_id, id)
);
"""

TYPES = """
create table cms.content_types (
  tenant_id bigint not null references cms.tenants (id),
  name text collate "C" not null,
  definition jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, name)
);
create table cms.taxonomies (
  tenant_id bigint not null references cms.tenants (id),
  name text collate "C" not null,
  definition jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, name)
);
"""

TENANT_TABLES = ("dropped_terms", "content_types", "taxonomies")

GRANTS = """
grant delete on cms.terms to cms_app;
grant select, insert on cms.dropped_terms to cms_app;
grant select, insert, update, delete on cms.content_types, cms.taxonomies to cms_app;
"""


def upgrade() -> None:
    for part in (TERMS, TYPES):
        op.execute(part)
    for table in TENANT_TABLES:
        enable_tenancy(f"cms.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
