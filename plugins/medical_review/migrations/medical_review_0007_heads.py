"""Of a post several texts may be under review at once: the large one that was set aside, and the
hot fix of what readers have.

Revision ID: medical_review_0007
"""

from alembic import op

revision = "medical_review_0007"
down_revision = "medical_review_0006"
branch_labels = None
depends_on = ("core_0017",)

# What was one review a post is one review a text. Nobody who writes waits for it; what was done
# before it broke off is not done again.
NEW = """
create unique index concurrently if not exists reviews_one_open_text
  on medical_review.reviews (tenant_id, post_id, revision_id) where state = 'open';
"""
# The rounds of a review follow it, where there are such.
OLD = ("reviews_one_open", "rounds_one_open")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(NEW)
        for name in OLD:
            op.execute(f"drop index concurrently if exists medical_review.{name};")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
