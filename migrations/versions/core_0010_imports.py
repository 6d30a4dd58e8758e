"""Imports: runs, what each old thing became, the report by item, originals that cleaning changed.

Revision ID: core_0010
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0010"
down_revision = "core_0009"
branch_labels = None
depends_on = None

# `first_ids`: the ids from which on nothing was handed out when the run began, by space; a resumed
# run must not take for its own what was given to others since.
RUNS = """
create table cms.import_runs (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  source text collate "C" not null,
  file_name text not null,
  file_digest bytea not null check (length(file_digest) = 32),
  is_dry_run boolean not null,
  options jsonb not null,
  first_ids jsonb not null,
  operator_id bigint,
  state text collate "C" not null check (state in ('running', 'finished', 'failed')),
  fault text not null default '',
  counts jsonb not null default '{}',
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, operator_id) references cms.users (tenant_id, id)
);
create index import_runs_newest on cms.import_runs (tenant_id, source, started_at desc);
"""

# `waiting` holds references to things that may come later in the file, or in a later one.
ITEMS = """
create table cms.import_items (
  tenant_id bigint not null,
  source text collate "C" not null,
  kind text collate "C" not null,
  key text collate "C" not null,
  new_id bigint not null,
  revision_id bigint,
  digest bytea not null,
  waiting jsonb,
  run_id bigint not null,
  primary key (tenant_id, source, kind, key),
  foreign key (tenant_id, run_id) references cms.import_runs (tenant_id, id)
);
create index import_items_waiting on cms.import_items (tenant_id, source, key)
  where waiting is not null;
"""

LINES = """
create table cms.import_lines (
  tenant_id bigint not null,
  run_id bigint not null,
  position bigint not null,
  kind text collate "C" not null,
  key text collate "C" not null,
  title text not null,
  outcome text collate "C" not null,
  new_id bigint,
  notes jsonb not null,
  primary key (tenant_id, run_id, position),
  foreign key (tenant_id, run_id) references cms.import_runs (tenant_id, id)
);
"""

# Never served: what stood in the old system where cleaning, or a missing home, changed it.
ORIGINALS = """
create table cms.import_originals (
  tenant_id bigint not null,
  run_id bigint not null,
  kind text collate "C" not null,
  object_id bigint not null,
  field text collate "C" not null,
  original text not null,
  kept_at timestamptz not null,
  primary key (tenant_id, run_id, kind, object_id, field),
  foreign key (tenant_id, run_id) references cms.import_runs (tenant_id, id)
);
"""

GRANTS = """
grant select, insert on cms.import_runs to cms_app;
grant update (state, fault, counts, finished_at) on cms.import_runs to cms_app;
grant select, insert, update on cms.import_items to cms_app;
grant select, insert on cms.import_lines, cms.import_originals to cms_app;
"""

TENANT_TABLES = ("import_runs", "import_items", "import_lines", "import_originals")


def upgrade() -> None:
    for part in (RUNS, ITEMS, LINES, ORIGINALS):
        op.execute(part)
    for table in TENANT_TABLES:
        enable_tenancy(f"cms.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
