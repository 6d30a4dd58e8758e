"""The sealed personal values of an export beside its events: each is what its event is bound to."""

from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import msgspec

from plugins.audit_trail.hashing.leaf import FirstEnvelope


class ValueAltered(ValueError):
    """A sealed value is not the one that its event committed to."""


class _Sealed(msgspec.Struct, frozen=True):
    event_id: UUID
    erased: bool
    salt: bytes | None = None
    ciphertext: bytes | None = None


class SealedValues:
    """Met in the order of the events; without a file there are none."""

    def __init__(self, path: Path) -> None:
        self.sealed = self.erased = 0
        self._file: BinaryIO | None = path.open("rb") if path.exists() else None
        self._next = self._read()

    def meet(self, event: FirstEnvelope) -> None:
        """The next event of the export."""
        found = self._next
        if found is None or str(found.event_id) != event.event_id:
            return
        if found.erased:
            self.erased += 1
            is_bound = event.pii_commitment is not None
        else:
            self.sealed += 1
            salt, sealed = found.salt or b"", found.ciphertext or b""
            bound = sha256(b"\x03" + salt + sealed + found.event_id.bytes).hexdigest()
            is_bound = len(salt) == 32 and bound == event.pii_commitment
        if not is_bound:
            raise ValueAltered(f"the personal values of event {event.event_id} are not its own")
        self._next = self._read()

    def end(self) -> None:
        """Nothing may be left over."""
        if self._next is not None:
            raise ValueAltered(f"personal values of {self._next.event_id}, which is not exported")

    def _read(self) -> _Sealed | None:
        line = self._file.readline() if self._file is not None else b""
        return msgspec.json.decode(line, type=_Sealed) if line else None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
