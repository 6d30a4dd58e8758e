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


class Vouched(msgspec.Struct):
    """A witness whose lines verify: the newest head that it signed, the first and the last time."""

    witness: str
    organisation: str
    size: int
    since: str
    last: str
    lines: int = 0
    epoch: int = 0


class Stamped(msgspec.Struct, frozen=True):
    """The newest head whose time an authority has fixed."""

    authority: str
    size: int
    at: str


class Report(msgspec.Struct, kw_only=True):
    """`entries` are leaves of the log, `waiting` events that are not in it yet. `unproven`: holes
    in the numbers of writers that ended, of which nobody can tell whether an event is missing;
    `under_way`: such of writers that live. `settled`: entries set aside that were looked at.
    `vouched` and `stamped`: what others signed; `unchecked` of it is by keys that cms.toml does not
    name. `epoch` is the one that is being looked at; `remarks` say what the verdict does not
    cover."""

    verdict: str = "green"
    origin: str = ""
    entries: int = 0
    waiting: int = 0
    batches: int = 0
    heads: int = 0
    signed: int = 0
    unproven: int = 0
    under_way: int = 0
    settled: int = 0
    seconds: float = 0.0
    personal: Commitments | None = None
    first: Finding | None = None
    findings: list[Finding] = []
    vouched: list[Vouched] = []
    stamped: Stamped | None = None
    unchecked: int = 0
    remarks: list[str] = []
    epoch: int = 0

    @property
    def is_green(self) -> bool:
        return not self.findings

    def note(self, kind: str, message: str, **place: Any) -> None:
        """Add a failure; later ones of a kind are counted."""
        self.verdict = "red"
        if self.epoch:
            message = f"epoch {self.epoch}: {message}"
        for known in self.findings:
            if known.kind == kind:
                known.count += 1
                return
        self.findings.append(Finding(kind=kind, message=message, **place))

    def conclude(self) -> None:
        """Name the first bad entry; what has no place in the log comes last."""
        self.findings.sort(key=lambda f: (f.seq is None, f.seq or 0))
        self.first = self.findings[0] if self.findings else None
