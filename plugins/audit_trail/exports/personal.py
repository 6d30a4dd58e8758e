"""Opened personal values beside the events: what is sealed, what it says, and what was erased."""

from collections.abc import Sequence
from typing import Any

from cms.database.work import UnitOfWork
from plugins.audit_trail.exports.evidence_files import Draft
from plugins.audit_trail.exports.reading import Entry


class Opening:
    """Writes personal.jsonl in the order of the events; `counts` are opened and erased ones."""

    def __init__(self, work: UnitOfWork, draft: Draft) -> None:
        self._work, self._file = work, draft.file("personal.jsonl")
        self.counts = {"opened": 0, "erased": 0}

    async def take(self, entries: Sequence[Entry]) -> dict[str, Any]:
        """The opened values of these events by event id."""
        return {}
