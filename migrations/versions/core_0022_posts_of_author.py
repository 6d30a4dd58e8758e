"""An author of few posts finds hers among a million without walking through those of others.

Revision ID: core_0022
"""

from alembic import op

revision = "core_0022"
down_revision = "core_0021"
branch_labels = None
depends_on = None

# Made beside the writers; what was done before it broke off is not done again.
INDEX = """
create index concurrently if not exists posts_of_author
  on cms.posts (tenant_id, post_type, author_id, status, date_local desc, id desc);
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(INDEX)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
