"""Encryption of single values, each bound to the place where it stands.

A sealed value is `0x01 | key id (4) | nonce (12) | ciphertext and tag`. The additional data are the
tenant, the table, the subject, the field and the key, each with its length before it: a value that
is moved to another place cannot be opened there (NIST SP 800-38D; AES-256-GCM with random nonces,
good for 2^32 values a key).
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cms.errors import SetupError, Unavailable

FORMAT = 1
KEY_BYTES, NONCE_BYTES, _HEAD = 32, 12, 5


class CannotBeOpened(Unavailable):
    """The value was changed, moved, or sealed with another key."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}. Whoever keeps the installation can find out by: cms check")


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands."""

    tenant_id: int
    table: str
    subject: str
    subject_id: int
    field: str

    def additional_data(self, key_id: int) -> bytes:
        """What the ciphertext is bound to, unambiguous by lengths."""
        parts = (
            str(FORMAT), str(self.tenant_id), self.table, self.subject, str(self.subject_id),
            self.field, str(key_id),
        )  # fmt: skip
        encoded = [part.encode() for part in parts]
        return b"".join(len(one).to_bytes(4, "big") + one for one in encoded)


def seal(key: bytes, key_id: int, place: Place, plain: bytes) -> bytes:
    """The value, sealed at its place."""
    nonce = os.urandom(NONCE_BYTES)
    head = bytes([FORMAT]) + key_id.to_bytes(4, "big")
    return head + nonce + AESGCM(key).encrypt(nonce, plain, place.additional_data(key_id))


def unseal(key: bytes, place: Place, sealed: bytes) -> bytes:
    """The value in clear; CannotBeOpened when it is not what was sealed at this place."""
    key_id = key_id_of(sealed)
    nonce, rest = sealed[_HEAD : _HEAD + NONCE_BYTES], sealed[_HEAD + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, rest, place.additional_data(key_id))
    except InvalidTag as error:
        raise CannotBeOpened("A sealed value cannot be opened") from error


def key_id_of(sealed: bytes) -> int:
    """The id of the key that a value was sealed with; CannotBeOpened for anything else."""
    if len(sealed) < _HEAD + NONCE_BYTES + 16 or sealed[0] != FORMAT:
        raise CannotBeOpened("A sealed value has no known format")
    return int.from_bytes(sealed[1:_HEAD], "big")


class PlatformKey:
    """The installation's key that wraps the keys of tenants; it never seals a value itself.

    It lies in a file outside of the database: a dump of the database alone opens nothing.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def wrap(self, place: Place, key: bytes) -> bytes:
        return seal(self._key, 0, place, key)

    def unwrap(self, place: Place, wrapped: bytes) -> bytes:
        return unseal(self._key, place, wrapped)

    @classmethod
    def load(cls, path: Path, *, create: bool) -> "PlatformKey":
        """Read the key, 64 hexadecimal digits; with `create` make one (mode 0600) when there is
        none yet."""
        if create and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(KEY_BYTES))
        try:
            key = bytes.fromhex(path.read_text().strip())
        except (OSError, ValueError) as error:
            raise SetupError(
                f"cannot read the platform key {path}: put 64 hexadecimal digits there (mode 0600) "
                "and name the file in CMS_PLATFORM_KEY_FILE. Only the key that it was made with "
                "opens what is sealed.",
            ) from error
        if len(key) != KEY_BYTES:
            raise SetupError(f"the platform key {path} must be 64 hexadecimal digits")
        return cls(key)
