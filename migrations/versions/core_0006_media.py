"""Which bytes belong to which attachment.

Revision ID: core_0006
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None

MEDIA = """
create table cms.media_files (
  tenant_id bigint not null references cms.tenants (id),
  post_id bigint not null,
  stem text collate "C" not null,
  mime_type text collate "C" not null,
  width integer not null default 0,
  height integer not null default 0,
  files jsonb not null,
  original jsonb,
  created_at timestamptz not null,
  removed_at timestamptz,
  erased_at timestamptz,
  check (erased_at is null or removed_at is not null),
  primary key (tenant_id, post_id),
  -- Of removed ones too: an address that was given out once never means another picture.
  unique (tenant_id, stem),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id)
);
create index media_files_kind on cms.media_files (tenant_id, mime_type, post_id);
"""

GRANTS = """
grant select, insert on cms.media_files to cms_app;
grant update (files, removed_at, erased_at) on cms.media_files to cms_app;
"""


def upgrade() -> None:
    op.execute(MEDIA)
    enable_tenancy("cms.media_files")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
