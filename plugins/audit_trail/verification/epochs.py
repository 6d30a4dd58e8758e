"""One epoch of the log as its folder tells it, what may be believed of it, and the seams between.

Where the keys of an epoch were stolen, a signature made after that proves nothing by itself: heads
of that time are believed only if a witness has signed them too, whose key is configured, or in the
file `witnesses` of the folder (one verifier key on a line). The head at which the epoch was closed
is believed, for the keys of the next one vouch for it: it says what the log was at that moment.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused, VerifierKey
from plugins.audit_trail.heads.evidence import Distrust, EpochFolder, Evidence, trusted_keys
from plugins.audit_trail.heads.thinning import NEVER, signed_at, stands_for
from plugins.audit_trail.verification.anchors import Anchor, anchor_of, signed_heads
from plugins.audit_trail.verification.report import Report

EMPTY = sha256(b"").digest()


@dataclass(frozen=True)
class Witnessing:
    """Whose lines under a head count, and those that are stored beside the folder: of an epoch, by
    the size of the head. A line cannot be made by who has the log's keys, wherever it stands."""

    keys: Sequence[VerifierKey] = ()
    lines: Callable[[int], Mapping[int, str]] = lambda _: {}


@dataclass
class KeptEpoch:
    """An epoch's record, its keys and those of its heads whose signatures are good. `size` is set
    once the stored entries have been counted."""

    folder: EpochFolder
    record: Epoch
    keys: tuple[VerifierKey, ...]
    heads: list[Checkpoint]
    believed: list[Checkpoint]
    size: int = 0
    _moments: dict[int, int] = field(default_factory=dict)

    def anchors(self) -> Iterator[Anchor]:
        """What the entries must agree with."""
        for head in self.believed:
            yield anchor_of(head, self.keys)

    def lacks(self, head: Checkpoint) -> bool:
        """Whether this head should be in the folder and is not. One that a later head of its time
        stands for may have been removed (heads/thinning.py)."""
        if not self._moments:
            self._moments = {kept.size: signed_at(kept, self.keys) for kept in self.heads}
        if head.size in self._moments or head.size > self.heads[-1].size:
            return False
        later = (at for size, at in self._moments.items() if size > head.size)
        return not stands_for(signed_at(head, self.keys), later, int(time.time()))


def kept_epochs(
    evidence: Evidence, report: Report, witnessing: Witnessing = Witnessing()
) -> list[KeptEpoch]:
    """All epochs that the folder knows, the first one first."""
    found = [kept_epoch(folder, report, witnessing) for folder in evidence.epochs()]
    return [kept for kept in found if kept is not None]


def kept_epoch(folder: EpochFolder, report: Report, witnessing: Witnessing) -> KeptEpoch | None:
    """Read it; what is unsound is noted, and what is not believed is said."""
    record = folder.record()
    if record is None:
        return None
    report.epoch = record.number
    keys = trusted_keys(record)
    heads = list(signed_heads(folder, record.origin, keys, report))
    kept = KeptEpoch(folder, record, keys, heads, heads)
    distrust = folder.distrust()
    if distrust is not None and (folder.path / "closing").exists():
        kept.believed = _believed(kept, distrust, report, witnessing)
    return kept


def _believed(
    kept: KeptEpoch, distrust: Distrust, report: Report, witnessing: Witnessing
) -> list[Checkpoint]:
    heads, since = kept.heads, distrust.moment.timestamp()
    witnesses = (*witnessing.keys, *_witnesses(kept.folder))
    lines = witnessing.lines(kept.record.number)
    sound = [
        head
        for head in heads
        if _is_before(head, kept.keys, since)
        or _is_vouched(head, lines.get(head.size, ""), witnesses)
    ]
    proven, last = (sound[-1].size if sound else 0), (heads[-1].size if heads else 0)
    if proven < last:
        report.remarks.append(
            f"the keys of epoch {report.epoch} were in other hands since {distrust.since}: its "
            f"entries 0 to {proven - 1} are proven by heads from before or by witnesses; entries "
            f"{proven} to {last - 1} only to be what they were when the epoch was closed"
        )
    return [*sound, *heads[-1:]] if proven < last else sound


def _is_before(head: Checkpoint, keys: Sequence[VerifierKey], since: float) -> bool:
    at = signed_at(head, keys)
    return head.size == 0 or (at != NEVER and at < since)


def _is_vouched(head: Checkpoint, lines: str, witnesses: Sequence[VerifierKey]) -> bool:
    try:
        return bool(Checkpoint.parse(head.encode() + lines.encode()).signers(witnesses))
    except NoteRefused:
        return False


def _witnesses(folder: EpochFolder) -> tuple[VerifierKey, ...]:
    for path in (folder.path / "witnesses", folder.path.parent.parent / "witnesses"):
        if path.exists():
            lines = path.read_text().splitlines()
            return tuple(VerifierKey.parse(li) for li in lines if li and not li.startswith("#"))
    return ()


def verify_seams(epochs: Sequence[KeptEpoch], report: Report) -> None:
    """Each epoch must continue the one before at its last head, and be vouched for by its keys."""
    for old, new in pairwise(epochs):
        report.epoch = new.record.number
        for fault in _faults(old, new):
            report.note("epoch-seam", fault)


def _faults(old: KeptEpoch, new: KeptEpoch) -> Iterator[str]:
    if new.record.number != old.record.number + 1:
        yield f"epoch {old.record.number + 1} is missing"
        return
    if not new.record.origin.endswith(f"/{_commitment(new.keys)}"):
        yield "the name of the log is not that of its keys"
    try:
        closing = Checkpoint.parse((new.record.closing_checkpoint or "").encode())
        both = Checkpoint.parse((old.folder.path / "closing").read_bytes())
        _require_all(closing, old.keys)
        _require_all(both, (*old.keys, *new.keys))
        if old.folder.distrust() is None:
            vouched = Checkpoint.parse((new.folder.path / "succession").read_bytes())
            _require_all(vouched, (*old.keys, *new.keys))
            if (vouched.origin, vouched.size, vouched.root) != (new.record.origin, 0, EMPTY):
                yield "the old keys vouch for another log than this"
    except (NoteRefused, OSError) as fault:
        yield f"what ties it to the epoch before: {fault}"
        return
    if both.text != closing.text or closing.origin != old.record.origin:
        yield "it continues another head than its keys have signed"
    last = old.heads[-1]
    if (closing.size, closing.root) != (last.size, last.root):
        yield f"it continues a head of {closing.size} entries, the last one is of {last.size}"
    if old.size != closing.size:
        yield f"epoch {old.record.number} has {old.size} entries and was closed with {closing.size}"


def _require_all(head: Checkpoint, keys: Sequence[VerifierKey]) -> None:
    if len(head.signers(keys)) != len(keys):
        raise NoteRefused(f"The head of {head.size} entries is not signed by all keys.")


def _commitment(keys: Sequence[VerifierKey]) -> str:
    return sha256(b"".join(key.public for key in keys)).hexdigest()[:32]
