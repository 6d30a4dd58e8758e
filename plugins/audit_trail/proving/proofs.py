"""One small file that proves an event to somebody who has nothing but the log's public keys.

C2SP tlog-proof@v1: the event's index, the way from its leaf to a root, and the signed head with
that root. The event itself stands in the `extra` line, as the bytes that the leaf hashes.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from cms.database.work import UnitOfWork
from cms.errors import Conflict
from plugins.audit_trail.hashing.leaf import HASH_BYTES, leaf_hash_of
from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused, VerifierKey
from plugins.audit_trail.hashing.policy import Judgement
from plugins.audit_trail.hashing.tree import ProofRefused, plan_inclusion, verify_inclusion
from plugins.audit_trail.log.subtrees import prove
from plugins.audit_trail.officers.reading import Place, read_head, read_head_of, read_place
from plugins.audit_trail.outside.witnessed import judged, witnessed_head

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LARGEST_PROOF = 1 << 20

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MOST_HASHES = 64


@dataclass(frozen=True)
class LogProof:
    """An entry's index, its inclusion proof, the signed head, and what was hashed, if given.
    `judgement`: what the installation's own policy says of the head; it is not a part of the file,
    for whoever gets it has a policy of their own."""

    index: int
    hashes: tuple[bytes, ...]
    head: Checkpoint
    extra: bytes | None = None
    judgement: Judgement | None = field(default=None, compare=False)

    def encode(self) -> bytes:
        """Write the file."""
        extra = [] if self.extra is None else [f"extra {_base64(self.extra)}"]
        lines = [FIRST_LINE, *extra, f"index {self.index}", *map(_base64, self.hashes), "", ""]
        return "\n".join(lines).encode() + self.head.encode()

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a file; raises NoteRefused unless it is well formed. Nothing is verified yet."""
        if len(raw) > LARGEST_PROOF:
            raise NoteRefused(f"The proof is larger than {LARGEST_PROOF} bytes.")
        head, _, note = raw.partition(b"\n\n")
        try:
            lines = head.decode().split("\n")
        except UnicodeDecodeError:
            raise NoteRefused("The proof is not UTF-8.") from None
        if lines.pop(0) != FIRST_LINE:
            raise NoteRefused(f"The file does not begin with {FIRST_LINE}.")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = _from_base64(lines.pop(0).removeprefix("extra "))
        index = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if index is None or len(lines) > _MOST_HASHES:
            raise NoteRefused("The proof has no line with its index, or too many hashes.")
        hashes = tuple(map(_from_base64, lines))
        if any(len(one) != HASH_BYTES for one in hashes):
            raise NoteRefused(f"Each hash of a proof has {HASH_BYTES} bytes.")
        return cls(int(index[1]), hashes, Checkpoint.parse(note), extra)

    def verify(self, leaf: bytes, trusted: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """The trusted keys that signed a head over this leaf. NoteRefused when none did,
        ProofRefused when the leaf is not below that head."""
        keys = list(trusted)
        if self.head.origin not in {key.name for key in keys}:
            raise NoteRefused(f"No trusted key speaks for the log {self.head.origin}.")
        signers = self.head.signers(keys)
        verify_inclusion(leaf, self.index, self.head.size, self.hashes, self.head.root)
        return signers


async def prove_event(
    work: UnitOfWork, event_id: UUID, *, with_event: bool = True, purpose: str | None = None
) -> LogProof:
    """The proof of an event of this tenant, under the newest head that enough witnesses have
    vouched for; if none is over the event yet, under the newest signed one, and its `judgement`
    says so. The event itself is in it only for a purpose that sees all of it. NotFound for no
    event; Conflict for one that is not below a signed head yet."""
    place = await read_place(work, event_id, purpose=purpose)
    head = await (read_head(work) if place.epoch is None else read_head_of(work, place.epoch))
    if place.seq is None or place.leaf is None or place.seq >= head.size:
        raise Conflict(
            f"The event {event_id} is not below a signed head yet. Heads are signed every few "
            "seconds by the worker (cms worker): ask again."
        )
    checkpoint = Checkpoint.parse(head.note.encode())
    judgement = await judged(work, head.epoch, checkpoint)
    if judgement is not None and not judgement.is_met:
        # The newest one is seconds old: an older one may be good enough for this event.
        vouched = await witnessed_head(work, head.epoch, above=place.seq)
        checkpoint, judgement = vouched or (checkpoint, judgement)
    hashes = await prove(work, head.epoch, plan_inclusion(place.seq, checkpoint.size))
    extra = place.canonical if with_event else None
    proof = LogProof(place.seq, tuple(hashes), checkpoint, extra, judgement)
    _refuse_false(proof, place)
    return proof


def _refuse_false(proof: LogProof, place: Place) -> None:
    """Nobody is handed a proof that does not hold: what stands in the database has been changed."""
    try:
        leaf = leaf_hash_of(place.canonical) if place.canonical else place.leaf or b""
        verify_inclusion(leaf, proof.index, proof.head.size, proof.hashes, proof.head.root)
    except ProofRefused as fault:
        raise Conflict(
            "The stored event is not the one that was signed, or the stored tree is not: "
            f"{fault} Run: cms audit verify"
        ) from fault


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _from_base64(written: str) -> bytes:
    try:
        return b64decode(written, validate=True)
    except ValueError:
        raise NoteRefused(f"This is not base64: {written[:80]!r}.") from None


def keys_of(lines: Sequence[str]) -> tuple[VerifierKey, ...]:
    """The verifier keys of a file with one on each line; empty lines and comments are skipped."""
    return tuple(
        VerifierKey.parse(line.strip())
        for line in lines
        if line.strip() and not line.startswith("#")
    )
