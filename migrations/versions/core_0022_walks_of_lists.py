"""Screens list texts of an author, people by name, what was given up and jobs that are not done:
each along an index of its own.

Revision ID: core_0022
"""

from alembic import op

revision = "core_0022"
down_revision = "core_0021"
branch_labels = None
depends_on = None

# Made beside the writers; what was done before it broke off is not done again.
INDEXES = (
    """
create index concurrently if not exists posts_of_author
  on cms.posts (tenant_id, post_type, author_id, status, date_local desc, id desc);
""",
    """
create index concurrently if not exists notices_given_up on cms.notices (tenant_id, id)
  where mail in ('refused', 'failed');
""",
    """
create index concurrently if not exists webhook_deliveries_given_up
  on cms.webhook_deliveries (tenant_id, id) where state = 'failed';
""",
    """
create index concurrently if not exists users_by_name
  on cms.users (tenant_id, cms.fold(display_name) collate "C", id) where left_at is null;
""",
    """
create index concurrently if not exists jobs_not_done
  on jobs.procrastinate_jobs ((args ->> 'tenant_id'), status, id)
  where status in ('todo', 'doing', 'failed');
""",
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for index in INDEXES:
            op.execute(index)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
