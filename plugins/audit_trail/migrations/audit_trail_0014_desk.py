"""The officers' own desk: saved searches, rules for alerts, alerts, and how far the watch has come.

Revision ID: audit_trail_0014
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "audit_trail_0014"
down_revision = "audit_trail_0013"
branch_labels = None
depends_on = None

DESK = """
create schema audit_desk;
create table audit_desk.searches (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  name text not null,
  filter jsonb not null,
  owner_id bigint,
  is_shared boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id)
);
create table audit_desk.rules (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  name text not null,
  kind text collate "C" not null check (kind in ('threshold', 'out_of_hours', 'alarm')),
  filter jsonb not null,
  search_id bigint,
  key text collate "C" not null check (key in ('none', 'actor', 'resource', 'address')),
  threshold integer not null check (threshold between 1 and 1000),
  window_seconds integer not null check (window_seconds between 1 and 2592000),
  cooldown_seconds integer not null check (cooldown_seconds between 0 and 2592000),
  hours jsonb,
  emails text[] not null,
  roles text[] not null,
  is_active boolean not null,
  created_by bigint,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, search_id) references audit_desk.searches (tenant_id, id)
);
create table audit_desk.tallies (
  tenant_id bigint not null references cms.tenants (id),
  rule_id bigint not null,
  key_hash bytea not null,
  moments timestamptz[] not null,
  events uuid[] not null,
  told_at timestamptz,
  primary key (tenant_id, rule_id, key_hash),
  foreign key (tenant_id, rule_id) references audit_desk.rules (tenant_id, id) on delete cascade
);
create table audit_desk.alerts (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  rule_id bigint not null,
  rule_name text not null,
  key_hash bytea not null,
  actor_id bigint,
  resource_type text collate "C",
  resource_id bigint,
  events uuid[] not null,
  raised_at timestamptz not null,
  state text collate "C" not null check (state in ('open', 'acknowledged')),
  acknowledged_by bigint,
  acknowledged_at timestamptz,
  note text not null,
  primary key (tenant_id, id)
);
create index alerts_newest on audit_desk.alerts (tenant_id, raised_at desc, id desc);
create table audit_desk.watch (
  tenant_id bigint not null references cms.tenants (id),
  epoch integer not null,
  seq bigint not null,
  alarm_id bigint not null,
  primary key (tenant_id)
);
"""

GRANTS = """
grant usage on schema audit_desk to cms_app;
grant select, insert, update, delete on audit_desk.searches, audit_desk.rules to cms_app;
grant select, insert, update on audit_desk.tallies, audit_desk.watch to cms_app;
grant select, insert on audit_desk.alerts to cms_app;
grant update (state, acknowledged_by, acknowledged_at, note) on audit_desk.alerts to cms_app;
"""

TABLES = ("searches", "rules", "tallies", "alerts", "watch")


def upgrade() -> None:
    op.execute(DESK)
    for table in TABLES:
        enable_tenancy(f"audit_desk.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
