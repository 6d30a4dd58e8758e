"""Threads about a text, with comments, their versions, suggestions and each step.

Revision ID: medical_review_0003
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "medical_review_0003"
down_revision = "medical_review_0002"
branch_labels = None
depends_on = None

# A thread keeps its place as it was; where that is today is found when it is read.
THREADS = """
create table medical_review.threads (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_id bigint not null,
  revision_id bigint not null,
  kind text collate "C" not null check (kind in ('comment', 'suggestion')),
  severity text collate "C" not null check (severity in ('note', 'must_fix')),
  target text collate "C" not null check (target in ('post', 'field', 'block', 'passage')),
  field text collate "C" not null,
  quote text not null,
  prefix text not null,
  suffix text not null,
  position integer not null check (position >= 0),
  block integer[] not null,
  block_name text collate "C" not null,
  replacement text,
  state text collate "C" not null default 'open'
    check (state in ('open', 'resolved', 'accepted', 'rejected', 'withdrawn')),
  opened_by bigint not null,
  opened_at timestamptz not null,
  settled_by bigint,
  settled_at timestamptz,
  made_revision_id bigint,
  check ((kind = 'suggestion') = (replacement is not null)),
  check (kind = 'comment' or target = 'passage'),
  check ((state = 'open') = (settled_at is null)),
  check ((state = 'accepted') = (made_revision_id is not null)),
  primary key (tenant_id, id),
  unique (tenant_id, post_id, id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, post_id, made_revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, opened_by) references cms.users (tenant_id, id),
  foreign key (tenant_id, settled_by) references cms.users (tenant_id, id)
);
create index threads_of_post on medical_review.threads (tenant_id, post_id, opened_at, id);
create index threads_to_fix on medical_review.threads (tenant_id, post_id, id)
  where state = 'open' and severity = 'must_fix';
create index threads_accepted on medical_review.threads (tenant_id, post_id, made_revision_id)
  where made_revision_id is not null;
create index threads_on_revision on medical_review.threads (tenant_id, post_id, revision_id);
create index threads_opened_by on medical_review.threads (tenant_id, opened_by);
create index threads_settled_by on medical_review.threads (tenant_id, settled_by)
  where settled_by is not null;
"""

COMMENTS = """
create table medical_review.comments (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  thread_id bigint not null,
  post_id bigint not null,
  author_id bigint not null,
  written_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id, thread_id)
    references medical_review.threads (tenant_id, post_id, id),
  foreign key (tenant_id, author_id) references cms.users (tenant_id, id)
);
create index comments_of_thread on medical_review.comments
  (tenant_id, post_id, thread_id, written_at, id);
create index comments_by_author on medical_review.comments (tenant_id, author_id);
"""

VERSIONS = """
create table medical_review.comment_versions (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  comment_id bigint not null,
  number integer not null check (number > 0),
  act text collate "C" not null check (act in ('written', 'edited', 'deleted')),
  body text not null,
  mentioned bigint[] not null,
  written_at timestamptz not null,
  check ((act = 'deleted') = (body = '')),
  primary key (tenant_id, id),
  unique (tenant_id, comment_id, number),
  foreign key (tenant_id, comment_id) references medical_review.comments (tenant_id, id)
);
"""

ACTS = """
create table medical_review.thread_acts (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  thread_id bigint not null,
  post_id bigint not null,
  revision_id bigint not null,
  act text collate "C" not null
    check (act in ('open', 'resolve', 'reopen', 'accept', 'reject', 'withdraw')),
  reason text not null,
  taken_by bigint not null,
  taken_at timestamptz not null,
  check (act <> 'reject' or reason <> ''),
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id, thread_id)
    references medical_review.threads (tenant_id, post_id, id),
  foreign key (tenant_id, post_id, revision_id)
    references cms.revisions (tenant_id, post_id, id),
  foreign key (tenant_id, taken_by) references cms.users (tenant_id, id)
);
create index thread_acts_of_thread on medical_review.thread_acts
  (tenant_id, post_id, thread_id, taken_at, id);
create index thread_acts_on_revision on medical_review.thread_acts
  (tenant_id, post_id, revision_id);
create index thread_acts_by_person on medical_review.thread_acts (tenant_id, taken_by);
"""

# What was said is added and never touched again; of a thread only how it ended may be written.
GRANTS = """
grant select, insert on medical_review.threads, medical_review.comments,
  medical_review.comment_versions, medical_review.thread_acts to cms_app;
grant update (state, settled_by, settled_at, made_revision_id) on medical_review.threads to cms_app;
"""

TENANT_TABLES = ("threads", "comments", "comment_versions", "thread_acts")


def upgrade() -> None:
    for statement in (THREADS, COMMENTS, VERSIONS, ACTS):
        op.execute(statement)
    for table in TENANT_TABLES:
        enable_tenancy(f"medical_review.{table}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
