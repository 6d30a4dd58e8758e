"""What an import did, thing by thing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import func, insert, select

from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.exchange.models import ImportLine, ImportRun


class Outcome(StrEnum):
    """What became of one thing of the file."""

    CREATED = "created"
    CHANGED = "changed"
    MAPPED = "mapped"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REFUSED = "refused"
    NOT_IMPORTED = "not imported"

    @property
    def is_told(self) -> bool:
        """Whether it has a line of its own; what did not change is only counted."""
        return self is not Outcome.UNCHANGED


class Line(msgspec.Struct, frozen=True):
    """One thing of the file and what became of it; `notes` say what was changed or left out."""

    kind: str
    key: str
    outcome: Outcome
    title: str = ""
    new_id: int | None = None
    notes: tuple[str, ...] = ()


class Counts(msgspec.Struct):
    """How many things of each kind had which outcome, and what the file itself was like."""

    outcomes: dict[str, dict[str, int]] = {}
    not_imported: dict[str, int] = {}
    removed_characters: int = 0
    unreadable_bytes: int = 0

    def add(self, line: Line) -> None:
        of_kind = Counter(self.outcomes.get(line.kind, {}))
        of_kind[line.outcome.value] += 1
        self.outcomes = {**self.outcomes, line.kind: dict(of_kind)}

    def leave_out(self, what: str, number: int = 1) -> None:
        """Things of a kind that has no place here."""
        if number:
            self.not_imported = {
                **self.not_imported,
                what: self.not_imported.get(what, 0) + number,
            }

    def of(self, *outcomes: Outcome) -> int:
        return sum(
            count
            for found in self.outcomes.values()
            for name, count in found.items()
            if name in outcomes
        )


class Report(msgspec.Struct):
    """A run as it is told to the operator."""

    run_id: int
    source: str
    state: str
    is_dry_run: bool
    is_resumed: bool
    counts: Counts
    fault: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether everything in the file has a place here now."""
        left_out = self.counts.of(Outcome.REFUSED, Outcome.NOT_IMPORTED)
        return self.state == "finished" and not (left_out or self.counts.not_imported)


async def write_lines(work: UnitOfWork, run_id: int, first: int, lines: Sequence[Line]) -> int:
    """Add the lines that are told to the run's report; the position after the last."""
    told = [line for line in lines if line.outcome.is_told]
    rows = [
        {
            "tenant_id": work.tenant_id,
            "run_id": run_id,
            "position": position,
            "kind": line.kind,
            "key": line.key[:500],
            "title": line.title[:500],
            "outcome": line.outcome.value,
            "new_id": line.new_id,
            "notes": list(line.notes),
        }
        for position, line in enumerate(told, start=first)
    ]
    if rows:
        await work.execute(insert(ImportLine), rows)
    return first + len(rows)


async def next_position(work: UnitOfWork, run_id: int) -> int:
    row = await work.one(
        select(func.coalesce(func.max(ImportLine.position), 0)).where(
            ImportLine.tenant_id == work.tenant_id, ImportLine.run_id == run_id
        )
    )
    return int(row[0]) + 1


async def run_of(work: UnitOfWork, run_id: int) -> ImportRun:
    """The run, or NotFound."""
    found: ImportRun | None = await work.entity(
        select(ImportRun).where(ImportRun.tenant_id == work.tenant_id, ImportRun.id == run_id)
    )
    if found is None:
        raise NotFound("import", run_id)
    return found


async def runs(work: UnitOfWork, limit: int = 50) -> list[dict[str, Any]]:
    """The newest runs, in short."""
    rows = await work.all(
        select(ImportRun)
        .where(ImportRun.tenant_id == work.tenant_id)
        .order_by(ImportRun.started_at.desc(), ImportRun.id.desc())
        .limit(limit)
    )
    names = ("id", "source", "file_name", "state", "is_dry_run", "started_at", "finished_at")
    return [
        {**{name: getattr(run, name) for name in names}, "counts": run.counts, "fault": run.fault}
        for (run,) in rows
    ]


async def lines_of(
    work: UnitOfWork, run_id: int, *, after: int = 0, limit: int = 1000
) -> list[ImportLine]:
    """A page of the run's lines, in the order of the file."""
    rows = await work.all(
        select(ImportLine)
        .where(
            ImportLine.tenant_id == work.tenant_id,
            ImportLine.run_id == run_id,
            ImportLine.position > after,
        )
        .order_by(ImportLine.position)
        .limit(limit)
    )
    return [row[0] for row in rows]


def line_body(line: ImportLine) -> Mapping[str, Any]:
    """A line as JSON."""
    return {
        "kind": line.kind,
        "key": line.key,
        "title": line.title,
        "outcome": line.outcome,
        "id": line.new_id,
        "notes": line.notes,
    }
