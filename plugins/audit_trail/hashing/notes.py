"""Signed notes and checkpoints: the text form in which a tree head leaves the machine.

C2SP signed-note@v1.0.0, tlog-checkpoint@v1.0.0 and tlog-cosignature (state of 2026-07).
"""

import hashlib
import os
import re
import stat
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from plugins.audit_trail.hashing.leaf import HASH_BYTES

LARGEST_SIZE = 2**63 - 1
"""What a bigint holds; the signed structure has room for one bit more."""

MOST_SIGNATURES = 64
"""signed-note asks verifiers for a limit, and for at least 16."""

LARGEST_NOTE = 1 << 19

_SIGNATURE_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteRefused(Exception):
    """The note is malformed, or nobody trusted has signed it, or a trusted signature is wrong."""


class KeyRefused(Exception):
    """The key cannot be used: wrong kind, unreadable, or open to other users."""


class Algorithm(IntEnum):
    """The signature type bytes that C2SP assigned (signed-note, «Signature types»)."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44 = 0x06  # always a timestamped cosignature; there is no plain ML-DSA line


PrivateKey = Ed25519PrivateKey | MLDSA44PrivateKey


@dataclass(frozen=True)
class Signature:
    """One signature line: who claims to have signed, with which key, and the signature."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """Write the line, with its newline."""
        return f"— {self.name} {_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True)
class Note:
    """A text that ends with a newline, and the lines that sign it."""

    text: str
    signatures: tuple[Signature, ...] = ()

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a note; raises `NoteRefused` unless it is well formed and has a signature line."""
        if len(raw) > LARGEST_NOTE:
            raise NoteRefused(f"The note is larger than {LARGEST_NOTE} bytes.")
        try:
            written = raw.decode()
        except UnicodeDecodeError:
            raise NoteRefused("The note is not UTF-8.") from None
        if _CONTROL.search(written):
            raise NoteRefused("The note holds a control character.")
        # The last empty line parts them: the text may hold empty lines of its own.
        text, gap, tail = written.rpartition("\n\n")
        if not gap or not tail.endswith("\n"):
            raise NoteRefused("The note lacks its signature lines, or its end.")
        lines = tail[:-1].split("\n")
        if len(lines) > MOST_SIGNATURES:
            raise NoteRefused(f"The note has more than {MOST_SIGNATURES} signatures.")
        return cls(text + "\n", tuple(_parse_line(line) for line in lines))

    def encode(self) -> bytes:
        """Write the note as it is published."""
        return (self.text + "\n" + "".join(s.line() for s in self.signatures)).encode()

    def signers(self, trusted: Iterable["VerifierKey"]) -> tuple["VerifierKey", ...]:
        """Return the trusted keys that signed. Lines of unknown keys are ignored.

        Raises `NoteRefused` when none did, or when the line of a trusted key does not verify.
        """
        known = {(key.name, key.key_id): key for key in trusted}
        signed: dict[tuple[str, bytes], VerifierKey] = {}
        for signature in self.signatures:
            identity = (signature.name, signature.key_id)
            if key := known.get(identity):
                key.verify(self.text, signature)
                signed[identity] = key
        if not signed:
            raise NoteRefused("No trusted key has signed this note.")
        return tuple(signed.values())


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: origin, number of leaves, root hash, and who signed it."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...] = ()

    def __post_init__(self) -> None:
        if not _is_origin(self.origin):
            raise NoteRefused(f"{self.origin!r} is no origin: one line of 1 to 255 bytes.")
        if not 0 <= self.size <= LARGEST_SIZE:
            raise NoteRefused(f"{self.size} is no tree size.")
        if len(self.root) != HASH_BYTES:
            raise NoteRefused(f"A root hash has {HASH_BYTES} bytes, not {len(self.root)}.")

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a signed checkpoint; its signatures are not verified yet."""
        note = Note.parse(raw)
        return replace(cls.parse_text(note.text), signatures=note.signatures)

    @classmethod
    def parse_text(cls, text: str) -> Self:
        """Read the three lines that are signed.

        Extension lines are refused: no log of ours writes them, and ML-DSA does not sign them.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise NoteRefused("A checkpoint has three lines: origin, size, root hash.")
        origin, size, root, _ = lines
        if not _SIZE.fullmatch(size):
            raise NoteRefused(f"{size!r} is no tree size.")
        return cls(origin, int(size), _from_base64(root))

    @property
    def text(self) -> str:
        """The signed lines (tlog-checkpoint, «Note text»)."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    def encode(self) -> bytes:
        """Write the checkpoint as it is published."""
        return Note(self.text, self.signatures).encode()

    def signed(self, keys: Iterable["SigningKey"], at: int) -> Self:
        """Add a line of each key; `at` is the moment in seconds since 1970."""
        lines = tuple(key.sign(self.text, at) for key in keys)
        return replace(self, signatures=self.signatures + lines)

    def signers(self, trusted: Iterable["VerifierKey"]) -> tuple["VerifierKey", ...]:
        """Return the trusted keys that signed, as `Note.signers` does."""
        return Note(self.text, self.signatures).signers(trusted)


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name and algorithm it is trusted under."""

    name: str
    algorithm: Algorithm
    public: bytes

    def __post_init__(self) -> None:
        if not _is_name(self.name):
            raise KeyRefused(f"{self.name!r} is no key name: 1 to 255 bytes, no spaces, no plus.")
        wanted = 1312 if self.algorithm is Algorithm.ML_DSA_44 else 32
        if len(self.public) != wanted:
            raise KeyRefused(f"A key of this algorithm has {wanted} bytes, not {len(self.public)}.")

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read a vkey, `name+keyid+base64` (signed-note, «Verifier keys»)."""
        parts = written.split("+", 2)  # base64 may hold a plus, names may not
        if len(parts) != 3:
            raise KeyRefused("A verifier key has three parts: name+id+key.")
        name, key_id, encoded = parts
        try:
            material = _from_base64(encoded)
            key = cls(name, Algorithm(material[0]), material[1:])
        except (NoteRefused, IndexError, ValueError):
            raise KeyRefused("The verifier key is malformed, or of an unknown type.") from None
        if key.key_id.hex() != key_id:
            raise KeyRefused(f"The verifier key says id {key_id}; its id is {key.key_id.hex()}.")
        return key

    @property
    def key_id(self) -> bytes:
        """SHA-256(name, newline, type byte, public key), the first four bytes (signed-note)."""
        material = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return hashlib.sha256(material).digest()[:4]

    @property
    def vkey(self) -> str:
        """The text form that verifiers are configured with."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.algorithm]) + self.public)}"

    def verify(self, text: str, signature: Signature) -> int | None:
        """Check one signature; return its time in seconds since 1970, if the type has one."""
        at, value = None, signature.value
        if self.algorithm is not Algorithm.ED25519:
            at, value = int.from_bytes(value[:8], "big"), value[8:]
        message = _signed_message(self, text, at or 0)
        try:
            if self.algorithm is Algorithm.ML_DSA_44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(value, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(value, message)
        except InvalidSignature:
            raise NoteRefused(f"The signature of {self.name} does not verify.") from None
        return at


@dataclass(frozen=True)
class SigningKey:
    """A private key with the name and algorithm it signs under."""

    verifier: VerifierKey
    private: PrivateKey

    @classmethod
    def of(cls, name: str, algorithm: Algorithm, private: PrivateKey) -> Self:
        """Give a private key its name; raises `KeyRefused` for a key of another kind."""
        if isinstance(private, MLDSA44PrivateKey) is not (algorithm is Algorithm.ML_DSA_44):
            raise KeyRefused(f"{type(private).__name__} cannot make {algorithm.name} signatures.")
        return cls(VerifierKey(name, algorithm, private.public_key().public_bytes_raw()), private)

    @classmethod
    def generate(cls, name: str, algorithm: Algorithm) -> Self:
        """Make a new key, in memory only."""
        if algorithm is Algorithm.ML_DSA_44:
            return cls.of(name, algorithm, MLDSA44PrivateKey.generate())
        return cls.of(name, algorithm, Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, path: Path, name: str, algorithm: Algorithm) -> Self:
        """Read a PEM file that nobody else can read."""
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise KeyRefused(f"{path} is open to other users: chmod 600 it, or replace it.")
            pem = file.read()
        try:
            private = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            raise KeyRefused(f"{path} holds no private key without password in PEM.") from None
        if not isinstance(private, PrivateKey):
            raise KeyRefused(f"{path} holds a {type(private).__name__}.")
        return cls.of(name, algorithm, private)

    def save(self, path: Path) -> None:
        """Write the key to a new PEM file of mode 0600; never over another one."""
        pem = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
                to.write(pem)
                to.flush()
                os.fsync(to.fileno())
            # A link refuses an existing name and shows the file whole or not at all.
            os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)

    def sign(self, text: str, at: int) -> Signature:
        """Sign a text; cosignature types take a checkpoint only, and record the moment `at`."""
        value = self.private.sign(_signed_message(self.verifier, text, at))
        if self.verifier.algorithm is not Algorithm.ED25519:
            value = at.to_bytes(8, "big") + value
        return Signature(self.verifier.name, self.verifier.key_id, value)


def verifiers(keys: Sequence[SigningKey]) -> tuple[VerifierKey, ...]:
    """Return the public halves."""
    return tuple(key.verifier for key in keys)


def _signed_message(key: VerifierKey, text: str, at: int) -> bytes:
    if key.algorithm is Algorithm.ED25519:
        return text.encode()
    if not 0 <= at < 2**63:
        raise NoteRefused(f"{at} is no moment for a cosignature (tlog-cosignature, «Format»).")
    if key.algorithm is Algorithm.ED25519_COSIGNATURE:
        Checkpoint.parse_text(text)
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    return _cosigned_message(key.name, Checkpoint.parse_text(text), at)


def _cosigned_message(cosigner: str, head: Checkpoint, at: int) -> bytes:
    """Build the structure of tlog-cosignature, «ML-DSA-44 signed message»; its start is leaf 0."""
    name, origin = cosigner.encode(), head.origin.encode()
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes([len(name)]) + name,
            struct.pack(">Q", at),
            bytes([len(origin)]) + origin,
            struct.pack(">QQ", 0, head.size),
            head.root,
        )
    )


def _parse_line(line: str) -> Signature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None or not _is_name(match[1]):
        raise NoteRefused(f"This is no signature line: {line[:80]!r}.")
    signature = _from_base64(match[2])
    if len(signature) < 5:
        raise NoteRefused(f"The signature of {match[1]} is too short.")
    return Signature(match[1], signature[:4], signature[4:])


def _is_origin(origin: str) -> bool:
    # At most 255 bytes, for the signed structure keeps the length in one.
    return not _CONTROL.search(origin) and "\n" not in origin and 0 < len(origin.encode()) <= 255


def _is_name(name: str) -> bool:
    return _is_origin(name) and not any(c.isspace() or c == "+" for c in name)


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _from_base64(written: str) -> bytes:
    try:
        data = b64decode(written, validate=True)
    except ValueError:
        raise NoteRefused(f"This is not base64: {written[:80]!r}.") from None
    # Spare bits would give one signature several spellings.
    if _base64(data) != written:
        raise NoteRefused(f"This is not the canonical base64: {written[:80]!r}.")
    return data
