"""Sessions of the web application, second factors, and the sign-ins that wait for one.

Revision ID: core_0019
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0019"
down_revision = "core_0018"
branch_labels = None
depends_on = None

TABLES = """
-- The secret that a browser holds is nowhere: `digest` is its keyed hash, and changes with it.
create table cms.sessions (
  tenant_id bigint not null references cms.tenants (id),
  id uuid not null,
  user_id bigint not null,
  digest bytea not null,
  factors text[] not null,
  is_remembered boolean not null,
  authenticated_at timestamptz not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  user_agent text not null default '',
  ip text collate "C",
  primary key (tenant_id, id),
  unique (tenant_id, digest),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);
create index sessions_of_user on cms.sessions (tenant_id, user_id) where revoked_at is null;
create index sessions_by_age on cms.sessions (tenant_id, created_at);

-- Apart from the session, so that using it locks nothing that ends or renews it.
create table cms.session_uses (
  tenant_id bigint not null references cms.tenants (id),
  session_id uuid not null,
  last_seen_at timestamptz not null,
  primary key (tenant_id, session_id),
  foreign key (tenant_id, session_id) references cms.sessions (tenant_id, id)
);

-- The secret itself is a sealed value; `last_step` is the newest time step whose code was taken.
create table cms.user_factors (
  tenant_id bigint not null references cms.tenants (id),
  user_id bigint not null,
  kind text collate "C" not null check (kind in ('totp')),
  commitment bytea not null,
  last_step bigint not null default 0,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  primary key (tenant_id, user_id, kind),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);

create table cms.recovery_codes (
  tenant_id bigint not null references cms.tenants (id),
  user_id bigint not null,
  digest bytea not null,
  used_at timestamptz,
  primary key (tenant_id, user_id, digest),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);

-- Whose password was right, and whose code is awaited.
create table cms.pending_sign_ins (
  tenant_id bigint not null references cms.tenants (id),
  id uuid not null,
  user_id bigint not null,
  digest bytea not null,
  is_remembered boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  attempts smallint not null default 0,
  ended_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, digest),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);
create index pending_sign_ins_by_age on cms.pending_sign_ins (tenant_id, created_at);

-- A keyed hash for each kind of browser that a person has signed in with.
create table cms.known_agents (
  tenant_id bigint not null references cms.tenants (id),
  user_id bigint not null,
  digest bytea not null,
  first_seen_at timestamptz not null,
  primary key (tenant_id, user_id, digest),
  foreign key (tenant_id, user_id) references cms.users (tenant_id, id)
);
"""

# When and how somebody signed in is never changed: only that it was renewed, and that it ended.
GRANTS = """
grant select, insert, delete
  on cms.sessions, cms.session_uses, cms.pending_sign_ins, cms.known_agents to cms_app;
grant update (digest, factors, authenticated_at, revoked_at) on cms.sessions to cms_app;
grant update (last_seen_at) on cms.session_uses to cms_app;
grant update (attempts, ended_at) on cms.pending_sign_ins to cms_app;
grant select, insert, delete on cms.user_factors, cms.recovery_codes to cms_app;
grant update (last_step, confirmed_at) on cms.user_factors to cms_app;
grant update (used_at) on cms.recovery_codes to cms_app;
"""

NAMES = (
    "sessions",
    "session_uses",
    "user_factors",
    "recovery_codes",
    "pending_sign_ins",
    "known_agents",
)


def upgrade() -> None:
    op.execute(TABLES)
    for name in NAMES:
        enable_tenancy(f"cms.{name}")
    op.execute(GRANTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
