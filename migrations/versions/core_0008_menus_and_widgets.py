"""Menus with their items and places, and the widgets of the sidebars.

Revision ID: core_0008
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None

TABLES = """
create table cms.menus (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  name text not null,
  sort_key text collate "C" not null generated always as (cms.fold(name)) stored,
  slug text collate "C" not null,
  description text not null default '',
  auto_add boolean not null default false,
  primary key (tenant_id, id),
  unique (tenant_id, slug)
);
create table cms.menu_items (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  menu_id bigint,
  parent_id bigint,
  status text collate "C" not null,
  position integer not null,
  kind text collate "C" not null,
  object text collate "C" not null,
  object_id bigint not null,
  title text not null,
  slug text collate "C" not null,
  url text not null,
  attr_title text not null,
  description text not null,
  target text collate "C" not null,
  classes text[] not null,
  xfn text[] not null,
  created_at timestamptz not null,
  modified_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, menu_id) references cms.menus (tenant_id, id) on delete cascade,
  foreign key (tenant_id, parent_id) references cms.menu_items (tenant_id, id)
);
create index menu_items_of_menu on cms.menu_items (tenant_id, menu_id, position);
create index menu_items_parent on cms.menu_items (tenant_id, parent_id);
create table cms.menu_locations (
  tenant_id bigint not null references cms.tenants (id),
  location text collate "C" not null,
  menu_id bigint not null,
  primary key (tenant_id, location),
  foreign key (tenant_id, menu_id) references cms.menus (tenant_id, id) on delete cascade
);
create index menu_locations_menu on cms.menu_locations (tenant_id, menu_id);
create table cms.widgets (
  tenant_id bigint not null references cms.tenants (id),
  id_base text collate "C" not null,
  number bigint not null,
  sidebar text collate "C" not null,
  position integer not null,
  instance jsonb not null,
  primary key (tenant_id, id_base, number)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("menus", "menu_items", "menu_locations", "widgets"):
        enable_tenancy(f"cms.{table}")
    op.execute(
        "grant select, insert, update, delete on cms.menus, cms.menu_items, cms.widgets to cms_app;"
        "grant select, insert, delete on cms.menu_locations to cms_app"
    )


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
