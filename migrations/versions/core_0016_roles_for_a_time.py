"""A role may be given for a time, after which it grants nothing.

Revision ID: core_0016
"""

from alembic import op

revision = "core_0016"
down_revision = "core_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table cms.user_roles add column expires_at timestamptz")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
