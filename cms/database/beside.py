"""A transaction in another database, beside that of the unit of work and for the same tenant."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from cms.database.engine import open_session
from cms.database.reads import Query, fetch


class Beside:
    """Opens with the first question. What it changes is committed after the unit of work is."""

    def __init__(self, engine: AsyncEngine, tenant_id: int | None) -> None:
        self.session = open_session(engine, tenant_id)

    async def all(self, statement: Any, parameters: Mapping[str, Any] | None = None) -> list[Any]:
        return list((await self._run(statement, parameters)).all())

    async def one(self, statement: Any, parameters: Mapping[str, Any] | None = None) -> Any:
        return (await self._run(statement, parameters)).one_or_none()

    async def fetch(self, query: Query, **values: Any) -> list[Any]:
        return await fetch(self.session, query, values)

    async def commit(self) -> None:
        await self.session.commit()

    async def close(self) -> None:
        await self.session.close()

    async def _run(self, statement: Any, parameters: Mapping[str, Any] | None) -> Any:
        if isinstance(statement, str):
            statement = text(statement)
        return await self.session.execute(statement, parameters)
