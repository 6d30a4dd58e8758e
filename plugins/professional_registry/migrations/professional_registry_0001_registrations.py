"""Professionals, their history, and the rosters that tell who may sign.

Revision ID: professional_registry_0001
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "professional_registry_0001"
down_revision = None
branch_labels = ("professional_registry",)
depends_on = "core_0001"

# No ON DELETE CASCADE from users, unlike the seed: whose signature it was must outlive an account.
PROFESSIONALS = """
create table professional_registry.professionals (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  user_id bigint not null,
  country text collate "C" not null,
  council text collate "C" not null,
  regional text collate "C" not null,
  number text collate "C" not null,
  category text collate "C" not null default '',
  profession text collate "C" not null,
  full_name text not null,
  specialty text,
  subspecialty text,
  specialties jsonb not null default '[]',
  validation_status text collate "C" not null default 'pending'
    check (validation_status in ('pending', 'verified', 'expired', 'revoked')),
  status_normalised text collate "C" not null default 'UNVERIFIED'
    check (status_normalised in ('ACTIVE', 'RESTRICTED', 'SUSPENDED', 'INACTIVE', 'REVOKED',
      'DECEASED', 'TRANSFERRED', 'NOT_FOUND', 'UNVERIFIED', 'SOURCE_UNAVAILABLE')),
  status_raw text not null default '',
  validated_at timestamptz,
  expires_at timestamptz,
  last_validation_check timestamptz,
  external_validation_response jsonb,
  validation_api_used text collate "C",
  institution text,
  position text,
  bio text,
  profile_photo_url text,
  website text,
  can_approve_medical_content boolean not null default false,
  approval_scope jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- A verified registration says until when: nobody is verified for ever.
  check (validation_status <> 'verified'
         or (status_normalised = 'ACTIVE' and validated_at is not null and expires_at is not null)),
  primary key (tenant_id, id),
  unique (tenant_id, country, council, regional, number, category),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);
create index professionals_user on professional_registry.professionals (tenant_id, user_id);
create index professionals_due on professional_registry.professionals
  (tenant_id, validation_status, expires_at);

create table professional_registry.status_history (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  professional_id bigint not null,
  at timestamptz not null,
  from_status text collate "C" not null,
  to_status text collate "C" not null,
  status_raw text not null,
  source text collate "C" not null,
  as_of timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, professional_id)
    references professional_registry.professionals (tenant_id, id)
);
create index status_history_of on professional_registry.status_history
  (tenant_id, professional_id, at);
"""

# No foreign key from the rows to their roster: hundreds of thousands arrive at once, in the
# transaction that adds the roster, and leave in the one that follows the next roster.
ROSTERS = """
create table professional_registry.rosters (
  tenant_id bigint not null references cms.tenants (id),
  council text collate "C" not null,
  generation bigint not null,
  taken_at timestamptz not null,
  imported_at timestamptz not null,
  activated_at timestamptz,
  counts jsonb not null,
  sha256 text collate "C" not null,
  primary key (tenant_id, council, generation)
);
create table professional_registry.roster_rows (
  tenant_id bigint not null,
  council text collate "C" not null,
  generation bigint not null,
  regional text collate "C" not null,
  number text collate "C" not null,
  category text collate "C" not null,
  name text not null,
  status_raw text not null,
  specialties text not null,
  primary key (tenant_id, council, generation, regional, number, category)
);
"""

GRANTS = """
grant usage on schema professional_registry to cms_app;
grant select, insert, update on professional_registry.professionals,
  professional_registry.rosters to cms_app;
grant select, insert on professional_registry.status_history to cms_app;
grant select, insert, delete on professional_registry.roster_rows to cms_app;
"""

TENANT_TABLES = ("professionals", "status_history", "rosters", "roster_rows")


def upgrade() -> None:
    op.execute("create schema professional_registry")
    op.execute(PROFESSIONALS)
    op.execute(ROSTERS)
    for table in TENANT_TABLES:
        enable_tenancy(f"professional_registry.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
