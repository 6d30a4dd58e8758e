"""The queue: procrastinate 3.10 in a schema of its own, and the one function requests may call.

Revision ID: core_0002
"""

import hashlib

from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy import text

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None

# The text is the library's own and stays in it; what has run must stay what it was, so another
# text is refused. The next version of procrastinate brings a migration of its own beside this one.
PROCRASTINATE_3_10 = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"

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
    op.execute(text(_schema().replace(":", "\\:")))
    op.execute("reset search_path")
    op.execute(ENQUEUE)


def _schema() -> str:
    schema: str = SchemaManager.get_schema()
    found = hashlib.sha256(schema.encode()).hexdigest()
    if found != PROCRASTINATE_3_10:
        raise RuntimeError(
            f"the installed procrastinate has another schema (SHA-256 {found}) than version 3.10, "
            "which this migration is for: install the locked version"
        )
    return schema


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
