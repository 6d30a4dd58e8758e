"""Connections for requests: the tenant travels inside BEGIN, and writes are seen as they pass."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import asyncpg
import msgspec
from sqlalchemy import event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction

_WRITE = re.compile(
    r"\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?|copy)\s+"
    r"(?:only\s+)?((?:\"?\w+\"?\.)?\"?\w+\"?)",
    re.IGNORECASE,
)

# Functions of the database that write for whoever calls them, and what they write: the text of the
# call does not show it. A test compares this with the functions.
WRITING_FUNCTIONS = {
    "cms.erase_post": frozenset({"cms.posts", "cms.revisions", "cms.renderings"}),
}


class TenantConnection(asyncpg.Connection):  # type: ignore[misc]
    """Adds SET LOCAL to the text of BEGIN, so that a transaction costs three round trips, not four.

    It rests on asyncpg's text beginning with BEGIN; tests/database/test_engine.py holds that.
    """

    tenant_id: int | None = None

    async def execute(self, query: str, *args: Any, **options: Any) -> str:
        if query.startswith("BEGIN") and self.tenant_id is not None:
            # SET takes no parameters; the format code is the validation.
            query = f"{query} SET LOCAL app.tenant_id = '{self.tenant_id:d}';"
        result: str = await super().execute(query, *args, **options)
        return result


class WorkSession(Session):
    """The session of a unit of work; `info["tenant"]` is the tenant it may see."""


@event.listens_for(WorkSession, "after_begin")
def _carry_tenant(session: Session, _: SessionTransaction, connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    # Always assigned, also None: the connection is pooled and remembers its last tenant.
    raw.tenant_id = session.info.get("tenant")
    if not connection.in_nested_transaction():
        # A savepoint goes on with the same transaction: what was written before it still counts.
        connection.info["written"] = set()
    if raw.is_in_transaction():
        # A savepoint, or the outer transaction of a test: BEGIN is already gone.
        tenant = "" if raw.tenant_id is None else f"{raw.tenant_id:d}"
        connection.exec_driver_sql(f"SET LOCAL app.tenant_id = '{tenant}'")


def _note_writes(
    connection: Connection, _cursor: Any, statement: str, _params: Any, _context: Any, _many: bool
) -> None:
    names = _written_by(statement)
    if names:
        connection.info.setdefault("written", set()).update(names)


@lru_cache(maxsize=2048)
def _written_by(statement: str) -> frozenset[str]:
    """The same few hundred statements pass again and again."""
    found = {name.replace('"', "").lower() for name in _WRITE.findall(statement)}
    called = (tables for name, tables in WRITING_FUNCTIONS.items() if name in statement)
    return frozenset(found).union(*called)


def written_tables(connection: Connection, among: Collection[str]) -> set[str]:
    """Which of these tables this transaction has written, as far as its SQL text shows."""
    return {name for name in connection.info.get("written", ()) if name in among}


def take_written(connection: Connection | None) -> set[str]:
    """The tables written so far, which are then forgotten. A name has its schema: what the pattern
    finds in `for update of p` or `do update set` has none."""
    found: set[str] = connection.info.pop("written", set()) if connection else set()
    return {name for name in found if "." in name}


def put_written(connection: Connection | None, names: Collection[str]) -> None:
    """Remember these tables as written."""
    if connection is not None:
        connection.info.setdefault("written", set()).update(names)


def encode_json(value: Any) -> str:
    """As `json` and `jsonb` columns are sent."""
    return msgspec.json.encode(value).decode()


def build_engine(url: str, *, pool_size: int = 10, name: str = "cms") -> AsyncEngine:
    """An engine over asyncpg for a `postgresql://` address, also one with `?host=<folder>`."""
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        # What stands in a failed statement is content, or somebody's name: not for the log.
        hide_parameters=True,
        json_serializer=encode_json,
        json_deserializer=msgspec.json.decode,
        connect_args={
            "connection_class": TenantConnection,
            "server_settings": {"application_name": name, "timezone": "UTC"},
        },
    )
    event.listen(engine.sync_engine, "before_cursor_execute", _note_writes)
    return engine


def open_session(engine: AsyncEngine, tenant_id: int | None) -> AsyncSession:
    """A session that sees this tenant and no other; None sees no tenant's rows at all."""
    return AsyncSession(
        engine,
        sync_session_class=WorkSession,
        expire_on_commit=False,
        autoflush=False,
        info={"tenant": tenant_id},
    )
