"""Looks that a colleague took at a text, and what followed from them.

Revision ID: second_look_0001
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "second_look_0001"
down_revision = None
branch_labels = ("second_look",)
depends_on = "core_0001"

LOOKS = """
create schema second_look;
create table second_look.looks (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_id bigint not null,
  verdict text collate "C" not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id)
);
create table second_look.diary (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  line text not null,
  primary key (tenant_id, id)
);
grant usage on schema second_look to cms_app;
grant select, insert on second_look.looks, second_look.diary to cms_app;
"""


def upgrade() -> None:
    op.execute(LOOKS)
    for table in ("looks", "diary"):
        enable_tenancy(f"second_look.{table}")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
