"""The roots that the stored entries must give: of each batch, each stored and each signed head."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from plugins.audit_trail.hashing.notes import Algorithm, Checkpoint, NoteRefused, VerifierKey
from plugins.audit_trail.heads.evidence import EpochFolder
from plugins.audit_trail.verification.rebuild import Spine
from plugins.audit_trail.verification.report import Report, SignedHead


class Anchor(NamedTuple):
    """At this size the tree has this root, says the source: `batch`, `checkpoint` or `head`. A
    batch also keeps the edge of the tree, a head the moment of its signature."""

    size: int
    source: str
    root: bytes
    edge: tuple[bytes, ...] | None = None
    signed_at: str | None = None

    @property
    def head(self) -> SignedHead:
        return SignedHead(size=self.size, signed_at=self.signed_at)


class Anchors:
    """All anchors in the order of their sizes, met while the entries stream by."""

    def __init__(self, *sources: Iterable[Anchor], sound: int = 0) -> None:
        self._merged = heapq.merge(*sources)
        self._next = next(self._merged, None)
        self._sound = sound
        self._is_broken = False

    @property
    def next_size(self) -> int:
        """Where the next anchor stands; beyond every entry when there is none."""
        return self._next.size if self._next is not None else 1 << 63

    def meet(self, spine: Spine, report: Report) -> None:
        """Compare every anchor of this size with the root of the entries so far."""
        if self.next_size > spine.size:
            return
        reached = spine.root()
        is_sound = True
        while self._next is not None and self._next.size <= spine.size:
            anchor, self._next = self._next, next(self._merged, None)
            if anchor.root != reached:
                is_sound = False
                self._differs(anchor, report)
            elif anchor.edge is not None and anchor.edge != spine.edge:
                message = f"the batch up to entry {anchor.size - 1} keeps another edge of the tree"
                report.note("batch-frontier", message, seq=anchor.size - 1)
            elif anchor.source == "head" and not self._is_broken:
                report.proven = anchor.head
        if is_sound:
            self._sound = spine.size

    def pass_over(self, size: int) -> int:
        """Leave out those below this size, whose roots cannot be made any more; how many."""
        passed = 0
        while self._next is not None and self._next.size < size:
            self._next = next(self._merged, None)
            passed += 1
        return passed

    def rest(self, size: int, report: Report) -> None:
        """Those that are left speak of entries that are gone."""
        while self._next is not None:
            anchor, self._next = self._next, next(self._merged, None)
            message = f"a {anchor.source} speaks of {anchor.size} entries, {size} are stored"
            report.note(f"{anchor.source}-beyond", message, seq=size, until=anchor.size - 1)

    def _differs(self, anchor: Anchor, report: Report) -> None:
        message = (
            f"the first {anchor.size} stored entries do not give the root of the {anchor.source} "
            f"over them; the first {self._sound} do"
        )
        if anchor.source == "head":
            self._is_broken = True
        # Only a signature tells that entries changed; a root in a table may itself be what changed.
        place = {"seq": self._sound, "until": anchor.size - 1}
        report.note(f"{anchor.source}-root", message, **place)


def signed_heads(
    folder: EpochFolder, origin: str, trusted: Iterable[VerifierKey], report: Report
) -> Iterator[Checkpoint]:
    """Each note of the folder, once its signatures are verified with the epoch's keys."""
    keys = tuple(trusted)
    for path in folder.heads():
        try:
            head = Checkpoint.parse(path.read_bytes())
            signed = head.signers(keys)
        except (NoteRefused, OSError) as fault:
            report.note("head-unsound", f"{path.name}: {fault}")
            continue
        if len(signed) != len(keys) or (head.origin, head.size) != (origin, int(path.stem)):
            report.note("head-unsound", f"{path.name} is not a head of {origin} by all its keys")
            continue
        report.heads, report.signed = report.heads + 1, head.size
        yield head


def anchor_of(head: Checkpoint, keys: Iterable[VerifierKey]) -> Anchor:
    """A signed head as what the entries must agree with."""
    return Anchor(head.size, "head", head.root, None, _moment(head, keys))


def _moment(head: Checkpoint, keys: Iterable[VerifierKey]) -> str | None:
    """What the verified cosignature says of its time (tlog-cosignature, «Format»)."""
    timed = {key.key_id for key in keys if key.algorithm is not Algorithm.ED25519}
    for signature in head.signatures:
        if signature.key_id in timed:
            at = int.from_bytes(signature.value[:8], "big")
            return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def promised_head(
    folder: EpochFolder, origin: str, newest: Anchor, report: Report
) -> Iterator[Anchor]:
    """The largest head that the signer may have signed, when it says more than the newest one: it
    is written before the signature. A copy of the heads may lack it."""
    path = folder.path / "promised"
    if not path.exists():
        return
    try:
        promise = Checkpoint.parse_text(path.read_text())
    except (NoteRefused, UnicodeDecodeError) as fault:
        report.note("promise-unsound", f"{path}: {fault}")
        return
    if promise.origin != origin or promise.size < newest.size:
        message = (
            f"{path} promises {promise.size} entries of {promise.origin}, {newest.size} are signed"
        )
        report.note("promise-unsound", message)
        return
    if (promise.size, promise.root) != (newest.size, newest.root):
        yield Anchor(promise.size, "promise", promise.root)
