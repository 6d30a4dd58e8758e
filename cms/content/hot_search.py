"""The search that every visitor makes, as one statement: the newest posts that hold the words.

A word that half of the newest posts hold is looked for by walking through the posts from the newest
on, which ends when enough are found; the index would hand out every one of them first. Any other
word is looked up in the index.
"""

from functools import lru_cache

from sqlalchemy import BigInteger, DateTime, Text, bindparam, column, func, literal_column, select
from sqlalchemy import text as sql_text

from cms.content.hot_reads import LISTED, NEWEST, with_texts
from cms.content.models import Post
from cms.database.reads import Query

CANDIDATES = 1000
"""How many posts a search may find: the newest of those that hold the words."""
_WALKED = 3 * CANDIDATES
_SAMPLE = 40

# Protected posts are left out: a search must not tell word by word what a password protects.
# OFFSET 0 keeps the planner from reading all documents to join them.
_OF_READERS = (
    "p.tenant_id = :tenant and p.post_type = :post_type and p.status = 'publish' "
    "and p.password = ''"
)
_NEWEST_FIRST = "order by p.date_local desc, p.id desc"
_DOCUMENT = """cross join lateral (
      select s.vector from cms.search_documents s
      where s.tenant_id = :tenant and s.post_id = p.id offset 0
    ) s"""
# Only constants of this module stand in the text.
_FOUND = f"""
  with asked as materialized (select cms.search_query_1(:tenant, :words) as query),
  sample as materialized (
    select count(*) filter (where s.vector @@ (select query from asked)) * 2 >= count(*) as holds
    from (select p.id from cms.posts p where {_OF_READERS} {_NEWEST_FIRST} limit {_SAMPLE}) p
    {_DOCUMENT}
  ),
  walked as materialized (
    select p.id, p.date_local
    from (
      select p.id, p.date_local from cms.posts p
      where {_OF_READERS} {_NEWEST_FIRST} limit {_WALKED}
    ) p
    {_DOCUMENT}
    where (select holds from sample) and s.vector @@ (select query from asked)
    {_NEWEST_FIRST} limit {CANDIDATES}
  ),
  outcome as materialized (
    select (select holds from sample) and (
      (select count(*) = {CANDIDATES} from walked)
      or (
        select coalesce(sum(c.posts), 0) <= {_WALKED} from cms.post_counts c
        where c.tenant_id = :tenant and c.post_type = :post_type and c.status = 'publish'
      )
    ) as is_whole
  )
  select id, date_local from walked where (select is_whole from outcome)
  union all
  select p.id, p.date_local
  from cms.search_posts_3(:tenant, :words, null, {CANDIDATES}, false) f
  cross join lateral (
    select p.id, p.date_local from cms.posts p where {_OF_READERS} and p.id = f.post_id offset 0
  ) p
  where (select not is_whole from outcome)
"""  # noqa: S608


@lru_cache(maxsize=256)
def searched(limit: int) -> Query:
    """A page of the published posts of `:post_type` that hold `:words`, the newest first, from
    `:offset` on. The limit stands in the text for the planner's sake."""
    found = (
        sql_text(_FOUND)
        .bindparams(
            bindparam("tenant", type_=BigInteger),
            bindparam("post_type", type_=Text),
            bindparam("words", type_=Text),
        )
        .columns(column("id", BigInteger), column("date_local", DateTime))
        .cte("found")
    )
    cut = (
        select(found.c.id)
        .order_by(found.c.date_local.desc(), found.c.id.desc())
        .limit(literal_column(f"{limit:d}"))
        .offset(bindparam("offset", type_=BigInteger))
        .subquery()
    )
    total = select(func.count()).select_from(found).scalar_subquery()
    page = with_texts(LISTED, total.label("total")).join(cut, Post.id == cut.c.id)
    return Query(page.order_by(*NEWEST))
