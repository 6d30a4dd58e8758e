"""Policies of a tenant, and the log of what was decided.

Revision ID: zero_trust_0001
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "zero_trust_0001"
down_revision = None
branch_labels = ("zero_trust",)
depends_on = "core_0001"

POLICIES = """
create schema zero_trust;

create table zero_trust.policies (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  policy_name text collate "C" not null,
  policy_type text collate "C" not null,
  -- What it speaks of: names of actions, or '*' for all of them.
  applies_to text[] not null,
  conditions jsonb not null default '{}',
  -- What follows when the conditions hold: {"effect": ..., "obligation": ...}.
  actions jsonb not null,
  priority integer not null default 100,
  active boolean not null default true,
  mode text collate "C" not null default 'enforce',
  medical_context_required boolean not null default false,
  minimum_trust_score smallint,
  professional_validation_required boolean not null default false,
  evaluation_count bigint not null default 0,
  allow_count bigint not null default 0,
  deny_count bigint not null default 0,
  last_evaluation timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, policy_name),
  check (policy_type in ('user', 'device', 'resource', 'medical_context')),
  check (mode in ('enforce', 'shadow', 'off')),
  check (minimum_trust_score between 0 and 100),
  check (cardinality(applies_to) > 0)
);
"""

# The time is part of the key so that months can become partitions without a new key.
EVALUATIONS = """
create table zero_trust.evaluations (
  tenant_id bigint not null references cms.tenants (id),
  id uuid not null,
  evaluated_at timestamptz not null,
  request_id text collate "C",
  user_id bigint,
  resource_requested text collate "C" not null,
  resource_id bigint,
  action_requested text collate "C" not null,
  device_info jsonb,
  location_info jsonb,
  decision text collate "C" not null,
  obligations text[] not null,
  trust_score_at_evaluation smallint,
  trust_components jsonb not null,
  risk_factors jsonb not null,
  policy_ids text[] not null,
  policy_version text collate "C" not null,
  evaluation_time_us integer,
  mode text collate "C" not null,
  -- More than one: readers without a sign-in are counted, not followed; a gap counts lost lines.
  occurrences bigint not null default 1,
  primary key (tenant_id, id, evaluated_at),
  check (decision in ('allow', 'deny', 'conditional', 'gap')),
  check (mode in ('enforce', 'shadow'))
);
create index evaluations_at on zero_trust.evaluations (tenant_id, evaluated_at);
create index evaluations_by_person on zero_trust.evaluations (tenant_id, user_id, evaluated_at)
  where user_id is not null;
create index evaluations_refused on zero_trust.evaluations (tenant_id, evaluated_at)
  where decision <> 'allow';
"""

# The log only grows, as far as the application is concerned.
GRANTS = """
grant usage on schema zero_trust to cms_app;
grant select, insert, update on zero_trust.policies to cms_app;
grant select, insert on zero_trust.evaluations to cms_app;
"""


def upgrade() -> None:
    for part in (POLICIES, EVALUATIONS):
        op.execute(part)
    for table in ("policies", "evaluations"):
        enable_tenancy(f"zero_trust.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
