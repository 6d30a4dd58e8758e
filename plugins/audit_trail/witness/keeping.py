"""What a witness remembers: of each log the keys that it trusts and the newest head it has seen.

A folder without a database, readable with `cat`:

name                    the name that the witness signs under
keys/*.pem              its private keys, mode 0600
logs/<hash>/trusted     the origin, then the log's verifier keys, one on a line
logs/<hash>/seen        the newest head whose history was checked; nothing smaller is ever signed
logs/<hash>/checkpoint  the same with the witness's own lines: what it shows to monitors
logs/<hash>/conflicts/  heads that the log's own keys signed and that contradict what was seen

<hash> is SHA-256 of the origin (C2SP tlog-witness). The order is: check, keep, sign, answer. What a
kill interrupts was at most kept and not signed, so no two histories are ever signed.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from plugins.audit_trail.hashing.notes import (
    Algorithm,
    Checkpoint,
    KeyRefused,
    NoteRefused,
    SigningKey,
    VerifierKey,
)
from plugins.audit_trail.hashing.tree import EMPTY_ROOT

KEYS = {"ed25519.pem": Algorithm.ED25519_COSIGNATURE, "ml-dsa-44.pem": Algorithm.ML_DSA_44}
LOG_KEYS = {Algorithm.ED25519, Algorithm.ML_DSA_44}
MOST_CONFLICTS = 100


class WitnessUnready(Exception):
    """The folder is not that of a witness, or is damaged; the message says what to do."""


@dataclass(frozen=True)
class Seen:
    """The newest head of a log that was checked."""

    size: int = 0
    root: bytes = EMPTY_ROOT


class Memory:
    """The folder of one witness. Processes and threads part by a lock on each log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def found(self, name: str) -> tuple[SigningKey, ...]:
        """Make the keys of a new witness; WitnessUnready where there is one already."""
        if (self.folder / "name").exists():
            raise WitnessUnready(f"{self.folder} is a witness already: {self.name}")
        (self.folder / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / "logs").mkdir(exist_ok=True)
        for file, algorithm in KEYS.items():
            path = self.folder / "keys" / file
            if not path.exists():
                SigningKey.generate(name, algorithm).save(path)
        replace(self.folder / "name", f"{name}\n".encode())
        return self.own_keys()

    @property
    def name(self) -> str:
        try:
            return (self.folder / "name").read_text().strip()
        except FileNotFoundError:
            raise WitnessUnready(
                f"{self.folder} is no witness yet: cms audit witness init NAME"
            ) from None

    def own_keys(self) -> tuple[SigningKey, ...]:
        """The witness's own keys."""
        name = self.name
        try:
            return tuple(
                SigningKey.load(self.folder / "keys" / file, name, algorithm)
                for file, algorithm in KEYS.items()
            )
        except (KeyRefused, FileNotFoundError) as fault:
            raise WitnessUnready(f"a key cannot be used: {fault}") from None

    def trust(self, origin: str, keys: Sequence[VerifierKey]) -> None:
        """Witness this log from now on, by these keys; those that were trusted before are gone."""
        wrong = [key.name for key in keys if key.name != origin or key.algorithm not in LOG_KEYS]
        if not keys or wrong:
            raise KeyRefused(f"The keys of a log carry its origin as their name: {origin}")
        with self.log(origin, make=True) as log:
            lines = [origin, *(key.vkey for key in keys)]
            replace(log.folder / "trusted", ("\n".join(lines) + "\n").encode())

    def trusted(self, origin: str) -> tuple[VerifierKey, ...]:
        """The keys of a log; none if it is not witnessed here."""
        try:
            lines = (self._place(origin) / "trusted").read_text().splitlines()
        except FileNotFoundError:
            return ()
        return tuple(VerifierKey.parse(line) for line in lines[1:])

    def origins(self) -> list[str]:
        """The logs that are witnessed here."""
        files = sorted((self.folder / "logs").glob("*/trusted"))
        return [file.read_text().split("\n", 1)[0] for file in files]

    def shown(self, place: str) -> bytes | None:
        """The cosigned head of the log with this hash of its origin, if there is one."""
        if len(place) != 64 or not set(place) <= set("0123456789abcdef"):
            return None
        try:
            return (self.folder / "logs" / place / "checkpoint").read_bytes()
        except FileNotFoundError:
            return None

    @contextmanager
    def log(self, origin: str, *, make: bool = False) -> Iterator["LogMemory"]:
        """What is kept of one log, for one process and thread at a time."""
        folder = self._place(origin)
        if make:
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
        with (folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield LogMemory(folder, origin)

    def _place(self, origin: str) -> Path:
        return self.folder / "logs" / sha256(origin.encode()).hexdigest()


@dataclass(frozen=True)
class LogMemory:
    """The folder of one log, under its lock."""

    folder: Path
    origin: str

    def seen(self) -> Seen:
        """The newest head; the empty tree before the first. WitnessUnready when it is damaged."""
        path = self.folder / "seen"
        try:
            head = Checkpoint.parse(path.read_bytes())
        except FileNotFoundError:
            # Without it the witness would begin anew, and sign another history.
            if (self.folder / "checkpoint").exists():
                raise WitnessUnready(
                    f"{path} is gone: restore it, or trust no head again"
                ) from None
            return Seen()
        except NoteRefused as fault:
            raise WitnessUnready(f"{path} is damaged: {fault}") from None
        if head.origin != self.origin:
            raise WitnessUnready(f"{path} is of another log, {head.origin}")
        return Seen(head.size, head.root)

    def keep(self, head: Checkpoint) -> None:
        """On the disk before anything is signed."""
        replace(self.folder / "seen", head.encode())

    def show(self, head: Checkpoint) -> None:
        replace(self.folder / "checkpoint", head.encode())

    def keep_conflict(self, head: Checkpoint) -> None:
        """Keep what the log's own keys signed against its past: with what was seen it proves it."""
        folder = self.folder / "conflicts"
        folder.mkdir(exist_ok=True)
        path = folder / f"{head.size:020d}-{head.root.hex()[:16]}.note"
        if not path.exists() and len(list(folder.glob("*.note"))) < MOST_CONFLICTS:
            replace(path, head.encode())

    def conflicts(self) -> int:
        return len(list((self.folder / "conflicts").glob("*.note")))


def replace(path: Path, content: bytes) -> None:
    """Exchange a file's content in one step, on the disk before this returns."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
