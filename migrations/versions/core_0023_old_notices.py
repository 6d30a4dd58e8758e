"""Notices that were read long ago are forgotten: what they said of people is kept no longer than
somebody needs it.

Revision ID: core_0023
"""

from alembic import op

revision = "core_0023"
down_revision = "core_0022"
branch_labels = None
depends_on = None

# Made beside the writers; what was done before it broke off is not done again, and a right that is
# given twice is given once.
STATEMENTS = (
    """
create index concurrently if not exists notices_read on cms.notices (tenant_id, read_at)
  where read_at is not null;
""",
    "grant delete on cms.notices to cms_app;",
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for statement in STATEMENTS:
            op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
