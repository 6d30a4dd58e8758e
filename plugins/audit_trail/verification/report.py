"""What a verification found: the first bad entry of each kind, and how many there are."""

from datetime import datetime
from typing import Any

import msgspec


class CannotVerify(Exception):
    """There is nothing to compare with, or it cannot be read: neither green nor red."""


class SignedHead(msgspec.Struct, frozen=True, kw_only=True):
    """A head of the folder, with the moment that its signature says, in UTC."""

    size: int
    signed_at: str | None = None
    witnesses: list[str] = []

    def __str__(self) -> str:
        when = f" signed {self.signed_at}" if self.signed_at else ""
        seen = f", witnessed by {', '.join(self.witnesses)}" if self.witnesses else ""
        return f"the head of {self.size} entries{when}{seen}"


class Finding(msgspec.Struct, kw_only=True):
    """One kind of failure, at the first place where it shows. With `until` the entry is one of
    `seq` … `until`: a signed head says that one of them changed, not which. `good` is the last head
    without that entry, `bad` the first one that holds it: it was other than it is when that one was
    signed."""

    kind: str
    message: str
    count: int = 1
    seq: int | None = None
    until: int | None = None
    event_id: str | None = None
    good: SignedHead | None = None
    bad: SignedHead | None = None


class Covered(msgspec.Struct, kw_only=True):
    """Which entries were looked at: their places in the tree, and their columns. `by` names what
    rebuilt the columns; `left_out` says what this run did not look at."""

    first: int = 0
    placed: int = 0
    rebuilt: int = 0
    by: list[str] = []
    left_out: list[str] = []


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
    """`entries` are leaves of the log, `waiting` events that are not in it yet. `proven` is the
    newest head that the stored entries still give, and `but` how many of them are not what they
    were when it was signed. `warnings` do not make it red: what they tell of protects the log, and
    proves nothing about it. `unproven`: holes in the numbers of writers that ended, of which nobody
    can tell whether an event is missing; `under_way`: such of writers that live. `settled`: entries
    set aside that were looked at. `vouched` and `stamped`: what others signed; `unchecked` of it is
    by keys that cms.toml does not name. `epoch` is the one that is being looked at; `remarks` say
    what the verdict does not cover."""

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
    interrupted: bool = False
    first: Finding | None = None
    findings: list[Finding] = []
    warnings: list[Finding] = []
    vouched: list[Vouched] = []
    stamped: Stamped | None = None
    unchecked: int = 0
    remarks: list[str] = []
    epoch: int = 0
    covered: Covered = msgspec.field(default_factory=Covered)
    suspicion: str | None = None
    proven: SignedHead | None = None
    but: int = 0
    checks: list[str] = []

    @property
    def is_green(self) -> bool:
        return not self.findings

    def note(self, kind: str, message: str, *, count: int = 1, **place: Any) -> None:
        """Add a failure; later ones of a kind are counted."""
        self.verdict = "red"
        if self.epoch:
            message = f"epoch {self.epoch}: {message}"
        _add(self.findings, Finding(kind=kind, message=message, count=count, **place))

    def warn(self, kind: str, message: str, **place: Any) -> None:
        """Add what a person must look at, though no entry is in doubt for it."""
        _add(self.warnings, Finding(kind=kind, message=message, **place))

    def conclude(self, heads: list[SignedHead] | None = None) -> None:
        """Name the first bad entry, and since when; what has no place in the log comes last."""
        self.findings.sort(key=lambda f: (f.seq is None, f.seq or 0))
        self.first = self.findings[0] if self.findings else None
        for finding in self.findings:
            if finding.seq is not None:
                finding.good, finding.bad = _around(finding, heads or [])
        self.but = sum(f.count for f in self.findings if self._is_inside(f))
        if self.interrupted and self.is_green:
            self.verdict = "unknown"

    def _is_inside(self, finding: Finding) -> bool:
        """Whether single entries are bad below the head that the tree still gives."""
        size = self.proven.size if self.proven else 0
        is_single = finding.kind in {"event-altered", "event-missing", "event-doubled"}
        return is_single and finding.seq is not None and finding.seq < size


def _add(to: list[Finding], found: Finding) -> None:
    for known in to:
        if known.kind == found.kind:
            known.count += found.count
            return
    to.append(found)


def _around(
    finding: Finding, heads: list[SignedHead]
) -> tuple[SignedHead | None, SignedHead | None]:
    seq = finding.seq or 0
    good = [head for head in heads if head.size <= seq]
    bad = [head for head in heads if head.size > (seq if finding.until is None else finding.until)]
    return (good[-1] if good else None, bad[0] if bad else None)
