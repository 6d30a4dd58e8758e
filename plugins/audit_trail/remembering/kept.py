"""A head that somebody keeps at home, and what today's log must prove to her.

The file holds the log's verifier keys as they were when it was first kept, one on a line, an empty
line, and the signed head. Whoever keeps it needs nobody's word for the past: today's log shows that
it continues this head, or it is another log.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.notes import Checkpoint, KeyRefused, NoteRefused, VerifierKey
from plugins.audit_trail.hashing.tree import ProofRefused

LARGEST = 1 << 20


class Contradicted(Exception):
    """Today's log is not a continuation of what was kept. The file is left as it was: evidence."""


@dataclass(frozen=True)
class KeptHead:
    """The keys that are trusted, and the newest head that was seen."""

    keys: tuple[VerifierKey, ...]
    head: Checkpoint

    @classmethod
    def first(cls, head: Checkpoint, keys: tuple[VerifierKey, ...]) -> Self:
        """Keep a head for the first time; NoteRefused unless all the keys have signed it."""
        if len(head.signers(keys)) != len(keys):
            raise NoteRefused("not every key of the log has signed it")
        return cls(keys, head)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the file; NoteRefused unless it is one."""
        if len(raw) > LARGEST:
            raise NoteRefused("the file is too large")
        above, gap, note = raw.partition(b"\n\n")
        try:
            lines = above.decode().split("\n")
            keys = tuple(VerifierKey.parse(line) for line in lines if not line.startswith("#"))
        except (KeyRefused, UnicodeDecodeError) as fault:
            raise NoteRefused(f"it does not begin with verifier keys: {fault}") from None
        if not gap or not keys:
            raise NoteRefused("it holds no verifier keys")
        return cls.first(Checkpoint.parse(note), keys)

    def encode(self) -> bytes:
        """Write the file."""
        lines = ["# A head of an audit log, to be kept where its operator cannot write"]
        lines += [key.vkey for key in self.keys]
        return "\n".join([*lines, "", ""]).encode() + self.head.encode()

    def save(self, path: Path) -> None:
        """In one step: a kill leaves the old head or the new one."""
        draft = path.with_name(f".{path.name}.draft")
        with draft.open("wb") as file:
            file.write(self.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def continued(self, answer: Extension) -> "KeptHead":
        """What to keep from now on; Contradicted when the answer does not continue this head."""
        today = answer.head
        if today.origin != self.head.origin:
            raise Contradicted(f"this is another log: {today.origin} instead of {self.head.origin}")
        if answer.old != self.head.size:
            raise Contradicted(f"it proves from {answer.old} entries on, not {self.head.size}")
        try:
            kept = KeptHead.first(today, self.keys)
        except NoteRefused as fault:
            raise Contradicted(
                f"today's head is not signed by the keys you know: {fault}"
            ) from None
        try:
            answer.verify(self.head.root)
        except ProofRefused as fault:
            raise Contradicted(
                f"today's log of {today.size} entries is no continuation of the {self.head.size} "
                f"that were kept: its past was rewritten ({fault})"
            ) from None
        return kept
