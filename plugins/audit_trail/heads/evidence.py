"""The folder that the database server cannot reach: the log's epoch, its keys, its signed heads.

epoch            the canonical bytes of the epoch: origin, public keys, algorithm
keys/*.pem       the private halves, mode 0600
heads/, latest   the signed notes (plugins/audit_trail/heads/signer.py)
"""

import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from plugins.audit_trail.hashing.canonical import canonical_bytes, timestamp
from plugins.audit_trail.hashing.leaf import SCHEMA_VERSION, Epoch
from plugins.audit_trail.hashing.notes import Algorithm, KeyRefused, SigningKey, VerifierKey
from plugins.audit_trail.hashing.tree import EMPTY_ROOT
from plugins.audit_trail.heads.signer import HeadKeeper

KEYS = {"ed25519.pem": Algorithm.ED25519, "ml-dsa-44.pem": Algorithm.ML_DSA_44}


class EvidenceMissing(Exception):
    """The folder does not hold what it must; the message says what and what to restore."""


class Evidence:
    """Reads the folder, and opens a new log in an empty one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def epoch(self) -> Epoch | None:
        """The epoch that this folder belongs to, or None before the first one."""
        path = self.folder / "epoch"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Epoch)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as fault:
            raise EvidenceMissing(f"{path} is damaged ({fault}): restore it from a copy") from None

    def open_log(self, site: str) -> Epoch:
        """Make keys and a new epoch, and sign the empty tree. A kill in between loses nothing."""
        (self.folder / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
        # Two installations may answer under one name, so the origin holds something of its own.
        origin = f"{site}/audit/{secrets.token_hex(4)}"
        public = [key.verifier.vkey for key in self._keys(origin, make=True)]
        epoch = Epoch(
            origin=origin,
            number=0,
            opened_at=timestamp(datetime.now(UTC)),
            schema_version=SCHEMA_VERSION,
            hash_algorithm="sha-256",
            verifier_keys=public,
            closing_checkpoint=None,
        )
        self._write_epoch(canonical_bytes(msgspec.structs.asdict(epoch)))
        return epoch

    def keeper(self, epoch: Epoch) -> HeadKeeper:
        """The keeper of the signed heads, which begin with that of the empty tree."""
        keeper = HeadKeeper(self.folder, epoch.origin, self._keys(epoch.origin, make=False))
        if keeper.last() is None:
            keeper.sign(0, EMPTY_ROOT)
        return keeper

    def heads(self) -> list[Path]:
        """The files of all signed heads, smallest tree first."""
        return sorted((self.folder / "heads").glob("[0-9]*.note"))

    def _keys(self, origin: str, *, make: bool) -> Sequence[SigningKey]:
        found = []
        for name, algorithm in KEYS.items():
            path = self.folder / "keys" / name
            if make and not path.exists():
                SigningKey.generate(origin, algorithm).save(path)
            try:
                found.append(SigningKey.load(path, origin, algorithm))
            except FileNotFoundError:
                raise EvidenceMissing(f"{path} is gone: restore it from a copy") from None
        return found

    def _write_epoch(self, content: bytes) -> None:
        draft = self.folder / ".epoch.draft"
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self.folder / "epoch")


def trusted_keys(epoch: Epoch) -> tuple[VerifierKey, ...]:
    """The public keys of the epoch; raises EvidenceMissing when one is none."""
    try:
        return tuple(VerifierKey.parse(vkey) for vkey in epoch.verifier_keys)
    except KeyRefused as fault:
        raise EvidenceMissing(f"the epoch names a key that is none: {fault}") from None
