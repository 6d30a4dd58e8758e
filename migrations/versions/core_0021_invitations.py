"""Invitations, links to a new password, what broke jobs, and what administrators see of the queue.

Revision ID: core_0021
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0021"
down_revision = "core_0020"
branch_labels = None
depends_on = None

TABLES = """
-- The link is nowhere: it is derived from the installation's key and `sent_at`. The address goes
-- when the invitation has ended.
create table cms.invitations (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  email text collate "C" not null,
  roles text[] not null,
  language text collate "C" not null,
  invited_by bigint not null,
  invited_at timestamptz not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_as text collate "C" check (ended_as in ('accepted', 'taken_back', 'lapsed')),
  user_id bigint,
  mail text collate "C" not null check (mail in ('none', 'waiting', 'sent', 'refused')),
  check ((ended_at is null) = (ended_as is null)),
  check (ended_at is null or email = ''),
  primary key (tenant_id, id),
  foreign key (tenant_id, invited_by) references cms.users (tenant_id, id),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);
create unique index invitations_open on cms.invitations (tenant_id, email) where ended_at is null;

create table cms.password_links (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  user_id bigint not null,
  issued_by bigint,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  mail text collate "C" not null check (mail in ('none', 'waiting', 'sent', 'refused')),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id),
  foreign key (tenant_id, issued_by) references cms.users (tenant_id, id)
);
create index password_links_of on cms.password_links (tenant_id, user_id, asked_at);

-- The kind of the error that a job ended with, never its message: values stand in those.
create table cms.job_faults (
  tenant_id bigint not null references cms.tenants (id),
  job_id bigint not null,
  fault text collate "C" not null,
  failed_at timestamptz not null,
  primary key (tenant_id, job_id)
);
"""

GRANTS = """
grant select, insert on cms.invitations, cms.password_links to cms_app;
grant update (email, sent_at, expires_at, ended_at, ended_as, user_id, mail)
  on cms.invitations to cms_app;
grant update (ended_at, mail) on cms.password_links to cms_app;
grant select, insert, delete on cms.job_faults to cms_app;
grant delete on cms.roles to cms_app;
"""

# Requests see their own tenant's jobs through these functions, and nothing else of the queue.
TENANT = "nullif(current_setting('app.tenant_id', true), '')"
QUEUE = f"""
create function jobs.counted() returns table (state text, jobs bigint)
language sql stable security definer set search_path = jobs, pg_temp
as $$
  select mine.state, count(*) from (
    select j.status::text as state from jobs.procrastinate_jobs j
    where j.status in ('todo', 'doing', 'failed') and j.args ->> 'tenant_id' = {TENANT}
    limit 10000) mine
  group by mine.state
$$;

create function jobs.listed(state text, before bigint, most integer)
returns table (id bigint, task text, args jsonb, attempts integer, due_at timestamptz,
  changed_at timestamptz)
language sql stable security definer set search_path = jobs, pg_temp
as $$
  select j.id, j.task_name::text, j.args - 'tenant_id', j.attempts, j.scheduled_at,
    (select max(e.at) from jobs.procrastinate_events e where e.job_id = j.id)
  from jobs.procrastinate_jobs j
  where j.status in ('todo', 'doing', 'failed') and j.status::text = state
    and j.args ->> 'tenant_id' = {TENANT} and (before is null or j.id < before)
  order by j.id desc
  limit least(most, 200)
$$;

create function jobs.try_again(job bigint) returns boolean
language sql security definer set search_path = jobs, pg_temp
as $$
  with again as (
    update jobs.procrastinate_jobs j
    set status = 'todo', attempts = 0, scheduled_at = null
    where j.id = job and j.status = 'failed' and j.args ->> 'tenant_id' = {TENANT}
    returning 1)
  select exists (select from again)
$$;

create function jobs.workers() returns bigint
language sql stable security definer set search_path = jobs, pg_temp
as $$
  select count(*) from jobs.procrastinate_workers w
  where w.last_heartbeat > now() - interval '1 minute'
$$;
"""  # noqa: S608 - constants only
NAMES = (
    "jobs.counted()",
    "jobs.listed(text, bigint, integer)",
    "jobs.try_again(bigint)",
    "jobs.workers()",
)


def upgrade() -> None:
    op.execute(TABLES)
    for name in ("invitations", "password_links", "job_faults"):
        enable_tenancy(f"cms.{name}")
    op.execute(GRANTS)
    op.execute(QUEUE)
    for name in NAMES:
        op.execute(f"revoke all on function {name} from public")
        op.execute(f"grant execute on function {name} to cms_app")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
