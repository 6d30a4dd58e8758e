"""A search works its query out once, and ranks only where an order by rank is asked for.

Revision ID: core_0012
"""

from alembic import op

revision = "core_0012"
down_revision = "core_0011"
branch_labels = None
depends_on = None

# What the words of a reader ask of `search_documents.vector`: the lexeme of the tenant, then the
# words by the rules of each language. NULL, which nothing matches, where no word is left:
# punctuation alone is an empty query, and && would drop it.
QUERY_FUNCTION = """
create function cms.search_query_1(tenant bigint, query text)
returns tsquery
language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when numnode(w.pt) = 0 then null
    when numnode(w.en) = 0 then
      ('''§' || tenant::text || '''')::tsquery && '''§pt'''::tsquery && w.pt
    else ('''§' || tenant::text || '''')::tsquery
      && (('''§pt'''::tsquery && w.pt) || ('''§en'''::tsquery && w.en)) end
  from (select websearch_to_tsquery('cms.pt', cms.pt_1(query)) as pt,
               websearch_to_tsquery('pg_catalog.english', query) as en) w;
end;
"""

# As its second version, which worked the query out anew for each text that it ranked.
SEARCH_FUNCTION = """
create function cms.search_posts_3(
  tenant bigint, query text, wanted text, candidates integer, ranked boolean
)
returns table (post_id bigint, rank real)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  with asked as materialized (
    select cms.search_query_1(tenant, query) as whole,
           websearch_to_tsquery('cms.pt', cms.pt_1(query))
           || websearch_to_tsquery('pg_catalog.english', query) as words
    where tenant = nullif(current_setting('app.tenant_id', true), '')::bigint
  ),
  found as materialized (
    select s.post_id
    from cms.search_documents s
    where s.tenant_id = tenant
      and (wanted is null or s.language = wanted)
      and s.vector @@ (select asked.whole from asked)
    order by s.post_id desc
    limit candidates
  )
  select f.post_id,
         case when ranked then (
           select ts_rank(s.vector, (select asked.words from asked))
           from cms.search_documents s
           where s.tenant_id = tenant and s.post_id = f.post_id
         ) else 0 end
  from found f;
end;
"""

SIGNATURE = "cms.search_posts_3(bigint, text, text, integer, boolean)"
GRANTS = f"""
revoke all on function cms.search_query_1(bigint, text) from public;
grant execute on function cms.search_query_1(bigint, text) to cms_app, cms_search;
revoke all on function {SIGNATURE} from public;
grant execute on function {SIGNATURE} to cms_app;
grant create on schema cms to cms_search;
"""


def upgrade() -> None:
    # The second version stays for processes of the version before, until a later migration.
    op.execute(QUERY_FUNCTION)
    op.execute(SEARCH_FUNCTION)
    op.execute(GRANTS)
    # The owner is a member while it gives the function away, and not a moment longer.
    op.execute("grant cms_search to current_user")
    op.execute(f"alter function {SIGNATURE} owner to cms_search")
    op.execute("revoke cms_search from current_user")
    op.execute("revoke create on schema cms from cms_search")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup to go back")
