"""Redirects, the last public address of each post, preview keys, webhooks and their deliveries.

Revision ID: core_0009
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None

TABLES = """
-- A redirect leads to `target`, or to wherever the post stands now, so that one which moves twice
-- leaves no chain behind. The creator has no foreign key: what she made outlives her account.
create table cms.redirects (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  source text collate "C" not null,
  target text collate "C" not null default '',
  post_id bigint,
  status smallint not null,
  is_automatic boolean not null default false,
  created_by bigint,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, source),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id) on delete cascade
);
create index redirects_post on cms.redirects (tenant_id, post_id);

-- Apart from the redirects: a visitor's request writes here, and tells nobody of it.
create table cms.redirect_hits (
  tenant_id bigint not null,
  redirect_id bigint not null,
  hits bigint not null,
  last_hit_on date not null,
  primary key (tenant_id, redirect_id),
  foreign key (tenant_id, redirect_id) references cms.redirects (tenant_id, id) on delete cascade
);

create table cms.public_addresses (
  tenant_id bigint not null,
  post_id bigint not null,
  path text collate "C" not null,
  primary key (tenant_id, post_id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id) on delete cascade
);
create index public_addresses_path on cms.public_addresses (tenant_id, path text_pattern_ops);

create table cms.preview_keys (
  tenant_id bigint not null,
  post_id bigint not null,
  version integer not null,
  primary key (tenant_id, post_id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id) on delete cascade
);

-- No secret is kept: it is derived from the installation's key and `nonce`.
create table cms.webhooks (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  url text not null,
  topics text[] not null,
  nonce text collate "C" not null,
  is_active boolean not null default true,
  disabled_at timestamptz,
  created_by bigint,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id)
);
create table cms.webhook_deliveries (
  tenant_id bigint not null,
  id bigint not null,
  webhook_id bigint not null,
  message_id text collate "C" not null,
  topic text collate "C" not null,
  body text not null,
  state text collate "C" not null,
  attempts integer not null default 0,
  http_status smallint,
  fault text collate "C" not null default '',
  duration_ms integer,
  created_at timestamptz not null,
  first_failed_at timestamptz,
  next_attempt_at timestamptz,
  finished_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, webhook_id, message_id),
  foreign key (tenant_id, webhook_id) references cms.webhooks (tenant_id, id) on delete cascade
);
create index webhook_deliveries_newest on cms.webhook_deliveries
  (tenant_id, webhook_id, created_at desc, id desc);
"""

NAMES = (
    "redirects",
    "redirect_hits",
    "public_addresses",
    "preview_keys",
    "webhooks",
    "webhook_deliveries",
)

GRANTS = """
grant select, insert, update, delete on cms.redirects, cms.webhooks, cms.webhook_deliveries
  to cms_app;
grant select, insert, update on cms.redirect_hits, cms.public_addresses, cms.preview_keys
  to cms_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for name in NAMES:
        enable_tenancy(f"cms.{name}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
