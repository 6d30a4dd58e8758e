"""Keys of tenants and the values that are sealed with them.

Revision ID: core_0015
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0015"
down_revision = "core_0014"
branch_labels = None
depends_on = None

TABLES = """
create table cms.encryption_keys (
  tenant_id bigint not null references cms.tenants (id),
  key_id bigint not null check (key_id between 1 and 4294967295),
  purpose text collate "C" not null,
  key_version integer not null,
  algorithm text collate "C" not null,
  status text collate "C" not null check (status in ('active', 'rotating', 'retired')),
  wrapped_key bytea not null,
  created_at timestamptz not null,
  activated_at timestamptz,
  expires_at timestamptz,
  rotated_to_key_id bigint,
  purpose_description text not null default '',
  compliance_requirements jsonb not null default '{}',
  -- The platform key opens these; keys that only the tenant's people can open are another kind.
  admin_accessible boolean not null default true,
  emergency_access_protocol jsonb,
  primary key (tenant_id, key_id),
  unique (tenant_id, purpose, key_version)
);
create unique index encryption_keys_active on cms.encryption_keys (tenant_id, purpose)
  where status = 'active';
create table cms.sealed_values (
  tenant_id bigint not null references cms.tenants (id),
  commitment bytea not null check (length(commitment) = 32),
  subject text collate "C" not null,
  subject_id bigint not null,
  field text collate "C" not null,
  key_id bigint not null,
  sealed bytea not null,
  created_at timestamptz not null,
  primary key (tenant_id, commitment),
  foreign key (tenant_id, key_id) references cms.encryption_keys (tenant_id, key_id)
);
create index sealed_values_key on cms.sealed_values (tenant_id, key_id);
create index sealed_values_subject on cms.sealed_values (tenant_id, subject, subject_id);
"""

GRANTS = """
grant select, insert, update (status, wrapped_key, rotated_to_key_id, expires_at)
  on cms.encryption_keys to cms_app;
grant select, insert, update (key_id, sealed), delete on cms.sealed_values to cms_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("encryption_keys", "sealed_values"):
        enable_tenancy(f"cms.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
