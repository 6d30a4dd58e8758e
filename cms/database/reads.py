"""SELECTs that are compiled once and asked of the driver itself.

A hot read built anew for each request costs a millisecond in SQLAlchemy before the database has
heard of it. Such a statement is written once with SQLAlchemy's words, kept as SQL, and its rows are
asyncpg's records: 0.1 ms. It runs on the connection of the session, inside its transaction and
under its tenant.
"""

from collections.abc import Mapping
from typing import Any

import asyncpg
import msgspec
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.ext.asyncio import AsyncSession

from cms.database.types import Base

_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]


class Row(asyncpg.Record):  # type: ignore[misc]
    """A record whose columns are attributes too, as those of SQLAlchemy's rows are."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Query:
    """A statement with named parameters, mostly a SELECT; a list is given to `= any(:name)` as one
    array.

    Values come as asyncpg reads them; those of `jsonb` decoded, by the codec of the connection.
    """

    def __init__(self, statement: ClauseElement) -> None:
        compiled: Any = statement.compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self.constants: dict[str, Any] = {
            name: value for name, value in compiled.params.items() if value is not None
        }

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The parameters in their places. KeyError for one that is missing."""
        known = {**self.constants, **given}
        return [known[name] for name in self.names]


class Snapshot:
    """Reads rows of a model without the session: the same attributes, and nothing to save. Several
    models may stand side by side in one record; each knows where its columns begin. `without`: what
    is not wanted and costs to fetch."""

    def __init__(self, model: type[Base], start: int = 0, without: tuple[str, ...] = ()) -> None:
        columns = [c for c in model.__table__.columns if c.key not in without]
        self.columns = tuple(model.__mapper__.attrs[c.key] for c in columns)
        self.end = start + len(columns)
        self._start = start
        fields = [(column.key, Any) for column in columns]
        self._make: Any = msgspec.defstruct(f"{model.__name__}Snapshot", fields, frozen=True)

    def of(self, row: Row) -> Any:
        return self._make(*row[self._start : self.end])

    def taken(self, entity: Base) -> Any:
        """The same of a row that this transaction has added; what was not set is NULL."""
        known = vars(entity)
        return self._make(*(known.get(column.key) for column in self.columns))


async def fetch(session: AsyncSession, query: Query, given: Mapping[str, Any]) -> list[Row]:
    """The rows of the query on the session's connection, after what the session holds."""
    if session.new or session.dirty or session.deleted:
        await session.flush()
    connection = await session.connection()
    sync = connection.sync_connection
    adapted: Any = sync.connection.dbapi_connection  # type: ignore[union-attr]
    raw: Any = adapted.driver_connection
    values = query.values(given)
    # Who listens for statements hears of this one too.
    for listener in sync.dispatch.before_cursor_execute:  # type: ignore[union-attr]
        listener(sync, None, query.sql, values, None, False)
    try:
        # SQLAlchemy's adapter sends BEGIN, and with it the tenant, before the first statement of
        # its own; ours may come first. tests/database/test_reads.py holds that it does so here.
        if adapted._transaction is None:
            await adapted._start_transaction()
        rows: list[Row] = await raw.fetch(query.sql, *values, record_class=Row)
    except Exception as error:
        if raw.is_closed():
            await connection.invalidate(error)
            raise ConnectionError("the connection to the database is lost") from error
        raise
    return rows
