"""Pages, the format of a post, what is published when its time comes, and autosaves.

Revision ID: core_0004
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None

TABLES = """
-- A constant default: no row is written again.
alter table cms.posts add column format text collate "C" not null default 'standard';

-- What the person had proved when she planned it, so that it is judged as it was then.
create table cms.post_schedules (
  tenant_id bigint not null,
  post_id bigint not null,
  publish_at timestamptz not null,
  planned_by bigint not null,
  planned_at timestamptz not null,
  method text collate "C" not null,
  factors text[] not null,
  authenticated_at timestamptz not null,
  refused_at timestamptz,
  objections jsonb not null default '[]',
  primary key (tenant_id, post_id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id) on delete cascade,
  foreign key (tenant_id, planned_by) references cms.users (tenant_id, id)
);
create index post_schedules_due on cms.post_schedules (tenant_id, publish_at)
  where refused_at is null;

-- One for each person and post. It is no revision: the next autosave takes its place.
create table cms.autosaves (
  tenant_id bigint not null,
  id bigint not null,
  post_id bigint not null,
  editor_id bigint not null,
  title text not null,
  content text not null,
  excerpt text not null,
  modified_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, post_id, editor_id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id) on delete cascade,
  foreign key (tenant_id, editor_id) references cms.users (tenant_id, id)
);
"""

# As jobs.enqueue, for a job that waits for its time.
ENQUEUE_AT = """
create function jobs.enqueue_at(queue text, task text, args jsonb, at timestamptz) returns bigint
language sql security definer set search_path = jobs, pg_temp
as $$
  select (jobs.procrastinate_defer_jobs_v1(array[
    row(queue, task, 0, null, null, args, at)::jobs.procrastinate_job_to_defer_v1]))[1]
$$;
revoke all on function jobs.enqueue_at(text, text, jsonb, timestamptz) from public;
grant execute on function jobs.enqueue_at(text, text, jsonb, timestamptz) to cms_app, cms_worker;
"""

GRANTS = """
grant select, insert, update, delete on cms.post_schedules, cms.autosaves to cms_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("cms.post_schedules", "cms.autosaves"):
        enable_tenancy(table)
    op.execute(ENQUEUE_AT)
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
