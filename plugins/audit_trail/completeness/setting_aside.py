"""Entries that the sequencer set aside: what they are, and that somebody looked at them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

_LISTED = """
select event_id, reason, set_aside_at, occurred_at, writer_id, writer_seq, leaf_hash,
       settled_at, settled_because
from audit.quarantine where %s or settled_at is null order by id
"""
_SETTLE = """
update audit.quarantine set settled_at = now(), settled_because = %s
where event_id = %s and settled_at is null
"""
_CLEAR = """
update audit.alarms set cleared_at = now() where kind = 'quarantine' and cleared_at is null
  and not exists (select from audit.quarantine where settled_at is null)
"""


class SetAside(msgspec.Struct):
    """One entry that is not in the log, and why."""

    event_id: UUID
    reason: str
    set_aside_at: datetime
    occurred_at: datetime
    writer_id: str | None
    writer_seq: int | None
    leaf_hash: bytes
    settled_at: datetime | None
    settled_because: str | None


def listed(owner_url: str, *, with_settled: bool = False) -> list[SetAside]:
    """Those that nobody has looked at, or all."""
    with psycopg.connect(owner_url) as connection:
        rows: list[Any] = connection.execute(_LISTED, [with_settled]).fetchall()
    return [SetAside(*row) for row in rows]


def settle(owner_url: str, event_id: UUID, because: str) -> None:
    """Mark an entry as looked at; the alarm ends with the last one."""
    with psycopg.connect(owner_url) as connection:
        connection.execute(_SETTLE, [because, event_id])
        connection.execute(_CLEAR)
