"""Registered meta of terms, comments and people; what an import left of terms and comments; and how
a post is deleted for good.

Revision ID: core_0013
"""

from alembic import op

revision = "core_0013"
down_revision = "core_0012"
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

# Of what is here already nobody has noted whether readers had it: it counts as if they had.
LIVE = """
alter table cms.posts add column has_been_live boolean not null default true;
alter table cms.posts alter column has_been_live set default false;
"""

# Requests have no right to remove revisions. This removes those of one post in the bin of their own
# tenant, with the post; it runs as the owner, whom row-level security binds as well.
ERASING = """
create function cms.erase_post(erased bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant bigint := nullif(current_setting('app.tenant_id', true), '')::bigint;
begin
  update cms.posts set live_revision_id = null, working_revision_id = null
  where tenant_id = mine and id = erased and status = 'trash';
  if not found then
    return false;
  end if;
  delete from cms.renderings r using cms.revisions v
  where v.tenant_id = mine and v.post_id = erased
    and r.tenant_id = v.tenant_id and r.revision_id = v.id;
  delete from cms.revisions where tenant_id = mine and post_id = erased;
  delete from cms.posts where tenant_id = mine and id = erased;
  return true;
end
$$;
revoke all on function cms.erase_post(bigint) from public;
grant execute on function cms.erase_post(bigint) to cms_app;
-- With the post go the originals of what cleaning took from it.
grant delete on cms.import_originals to cms_app;
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(LIVE)
    op.execute(ERASING)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
