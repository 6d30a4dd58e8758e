"""The queue: procrastinate 3.10 in a schema of its own, and the one function requests may call.

Revision ID: core_0002
"""

from pathlib import Path

from alembic import op
from sqlalchemy import text

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None

# A copy of the library's own text, not a question to it: what has run must stay what it was. The
# next version of procrastinate brings a migration of its own.
PROCRASTINATE = Path(__file__).parents[1] / "sql" / "procrastinate_3_10.sql"

# The queue's functions find their tables by search_path. The wrapper sets it for itself, so that a
# request needs EXECUTE on one function and can neither read nor forge another tenant's jobs.
ENQUEUE = """
create function jobs.enqueue(queue text, task text, args jsonb) returns bigint
language sql security definer set search_path = jobs, pg_temp
as $$
  select (jobs.procrastinate_defer_jobs_v1(array[
    row(queue, task, 0, null, null, args, null)::jobs.procrastinate_job_to_defer_v1]))[1]
$$;
revoke all on all functions in schema jobs from public;
grant execute on all functions in schema jobs to cms_worker;
grant usage on schema jobs to cms_app, cms_worker;
grant execute on function jobs.enqueue(text, text, jsonb) to cms_app;
grant select, insert, update, delete on all tables in schema jobs to cms_worker;
grant usage, select on all sequences in schema jobs to cms_worker;
"""


def upgrade() -> None:
    op.execute("create schema jobs")
    op.execute("set local search_path = jobs")
    op.execute(text(PROCRASTINATE.read_text().replace(":", "\\:")))
    op.execute("reset search_path")
    op.execute(ENQUEUE)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
