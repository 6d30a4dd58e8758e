"""Reviews, and the signed decisions on exactly one text each.

Revision ID: medical_review_0001
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "medical_review_0001"
down_revision = None
branch_labels = ("medical_review",)
depends_on = ("core_0001", "professional_registry_0001")

# The hash is kept beside the revision, so that a decision says by itself which text it is about.
REVIEWS = """
create table medical_review.reviews (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_id bigint not null,
  revision_id bigint not null,
  content_hash bytea not null check (length(content_hash) = 32),
  state text collate "C" not null default 'open'
    check (state in ('open', 'sent_back', 'approved', 'withdrawn')),
  stage text collate "C" not null default 'medical',
  submitted_by bigint,
  submitted_at timestamptz not null,
  closed_at timestamptz,
  check ((state = 'open') = (closed_at is null)),
  primary key (tenant_id, id),
  unique (tenant_id, post_id, id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, submitted_by) references cms.users (tenant_id, id)
);
create unique index reviews_one_open on medical_review.reviews (tenant_id, post_id, stage)
  where state = 'open';
create index reviews_queue on medical_review.reviews (tenant_id, submitted_at, id)
  where state = 'open';
create index reviews_of_post on medical_review.reviews (tenant_id, post_id, submitted_at);
"""

DECISIONS = """
create table medical_review.decisions (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  review_id bigint not null,
  post_id bigint not null,
  revision_id bigint not null,
  content_hash bytea not null check (length(content_hash) = 32),
  stage text collate "C" not null,
  verdict text collate "C" not null check (verdict in ('approve', 'send_back')),
  comment text not null default '',
  meaning text collate "C" not null,
  level text collate "C" not null,
  reviewer_id bigint not null,
  reviewer_name text not null,
  reviewer_registration jsonb,
  method text collate "C" not null,
  factors text[] not null,
  authenticated_at timestamptz not null,
  decided_at timestamptz not null,
  decision_hash bytea not null check (length(decision_hash) = 32),
  check (verdict <> 'send_back' or comment <> ''),
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id, review_id)
    references medical_review.reviews (tenant_id, post_id, id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, reviewer_id) references cms.users (tenant_id, id)
);
create index decisions_of_text on medical_review.decisions
  (tenant_id, post_id, content_hash, decided_at desc, id desc);
create index decisions_of_review on medical_review.decisions (tenant_id, review_id);
create index decisions_by_reviewer on medical_review.decisions (tenant_id, reviewer_id);
"""

# A decision is added and never touched again; of a review only its end may be written.
GRANTS = """
grant usage on schema medical_review to cms_app;
grant select, insert on medical_review.reviews, medical_review.decisions to cms_app;
grant update (state, closed_at) on medical_review.reviews to cms_app;
"""

TENANT_TABLES = ("reviews", "decisions")


def upgrade() -> None:
    op.execute("create schema medical_review")
    op.execute(REVIEWS)
    op.execute(DECISIONS)
    for table in TENANT_TABLES:
        enable_tenancy(f"medical_review.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
