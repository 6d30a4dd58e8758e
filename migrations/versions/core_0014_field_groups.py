"""Field groups with all their versions, values of things that are not posts, what filters compare.

Revision ID: core_0014
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0014"
down_revision = "core_0013"
branch_labels = None
depends_on = None

TABLES = """
-- json, not jsonb: the order of keys is what editors gave them, choices above all.
create table cms.field_groups (
  tenant_id bigint not null references cms.tenants (id),
  key text collate "C" not null,
  version integer not null,
  definition json not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, key)
);
-- Never changed: a revision goes on naming the version that it was written with.
create table cms.field_group_versions (
  tenant_id bigint not null references cms.tenants (id),
  key text collate "C" not null,
  version integer not null,
  definition json not null,
  editor_id bigint,
  created_at timestamptz not null,
  primary key (tenant_id, key, version)
);
-- One row for each top-level field. Posts keep theirs in their revisions. `subject_id` is 0 where
-- `subject` alone names the thing, such as the options page in `subject_name`.
create table cms.field_values (
  tenant_id bigint not null references cms.tenants (id),
  subject text collate "C" not null check (subject in ('term', 'user', 'comment', 'option')),
  subject_id bigint not null,
  subject_name text collate "C" not null default '',
  name text collate "C" not null,
  field_key text collate "C" not null,
  group_key text collate "C" not null,
  group_version integer not null,
  value jsonb not null,
  updated_at timestamptz not null,
  primary key (tenant_id, subject, subject_id, subject_name, name)
);
-- What lists are filtered and sorted by: of the revision that readers get (`is_live`), and of the
-- working one. `shelf` is the type of a post that is published and open to everybody, else the type
-- with what it is instead; with it and the date an index alone gives a page in order and counts.
-- Columns of their own types: under row-level security an index is used for comparisons that are
-- leakproof, which those of text, float8 and timestamptz are.
create table cms.field_index (
  tenant_id bigint not null,
  post_id bigint not null,
  is_live boolean not null,
  field text collate "C" not null,
  position integer not null,
  shelf text collate "C" not null,
  date_local timestamp not null,
  text_value text collate "C",
  number_value double precision,
  moment_value timestamptz,
  primary key (tenant_id, post_id, is_live, field, position),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id) on delete cascade
);
create index field_index_text on cms.field_index
  (tenant_id, field, shelf, text_value, date_local, post_id) where text_value is not null;
create index field_index_number on cms.field_index
  (tenant_id, field, shelf, number_value, date_local, post_id) where number_value is not null;
create index field_index_moment on cms.field_index
  (tenant_id, field, shelf, moment_value, date_local, post_id) where moment_value is not null;
"""

GRANTS = """
grant select, insert, update, delete on cms.field_groups to cms_app;
grant select, insert on cms.field_group_versions to cms_app;
grant select, insert, update, delete on cms.field_values to cms_app;
grant select, insert, update, delete on cms.field_index to cms_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("field_groups", "field_group_versions", "field_values", "field_index"):
        enable_tenancy(f"cms.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
