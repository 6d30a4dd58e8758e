"""What a verification found: the first bad entry of each kind, and how many there are."""

from datetime import datetime
from typing import Any

import msgspec


class CannotVerify(Exception):
    """There is nothing to compare with, or it cannot be read: neither green nor red."""


class Finding(msgspec.Struct, kw_only=True):
    """One kind of failure, at the first place where it shows. With `until` the entry is one of
    `seq` … `until`: a signed head says that one of them changed, not which."""

    kind: str
    message: str
    count: int = 1
    seq: int | None = None
    until: int | None = None
    event_id: str | None = None


class Erasure(msgspec.Struct, kw_only=True):
    """One event of erasure, and how many events were found that it explains."""

    event_id: str
    erased_on: datetime
    order: str
    events: int = 0


class Commitments(msgspec.Struct, kw_only=True):
    """Of `committed` events with personal values, those of `erasures` were erased by order."""

    committed: int = 0
    erased: int = 0
    erasures: list[Erasure] = []


class Report(msgspec.Struct, kw_only=True):
    """`entries` are leaves of the log, `waiting` events that are not in it yet."""

    verdict: str = "green"
    origin: str = ""
    entries: int = 0
    waiting: int = 0
    batches: int = 0
    heads: int = 0
    signed: int = 0
    seconds: float = 0.0
    personal: Commitments | None = None
    first: Finding | None = None
    findings: list[Finding] = []

    @property
    def is_green(self) -> bool:
        return not self.findings

    def note(self, kind: str, message: str, **place: Any) -> None:
        """Add a failure; later ones of a kind are counted."""
        self.verdict = "red"
        for known in self.findings:
            if known.kind == kind:
                known.count += 1
                return
        self.findings.append(Finding(kind=kind, message=message, **place))

    def conclude(self) -> None:
        """Name the first bad entry; what has no place in the log comes last."""
        self.findings.sort(key=lambda f: (f.seq is None, f.seq or 0))
        self.first = self.findings[0] if self.findings else None
