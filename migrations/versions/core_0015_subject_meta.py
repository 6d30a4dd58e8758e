"""Registered meta of terms, comments and people; what an import left of terms and comments.

Revision ID: core_0015
"""

from alembic import op

revision = "core_0015"
down_revision = "core_0011"
branch_labels = None
depends_on = None

# A column and no table: it is read with its row, and the row's event and policy cover it.
COLUMNS = """
alter table cms.terms add column meta jsonb not null default '{}';
alter table cms.comments add column meta jsonb not null default '{}';
alter table cms.users add column meta jsonb not null default '{}';
-- A newer export is brought over what the older one left here, and over nothing else: this is the
-- hash of that. Posts have their revision for it.
alter table cms.import_items add column here bytea;
"""


def upgrade() -> None:
    op.execute(COLUMNS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
