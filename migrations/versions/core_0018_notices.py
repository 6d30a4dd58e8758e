"""What people are told, and how they want to be told.

Revision ID: core_0018
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0018"
down_revision = "core_0017"
branch_labels = None
depends_on = None

TABLES = """
-- Rows are the queue of letters: `mail_at` is when one is due, or until when somebody has it.
create table cms.notices (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  user_id bigint not null,
  kind text collate "C" not null,
  about text collate "C" not null,
  about_id bigint not null,
  facts jsonb not null,
  key text collate "C",
  is_urgent boolean not null,
  is_listed boolean not null,
  created_at timestamptz not null,
  read_at timestamptz,
  mail text collate "C" not null check (mail in
    ('none', 'off', 'waiting', 'digest', 'sent', 'dropped', 'refused', 'failed')),
  mail_at timestamptz,
  mail_attempts smallint not null default 0,
  mail_fault text collate "C" not null default '',
  check (mail not in ('waiting', 'digest') or mail_at is not null),
  primary key (tenant_id, id),
  unique (tenant_id, user_id, kind, key),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);
create index notices_of on cms.notices (tenant_id, user_id, created_at desc, id desc)
  where is_listed;
create index notices_unread on cms.notices (tenant_id, user_id, created_at)
  where is_listed and read_at is null;
create index notices_to_mail on cms.notices (tenant_id, mail, mail_at)
  where mail in ('waiting', 'digest');

create table cms.notice_preferences (
  tenant_id bigint not null references cms.tenants (id),
  user_id bigint not null,
  kind text collate "C" not null,
  in_app boolean not null,
  mail text collate "C" not null check (mail in ('at_once', 'digest', 'never')),
  primary key (tenant_id, user_id, kind),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);

create table cms.notice_hours (
  tenant_id bigint not null references cms.tenants (id),
  user_id bigint not null,
  timezone text collate "C" not null default '',
  quiet_from time,
  quiet_until time,
  digest text collate "C" not null default 'daily' check (digest in ('daily', 'weekly')),
  digest_hour smallint not null default 8 check (digest_hour between 0 and 23),
  digest_weekday smallint not null default 0 check (digest_weekday between 0 and 6),
  check ((quiet_from is null) = (quiet_until is null)),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);
"""

# What was told and to whom is never changed: only that it was read, and how far its letter is.
GRANTS = """
grant select, insert on cms.notices to cms_app;
grant update (read_at, mail, mail_at, mail_attempts, mail_fault) on cms.notices to cms_app;
grant select, insert, update on cms.notice_preferences, cms.notice_hours to cms_app;
"""

NAMES = ("notices", "notice_preferences", "notice_hours")


def upgrade() -> None:
    op.execute(TABLES)
    for name in NAMES:
        enable_tenancy(f"cms.{name}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
