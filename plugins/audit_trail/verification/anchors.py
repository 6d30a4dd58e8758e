"""The roots that the stored entries must give: of each batch, each stored and each signed head."""

import heapq
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused, VerifierKey
from plugins.audit_trail.heads.evidence import EpochFolder
from plugins.audit_trail.verification.report import Report


class Anchor(NamedTuple):
    """At this size the tree has this root, says the source: `batch`, `checkpoint` or `head`."""

    size: int
    source: str
    root: bytes


class Anchors:
    """All anchors in the order of their sizes, met while the entries stream by."""

    def __init__(self, *sources: Iterable[Anchor]) -> None:
        self._merged = heapq.merge(*sources)
        self._next = next(self._merged, None)
        self._sound = 0

    def meet(self, size: int, root: Any, report: Report) -> None:
        """Compare every anchor of this size; `root` gives the root of the entries so far."""
        if self._next is None or self._next.size > size:
            return
        reached = root()
        is_sound = True
        while self._next is not None and self._next.size <= size:
            anchor, self._next = self._next, next(self._merged, None)
            if anchor.root != reached:
                is_sound = False
                self._differs(anchor, report)
        if is_sound:
            self._sound = size

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
