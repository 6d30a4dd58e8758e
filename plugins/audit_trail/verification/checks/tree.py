"""The tree and the chain over the stored leaves, against batches, stored heads and signed heads."""

from collections.abc import Iterator
from hashlib import sha256

from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused
from plugins.audit_trail.verification.anchors import Anchor, Anchors
from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.checks.epoch import genesis
from plugins.audit_trail.verification.entries import entries
from plugins.audit_trail.verification.locating import suspect
from plugins.audit_trail.verification.pruned import TILE
from plugins.audit_trail.verification.rebuild import Spine
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Rows, Snapshot
from plugins.audit_trail.verification.stored import HoleInTree, StoredTree

_BATCHES = """
select first_seq, last_seq, root, frontier from audit.batches
where epoch = %s and last_seq >= %s and last_seq < %s order by last_seq
"""
_CHECKPOINTS = """
select size, root, note from audit.checkpoints
where epoch = %s and size >= %s and size <= %s order by size
"""
_SUBTREES = """
select level, position, hash from audit.subtrees where epoch = %s
and position << level >= %s and (position + 1) << level <= %s
order by (position + 1) << level, level
"""
_RECORD = "select record_hash from audit.leaves where epoch = %s and seq = %s"
_TOLD = 1 << 15
_BEYOND = 1 << 62
"""No log has so many entries."""


def _verify(snapshot: Snapshot, report: Report) -> None:
    suspect(snapshot, report)
    if snapshot.wanted.is_whole:
        _verify_whole(snapshot, report)
    else:
        _verify_part(snapshot, report)


def _verify_whole(snapshot: Snapshot, report: Report) -> None:
    spine = Spine()
    anchors = Anchors(
        _batches(snapshot, report, 0, _BEYOND),
        _checkpoints(snapshot, report, 0, _BEYOND),
        snapshot.heads,
        snapshot.promised,
    )
    anchors.meet(spine, report)
    _walk(snapshot, report, spine, genesis(snapshot.epoch), anchors, _BEYOND)
    anchors.rest(spine.size, report)
    report.covered.placed = snapshot.kept.size = spine.size
    report.entries += spine.size


def _verify_part(snapshot: Snapshot, report: Report) -> None:
    """The range by its leaves, what lies around it by the stored subtrees: if they give a signed
    root together, the leaves of the range are those that were signed."""
    first, until = _whole_tiles(snapshot)
    report.covered.first = report.covered.placed = first
    tree = StoredTree(snapshot)
    head = next((head for head in snapshot.heads if head.size >= until), None)
    end = until if head is None or head.size > snapshot.size else head.size
    heads = [one for one in snapshot.heads if first < one.size <= until]
    try:
        spine = tree.spine(first)
        previous = _record_before(snapshot, first)
        anchors = Anchors(
            _batches(snapshot, report, first, until),
            _checkpoints(snapshot, report, first + 1, until),
            heads,
        )
        _walk(snapshot, report, spine, previous, anchors, until)
        report.entries, report.covered.placed = spine.size - first, spine.size
        tree.extend(spine, end)
    except HoleInTree as hole:
        place = {"seq": hole.first, "until": hole.last}
        report.note("subtree-altered", f"the range cannot be proven: {hole}", **place)
        return
    left_out = report.covered.left_out
    if head is None:
        left_out.append(f"entries after {report.signed - 1}: no head is signed over them yet")
    elif spine.size < head.size or spine.root() != head.root:
        message = f"the range and the stored hashes around it do not give {head.head}"
        report.note("range-unproven", message, seq=first, until=head.size - 1)
    else:
        report.proven = head.head
    stored = "the stored hashes of their subtrees, not their entries"
    if first:
        left_out.append(f"entries 0 to {first - 1}: {stored}")
    if until < snapshot.size:
        left_out.append(f"entries {until} to {snapshot.size - 1}: {stored}")


def _whole_tiles(snapshot: Snapshot) -> tuple[int, int]:
    """The range that is wanted; what is pruned at its ends is looked at whole."""
    first, until, number = snapshot.wanted.first, snapshot.until, snapshot.epoch.number
    at_first = snapshot.pruned.holding(number, first)
    at_last = snapshot.pruned.holding(number, until - 1)
    return at_first.first if at_first else first, at_last.last + 1 if at_last else until


def _record_before(snapshot: Snapshot, first: int) -> bytes:
    if first == 0:
        return genesis(snapshot.epoch)
    pruned = snapshot.pruned.holding(snapshot.epoch.number, first - 1)
    if pruned is not None:
        return pruned.record_hash
    found = snapshot.ask(_RECORD, snapshot.epoch.number, first - 1)
    if not found:
        raise HoleInTree(0, first - 1)
    return bytes(found[0][0])


def _walk(  # noqa: PLR0917 - one walk, and what it is compared with
    snapshot: Snapshot, report: Report, spine: Spine, previous: bytes, anchors: Anchors, until: int
) -> None:
    """Every leaf of the range in its order: its place, its link, the hashes over it."""
    first, epoch = spine.size, snapshot.epoch.number
    subtrees = _Subtrees(snapshot.stream(_SUBTREES, epoch, first, until), report, first)
    gap = _Pruned(snapshot, report, subtrees, anchors)
    total = snapshot.until - first
    with snapshot.again() as connection:
        for seq, place, leaf, record in entries(connection, epoch, first, until):
            if seq != spine.size:
                previous = gap.cross(spine, previous, until)
            if seq != spine.size:
                # Nothing after a gap can be compared: every position and every root has shifted.
                report.note(*_gap(spine.size, seq), seq=spine.size)
                break
            if sha256(b"\x02" + previous + place + leaf).digest() != record:
                message = f"entry {seq} does not follow from the one before it"
                report.note("record-hash", message, seq=seq)
            previous = record
            spine.add(leaf)
            if spine.completed:
                subtrees.meet(spine)
                if not spine.size % _TOLD:
                    report.covered.placed = spine.size
                    snapshot.tell("places", spine.size - first, total)
            if spine.size >= anchors.next_size:
                anchors.meet(spine, report)
        else:
            gap.cross(spine, previous, until)
    gap.tell()
    subtrees.rest()


def _gap(expected: int, found: int | None) -> tuple[str, str]:
    if found is None:
        return "entry-malformed", f"entry {expected} holds something else than a place and hashes"
    return "entry-missing", f"entry {expected} is missing, the next one stored is {found}"


def _batches(snapshot: Snapshot, report: Report, first: int, until: int) -> Iterator[Anchor]:
    expected = first
    for begins, last, root, edge in snapshot.stream(_BATCHES, snapshot.epoch.number, first, until):
        if begins != expected and not begins < first:
            message = f"a batch begins with entry {begins} instead of {expected}"
            report.note("batch-gap", message, seq=expected)
        expected = last + 1
        report.batches += 1
        yield Anchor(last + 1, "batch", root, tuple(edge))


def _checkpoints(snapshot: Snapshot, report: Report, first: int, until: int) -> Iterator[Anchor]:
    for size, root, note in snapshot.stream(_CHECKPOINTS, snapshot.epoch.number, first, until):
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

    def __init__(self, stored: Rows, report: Report, first: int) -> None:
        self._stored, self._report, self._first = stored, report, first
        self._is_behind = False

    def tile(self, position: int) -> bytes | None:
        """The stored hash of a tile whose leaves are gone; None where no such one comes next."""
        if self._is_behind:
            return None
        row = next(self._stored, None)
        if row is not None and row[:2] == (8, position):
            return bytes(row[2])
        self._is_behind = True
        return None

    def meet(self, spine: Spine) -> None:
        completed, spine.completed = spine.completed, []
        for level, position, found in completed:
            # One that began before the range was completed in it, and is not among those read.
            if self._is_behind:
                return
            if position << level < self._first:
                continue
            if next(self._stored, None) != (level, position, found):
                # What follows has shifted: one finding tells where it begins.
                self._is_behind = True
                first, last = position << level, (position + 1 << level) - 1
                message = f"the stored hash over entries {first} to {last} is not theirs"
                self._report.note("subtree-altered", message, seq=first, until=last)

    def rest(self) -> None:
        """What is stored beyond the entries."""
        if not self._is_behind and (more := next(self._stored, None)) is not None:
            message = f"a hash is stored over entries that are not there (level {more[0]})"
            self._report.note("subtree-altered", message)


class _Pruned:
    """Goes over tiles that were pruned as the log tells, by their stored hashes: the heads after
    them prove these."""

    def __init__(
        self, snapshot: Snapshot, report: Report, subtrees: _Subtrees, anchors: Anchors
    ) -> None:
        self._snapshot, self._report = snapshot, report
        self._subtrees, self._anchors = subtrees, anchors
        self._passed = 0

    def cross(self, spine: Spine, previous: bytes, until: int) -> bytes:
        """Add the pruned tiles that begin here, if any do; the record hash after them."""
        epoch = self._snapshot.epoch.number
        while spine.size < until and (tiles := self._snapshot.pruned.beginning(epoch, spine.size)):
            while spine.size <= tiles.last:
                if not self._add(spine):
                    return previous
            previous = tiles.record_hash
        return previous

    def _add(self, spine: Spine) -> bool:
        position, first, end = spine.size // TILE, spine.size, spine.size + TILE
        found = self._subtrees.tile(position) or self._asked(position)
        if found is None:
            message = f"no hash is stored over the pruned entries {first} to {end - 1}"
            self._report.note("subtree-altered", message, seq=first, until=end - 1)
            return False
        self._passed += self._anchors.pass_over(end)
        spine.add(found, 8)
        self._subtrees.meet(spine)
        if spine.size >= self._anchors.next_size:
            self._anchors.meet(spine, self._report)
        return True

    def _asked(self, position: int) -> bytes | None:
        # The subtrees went astray before, which is told: where else it is so shall be told too.
        try:
            return StoredTree(self._snapshot).node(8, position)
        except HoleInTree:
            return None

    def tell(self) -> None:
        """Say what could not be compared."""
        if self._passed:
            self._report.remarks.append(
                f"{self._passed} roots of batches and heads lie inside of what was pruned and "
                "cannot be made again; the heads after them prove the same"
            )


CHECKS = (Check("tree", _verify, order=20),)
