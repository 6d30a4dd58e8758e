"""Random secrets and the passwords that people choose. Nothing here is ever logged."""

import asyncio
import hashlib
import hmac
import os
import secrets
import string
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from cms.errors import SetupError

V = TypeVar("V")

SHORTEST_PASSWORD, LONGEST_PASSWORD, FEWEST_CHARACTERS = 12, 1000, 5
_ALPHABET = string.ascii_letters + string.digits
_HASHER = PasswordHasher()
# Argon2id takes 64 MiB and a processor each time: more at once would starve the other requests.
_HASHING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


class SecretKey:
    """The installation's key. Random secrets are stored as HMAC-SHA256 under it: a keyed fast hash
    is right for 128 random bits, argon2id is for passwords that people choose."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def digest(self, secret: str) -> bytes:
        return hmac.digest(self._key, secret.encode(), hashlib.sha256)

    @classmethod
    def load(cls, path: Path, *, create: bool) -> "SecretKey":
        """Read the key; with `create` make one (mode 0600) when there is none yet."""
        if create and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_hex(32).encode())
        try:
            key = path.read_bytes().strip()
        except OSError as error:
            raise SetupError(
                f"cannot read the secret key {path}: {error.strerror}. Put 32 random bytes there "
                "(mode 0600) and name the file in CMS_SECRET_KEY_FILE."
            ) from error
        if len(key) < 32:
            raise SetupError(f"the secret key {path} is too short: at least 32 bytes are needed.")
        return cls(key)


def new_application_password() -> str:
    """24 letters and digits in six groups of four, as WordPress shows them (143 bits)."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(24))
    return " ".join(drawn[i : i + 4] for i in range(0, 24, 4))


def new_token() -> str:
    """An opaque bearer token; the prefix lets secret scanners find a leaked one."""
    return "cmst_" + secrets.token_urlsafe(32)


def weakness_of(password: str, *known: str) -> str | None:
    """What is wrong with a password that a person wants, in words for her; None when nothing is.
    Length is what counts (NIST SP 800-63B §5.1.1.2), and it must not be what others know of her."""
    if len(password) < SHORTEST_PASSWORD:
        return f"must have at least {SHORTEST_PASSWORD} characters; add some words"
    if len(password) > LONGEST_PASSWORD:
        return f"must have at most {LONGEST_PASSWORD} characters"
    if len(set(password.casefold())) < FEWEST_CHARACTERS:
        return f"must have at least {FEWEST_CHARACTERS} different characters; add some words"
    if password.casefold() in {name.casefold() for name in known}:
        return "must not be the login or the e-mail address; choose some words"
    return None


async def hash_password(password: str) -> str:
    """Argon2id, in a thread: it takes tens of milliseconds by design."""
    return await _aside(_HASHER.hash, password)


async def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password. An unknown person costs the same time as a known one."""
    wanted = password_hash or _OF_NOBODY
    try:
        await _aside(_HASHER.verify, wanted, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


async def _aside(fn: Callable[..., V], *values: str) -> V:
    return await asyncio.get_running_loop().run_in_executor(_HASHING, fn, *values)


def of_nobody(like: PasswordHasher) -> str:
    """The hash of no password, as costly to compare as those of people. Its bits are drawn and not
    worked out: every start of a command would pay for that."""
    kind, cost = "argon2id", f"m={like.memory_cost},t={like.time_cost},p={like.parallelism}"
    drawn = (b64encode(secrets.token_bytes(size)) for size in (like.salt_len, like.hash_len))
    salt, bits = (one.decode().rstrip("=") for one in drawn)
    return f"${kind}$v={ARGON2_VERSION}${cost}${salt}${bits}"


_OF_NOBODY = of_nobody(_HASHER)
