"""The seal of a queued entry: a keyed hash that only the processes of the installation can make.

Between the commit and the log an entry is a row of the database and nothing else vouches for it.
The key of a writer is one block of HKDF-Expand (RFC 5869 §2.3) from the installation's key, which
lies in a file; neither is ever sent to the database. First byte in use: 05 (see leaf.py).
"""

import hmac
from collections.abc import Callable
from hashlib import sha256

Sign = Callable[[str], bytes]
"""HMAC-SHA256 of a text under the installation's key (`Workshop.sign`)."""


def writer_key(sign: Sign, writer_id: str) -> bytes:
    """The key of one writer: HKDF-Expand(installation's key, "audit-writer:<id>", 32)."""
    return sign(f"audit-writer:{writer_id}\x01")


def entry_mac(key: bytes, leaf: bytes, writer_id: str, number: int) -> bytes:
    """HMAC-SHA256(key, 05 || leaf hash || number || writer id): this leaf, under this number."""
    said = b"\x05" + leaf + number.to_bytes(8, "big") + writer_id.encode()
    return hmac.digest(key, said, sha256)


def is_genuine(key: bytes, leaf: bytes, writer_id: str, number: int, mac: bytes) -> bool:
    """Whether the writer of this key queued this leaf under this number."""
    return number >= 0 and hmac.compare_digest(entry_mac(key, leaf, writer_id, number), mac)
