"""Answers of online sources, kept for some hours.

Revision ID: professional_registry_0002
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "professional_registry_0002"
down_revision = "professional_registry_0001"
branch_labels = None
depends_on = None

# `name` is part of the key: where one number stands for several people, the name chooses.
ANSWERS = """
create table professional_registry.provider_answers (
  tenant_id bigint not null,
  provider text collate "C" not null,
  country text collate "C" not null,
  council text collate "C" not null,
  regional text collate "C" not null,
  number text collate "C" not null,
  category text collate "C" not null,
  name text collate "C" not null,
  answer jsonb not null,
  fetched_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, provider, country, council, regional, number, category, name)
);
grant select, insert, update on professional_registry.provider_answers to cms_app;
"""


def upgrade() -> None:
    op.execute(ANSWERS)
    enable_tenancy("professional_registry.provider_answers")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
