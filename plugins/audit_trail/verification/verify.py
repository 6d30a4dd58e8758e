"""Verifies the whole log from its stored rows against what was signed; trusts no stored hash.

It shares no code with what writes the log: see rebuild.py. Entries stream through server-side
cursors inside one snapshot, so the size of the log does not matter and the sequencer goes on.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow

from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused, VerifierKey
from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing, trusted_keys
from plugins.audit_trail.settings import AuditSettings
from plugins.audit_trail.verification.anchors import Anchor, Anchors, signed_heads
from plugins.audit_trail.verification.commitments import check_commitments
from plugins.audit_trail.verification.rebuild import (
    FORM,
    Spine,
    Tiles,
    genesis_of,
    leaf_of,
    link_of,
)
from plugins.audit_trail.verification.report import CannotVerify, Report

CHUNK = 5_000

_ENTRIES = f"""
select l.seq, l.event_id, l.leaf_hash, l.record_hash, e.event_id is not null, {FORM}
from audit.leaves l
left join audit.events e on e.occurred_at = l.occurred_at and e.event_id = l.event_id
where l.epoch = %s order by l.seq
"""  # noqa: S608
_WAITING = f"""
select p.event_id, p.leaf_hash, e.event_id is not null,
       p.occurred_at < now() - make_interval(secs => %s), {FORM}
from audit.pending p
left join audit.events e on e.occurred_at = p.occurred_at and e.event_id = p.event_id
order by p.occurred_at, p.event_id
"""  # noqa: S608
_OUTSIDE = """
select e.event_id, e.occurred_at from audit.events e
where not exists (select from audit.leaves l
                  where l.event_id = e.event_id and l.occurred_at = e.occurred_at)
  and not exists (select from audit.pending p
                  where p.event_id = e.event_id and p.occurred_at = e.occurred_at)
order by e.occurred_at, e.event_id
"""
_BATCHES = """
select first_seq, last_seq, root from audit.batches where epoch = %s order by last_seq
"""
_CHECKPOINTS = "select size, root, note from audit.checkpoints where epoch = %s order by size"
_SUBTREES = """
select level, position, hash from audit.subtrees where epoch = %s
order by (position + 1) << level, level
"""
_EPOCH = """
select origin, number, to_char(opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       schema_version, hash_algorithm, verifier_keys, closing_checkpoint, genesis
from audit.epochs where number = %s
"""
_STREAMING = "set local enable_hashjoin = off; set local enable_mergejoin = off"

Rows = Iterator[tuple[Any, ...]]


def verify_log(conninfo: str, folder: Path, *, lag: float = AuditSettings().most_lag) -> Report:
    """Compare every stored row with every signed head. `conninfo` must be a login that may read the
    tables: the owner. Raises CannotVerify."""
    started = time.monotonic()
    try:
        with psycopg.connect(conninfo, connect_timeout=10) as connection:
            report = _Verification(connection, Evidence(folder), lag).run()
    except (EvidenceMissing, psycopg.Error) as fault:
        raise CannotVerify(str(fault).strip()) from fault
    report.conclude()
    report.seconds = round(time.monotonic() - started, 3)
    return report


class _Verification:
    """One run over one snapshot."""

    def __init__(self, connection: Connection[TupleRow], evidence: Evidence, lag: float) -> None:
        self._connection = connection
        self._evidence = evidence
        self._lag = lag
        self._report = Report()

    def run(self) -> Report:
        epoch = self._evidence.epoch()
        if epoch is None:
            raise CannotVerify(
                f"{self._evidence.folder} holds no signed log. Either no sequencer has run yet "
                "(start a worker: cms worker), or the folder is lost and must be restored."
            )
        self._report.origin = epoch.origin
        keys = trusted_keys(epoch)
        # The heads first, the snapshot after them: whatever was signed is then in the snapshot.
        heads = list(signed_heads(self._evidence, epoch.origin, keys, self._report))
        if not heads:
            raise CannotVerify(f"{self._evidence.folder}/heads holds no head that can be trusted")
        self._connection.isolation_level = IsolationLevel.REPEATABLE_READ
        self._connection.read_only = True
        self._verify_epoch(epoch)
        self._verify_entries(epoch, heads, keys)
        self._verify_waiting()
        self._verify_outside()
        self._report.personal = check_commitments(self._connection, self._report)
        return self._report

    def _verify_epoch(self, epoch: Epoch) -> None:
        row: Any = self._connection.execute(_EPOCH, [epoch.number]).fetchone()
        names = ("origin", "number", "opened_at", "schema_version", "hash_algorithm",
                 "verifier_keys", "closing_checkpoint")  # fmt: skip
        kept = tuple(getattr(epoch, name) for name in names)
        if row is None or row[:-1] != kept or row[-1] != _genesis(epoch):
            self._report.note("epoch", f"the database does not hold the epoch of {epoch.origin}")

    def _verify_entries(
        self, epoch: Epoch, heads: list[Anchor], keys: tuple[VerifierKey, ...]
    ) -> None:
        spine, previous = Spine(), _genesis(epoch)
        subtrees = _Subtrees(self._stream("subtrees", _SUBTREES, [epoch.number]), self._report)
        anchors = Anchors(self._batches(epoch), self._checkpoints(epoch, keys), heads)
        anchors.meet(0, spine.root, self._report)
        # One look-up for each entry: a join that sorts or hashes would first read everything.
        self._connection.execute(_STREAMING)
        for row in self._stream("entries", _ENTRIES, [epoch.number]):
            seq, leaf, record = row[0], row[2], row[3]
            if seq != spine.size:
                # Nothing after a gap can be compared: every position and every root has shifted.
                message = f"entry {spine.size} is missing, the next one stored is {seq}"
                self._report.note("entry-missing", message, seq=spine.size)
                break
            self._verify_entry(row, previous)
            previous = record
            spine.add(leaf)
            subtrees.meet(leaf)
            anchors.meet(spine.size, spine.root, self._report)
        anchors.rest(spine.size, self._report)
        subtrees.rest()
        self._report.entries = spine.size

    def _verify_entry(self, row: tuple[Any, ...], previous: bytes) -> None:
        seq, event_id, leaf, record, has_event, *columns = row
        if not has_event:
            self._wrong("event-missing", seq, event_id, "has no event of this id and time any more")
        elif leaf_of(columns) != leaf:
            self._wrong("event-altered", seq, event_id, "has other columns than were hashed")
        if link_of(previous, seq, leaf) != record:
            self._wrong("record-hash", seq, event_id, "does not follow from the one before it")

    def _wrong(self, kind: str, seq: int, event_id: Any, what: str) -> None:
        self._report.note(kind, f"entry {seq} {what}", seq=seq, event_id=str(event_id))

    def _batches(self, epoch: Epoch) -> Iterator[Anchor]:
        expected = 0
        for first, last, root in self._stream("batches", _BATCHES, [epoch.number]):
            if first != expected:
                message = f"a batch begins with entry {first} instead of {expected}"
                self._report.note("batch-gap", message, seq=expected)
            expected = last + 1
            self._report.batches += 1
            yield Anchor(last + 1, "batch", root)

    def _checkpoints(self, epoch: Epoch, keys: tuple[VerifierKey, ...]) -> Iterator[Anchor]:
        for size, root, note in self._stream("checkpoints", _CHECKPOINTS, [epoch.number]):
            try:
                head = Checkpoint.parse(note.encode())
                head.signers(keys)
            except NoteRefused as fault:
                self._report.note("checkpoint-unsound", f"the stored head of {size}: {fault}")
            else:
                if (head.origin, head.size, head.root) != (epoch.origin, size, root):
                    message = f"the stored head of {size} entries says something else than its note"
                    self._report.note("checkpoint-unsound", message)
                # A copy of the folder may be older than the log; within its time it must be whole.
                kept = self._evidence.folder / "heads" / f"{size:020d}.note"
                if size < self._report.signed and not kept.exists():
                    message = f"the signed head of {size} entries is gone from the folder"
                    self._report.note("head-missing", message)
            yield Anchor(size, "checkpoint", root)

    def _verify_waiting(self) -> None:
        for row in self._stream("waiting", _WAITING, [self._lag]):
            event_id, leaf, has_event, is_late, *columns = row
            self._report.waiting += 1
            place = {"event_id": str(event_id)}
            if not has_event:
                self._report.note("waiting-orphan", "a queued entry has no event", **place)
            elif leaf_of(columns) != leaf:
                message = "the stored columns of a queued event are not what was hashed"
                self._report.note("waiting-altered", message, **place)
            if is_late:
                message = f"an event waits for the log for more than {self._lag:g} s: cms worker?"
                self._report.note("waiting-late", message, **place)

    def _verify_outside(self) -> None:
        self._connection.execute("reset enable_hashjoin; reset enable_mergejoin")
        for event_id, moment in self._stream("outside", _OUTSIDE, []):
            message = f"the event of {moment:%Y-%m-%d %H:%M:%S%z} is in no entry and in no queue"
            self._report.note("event-outside", message, event_id=str(event_id))

    def _stream(self, name: str, query: str, values: list[Any]) -> Rows:
        with self._connection.cursor(name=name) as cursor:
            cursor.itersize = CHUNK
            cursor.execute(query, values)
            yield from cursor


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


def _genesis(epoch: Epoch) -> bytes:
    return genesis_of(msgspec.json.encode(msgspec.structs.asdict(epoch), order="sorted"))
