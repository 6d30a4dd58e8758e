"""What the operator sees of the ranges, as the owner of the log: what may go, and why not yet."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow, class_row

from cms.errors import Conflict, NotFound

_RANGES = "select part, since, until from audit.ranges()"
_PROBLEMS = "select code, tenant_id, detail from audit.range_problems(%s)"
_PRUNINGS = """
select p.id, p.part, p.since, p.until, p.events, p.state, p.archive, p.archived_at, p.dropped_at
from audit.prunings p
"""

WORDS = {
    "gone": "it is no part of the log any more",
    "open": "it is not over before {detail}",
    "kept": "events of the class {detail} are kept until then{tenant}",
    "held": "the legal hold {detail} keeps events{tenant}",
    "waiting": "{detail} of its events are not in the log yet: start a worker (cms worker)",
    "outside": "{detail} of its events have no place in the log: run cms audit verify",
    "elsewhere": "{detail} of its events lie outside of their month: run cms audit verify",
    "unsigned": "its events up to {detail} are under no signed head yet",
    "changed": "it had {detail} events when it was proposed, and has others now: withdraw it, and "
    "propose it again",
    "state": "it is {detail} already",
    "approvals": "{detail} of two people have agreed{tenant}",
    "archive": "no verified copy of it is kept elsewhere yet",
}


class Problem(msgspec.Struct, frozen=True):
    """One thing that stands in the way, by its code."""

    code: str
    tenant_id: int | None
    detail: str

    def __str__(self) -> str:
        tenant = f" (tenant {self.tenant_id})" if self.tenant_id is not None else ""
        return WORDS[self.code].format(detail=self.detail, tenant=tenant)


class Range(msgspec.Struct, frozen=True):
    """A month, or a chunk, and what keeps it."""

    part: str
    since: datetime
    until: datetime
    problems: list[Problem]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A range that is to go, or went."""

    id: int
    part: str
    since: datetime
    until: datetime
    events: int
    state: str
    archive: str | None
    archived_at: datetime | None
    dropped_at: datetime | None


class RangeKept(Conflict):
    """The range may not go."""

    slug = "audit-range-kept"

    def __init__(self, part: str, problems: list[Problem]) -> None:
        said = "; ".join(map(str, problems))
        super().__init__(f"{part} stays: {said}.")
        self.problems = problems


def ranges(connection: Connection[TupleRow]) -> list[Range]:
    """Every range with what keeps it, the oldest first."""
    found = connection.execute(_RANGES).fetchall()
    return [
        Range(part, since, until, _problems(connection, _PROBLEMS, part))
        for part, since, until in found
    ]


def propose(connection: Connection[TupleRow], part: str) -> int:
    """Propose that a range goes; the id of the proposal. RangeKept says what keeps it."""
    problems = _problems(connection, _PROBLEMS, part)
    if problems:
        raise RangeKept(part, problems)
    row: Any = connection.execute("select audit.propose_pruning(%s)", [part]).fetchone()
    connection.commit()
    return int(row[0])


def withdraw(connection: Connection[TupleRow], pruning_id: int) -> None:
    """Let the range stay after all. Conflict when it is gone or was withdrawn before."""
    row: Any = connection.execute("select audit.withdraw_pruning(%s)", [pruning_id]).fetchone()
    connection.commit()
    if not row[0]:
        raise Conflict(f"The proposal {pruning_id} is not open any more.")


def proposals(connection: Connection[TupleRow]) -> list[Proposal]:
    """Every proposal, the oldest first."""
    with connection.cursor(row_factory=class_row(Proposal)) as cursor:
        return cursor.execute(_PRUNINGS + " order by p.id").fetchall()


def proposal(connection: Connection[TupleRow], pruning_id: int) -> Proposal:
    """One of them, or NotFound."""
    found = [one for one in proposals(connection) if one.id == pruning_id]
    if not found:
        raise NotFound("proposal", pruning_id)
    return found[0]


def open_problems(connection: Connection[TupleRow], pruning_id: int) -> list[Problem]:
    """What stands in the way of a proposal."""
    statement = "select code, tenant_id, detail from audit.pruning_problems(%s)"
    return _problems(connection, statement, pruning_id)


def _problems(connection: Connection[TupleRow], statement: Any, of: object) -> list[Problem]:
    return [Problem(*row) for row in connection.execute(statement, [of]).fetchall()]
