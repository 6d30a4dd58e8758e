"""Hot reads: asked of the driver, and bound by the transaction and the tenant like all others."""

import pytest
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.exc import DBAPIError

from cms.content.models import Post
from cms.database.reads import Query
from tests.support.queries import counted

NEWEST = Query(
    select(Post.id, Post.title)
    .where(Post.tenant_id == bindparam("tenant"), Post.status == "draft")
    .order_by(Post.id.desc())
)


async def test_it_sees_its_own_tenant_only(cms):
    made = await cms.draft(await cms.person("ana"))
    async with cms.as_system() as work:
        rows = await work.fetch(NEWEST, tenant=work.tenant_id)
        assert [(row.id, row["title"]) for row in rows] == [(made["id"], "Dor de cabeça")]
    async with cms.other() as other, other.as_system() as work:
        assert await work.fetch(NEWEST, tenant=cms.tenant.id) == []


async def test_it_is_part_of_the_transaction(cms):
    """Also as the very first statement: BEGIN carries the tenant."""
    async with cms.as_system() as work:
        (row,) = await work.fetch(Query(text("select current_setting('app.tenant_id') as tenant")))
        assert row.tenant == str(work.tenant_id)
        (first,) = await work.fetch(Query(text("select txid_current() as id")))
        second = await work.one(select(func.txid_current()))
        assert first.id == second[0]


async def test_it_is_counted_with_the_others(cms):
    with counted(cms.host) as statements:
        async with cms.as_system() as work:
            await work.fetch(NEWEST, tenant=work.tenant_id)
    assert len(statements) == 1


async def test_a_missing_value_is_named(cms):
    async with cms.as_system() as work:
        with pytest.raises(KeyError, match="tenant"):
            await work.fetch(NEWEST)


async def test_an_unknown_column_is_no_attribute(cms):
    async with cms.as_system() as work:
        (row,) = await work.fetch(Query(text("select 1 as one")))
        with pytest.raises(AttributeError, match="two"):
            _ = row.two


async def test_a_lost_connection_is_not_used_again(cms):
    with pytest.raises(Exception, match=r"terminating|closed|connection"):
        async with cms.as_system() as work:
            await work.fetch(Query(text("select pg_terminate_backend(pg_backend_pid())")))
    async with cms.as_system() as work:
        assert await work.fetch(Query(text("select 1 as one")))


async def test_a_refusal_of_the_database_stays_one(cms):
    with pytest.raises((DBAPIError, Exception), match="division by zero"):
        async with cms.as_system() as work:
            await work.fetch(Query(text("select 1 / 0")))
