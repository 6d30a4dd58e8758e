"""Counts the SQL statements of a request, so that one more for each post fails a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from cms.host import Host

# What the process reads again or writes by the clock, whichever request comes at the time.
_BY_THE_CLOCK = (
    "cms.tenant_hosts", "from cms.options", "zero_trust.",
    "from cms.field_groups where tenant_id = $1 order by key",
    "from cms.encryption_keys where tenant_id = $1 and purpose = $2 and status = 'active'",
)  # fmt: skip


@dataclass
class Statements:
    """What was sent to the database while it was counting; neither BEGIN and COMMIT are
    counted, nor what the clock asks for."""

    sent: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sent)

    def __str__(self) -> str:
        return "\n".join(" ".join(statement.split())[:160] for statement in self.sent)


@contextmanager
def counted(host: Host) -> Iterator[Statements]:
    """`with counted(host) as statements:` records every statement on the host's connections."""
    statements = Statements()

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not any(table in statement for table in _BY_THE_CLOCK):
            statements.sent.append(statement)

    engine = host.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
