"""Cases that a lost standing opens, what was done about them, and who is told.

Revision ID: professional_registry_0004
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "professional_registry_0004"
down_revision = "professional_registry_0003"
branch_labels = None
depends_on = None

# The reviewer is never the person whose standing it is (LGPD, art. 20): the database says so too.
CASES = """
create table professional_registry.cases (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  professional_id bigint not null,
  user_id bigint not null,
  opened_at timestamptz not null,
  opened_by_request text collate "C" not null,
  reason text collate "C" not null check (reason in ('revoked', 'expired', 'unverified')),
  from_status text collate "C" not null,
  to_status text collate "C" not null,
  criteria jsonb not null,
  state text collate "C" not null default 'open' check (state in ('open', 'contested', 'closed')),
  contest text,
  contested_at timestamptz,
  reviewed_by bigint,
  reviewed_at timestamptz,
  outcome text collate "C" check (outcome in ('upheld', 'overturned', 'restored')),
  outcome_reason text not null default '',
  closed_at timestamptz,
  check ((state = 'closed') = (closed_at is not null)),
  check ((contest is null) = (contested_at is null)),
  check ((reviewed_by is null) = (reviewed_at is null)),
  check (reviewed_by is null or (reviewed_by <> user_id and outcome is not null)),
  check (outcome is distinct from 'overturned' or outcome_reason <> ''),
  primary key (tenant_id, id),
  foreign key (tenant_id, professional_id)
    references professional_registry.professionals (tenant_id, id),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, reviewed_by) references cms.users (tenant_id, id)
);
create unique index cases_one_open on professional_registry.cases (tenant_id, professional_id)
  where state <> 'closed';
create index cases_of_user on professional_registry.cases (tenant_id, user_id, opened_at);
create index cases_waiting on professional_registry.cases (tenant_id, opened_at, id)
  where state <> 'closed';

create table professional_registry.case_actions (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  case_id bigint not null,
  kind text collate "C" not null
    check (kind in ('reassign', 're_review', 'unpublish', 'add_notice', 'note', 'restore')),
  post_id bigint,
  to_user_id bigint,
  by_user_id bigint,
  at timestamptz not null,
  detail text not null default '',
  check (kind = 'note' or post_id is not null),
  check ((kind = 'reassign') = (to_user_id is not null)),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references professional_registry.cases (tenant_id, id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id),
  foreign key (tenant_id, to_user_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, by_user_id) references cms.users (tenant_id, id)
);
create index case_actions_of on professional_registry.case_actions (tenant_id, case_id, at, id);
"""

NOTICES = """
create table professional_registry.notices (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  user_id bigint not null,
  case_id bigint not null,
  kind text collate "C" not null,
  created_at timestamptz not null,
  read_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, case_id) references professional_registry.cases (tenant_id, id)
);
create index notices_of on professional_registry.notices (tenant_id, user_id, created_at, id);
"""

# Of a case only its course may be written, never what opened it; an action is never touched again.
GRANTS = """
grant select, insert on professional_registry.cases, professional_registry.case_actions,
  professional_registry.notices to cms_app;
grant update (state, contest, contested_at, reviewed_by, reviewed_at, outcome, outcome_reason,
  closed_at) on professional_registry.cases to cms_app;
grant update (read_at) on professional_registry.notices to cms_app;
"""

TENANT_TABLES = ("cases", "case_actions", "notices")


def upgrade() -> None:
    op.execute(CASES)
    op.execute(NOTICES)
    for table in TENANT_TABLES:
        enable_tenancy(f"professional_registry.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
