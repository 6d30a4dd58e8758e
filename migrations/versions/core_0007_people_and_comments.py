"""What people say of themselves, what their applications did last, and comments.

Revision ID: core_0007
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None

PEOPLE = """
alter table cms.users
  add column first_name text not null default '',
  add column last_name text not null default '',
  add column nickname text not null default '',
  add column preferences jsonb not null default '{}',
  -- Whoever has left stays as a number without a name: what she wrote and signed is evidence.
  add column left_at timestamptz,
  add column successor_id bigint;
alter table cms.application_passwords
  add column app_id text collate "C" not null default '',
  add column last_used timestamptz,
  add column last_ip text collate "C";
"""

COMMENTS = """
create table cms.comments (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  post_id bigint not null,
  parent_id bigint,
  author_id bigint,
  author_name text not null default '',
  author_email text collate "C" not null default '',
  author_url text not null default '',
  -- Both are forgotten after some weeks: they are kept to stop floods, not to know people.
  author_ip text collate "C",
  author_agent text,
  content text not null,
  rendered text not null,
  status text collate "C" not null,
  trashed_status text collate "C",
  kind text collate "C" not null default 'comment',
  date_gmt timestamptz not null,
  date_local timestamp not null,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id),
  foreign key (tenant_id, parent_id) references cms.comments (tenant_id, id),
  foreign key (tenant_id, author_id) references cms.users (tenant_id, id),
  check (status in ('approved', 'hold', 'spam', 'trash'))
);
create index comments_of_post on cms.comments (tenant_id, post_id, status, date_gmt desc);
create index comments_newest on cms.comments (tenant_id, status, date_gmt desc, id desc);
create index comments_parent on cms.comments (tenant_id, parent_id);
create index comments_author on cms.comments (tenant_id, author_id, created_at);
create index comments_address on cms.comments (tenant_id, author_ip, created_at)
  where author_ip is not null;
create index comments_email on cms.comments (tenant_id, author_email) where author_email <> '';
"""

GRANTS = "grant select, insert, update, delete on cms.comments to cms_app"


def upgrade() -> None:
    op.execute(PEOPLE)
    op.execute(COMMENTS)
    enable_tenancy("cms.comments")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
