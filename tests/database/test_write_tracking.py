"""Which changes the statement tracking sees."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from cms.database.engine import build_engine, open_session, take_written, written_tables
from cms.tenancy.models import IdCounter, Option
from tests.database.conftest import Tenants

AMONG = frozenset({"cms.options", "cms.id_counters", "cms.posts"})
Change = Callable[[AsyncSession, int], Awaitable[object]]


async def orm_add(session: AsyncSession, tenant: int) -> None:
    session.add(Option(tenant_id=tenant, name="a", value=1))
    await session.flush()


async def orm_change(session: AsyncSession, tenant: int) -> None:
    option = await session.get_one(Option, (tenant, "there"))
    option.value = 2
    await session.flush()


async def orm_update(session: AsyncSession, tenant: int) -> None:
    await session.execute(update(Option).where(Option.tenant_id == tenant).values(value=3))


async def core_insert(session: AsyncSession, tenant: int) -> None:
    await session.execute(insert(Option), [{"tenant_id": tenant, "name": "b", "value": 1}])


async def through_the_connection(session: AsyncSession, tenant: int) -> None:
    connection = await session.connection()
    await connection.execute(insert(Option).values(tenant_id=tenant, name="c", value=1))


async def in_bulk(session: AsyncSession, tenant: int) -> None:
    rows = [{"tenant_id": tenant, "name": name, "value": 1} for name in "de"]
    await session.run_sync(lambda sync: sync.bulk_insert_mappings(Option.__mapper__, rows))


async def as_text(session: AsyncSession, tenant: int) -> None:
    await session.execute(text("UPDATE only cms.options set value = '4'"))


async def quoted(session: AsyncSession, tenant: int) -> None:
    await session.execute(text('update\n  "cms"."options" set value = \'5\''))


async def inside_a_select(session: AsyncSession, tenant: int) -> None:
    await session.execute(
        text("with moved as (update cms.options set value = '6' returning 1) select * from moved")
    )


@pytest.fixture
async def session(shared: Tenants) -> AsyncIterator[AsyncSession]:
    """With one row of ours, and a clean sheet; nothing of it is kept."""
    engine = build_engine(shared.where.web, pool_size=1)
    async with open_session(engine, shared.ours) as session:
        await session.execute(insert(Option).values(tenant_id=shared.ours, name="there", value=1))
        take_written((await session.connection()).sync_connection)
        yield session
    await engine.dispose()


async def seen(session: AsyncSession) -> set[str]:
    sync = (await session.connection()).sync_connection
    assert sync is not None
    return written_tables(sync, AMONG)


@pytest.mark.parametrize(
    "change",
    [
        orm_add,
        orm_change,
        orm_update,
        core_insert,
        through_the_connection,
        in_bulk,
        as_text,
        quoted,
        inside_a_select,
    ],
    ids=lambda change: change.__name__,
)
async def test_a_change_is_seen_however_it_is_made(
    session: AsyncSession, shared: Tenants, change: Change
) -> None:
    assert await seen(session) == set()
    await change(session, shared.ours)
    assert await seen(session) == {"cms.options"}


@pytest.mark.parametrize(
    "statement",
    [
        "select name from cms.options",
        "select name from cms.options for update",
        "select name from cms.options o for no key update of o nowait",
        "select 'update cms_options' as cms",
        "insert into cms.id_counters as c (tenant_id, space, next) values (:t, 'x', 1)"
        " on conflict (tenant_id, space) do update set next = c.next + 1",
    ],
)
async def test_what_does_not_change_a_table_is_not_taken_for_it(
    session: AsyncSession, shared: Tenants, statement: str
) -> None:
    values = {"t": shared.ours} if ":t" in statement else {}
    await session.execute(text(statement), values)
    assert await seen(session) - {"cms.id_counters"} == set()


@pytest.mark.parametrize(
    "statement",
    [
        "delete from only cms.posts where id = 1",
        "merge into cms.posts p using cms.posts q on false when matched then delete",
        "truncate cms.posts",
        "truncate table only cms.posts",
        "copy cms.posts from stdin",
    ],
)
async def test_even_a_refused_attempt_is_seen(session: AsyncSession, statement: str) -> None:
    connection = (await session.connection()).sync_connection
    assert connection is not None
    with pytest.raises(DBAPIError):  # each for a reason of its own
        await session.execute(text(statement))
    assert "cms.posts" in connection.info["written"]


async def test_a_function_that_writes_is_known_by_its_name(session: AsyncSession) -> None:
    await session.execute(text("select cms.erase_post(1)"))
    connection = (await session.connection()).sync_connection
    assert connection is not None
    assert {"cms.posts", "cms.revisions"} <= connection.info["written"]


async def test_what_was_written_before_a_savepoint_still_counts_after_it(
    session: AsyncSession, shared: Tenants
) -> None:
    await orm_add(session, shared.ours)
    async with session.begin_nested():
        await session.execute(text("select 1"))
    assert await seen(session) == {"cms.options"}


async def test_the_next_transaction_starts_with_a_clean_sheet(
    session: AsyncSession, shared: Tenants
) -> None:
    await orm_add(session, shared.ours)
    await session.rollback()
    await session.execute(text("select 1"))
    assert await seen(session) == set()


async def test_values_are_not_searched_for_words(session: AsyncSession, shared: Tenants) -> None:
    row = {"tenant_id": shared.ours, "space": "update cms.posts set", "next": 1}
    await session.execute(insert(IdCounter), [row])
    assert await seen(session) == {"cms.id_counters"}
