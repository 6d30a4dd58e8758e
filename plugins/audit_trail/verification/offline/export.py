"""Verifies an export with nothing but its files: no database, no installation, no network.

It is the second of two that share no line: `verifier/verify.py` folds the tree from the left with
Python's standard library; this one uses the product's own hashes and notes, checks every signature
(ML-DSA-44 and cosignatures too) and the types of every event.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from plugins.audit_trail.hashing.canonical import NotCanonical
from plugins.audit_trail.hashing.leaf import (
    EnvelopeRefused,
    Epoch,
    FirstEnvelope,
    envelope_from,
    genesis_hash,
    leaf_hash_of,
    node_hash,
)
from plugins.audit_trail.hashing.notes import Checkpoint, KeyRefused, NoteRefused, VerifierKey
from plugins.audit_trail.verification.offline.personal import SealedValues
from plugins.audit_trail.verification.rebuild import link_of
from plugins.audit_trail.verification.report import CannotVerify

FORMAT = "cms-audit-export/1"
SUMS, MANIFEST = "SHA256SUMS", "manifest.json"

_LINE = re.compile(
    r"epoch (?P<epoch>\d{1,9})|head (?P<head>\d{1,19})"
    r"|node (?P<level>\d{1,2}) (?P<position>\d{1,19}) (?P<hash>[0-9a-f]{64})"
    r"|run (?P<first>\d{1,19}) (?P<last>\d{1,19}) (?P<before>[0-9a-f]{64}) (?P<record>[0-9a-f]{64})"
)


class ExportAltered(Exception):
    """The export is not what was written; the message says where it shows."""


class OfflineReport(msgspec.Struct, kw_only=True):
    """What holds: `signers` are the verified keys, `receipt` the log's entry about the export."""

    verdict: str = "green"
    entries: int = 0
    epochs: list[dict[str, Any]] = []
    signers: list[str] = []
    has_own_keys: bool = False
    receipt: int | None = None
    sealed: int = 0
    erased: int = 0
    tokens: list[str] = []
    fault: str | None = None


class _File(msgspec.Struct, frozen=True):
    name: str
    bytes: int
    sha256: str
    is_evidence: bool


class _EpochTold(msgspec.Struct, frozen=True):
    number: int
    origin: str
    size: int
    root: str
    entries: int


class _Manifest(msgspec.Struct, frozen=True):
    format: str
    entries: int
    epochs: list[_EpochTold]
    files: list[_File]


def verify_export(folder: Path, keys: Sequence[VerifierKey] = ()) -> OfflineReport:
    """Check everything. Without `keys` those of the export are used, which proves only that it is
    one with itself. Raises CannotVerify when this is no export, or the keys are of another log."""
    report = OfflineReport(has_own_keys=not keys)
    try:
        _Export(folder, report).verify(keys)
    except (ExportAltered, NoteRefused, KeyRefused, EnvelopeRefused, NotCanonical) as fault:
        report.verdict, report.fault = "red", str(fault)
    except (msgspec.MsgspecError, OSError, ValueError) as fault:
        report.verdict, report.fault = "red", f"a file cannot be read: {fault}"
    return report


class _Export:
    """One folder."""

    def __init__(self, folder: Path, report: OfflineReport) -> None:
        self.folder, self.report = folder, report
        self.trusted: Sequence[VerifierKey] = ()

    def verify(self, keys: Sequence[VerifierKey]) -> None:
        if not (self.folder / MANIFEST).is_file():
            raise CannotVerify(f"{self.folder} is no export: it has no {MANIFEST}")
        digests = self._verify_sums()
        manifest = msgspec.json.decode((self.folder / MANIFEST).read_bytes(), type=_Manifest)
        if manifest.format != FORMAT:
            raise ExportAltered(f"{MANIFEST} is of format {manifest.format!r}, not {FORMAT}")
        self._verify_files(manifest, digests)
        self.trusted = self._trusted(manifest, keys)
        self._verify_log(manifest)
        self._verify_receipt(digests[MANIFEST])
        self.report.tokens = sorted(name for name in digests if name.endswith(".tsr"))

    def epoch(self, number: int) -> Epoch:
        """The record of an epoch, if its bytes are the ones that were hashed."""
        raw = (self.folder / "epochs" / f"{number}.json").read_bytes()
        epoch = msgspec.json.decode(raw, type=Epoch)
        if msgspec.json.encode(msgspec.structs.asdict(epoch), order="sorted") != raw:
            raise ExportAltered(f"epochs/{number}.json is not in canonical form")
        return epoch

    def head(self, path: str, epoch: Epoch) -> Checkpoint:
        """A head that every key of its epoch has signed, and each other trusted key whose line
        stands in it."""
        head = Checkpoint.parse((self.folder / path).read_bytes())
        signed = head.signers(self.trusted)
        if head.origin != epoch.origin:
            raise ExportAltered(f"{path} is a head of another log, {head.origin}")
        missing = set(epoch.verifier_keys) - {key.vkey for key in signed}
        if missing:
            raise ExportAltered(f"{path} is not signed by all keys of {epoch.origin}")
        names = {f"{key.name} {key.algorithm.name}" for key in signed}
        self.report.signers = sorted({*self.report.signers, *names})
        return head

    def _verify_sums(self) -> dict[str, str]:
        found = sorted(
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        )
        digests = {}
        for name in found:
            with (self.folder / name).open("rb") as file:
                digests[name] = file_digest(file, "sha256").hexdigest()
        digests.pop(SUMS, None)
        written = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
        if (self.folder / SUMS).read_bytes() != written.encode():
            raise ExportAltered(f"{SUMS} does not name these files: one was altered, added or lost")
        return digests

    def _verify_files(self, manifest: _Manifest, digests: dict[str, str]) -> None:
        told = {file.name: file.sha256 for file in manifest.files}
        here = {
            name: digest
            for name, digest in digests.items()
            if name != MANIFEST and not name.startswith("receipt/")
        }
        for name in sorted(told.keys() | here.keys()):
            if told.get(name) != here.get(name):
                raise ExportAltered(f"{name} is not the file that {MANIFEST} names")
        for file in manifest.files:
            if (self.folder / file.name).stat().st_size != file.bytes:
                raise ExportAltered(f"{file.name} has another length than {MANIFEST} says")

    def _trusted(self, manifest: _Manifest, keys: Sequence[VerifierKey]) -> Sequence[VerifierKey]:
        lines = (self.folder / "keys.txt").read_text().splitlines()
        own = [VerifierKey.parse(line) for line in lines if line and not line.startswith("#")]
        epochs = [self.epoch(told.number) for told in manifest.epochs]
        if any(set(epoch.verifier_keys) - {key.vkey for key in own} for epoch in epochs):
            raise ExportAltered("keys.txt does not have the keys of the epochs")
        trusted = keys or own
        for epoch in epochs:
            if not any(key.name == epoch.origin for key in trusted):
                if not keys:
                    raise ExportAltered(f"keys.txt has no key of the log {epoch.origin}")
                raise CannotVerify(f"none of the given keys belongs to the log {epoch.origin}")
        return trusted

    def _verify_log(self, manifest: _Manifest) -> None:
        values = SealedValues(self.folder / "personal.jsonl")
        walk = Walk(self, "")
        with closing(values):
            for _, event in walk.entries():
                values.meet(event)
            values.end()
        self.report.entries, self.report.epochs = walk.count, walk.told
        self.report.sealed, self.report.erased = values.sealed, values.erased
        told = [msgspec.to_builtins(epoch) for epoch in manifest.epochs]
        if told != walk.told or manifest.entries != walk.count:
            raise ExportAltered(f"{MANIFEST} tells of other entries than there are")

    def _verify_receipt(self, manifest: str) -> None:
        if not (self.folder / "receipt").exists():
            return
        found = list(Walk(self, "receipt/").entries())
        if len(found) != 1 or found[0][1].resource_version != manifest:
            raise ExportAltered(f"the receipt is not that of this {MANIFEST}")
        self.report.receipt = found[0][0]


class Walk:
    """The entries of one place, under heads that are verified before anything is read."""

    def __init__(self, export: _Export, place: str) -> None:
        self._export, self._place = export, place
        self.count = 0
        self.told: list[dict[str, Any]] = []

    def entries(self) -> Iterator[tuple[int, FirstEnvelope]]:
        """Number and event of each. It is proven once the last was given."""
        proof = (self._export.folder / f"{self._place}proof.txt").read_bytes().decode("ascii")
        if not proof.endswith("\n"):
            raise ExportAltered("proof.txt has no end")
        lines = [self._parsed(line) for line in proof[:-1].split("\n")]
        with (self._export.folder / f"{self._place}events.jsonl").open("rb") as events:
            start = 0
            while start < len(lines):
                if lines[start]["epoch"] is None:
                    raise ExportAltered("proof.txt does not begin with an epoch")
                end = start + 1
                while end < len(lines) and lines[end]["epoch"] is None:
                    end += 1
                yield from self._epoch(int(lines[start]["epoch"]), lines[start + 1 : end], events)
                start = end
            if events.read(1):
                raise ExportAltered("events.jsonl has more lines than proof.txt tells of")

    def _epoch(
        self, number: int, lines: Sequence[dict[str, Any]], events: BinaryIO
    ) -> Iterator[tuple[int, FirstEnvelope]]:
        epoch = self._export.epoch(number)
        head = self._export.head(f"{self._place}heads/{number}.note", epoch)
        before, leaves = self.count, _Leaves(lines, events, genesis_hash(epoch))
        peaks: list[tuple[int, bytes]] = []
        for seq, found in leaves.read():
            if isinstance(found, tuple):
                self.count += 1
                yield seq, found[1]
                _push(peaks, 0, leaf_hash_of(found[0]))
            elif isinstance(found, int):
                path = f"{self._place}heads/{number}-{found}.note"
                earlier = self._export.head(path, epoch)
                if (earlier.size, earlier.root) != (found, _root(peaks)):
                    raise ExportAltered(f"the signed head of {found} is not one of this log")
            else:
                _push(peaks, leaves.level, found)
        if (leaves.reached, _root(peaks)) != (head.size, head.root):
            raise ExportAltered(
                f"the entries do not give the root of the signed head of {head.origin} over "
                f"{head.size}: an event, a hash or their order was altered"
            )
        told = {"number": number, "origin": head.origin, "size": head.size}
        entries = self.count - before
        self.told.append({**told, "root": head.root.hex(), "entries": entries})

    def _parsed(self, line: str) -> dict[str, Any]:
        match = _LINE.fullmatch(line)
        if match is None:
            raise ExportAltered(f"proof.txt has a line that is none: {line[:40]!r}")
        return match.groupdict()


class _Leaves:
    """What the lines of one epoch name, from left to right without a gap."""

    def __init__(self, lines: Sequence[dict[str, Any]], events: BinaryIO, genesis: bytes) -> None:
        self._lines, self._events, self._genesis = lines, events, genesis
        self.reached = self.level = 0

    def read(self) -> Iterator[tuple[int, tuple[bytes, FirstEnvelope] | bytes | int]]:
        """An entry as its bytes and event, a subtree as its hash, a head as its size."""
        for line in self._lines:
            if line["head"] is not None:
                if int(line["head"]) != self.reached:
                    raise ExportAltered(
                        f"proof.txt names a head of {line['head']} at the wrong place"
                    )
                yield self.reached, self.reached
            elif line["hash"] is not None:
                self.level = int(line["level"])
                if int(line["position"]) << self.level != self.reached:
                    raise ExportAltered(f"proof.txt has a gap before entry {self.reached}")
                yield self.reached, bytes.fromhex(line["hash"])
                self.reached += 1 << self.level
            else:
                yield from self._run(line)

    def _run(self, line: dict[str, Any]) -> Iterator[tuple[int, tuple[bytes, FirstEnvelope]]]:
        first, last = int(line["first"]), int(line["last"])
        record = bytes.fromhex(line["before"])
        if first != self.reached or last < first or (first == 0 and record != self._genesis):
            raise ExportAltered(f"proof.txt has a gap before entry {self.reached}")
        for seq in range(first, last + 1):
            raw = self._events.readline()
            if raw[-1:] != b"\n":
                raise ExportAltered(f"events.jsonl ends before entry {seq}")
            canonical = raw[:-1]
            try:
                event = envelope_from(canonical)
            except (EnvelopeRefused, NotCanonical) as fault:
                raise ExportAltered(f"entry {seq} is not what was hashed: {fault}") from fault
            record = link_of(record, seq, leaf_hash_of(canonical))
            self.reached = seq + 1
            yield seq, (canonical, event)
        if record.hex() != line["record"]:
            raise ExportAltered(f"the chain of record hashes breaks in entries {first} to {last}")


def _push(peaks: list[tuple[int, bytes]], level: int, node: bytes) -> None:
    peaks.append((level, node))
    while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
        (_, right), (height, left) = peaks.pop(), peaks.pop()
        peaks.append((height + 1, node_hash(left, right)))


def _root(peaks: Sequence[tuple[int, bytes]]) -> bytes:
    if not peaks:
        return sha256(b"").digest()
    root = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        root = node_hash(left, root)
    return root
