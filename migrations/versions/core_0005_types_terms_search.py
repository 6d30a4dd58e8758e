"""Terms that were deleted, types and taxonomies of a site's own, and a search that weighs.

Revision ID: core_0005
"""

from alembic import op

from cms.database.ddl import enable_tenancy

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None

# Revisions are immutable and name terms by id: what became of an id is kept, so that it is never
# shown again.
TERMS = """
create table cms.dropped_terms (
  tenant_id bigint not null references cms.tenants (id),
  id bigint not null,
  taxonomy text collate "C" not null,
  replaced_by bigint,
  primary key (tenant_id, id)
);
"""

TYPES = """
create table cms.content_types (
  tenant_id bigint not null references cms.tenants (id),
  name text collate "C" not null,
  definition jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, name)
);
create table cms.taxonomies (
  tenant_id bigint not null references cms.tenants (id),
  name text collate "C" not null,
  definition jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, name)
);
"""

# The words of a post, by how much they say about it. The vector is as before (the tenant's own
# lexeme first, so that the index intersects; then that of the rules it was stemmed by), with a
# weight for each column: A title, B excerpt, C terms and searchable fields, D content. These are
# plain texts: without translate() the parser would take "a <b and c> d" for a tag and skip it.
SEARCH = """
create table cms.search_documents (
  tenant_id bigint not null,
  post_id bigint not null,
  language text collate "C" not null,
  title text not null default '',
  excerpt text not null default '',
  terms text not null default '',
  fields text not null default '',
  document text not null,
  vector tsvector not null generated always as (
    array_to_tsvector(array['§' || tenant_id::text])
    || case when language like 'pt%'
      then array_to_tsvector(array['§pt'])
        || setweight(to_tsvector('cms.pt', cms.pt_1(translate(title, '<>', '  '))), 'A')
        || setweight(to_tsvector('cms.pt', cms.pt_1(translate(excerpt, '<>', '  '))), 'B')
        || setweight(to_tsvector('cms.pt', cms.pt_1(terms || ' ' || fields)), 'C')
        || to_tsvector('cms.pt', cms.pt_1(translate(document, '<>', '  ')))
      else array_to_tsvector(array['§en'])
        || setweight(to_tsvector('pg_catalog.english', translate(title, '<>', '  ')), 'A')
        || setweight(to_tsvector('pg_catalog.english', translate(excerpt, '<>', '  ')), 'B')
        || setweight(to_tsvector('pg_catalog.english', terms || ' ' || fields), 'C')
        || to_tsvector('pg_catalog.english', translate(document, '<>', '  ')) end
  ) stored,
  primary key (tenant_id, post_id),
  foreign key (tenant_id, post_id) references cms.posts (tenant_id, id) on delete cascade
);
-- Without fastupdate: see the first version.
create index search_documents_vector on cms.search_documents using gin (vector)
  with (fastupdate = off);
"""

# As its first version, with a language that may be asked for, and ranks that heed the weights.
SEARCH_FUNCTION = """
create function cms.search_posts_2(tenant bigint, query text, wanted text, candidates integer)
returns table (post_id bigint, rank real)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  with found as (
    select s.post_id, s.vector
    from cms.search_documents s
    where s.tenant_id = tenant
      and tenant = nullif(current_setting('app.tenant_id', true), '')::bigint
      and (wanted is null or s.language = wanted)
      -- Punctuation alone, or stop words alone, is an empty query, and && would drop it.
      and numnode(websearch_to_tsquery('cms.pt', cms.pt_1(query))) > 0
      and s.vector @@ (
        ('''§' || tenant::text || '''')::tsquery
        && case when numnode(websearch_to_tsquery('pg_catalog.english', query)) > 0
           then ('''§pt'''::tsquery && websearch_to_tsquery('cms.pt', cms.pt_1(query)))
             || ('''§en'''::tsquery && websearch_to_tsquery('pg_catalog.english', query))
           else '''§pt'''::tsquery && websearch_to_tsquery('cms.pt', cms.pt_1(query)) end)
    order by s.post_id desc
    limit candidates
  )
  select f.post_id, ts_rank(f.vector, websearch_to_tsquery('cms.pt', cms.pt_1(query))
                                      || websearch_to_tsquery('pg_catalog.english', query))
  from found f;
end;
"""

TENANT_TABLES = ("dropped_terms", "content_types", "taxonomies", "search_documents")

GRANTS = """
grant delete on cms.terms to cms_app;
grant select, insert on cms.dropped_terms to cms_app;
grant select, insert, update, delete on cms.content_types, cms.taxonomies, cms.search_documents
  to cms_app;
grant select (tenant_id, post_id, language, vector) on cms.search_documents to cms_search;
create policy search_reads_all on cms.search_documents for select to cms_search using (true);
revoke all on function cms.search_posts_2(bigint, text, text, integer) from public;
grant execute on function cms.search_posts_2(bigint, text, text, integer) to cms_app;
grant create on schema cms to cms_search;
"""

# The owner is bound by row-level security too, so the tenants are gone through one by one.
REFILL = """
do $$
declare
  tenant bigint;
begin
  for tenant in select id from cms.tenants loop
    execute format('set local app.tenant_id = %L', tenant);
    insert into cms.search_documents (tenant_id, post_id, language, title, document)
    select s.tenant_id, s.post_id, s.language, p.title, s.document
    from cms.post_search s
    join cms.posts p on p.tenant_id = s.tenant_id and p.id = s.post_id
    where s.tenant_id = tenant;
  end loop;
  set local app.tenant_id = '';
end $$
"""

# The first version goes with its table, which was made from revisions as the new one is: a second
# copy of every text must not lie about. A process of the version before cannot search until it is
# restarted, and does everything else.
FAREWELL_FUNCTION = """
-- squawk-ignore ban-drop-function
drop function cms.search_posts(bigint, text, integer)
"""
FAREWELL_TABLE = """
-- squawk-ignore ban-drop-table
drop table cms.post_search
"""


def upgrade() -> None:
    for part in (TERMS, TYPES, SEARCH, SEARCH_FUNCTION):
        op.execute(part)
    for table in TENANT_TABLES:
        enable_tenancy(f"cms.{table}")
    op.execute(GRANTS)
    op.execute(REFILL)
    # The owner is a member while it gives the function away, and not a moment longer.
    op.execute("grant cms_search to current_user")
    op.execute("alter function cms.search_posts_2(bigint, text, text, integer) owner to cms_search")
    op.execute(FAREWELL_FUNCTION)
    op.execute("revoke cms_search from current_user")
    op.execute("revoke create on schema cms from cms_search")
    op.execute(FAREWELL_TABLE)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
