"""Statements that migrations share. Frozen: a migration that has run must keep its meaning."""

from alembic import op

_ROLE = """
do $$ begin
  if not exists (select from pg_catalog.pg_roles where rolname = '{name}') then
    create role {name} nologin nosuperuser nobypassrls;
  end if;
end $$
"""
_TENANCY = """
alter table {table} enable row level security;
alter table {table} force row level security;
create policy tenant on {table} to cms_app, current_user
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint);
"""


def group_role(name: str) -> None:
    """A role without login that rights are given to; roles belong to the whole cluster."""
    op.execute(_ROLE.format(name=name))


def enable_tenancy(table: str) -> None:
    """Row-level security, forced on the owner too. The policy names its roles, never PUBLIC, and
    has no sub-query (Citus refuses those)."""
    op.execute(_TENANCY.format(table=table))
