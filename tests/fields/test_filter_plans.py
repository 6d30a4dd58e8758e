"""Lists by fields use their index under row-level security, whatever they compare."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy.dialects.postgresql import asyncpg

from cms.content.defaults import POST_TYPES
from cms.content.reading import PostQuery
from cms.fields.filtering import open_page
from cms.fields.filters import Asked, Filter
from tests.conftest import Cluster
from tests.database.conftest import Catalogue, copied

SIZE = 20_000
TENANT = 2

FILL = """
insert into cms.tenants (id, slug, name) select n, 'site' || n, 'Site' from generate_series(1, 2) n;
set session_replication_role = replica;
insert into cms.field_index
  (tenant_id, post_id, is_live, field, position, shelf, date_local, text_value, number_value,
   moment_value)
select 1 + n %% 2, n, is_live, field, 0, case when is_live then 'post' else 'post:working' end,
       timestamp '2026-01-01' + n * interval '1 minute',
       case field when 'level' then 'level ' || n %% 4 when 'unit' then 'unit ' || n %% 500 end,
       case field when 'dose' then n %% 1000 end,
       case field when 'day' then timestamptz '2026-01-01' + (n %% 365) * interval '1 day' end
from generate_series(1, %(size)s) n, unnest(array[true, false]) is_live,
     unnest(array['level', 'unit', 'dose', 'day']) field;
set session_replication_role = origin;
vacuum analyze cms.field_index;
"""

LEVEL = Filter("level", "text", "is", ("level 1",), is_single=True)
RARE = Filter("unit", "text", "is", ("unit 7",), is_single=True)
INSIDE = Filter("unit", "text", "is", ("unit 7", "unit 8"))
LOW = Filter("dose", "number", "min", (10.0,), is_single=True)
HIGH = Filter("dose", "number", "max", (20.0,), is_single=True)
FIRST = Filter("day", "moment", "max", (datetime(2026, 1, 3, tzinfo=UTC),), is_single=True)
BY_DOSE = Filter("dose", "number", "exists", (True,), is_single=True)
BY_UNIT = Filter("unit", "text", "exists", (True,), is_single=True)
LACKS = Filter("unit", "text", "exists", (False,), is_single=True)


@pytest.fixture(scope="module")
def filled(cluster: Cluster) -> Iterator[Catalogue]:
    """Forty thousand values of two tenants, as its superuser sees them."""
    with (
        copied(cluster, "filters") as name,
        psycopg.connect(
            cluster.url(name), autocommit=True, cursor_factory=psycopg.ClientCursor
        ) as connection,
    ):
        for statement in FILL.split(";\n"):
            if statement.strip():
                connection.execute(statement, {"size": SIZE})
        yield Catalogue(connection)


def statement(asked: Asked, **wanted: Any) -> str:
    """The very statement of a request, with its values written out."""
    [post_type] = [one for one in POST_TYPES if one.name == "post"]
    select = open_page(TENANT, PostQuery(post_type, **wanted), asked)
    dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]
    return str(select.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def as_request(database: Catalogue, sql: str) -> list[Any]:
    with database.connection.transaction():
        database.connection.execute("set local role cms_app")
        database.connection.execute(f"set local app.tenant_id = '{TENANT}'")
        return database.connection.execute(sql.encode()).fetchall()


CASES = {
    "one value": (Asked((LEVEL,)), "field_index_text"),
    "a rare value": (Asked((RARE,)), "field_index_text"),
    "one of values inside of rows": (Asked((INSIDE,)), "field_index_text"),
    "a range": (Asked((LOW, HIGH)), "field_index_number"),
    "dates": (Asked((FIRST,)), "field_index_moment"),
    "two fields": (Asked((RARE, LEVEL)), "field_index_text"),
    "one that lacks": (Asked((LEVEL, LACKS)), "field_index_text"),
    "sorted": (Asked((), BY_DOSE), "field_index_number"),
    "sorted by text": (Asked((), BY_UNIT), "field_index_text"),
    "sorted and filtered": (Asked((RARE,), BY_DOSE), "field_index"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_list_by_fields_uses_its_index_under_row_level_security(
    filled: Catalogue, case: str
) -> None:
    asked, index = CASES[case]
    plan = "\n".join(row[0] for row in as_request(filled, f"explain {statement(asked)}"))
    assert "Seq Scan" not in plan, plan
    assert index in plan, plan


@pytest.mark.parametrize("case", ["one value", "sorted", "sorted by text"])
def test_a_page_is_read_in_the_order_of_the_index(filled: Catalogue, case: str) -> None:
    """Ten rows for a page of ten, however many there are behind."""
    plan = as_request(filled, f"explain {statement(CASES[case][0])}")
    assert not any("Sort" in row[0] for row in plan), plan
    assert any("Index Only Scan Backward" in row[0] for row in plan), plan


def test_lists_by_fields_hold_the_posts_of_one_tenant(filled: Catalogue) -> None:
    # Every second post is ours, and of those every second has the level.
    rows = as_request(filled, statement(Asked((LEVEL,)), limit=3))
    assert rows == [(SIZE - 3, SIZE // 4), (SIZE - 7, SIZE // 4), (SIZE - 11, SIZE // 4)]
    assert as_request(filled, statement(Asked((LEVEL, LACKS)))) == []
    rows = as_request(filled, statement(Asked((LOW, HIGH), BY_DOSE), limit=1, descending=False))
    # Of the doses from 10 to 20 ours are odd.
    assert rows == [(11, 5 * SIZE // 1000)]
