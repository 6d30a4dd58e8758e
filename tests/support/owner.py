"""What only the owner of the tables can bring about: rows as time or mischief made them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection

from tests.support.clinic import Clinic


@asynccontextmanager
async def as_owner(cms: Clinic) -> AsyncIterator[AsyncConnection[Any]]:
    """A connection that sees the rows of this clinic; each statement stands at once."""
    async with await AsyncConnection.connect(
        cms.host.addresses.owner, autocommit=True
    ) as connection:
        await connection.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        yield connection
