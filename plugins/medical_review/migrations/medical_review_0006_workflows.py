"""Workflows in versions, a review's way through one, who speaks in it and for whom.

Revision ID: medical_review_0006
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "medical_review_0006"
down_revision = "medical_review_0005"
branch_labels = None
depends_on = None

# A version is added and never changed, so that a review ends by the rules that it began with.
WORKFLOWS = """
create table medical_review.workflows (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  slug text collate "C" not null,
  version bigint not null check (version > 0),
  definition jsonb not null,
  created_by bigint,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, slug, version),
  foreign key (tenant_id, created_by) references cms.users (tenant_id, id)
);
create table medical_review.workflow_bindings (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_type text collate "C" not null default '',
  specialty text collate "C" not null default '',
  risk text collate "C" not null default '' check (risk in ('', 'low', 'normal', 'high')),
  workflow text collate "C" not null,
  version bigint not null,
  bound_by bigint,
  bound_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, post_type, specialty, risk),
  foreign key (tenant_id, bound_by) references cms.users (tenant_id, id)
);
"""

# Of a post at most one review is under way. What waits is read by stage, the most urgent first.
ROUNDS = """
create table medical_review.rounds (
  tenant_id bigint not null references cms.tenants (id),
  review_id bigint not null,
  post_id bigint not null,
  workflow text collate "C" not null,
  version bigint not null,
  risk text collate "C" not null check (risk in ('low', 'normal', 'high')),
  specialties text[] not null default '{}',
  stage text collate "C" not null,
  priority text collate "C" not null default 'normal'
    check (priority in ('normal', 'high', 'urgent')),
  entered_at timestamptz not null,
  due_at timestamptz not null,
  overdue_at timestamptz,
  escalated_at timestamptz,
  closed_at timestamptz,
  primary key (tenant_id, review_id),
  foreign key (tenant_id, post_id, review_id)
    references medical_review.reviews (tenant_id, post_id, id)
);
create unique index rounds_one_open on medical_review.rounds (tenant_id, post_id)
  where closed_at is null;
create index rounds_board on medical_review.rounds (tenant_id, stage, due_at, review_id)
  include (workflow, version)
  where closed_at is null;
create index rounds_due on medical_review.rounds (tenant_id, due_at) where closed_at is null;
create index rounds_of_post on medical_review.rounds (tenant_id, post_id, entered_at);
"""

# People are counted, so a person speaks once in a review, whatever roles she has.
VOICES = """
create table medical_review.voices (
  tenant_id bigint not null references cms.tenants (id),
  decision_id bigint not null,
  review_id bigint not null,
  person_id bigint not null,
  on_behalf_of bigint,
  stage text collate "C" not null,
  seats text[] not null,
  check (on_behalf_of is distinct from person_id),
  primary key (tenant_id, decision_id),
  unique (tenant_id, review_id, person_id),
  unique (tenant_id, review_id, on_behalf_of),
  foreign key (tenant_id, decision_id) references medical_review.decisions (tenant_id, id),
  foreign key (tenant_id, review_id) references medical_review.reviews (tenant_id, id),
  foreign key (tenant_id, person_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, on_behalf_of) references cms.users (tenant_id, id)
);
"""

PEOPLE = """
create table medical_review.claims (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  review_id bigint not null,
  stage text collate "C" not null,
  user_id bigint not null,
  given_by bigint,
  taken_at timestamptz not null,
  ended_at timestamptz,
  ended_as text collate "C"
    check (ended_as in ('decided', 'released', 'reassigned', 'absent', 'closed')),
  check ((ended_at is null) = (ended_as is null)),
  primary key (tenant_id, id),
  foreign key (tenant_id, review_id) references medical_review.reviews (tenant_id, id),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, given_by) references cms.users (tenant_id, id)
);
create unique index claims_in_hand on medical_review.claims (tenant_id, review_id, user_id)
  where ended_at is null;
create index claims_of_user on medical_review.claims (tenant_id, user_id) where ended_at is null;

create table medical_review.absences (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  user_id bigint not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  noted_by bigint,
  noted_at timestamptz not null,
  ended_at timestamptz,
  check (to_at > from_at),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, noted_by) references cms.users (tenant_id, id)
);
create index absences_of_user on medical_review.absences (tenant_id, user_id, to_at)
  where ended_at is null;

create table medical_review.delegations (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  from_user_id bigint not null,
  to_user_id bigint not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  noted_by bigint,
  noted_at timestamptz not null,
  ended_at timestamptz,
  check (ends_at > starts_at),
  check (from_user_id <> to_user_id),
  primary key (tenant_id, id),
  foreign key (tenant_id, from_user_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, to_user_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, noted_by) references cms.users (tenant_id, id)
);
create index delegations_to on medical_review.delegations (tenant_id, to_user_id, ends_at)
  where ended_at is null;
create index delegations_from on medical_review.delegations (tenant_id, from_user_id, ends_at)
  where ended_at is null;

create table medical_review.invitations (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  review_id bigint not null,
  content_hash bytea not null check (length(content_hash) = 32),
  user_id bigint not null,
  seat text collate "C" not null,
  invited_by bigint,
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  codes_sent bigint not null default 0,
  code_sent_at timestamptz,
  tries bigint not null default 0,
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, review_id) references medical_review.reviews (tenant_id, id),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, invited_by) references cms.users (tenant_id, id)
);
create unique index invitations_open on medical_review.invitations (tenant_id, review_id, user_id)
  where ended_at is null;
"""

# Reviews that began before there were workflows have the way that they had: one stage, one person.
# The owner is bound by row-level security too, so each tenant's are written under its own name.
FILL = """
do $$
declare tenant bigint;
begin
  for tenant in select id from cms.tenants loop
    execute format('set local app.tenant_id = %L', tenant);
    insert into medical_review.rounds
      (tenant_id, review_id, post_id, workflow, version, risk, stage, entered_at, due_at, closed_at)
    select r.tenant_id, r.id, r.post_id, 'medical', 1, 'normal', r.stage, r.submitted_at,
           r.submitted_at + interval '72 hours', r.closed_at
    from medical_review.reviews r where r.tenant_id = tenant;
    insert into medical_review.voices
      (tenant_id, decision_id, review_id, person_id, stage, seats)
    select d.tenant_id, d.id, d.review_id, d.reviewer_id, d.stage, array['medical']
    from medical_review.decisions d where d.tenant_id = tenant;
  end loop;
  set local app.tenant_id = '';
end $$;
"""

GRANTS = """
grant select, insert on medical_review.workflows, medical_review.voices to cms_app;
grant select, insert, delete on medical_review.workflow_bindings to cms_app;
grant update (workflow, version, bound_by, bound_at)
  on medical_review.workflow_bindings to cms_app;
grant select, insert on medical_review.rounds, medical_review.claims, medical_review.absences,
  medical_review.delegations, medical_review.invitations to cms_app;
grant update (stage) on medical_review.reviews to cms_app;
grant update (stage, priority, entered_at, due_at, overdue_at, escalated_at, closed_at)
  on medical_review.rounds to cms_app;
grant update (ended_at, ended_as) on medical_review.claims to cms_app;
grant update (ended_at) on medical_review.absences, medical_review.delegations to cms_app;
grant update (codes_sent, code_sent_at, tries, ended_at)
  on medical_review.invitations to cms_app;
"""

TENANT_TABLES = (
    "workflows",
    "workflow_bindings",
    "rounds",
    "voices",
    "claims",
    "absences",
    "delegations",
    "invitations",
)


def upgrade() -> None:
    for part in (WORKFLOWS, ROUNDS, VOICES, PEOPLE):
        op.execute(part)
    for table in TENANT_TABLES:
        enable_tenancy(f"medical_review.{table}")
    op.execute(GRANTS)
    op.execute(FILL)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
