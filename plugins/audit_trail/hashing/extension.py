"""A head with the proof that it continues an older one: the body of C2SP tlog-witness
`add-checkpoint` (state of 2026-07), and what an officer who keeps an old head is answered."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Self

from plugins.audit_trail.hashing.leaf import HASH_BYTES
from plugins.audit_trail.hashing.notes import LARGEST_NOTE, LARGEST_SIZE, Checkpoint, NoteRefused
from plugins.audit_trail.hashing.tree import verify_consistency

MOST_HASHES = 63
LARGEST_EXTENSION = LARGEST_NOTE + 4096

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True)
class Extension:
    """From `old` entries to those of `head`; the proof is RFC 6962 §2.1.2."""

    old: int
    proof: tuple[bytes, ...]
    head: Checkpoint

    def encode(self) -> bytes:
        """Write it."""
        hashes = [b64encode(one).decode() for one in self.proof]
        return "\n".join([f"old {self.old}", *hashes, "", ""]).encode() + self.head.encode()

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read it; NoteRefused unless it is well formed. Nothing is verified yet."""
        if len(raw) > LARGEST_EXTENSION:
            raise NoteRefused(f"It is larger than {LARGEST_EXTENSION} bytes.")
        above, gap, note = raw.partition(b"\n\n")
        lines = above.decode("ascii", "replace").split("\n")
        old = _OLD.fullmatch(lines[0])
        if not gap or old is None or int(old[1]) > LARGEST_SIZE:
            raise NoteRefused(
                "The first line must be: old, a space, a size without leading zeroes."
            )
        hashes = lines[1:]
        if len(hashes) > MOST_HASHES:
            raise NoteRefused(f"A proof has at most {MOST_HASHES} lines.")
        return cls(int(old[1]), tuple(map(_hash, hashes)), Checkpoint.parse(note))

    def verify(self, old_root: bytes) -> None:
        """Raises ProofRefused unless the head continues the tree with this root."""
        verify_consistency(self.old, old_root, self.head.size, self.head.root, self.proof)


def _hash(line: str) -> bytes:
    try:
        found = b64decode(line, validate=True)
    except ValueError:
        raise NoteRefused(f"This is not base64: {line[:80]!r}.") from None
    # Spare bits would give one proof several spellings.
    if len(found) != HASH_BYTES or b64encode(found).decode() != line:
        raise NoteRefused(f"This is no hash of {HASH_BYTES} bytes: {line[:80]!r}.")
    return found
