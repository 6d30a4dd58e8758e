"""Each entry from its columns, and the tree and the chain over all entries."""

from collections.abc import Iterator
from typing import Any

from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused
from plugins.audit_trail.verification.anchors import Anchor, Anchors
from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.checks.epoch import genesis
from plugins.audit_trail.verification.rebuild import FORM, Spine, Tiles, leaf_of, link_of
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Rows, Snapshot

_ENTRIES = f"""
select l.seq, l.event_id, l.leaf_hash, l.record_hash, e.event_id is not null, {FORM}
from audit.leaves l
left join audit.events e on e.occurred_at = l.occurred_at and e.event_id = l.event_id
where l.epoch = %s order by l.seq
"""  # noqa: S608
_BATCHES = """
select first_seq, last_seq, root from audit.batches where epoch = %s order by last_seq
"""
_CHECKPOINTS = "select size, root, note from audit.checkpoints where epoch = %s order by size"
_SUBTREES = """
select level, position, hash from audit.subtrees where epoch = %s
order by (position + 1) << level, level
"""
_STREAMING = "set local enable_hashjoin = off; set local enable_mergejoin = off"
_AGAIN = "reset enable_hashjoin; reset enable_mergejoin"


def _verify(snapshot: Snapshot, report: Report) -> None:
    epoch = snapshot.epoch
    spine, previous = Spine(), genesis(epoch)
    subtrees = _Subtrees(snapshot.stream(_SUBTREES, epoch.number), report)
    batches, checkpoints = _batches(snapshot, report), _checkpoints(snapshot, report)
    anchors = Anchors(batches, checkpoints, snapshot.heads)
    anchors.meet(0, spine.root, report)
    # One look-up for each entry: a join that sorts or hashes would first read everything.
    snapshot.connection.execute(_STREAMING)
    for row in snapshot.stream(_ENTRIES, epoch.number):
        seq, leaf, record = row[0], row[2], row[3]
        if seq != spine.size:
            # Nothing after a gap can be compared: every position and every root has shifted.
            message = f"entry {spine.size} is missing, the next one stored is {seq}"
            report.note("entry-missing", message, seq=spine.size)
            break
        _verify_entry(row, previous, report)
        previous = record
        spine.add(leaf)
        subtrees.meet(leaf)
        anchors.meet(spine.size, spine.root, report)
    anchors.rest(spine.size, report)
    subtrees.rest()
    report.entries += spine.size
    snapshot.kept.size = spine.size
    snapshot.connection.execute(_AGAIN)


def _verify_entry(row: tuple[Any, ...], previous: bytes, report: Report) -> None:
    seq, event_id, leaf, record, has_event, *columns = row
    place = {"seq": seq, "event_id": str(event_id)}
    if not has_event:
        message = f"entry {seq} has no event of this id and time any more"
        report.note("event-missing", message, **place)
    elif leaf_of(columns) != leaf:
        report.note("event-altered", f"entry {seq} has other columns than were hashed", **place)
    if link_of(previous, seq, leaf) != record:
        report.note("record-hash", f"entry {seq} does not follow from the one before it", **place)


def _batches(snapshot: Snapshot, report: Report) -> Iterator[Anchor]:
    expected = 0
    for first, last, root in snapshot.stream(_BATCHES, snapshot.epoch.number):
        if first != expected:
            message = f"a batch begins with entry {first} instead of {expected}"
            report.note("batch-gap", message, seq=expected)
        expected = last + 1
        report.batches += 1
        yield Anchor(last + 1, "batch", root)


def _checkpoints(snapshot: Snapshot, report: Report) -> Iterator[Anchor]:
    for size, root, note in snapshot.stream(_CHECKPOINTS, snapshot.epoch.number):
        try:
            head = Checkpoint.parse(note.encode())
            head.signers(snapshot.keys)
        except NoteRefused as fault:
            report.note("checkpoint-unsound", f"the stored head of {size}: {fault}")
        else:
            if (head.origin, head.size, head.root) != (snapshot.epoch.origin, size, root):
                message = f"the stored head of {size} entries says something else than its note"
                report.note("checkpoint-unsound", message)
            # A copy of the folder may be older than the log; within its time it must be whole, but
            # for those heads that later ones stand for.
            if snapshot.kept.lacks(head):
                message = f"the signed head of {size} entries is gone from the folder"
                report.note("head-missing", message)
        yield Anchor(size, "checkpoint", root)


class _Subtrees:
    """The stored subtrees beside what the leaves make of them, in the order that they are completed
    in. Proofs are made from them: a wrong one makes proofs that nobody accepts."""

    def __init__(self, stored: Rows, report: Report) -> None:
        self._stored, self._report = stored, report
        self._tiles = Tiles()
        self._is_behind = False

    def meet(self, leaf: bytes) -> None:
        for level, position, found in self._tiles.add(leaf):
            if self._is_behind:
                return
            if next(self._stored, None) != (level, position, found):
                # What follows has shifted: one finding tells where it begins.
                self._is_behind = True
                first, last = position << level, (position + 1 << level) - 1
                message = f"the stored hash over entries {first} to {last} is not theirs"
                self._report.note("subtree-altered", message, seq=first, until=last)

    def rest(self) -> None:
        if not self._is_behind and (more := next(self._stored, None)) is not None:
            message = f"a hash is stored over entries that are not there (level {more[0]})"
            self._report.note("subtree-altered", message)


CHECKS = (Check("entries", _verify, order=30),)
