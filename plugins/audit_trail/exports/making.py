"""Makes an export: read, write, tell the trail, take the log's receipt, show it whole.

The trail is told before anything shows: what cannot be recorded is not handed out. The receipt is
the log's own entry about the export, under a head that was signed after it. It holds the SHA-256 of
manifest.json, so that also what is no evidence by itself (a CSV, who asked) is bound to the log.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from plugins.audit_trail.exports.asked import Asked, Form
from plugins.audit_trail.exports.covering import Covering, LogAltered
from plugins.audit_trail.exports.events import AuditExported
from plugins.audit_trail.exports.evidence_files import Draft
from plugins.audit_trail.exports.forms import Writer, writer_of
from plugins.audit_trail.exports.manifest import EpochTold, Manifest, file_told
from plugins.audit_trail.exports.personal import Opening
from plugins.audit_trail.exports.reading import (
    Entry,
    Log,
    Stamp,
    count_entries,
    read_entries,
    read_logs,
    read_nodes,
    read_stamps,
)
from plugins.audit_trail.exports.words import README
from plugins.audit_trail.hashing.canonical import timestamp
from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.tree import Coordinate
from plugins.audit_trail.officers.purposes import COMPLIANCE, VIEW, state

EXPORT = "manage_compliance"

Progress = Callable[[int, int], None]
NewWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]

LONGEST = 6 * 3600
"""Seconds that an export may take."""

_RECEIPT = """
select e.event_id from audit.trail e
where e.tenant_id = :tenant and e.resource_type = 'audit_export' and e.resource_version = :manifest
  and e.action = 'audit:trail:export'
  and coalesce(e.seq, :size) < :size and coalesce(e.epoch, -1) = :newest
"""
_LOOK_EVERY = 0.25


@dataclass(frozen=True)
class Made:
    """What was made. `receipt` is the number of the log's own entry about it, if one was signed in
    time."""

    manifest: str
    entries: int
    size: int
    receipt: int | None


@dataclass
class Order:
    """What is wanted: which events, in which forms, with personal values opened or not; `patience`
    is how many seconds to wait for the receipt."""

    asked: Asked
    forms: Sequence[Form] = ()
    is_opened: bool = False
    patience: float = 15.0
    progress: Progress | None = None


async def make_export(new_work: NewWork, order: Order, target: Path) -> Made:
    """Make the folder, or the archive when its name ends with .zip. `new_work` gives units of work
    of who asks. Raises CapabilityMissing, InvalidInput, LogAltered, FileExistsError."""
    order.asked.refuse_faults()
    with Draft(target) as draft:
        async with new_work() as work:
            refuse_strangers(work)
            await state(work, COMPLIANCE, seconds=LONGEST)
            made = await _Making(work, draft, order).make()
        async with new_work() as work:
            await work.emit(
                AuditExported(
                    manifest=made.manifest,
                    entries=made.entries,
                    size=made.size,
                    forms=[form.value for form in order.forms],
                    is_opened=order.is_opened,
                    asked=order.asked.told(),
                )
            )
        receipt = await _take_receipt(new_work, draft, made, order.patience)
        await asyncio.to_thread(draft.publish)
    return Made(made.manifest, made.entries, made.size, receipt)


def refuse_strangers(work: UnitOfWork) -> None:
    """CapabilityMissing for whoever may not read the trail, or does not answer for compliance."""
    for capability in (VIEW, EXPORT):
        if not work.actor.has(capability):
            raise CapabilityMissing(
                f"An export of the audit trail needs the capability {capability}; the compliance "
                "officer has it.",
                action="audit.export",
            )


@dataclass
class Evidence:
    """The entries, the proof and the heads below one folder of the draft."""

    work: UnitOfWork
    draft: Draft
    logs: Mapping[int, Log]
    folder: str = ""
    stamps: Sequence[Stamp] = ()
    told: list[EpochTold] = field(default_factory=list)
    _covering: Covering | None = None
    _epoch: int = -1
    _bounds: list[int] = field(default_factory=list)

    async def take(self, entries: Sequence[Entry]) -> None:
        """Entries in the order of the log."""
        start = 0
        while start < len(entries):
            epoch = entries[start].epoch
            end = start + sum(1 for entry in entries[start:] if entry.epoch == epoch)
            await self._take_of_one_epoch(epoch, entries[start:end])
            start = end

    async def finish(self) -> None:
        """End the last epoch. Without any entry the newest head is told all the same."""
        await self._end(self._covering or self._begin(max(self.logs)))
        for name in ("events.jsonl", "proof.txt"):
            self.draft.close(self.folder + name)

    async def _take_of_one_epoch(self, epoch: int, entries: Sequence[Entry]) -> None:
        if epoch != self._epoch and self._covering is not None:
            await self._end(self._covering)
            self._covering = None
        covering = self._covering or self._begin(epoch)
        nodes = await self._nodes(covering.gaps(entry.seq for entry in entries))
        await asyncio.to_thread(_take_all, covering, entries, nodes)
        self._bounds = [(self._bounds or [entries[0].seq])[0], entries[-1].seq]

    def _begin(self, epoch: int) -> Covering:
        events, proof = (
            self.draft.file(self.folder + name) for name in ("events.jsonl", "proof.txt")
        )
        log = self.logs[epoch]
        self._epoch, self._bounds = epoch, []
        stamps = [stamp for stamp in self.stamps if stamp.epoch == epoch]
        sizes = [stamp.size for stamp in stamps]
        self._covering = Covering(epoch, log.head.size, events.write, proof.write, sizes)
        self.draft.put(f"{self.folder}heads/{epoch}.note", log.note)
        for name, note in {stamp.name: stamp.note for stamp in stamps}.items():
            self.draft.put(f"{name}.note", note)
        for number, stamp in enumerate(stamps):
            self.draft.put(f"{stamp.name}.{number}.tsr", stamp.token)
        return self._covering

    async def _end(self, covering: Covering) -> None:
        log = self.logs[self._epoch]
        nodes = await self._nodes(covering.gaps([covering.size]))
        if covering.finish(nodes) != log.head.root:
            raise LogAltered(
                f"The stored tree is not the one of the signed head of {log.head.size}."
            )
        first, last = self._bounds or (None, None)
        head = log.head
        self.told.append(
            EpochTold(
                self._epoch, head.origin, head.size, head.root.hex(), covering.count, first, last
            )
        )

    async def _nodes(self, wanted: Iterable[Coordinate]) -> dict[Coordinate, bytes]:
        return await read_nodes(self.work, self._epoch, wanted)


class _Making:
    """One run over one snapshot of the trail."""

    def __init__(self, work: UnitOfWork, draft: Draft, order: Order) -> None:
        self._work, self._draft, self._order = work, draft, order
        self._writers: list[Writer] = []

    async def make(self) -> Made:
        logs = await read_logs(self._work)
        total = 0
        if self._order.progress is not None:
            total = await count_entries(self._work, self._order.asked, max(logs))
        evidence = Evidence(self._work, self._draft, logs, stamps=await read_stamps(self._work))
        opening = Opening(self._work, self._draft) if self._order.is_opened else None
        self._writers = [
            writer_of(form, self._draft) for form in self._order.forms if form is not Form.JSON
        ]
        done = 0
        async with aclosing(read_entries(self._work, self._order.asked, logs)) as chunks:
            async for entries in chunks:
                await evidence.take(entries)
                opened = await opening.take(entries) if opening is not None else {}
                await asyncio.to_thread(self._write_forms, entries, opened)
                done += len(entries)
                if self._order.progress is not None:
                    self._order.progress(done, max(done, total))
        await evidence.finish()
        for writer in self._writers:
            writer.finish()
        return self._conclude(evidence, logs, opening)

    def _write_forms(self, entries: Sequence[Entry], opened: Mapping[str, Any]) -> None:
        if not self._writers:
            return
        for entry in entries:
            event = msgspec.json.decode(entry.canonical)
            for writer in self._writers:
                writer.write(entry, event, opened.get(event["event_id"]))

    def _conclude(
        self, evidence: Evidence, logs: Mapping[int, Log], opening: Opening | None
    ) -> Made:
        draft, work, order = self._draft, self._work, self._order
        for number, log in logs.items():
            draft.put(f"epochs/{number}.json", log.record)
        draft.put("keys.txt", _keys(logs).encode())
        verifier = files("plugins.audit_trail.verifier").joinpath("verify.py")
        draft.put("verify.py", verifier.read_bytes())
        draft.put("README.txt", README.encode())
        draft.close_all()
        count = sum(epoch.entries for epoch in evidence.told)
        manifest = Manifest(
            made_at=timestamp(work.now),
            asked_by=str(work.actor.user_id or work.actor.kind.value),
            tenant=str(work.tenant_id),
            asked=order.asked.told(),
            forms=[form.value for form in order.forms],
            entries=count,
            epochs=evidence.told,
            personal=opening.counts if opening is not None else None,
            files=[file_told(draft.files[name]) for name in sorted(draft.files)],
        )
        digest = draft.put("manifest.json", manifest.encode())
        return Made(digest, count, logs[max(logs)].head.size, None)


def _take_all(
    covering: Covering, entries: Sequence[Entry], nodes: Mapping[Coordinate, bytes]
) -> None:
    for entry in entries:
        if leaf_hash_of(entry.canonical).hex() != entry.leaf:
            raise LogAltered(f"The stored event of entry {entry.seq} is not what was hashed.")
        covering.take(entry.seq, entry.canonical, entry.links, nodes)


def _keys(logs: Mapping[int, Log]) -> str:
    lines = []
    for number, log in sorted(logs.items()):
        lines += [f"# epoch {number}", *log.epoch.verifier_keys]
    return "\n".join(lines) + "\n"


async def _take_receipt(new_work: NewWork, draft: Draft, made: Made, patience: float) -> int | None:
    """Wait for the head over the log's entry about this export, and add it with its proof."""
    until = time.monotonic() + patience
    while True:
        async with new_work() as work:
            await state(work, COMPLIANCE, seconds=LONGEST)
            logs = await read_logs(work)
            newest = max(logs)
            values = {"manifest": made.manifest, "newest": newest, "size": logs[newest].head.size}
            row = await work.audit.one(_RECEIPT, {"tenant": work.tenant_id, **values})
            if row is not None and f"epochs/{newest}.json" in draft.files:
                evidence = Evidence(work, draft, logs, "receipt/")
                this = Asked(event_id=str(row[0]))
                async with aclosing(read_entries(work, this, logs)) as chunks:
                    async for entries in chunks:
                        await evidence.take(entries)
                await evidence.finish()
                return evidence.told[0].first
        if time.monotonic() >= until:
            return None
        await asyncio.sleep(_LOOK_EVERY)
