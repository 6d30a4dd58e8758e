"""What the sequencer asks of whoever holds the keys, wherever that is.

`LocalSigner` (heads/local.py) signs inside of the worker; `RemoteSigner` (heads/remote.py) asks a
process of its own (heads/process.py). Both refuse with `HeadRefused` and `HeadsUnreadable`.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

import msgspec

from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.heads.evidence import Distrust, Seam


class SignerUnreachable(Exception):
    """The signer does not answer, or not in time. Nothing is lost: ask it again."""


class NextEpoch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name and the public keys of the epoch to come; its private keys exist already."""

    number: int
    origin: str
    verifier_keys: list[str]


class Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an epoch ends: at this head. The old keys are destroyed, or kept for the operator to put
    away; `distrust` says since when they were in other hands."""

    size: int
    root: bytes
    destroy_keys: bool
    distrust: Distrust | None = None


class HeadPort(Protocol):
    """The signer of one log. All of it blocks: call it in a thread."""

    def epochs(self) -> list[Epoch]:
        """All epochs, the first one first; none before `open`."""

    def open(self, site: str) -> Epoch:
        """Begin the log, or return the epoch that it is in."""

    def last(self) -> Checkpoint:
        """The newest head of today's epoch, signed; the next proof starts from it."""

    def sign(self, size: int, root: bytes, proof: Sequence[bytes]) -> Checkpoint:
        """Sign the head of the grown tree; the same head again gets the same note."""

    def prepare(self, site: str) -> NextEpoch:
        """Make the keys of the next epoch; asked again, the same ones."""

    def roll(self, site: str, closing: Closing) -> Epoch:
        """Close today's epoch at its last head and open the prepared one."""

    def seams(self) -> list[Seam]:
        """What ties each epoch to the one before."""

    def thin(self, pinned: Collection[int]) -> int:
        """Remove superfluous heads except of these sizes (heads/thinning.py); how many."""
