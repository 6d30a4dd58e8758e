"""A site of an ordinary size: one post made through REST, and thousands that are copies of it."""

from typing import Any

import httpx
import psycopg
from psycopg import sql

from cms.host import Addresses
from tests.support.installation import Installation

POSTS, CATEGORIES, TERMS = 10_000, 40, 3
_WORDS = (
    "<p>Texto sobre saúde, com ação e cuidado; tuberculose, gripe e vacinação em adultos, "
    "crianças e idosos.</p>"
)
RARE = "varicela"
"""A word that one text in a hundred holds."""
CONTENT = f"<!-- wp:paragraph -->\n{_WORDS}\n<!-- /wp:paragraph -->\n\n" * 20


def fill(made: Installation, where: Addresses, token: str, posts: int = POSTS) -> int:
    """The id of one of the published posts: 3 KB each, three of forty categories. Of more than
    POSTS none but the first can be searched: to make their vectors would take minutes."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=made.url, headers=headers, timeout=60) as http:
        terms = [
            http.post("/wp-json/wp/v2/categories", json={"name": f"Tema {number}"}).json()["id"]
            for number in range(CATEGORIES)
        ]
        body = {"title": "Artigo", "content": CONTENT, "status": "publish", "categories": terms[:3]}
        answer = http.post("/wp-json/wp/v2/posts", json=body).raise_for_status()
    first = int(answer.json()["id"])
    with psycopg.connect(where.owner) as owner:
        owner.execute("select audit.maintain('rows for the bench')")
        owner.execute("set local app.tenant_id = '1'")
        copy_post(owner, first, posts - 1, terms)
    with psycopg.connect(where.owner, autocommit=True) as owner:
        # As autovacuum would in an hour; the planner and the visibility map go by it.
        owner.execute("set app.tenant_id = '1'")
        owner.execute("vacuum analyze")
    return first


def copy_post(owner: psycopg.Connection[Any], first: int, copies: int, terms: list[int]) -> None:
    """Copies of a post, each a minute older, with what belongs to it."""
    row = owner.execute(
        "update cms.id_counters set next = next + %s where space = 'post' returning next - %s",
        [2 * copies + 2, 2 * copies + 2],
    ).fetchone()
    assert row is not None
    post, revision = f"({row[0]} + n)", f"({row[0] + copies} + n)"
    of_post = {"tenant_id": "x.tenant_id"}
    copy_rows(owner, "cms.posts", copies, f"x.id = {first}", {
        **of_post, "id": post, "translation_group": post, "slug": "x.slug || '-' || n",
        "title": "x.title || ' ' || n", "live_revision_id": revision,
        "working_revision_id": revision, "date_local": "x.date_local - n * interval '1 minute'",
        "date_gmt": "x.date_gmt - n * interval '1 minute'",
    })  # fmt: skip
    newest = f"(select live_revision_id from cms.posts where tenant_id = 1 and id = {first})"
    copy_rows(owner, "cms.revisions", copies, f"x.id = {newest}", {"id": revision, "post_id": post})
    copy_rows(
        owner, "cms.renderings", copies, f"x.revision_id = {newest}", {"revision_id": revision}
    )
    if copies < POSTS:
        copy_rows(owner, "cms.search_documents", copies, f"x.post_id = {first}", {
            "post_id": post,
            "document": f"x.document || case when n % 100 = 0 then ' {RARE}' else '' end",
        })  # fmt: skip
    listed = ", ".join(map(str, terms))
    owner.execute(
        f"insert into cms.term_relationships (tenant_id, post_id, term_id) "
        f"select distinct 1, {post}, (array[{listed}])[1 + (n * k) % {CATEGORIES}] "
        f"from generate_series(1, {copies}) n, generate_series(1, {TERMS}) k"
    )
    owner.execute(
        "update cms.post_counts set posts = posts + %s where bucket = %s and post_type = 'post'",
        [copies, first % 16],
    )


def copy_rows(
    owner: psycopg.Connection[Any], table: str, copies: int, where: str, other: dict[str, str]
) -> None:
    """Copies of one row of a table, with other values in some columns; generated ones make
    themselves."""
    names = [
        name
        for (name,) in owner.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 "
            "and not attisdropped and attgenerated = '' order by attnum",
            [table],
        )
    ]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    values = ", ".join(other.get(name, f'x."{name}"') for name in names)
    form = "insert into {0} ({1}) select {2} from {0} x, generate_series(1, {3}) n where {4}"
    owner.execute(
        sql.SQL(form).format(
            sql.Identifier(*table.split(".")),
            columns,
            sql.SQL(values),  # type: ignore[arg-type]
            sql.Literal(copies),
            sql.SQL(where),  # type: ignore[arg-type]
        )
    )
