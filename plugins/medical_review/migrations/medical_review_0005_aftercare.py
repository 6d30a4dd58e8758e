"""After publication: versions, the next review, reopened reviews, public notices, inherited texts,
corrections and retractions.

Revision ID: medical_review_0005
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "medical_review_0005"
down_revision = "medical_review_0004"
branch_labels = None
depends_on = ("professional_registry_0004",)

RULES = """
create table medical_review.aftercare_rules (
  tenant_id bigint not null references cms.tenants (id),
  rules jsonb not null,
  changed_at timestamptz not null,
  changed_by bigint,
  primary key (tenant_id),
  foreign key (tenant_id, changed_by) references cms.users (tenant_id, id)
);
"""

PUBLICATIONS = """
create table medical_review.publications (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_id bigint not null,
  revision_id bigint not null,
  content_hash bytea not null check (length(content_hash) = 32),
  published_at timestamptz not null,
  is_inherited boolean not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id)
);
create index publications_of_post on medical_review.publications
  (tenant_id, post_id, published_at);
"""

# The list of what is due, and the work of the next quarter of an hour, each from one index.
UPKEEP = """
create table medical_review.upkeep (
  tenant_id bigint not null references cms.tenants (id),
  post_id bigint not null,
  revision_id bigint not null,
  content_hash bytea not null check (length(content_hash) = 32),
  reviewed_at timestamptz not null,
  due_on date not null,
  risk text collate "C" not null check (risk in ('low', 'medium', 'high')),
  is_live boolean not null,
  done_step smallint,
  step_at timestamptz,
  changed_by bigint,
  reason text not null default '',
  check (is_live or step_at is null),
  primary key (tenant_id, post_id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, changed_by) references cms.users (tenant_id, id)
);
create index upkeep_due on medical_review.upkeep (tenant_id, due_on, post_id) where is_live;
create index upkeep_steps on medical_review.upkeep (tenant_id, step_at) where step_at is not null;
"""

REOPENINGS = """
create table medical_review.reopenings (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_id bigint not null,
  reason text collate "C" not null
    check (reason in ('overdue', 'licence', 'reference', 'asked', 'planned')),
  source bigint,
  opened_at timestamptz not null,
  opened_by bigint,
  closed_at timestamptz,
  closed_by bigint,
  outcome text not null default '',
  check ((closed_at is null) = (outcome = '')),
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id),
  foreign key (tenant_id, opened_by) references cms.users (tenant_id, id),
  foreign key (tenant_id, closed_by) references cms.users (tenant_id, id)
);
create unique index reopenings_one_open on medical_review.reopenings
  (tenant_id, post_id, reason, coalesce(source, 0)) where closed_at is null;
create index reopenings_open on medical_review.reopenings (tenant_id, opened_at, id)
  where closed_at is null;
"""

NOTICES = """
create table medical_review.public_notices (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_id bigint not null,
  kind text collate "C" not null
    check (kind in ('overdue', 'licence', 'reference', 'registration')),
  placed_at timestamptz not null,
  placed_by bigint,
  lifted_at timestamptz,
  lifted_by bigint,
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id),
  foreign key (tenant_id, placed_by) references cms.users (tenant_id, id),
  foreign key (tenant_id, lifted_by) references cms.users (tenant_id, id)
);
create unique index public_notices_one_placed on medical_review.public_notices
  (tenant_id, post_id, kind) where lifted_at is null;
"""

CASE_TEXTS = """
create table medical_review.case_texts (
  tenant_id bigint not null references cms.tenants (id),
  case_id bigint not null,
  post_id bigint not null,
  role text collate "C" not null
    check (role in ('responsible', 'under_review', 'approved_by')),
  status text collate "C" not null,
  revision_id bigint not null,
  review_id bigint,
  primary key (tenant_id, case_id, post_id, role),
  foreign key (tenant_id, case_id) references professional_registry.cases (tenant_id, id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, post_id, review_id)
    references medical_review.reviews (tenant_id, post_id, id)
);
"""

# The board of inherited texts is read from the first index, page by page.
INHERITED = """
create table medical_review.inherited_texts (
  tenant_id bigint not null references cms.tenants (id),
  post_id bigint not null,
  revision_id bigint not null,
  content_hash bytea not null check (length(content_hash) = 32),
  risk smallint not null,
  reasons text[] not null,
  specialties bigint[] not null,
  is_live boolean not null,
  noted_at timestamptz not null,
  reviewed_at timestamptz,
  findings jsonb,
  scanned_at timestamptz,
  primary key (tenant_id, post_id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id)
);
create index inherited_texts_board on medical_review.inherited_texts
  (tenant_id, risk desc, post_id) where is_live and reviewed_at is null;

create table medical_review.inherited_plans (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  level text collate "C" check (level in ('low', 'medium', 'high')),
  specialty bigint,
  per_week smallint not null check (per_week between 1 and 1000),
  starts_on date not null,
  made_at timestamptz not null,
  made_by bigint,
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, made_by) references cms.users (tenant_id, id)
);

create table medical_review.inherited_duties (
  tenant_id bigint not null references cms.tenants (id),
  post_id bigint not null,
  plan_id bigint,
  due_on date,
  assigned_to bigint,
  assigned_at timestamptz,
  assigned_by bigint,
  check ((plan_id is null) = (due_on is null)),
  primary key (tenant_id, post_id),
  foreign key (tenant_id, post_id) references medical_review.inherited_texts (tenant_id, post_id),
  foreign key (tenant_id, plan_id) references medical_review.inherited_plans (tenant_id, id),
  foreign key (tenant_id, assigned_to) references cms.users (tenant_id, id),
  foreign key (tenant_id, assigned_by) references cms.users (tenant_id, id)
);
create index inherited_duties_of_plan on medical_review.inherited_duties (tenant_id, plan_id)
  where plan_id is not null;
create index inherited_duties_of_person on medical_review.inherited_duties
  (tenant_id, assigned_to) where assigned_to is not null;
"""

AMENDMENTS = """
create table medical_review.amendments (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_id bigint not null,
  revision_id bigint not null,
  content_hash bytea not null check (length(content_hash) = 32),
  kind text collate "C" not null
    check (kind in ('correction', 'retraction', 'reinstatement')),
  wrong text not null default '',
  correct text not null default '',
  reason text not null default '',
  made_at timestamptz not null,
  made_by bigint not null,
  signature_id bigint not null,
  check ((kind = 'correction') = (wrong <> '' and correct <> '')),
  check ((kind = 'correction') = (reason = '')),
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, made_by) references cms.users (tenant_id, id),
  foreign key (tenant_id, signature_id) references medical_review.signatures (tenant_id, id)
);
create index amendments_of_post on medical_review.amendments (tenant_id, post_id, made_at, id);
create index amendments_newest on medical_review.amendments (tenant_id, made_at desc, id desc);
"""

# A publication is added and never touched again; of the others only what may change may be written.
GRANTS = """
grant select, insert, update on medical_review.aftercare_rules, medical_review.upkeep,
  medical_review.inherited_texts, medical_review.inherited_duties to cms_app;
grant select, insert on medical_review.inherited_plans to cms_app;
grant update (ended_at) on medical_review.inherited_plans to cms_app;
grant select, insert on medical_review.publications, medical_review.reopenings,
  medical_review.public_notices, medical_review.case_texts, medical_review.amendments to cms_app;
grant update (closed_at, closed_by, outcome) on medical_review.reopenings to cms_app;
grant update (lifted_at, lifted_by) on medical_review.public_notices to cms_app;
"""

TENANT_TABLES = (
    "aftercare_rules",
    "publications",
    "upkeep",
    "reopenings",
    "public_notices",
    "case_texts",
    "inherited_texts",
    "inherited_plans",
    "inherited_duties",
    "amendments",
)


def upgrade() -> None:
    for statement in (
        RULES,
        PUBLICATIONS,
        UPKEEP,
        REOPENINGS,
        NOTICES,
        CASE_TEXTS,
        INHERITED,
        AMENDMENTS,
    ):
        op.execute(statement)
    for table in TENANT_TABLES:
        enable_tenancy(f"medical_review.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
