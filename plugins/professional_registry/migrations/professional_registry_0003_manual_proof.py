"""What people add where no register answers: corrections, manual proofs, the clinic's own name.

Revision ID: professional_registry_0003
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "professional_registry_0003"
down_revision = "professional_registry_0002"
branch_labels = None
depends_on = None

CORRECTIONS = """
create table professional_registry.council_corrections (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  council text collate "C" not null,
  kind text collate "C" not null check (kind in ('status', 'region', 'spelling', 'form')),
  subject text collate "C" not null,
  value jsonb not null,
  state text collate "C" not null check (state in ('proposed', 'in_force', 'withdrawn')),
  note text not null,
  proposed_by bigint,
  proposed_at timestamptz not null,
  confirmed_by bigint,
  confirmed_at timestamptz,
  withdrawn_by bigint,
  withdrawn_at timestamptz,
  check (confirmed_by <> proposed_by),
  primary key (tenant_id, id),
  foreign key (tenant_id, proposed_by) references cms.users (tenant_id, id),
  foreign key (tenant_id, confirmed_by) references cms.users (tenant_id, id)
);
-- One that counts and one that waits, for each thing that can be corrected.
create unique index council_corrections_living on professional_registry.council_corrections
  (tenant_id, council, kind, subject, state) where state <> 'withdrawn';
"""

PROOFS = """
create table professional_registry.manual_proofs (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  professional_id bigint not null,
  checked_by bigint not null,
  checked_at timestamptz not null,
  page text not null,
  name_shown text not null,
  status text collate "C" not null,
  status_raw text not null,
  specialties jsonb not null,
  evidence_sha256 text collate "C" not null check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
  evidence_name text not null,
  evidence_size bigint not null check (evidence_size > 0),
  expires_at timestamptz not null,
  recorded_at timestamptz not null,
  confirmed_by bigint,
  confirmed_at timestamptz,
  withdrawn_by bigint,
  withdrawn_at timestamptz,
  note text not null,
  check (expires_at > checked_at),
  -- Two people have looked, or nothing is proved.
  check (confirmed_by <> checked_by),
  check ((confirmed_by is null) = (confirmed_at is null)),
  primary key (tenant_id, id),
  foreign key (tenant_id, professional_id)
    references professional_registry.professionals (tenant_id, id),
  foreign key (tenant_id, checked_by) references cms.users (tenant_id, id),
  foreign key (tenant_id, confirmed_by) references cms.users (tenant_id, id)
);
create index manual_proofs_of on professional_registry.manual_proofs
  (tenant_id, professional_id, checked_at);
"""

CLINIC = """
create table professional_registry.clinic_identification (
  tenant_id bigint not null references cms.tenants (id),
  name text not null,
  council text collate "C" not null,
  regional text collate "C" not null,
  number text collate "C" not null,
  category text collate "C" not null,
  director_user_id bigint not null,
  specialty text,
  updated_by bigint,
  updated_at timestamptz not null,
  primary key (tenant_id),
  foreign key (tenant_id, director_user_id) references cms.users (tenant_id, id)
);
"""

COLUMNS = """
alter table professional_registry.professionals add column titles jsonb not null default '[]';
alter table professional_registry.roster_rows add column social_name text not null default '';
"""

GRANTS = """
grant select, insert, update (state, confirmed_by, confirmed_at, withdrawn_by, withdrawn_at)
  on professional_registry.council_corrections to cms_app;
grant select, insert, update (confirmed_by, confirmed_at, withdrawn_by, withdrawn_at)
  on professional_registry.manual_proofs to cms_app;
grant select, insert, update on professional_registry.clinic_identification to cms_app;
"""

TENANT_TABLES = ("council_corrections", "manual_proofs", "clinic_identification")


def upgrade() -> None:
    op.execute(CORRECTIONS)
    op.execute(PROOFS)
    op.execute(CLINIC)
    op.execute(COLUMNS)
    for table in TENANT_TABLES:
        enable_tenancy(f"professional_registry.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
