"""Where an embedded cluster lives, and what lies beside it: its password, its log, its locks."""

import fcntl
import hashlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cms.database.postgres_binaries import VERSION
from cms.database.server_account import Account, EmbeddedServerError

PORT = 5432

# The kernel's limit for the path of a unix socket, without the closing zero byte.
_SOCKET_PATH_LIMIT = 107 if sys.platform == "linux" else 103

_ELSEWHERE = Path("/var/lib/healthcare-cms")


@dataclass(frozen=True)
class ServerHome:
    """A directory that belongs to the server's account and is closed to all others."""

    root: Path
    account: Account

    @classmethod
    def choose(cls, data_dir: Path) -> "ServerHome":
        """Inside the data directory, unless root's own paths keep the account out of it."""
        inside = data_dir / "postgres" / VERSION
        mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
        elsewhere = _ELSEWHERE / mark / VERSION
        for root in (inside, elsewhere):
            if (root / "data").is_dir():  # a cluster that exists is never passed over
                home = cls(root, Account.for_cluster(root / "data"))
                if not home.account.can_enter(root / "data"):
                    raise EmbeddedServerError(
                        f"The account {home.account.uid} cannot reach its cluster {root / 'data'}:"
                        " let it pass through the directories above (chmod o+x)."
                    )
                return home
        home = cls(inside, Account.for_cluster(inside / "data"))
        data_dir.mkdir(parents=True, exist_ok=True)
        _make_passage(inside.parent)
        if not home.account.can_enter(inside.parent):
            home = cls(elsewhere, home.account)
            _make_passage(_ELSEWHERE)
            _make_passage(elsewhere.parent)
        home.account.make_directory(home.root)
        return home

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.root / "data"

    @property
    def log(self) -> Path:
        """What the server and its watchdog say."""
        return self.root / "server.log"

    def open(self, name: str, flags: int) -> int:
        """Open a file of this home, made on first use; never through a link."""
        opened = os.open(self.root / name, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self.account.own(opened)
        return opened

    @contextmanager
    def opened_log(self) -> Iterator[int]:
        """The log, for a child to append to."""
        log = self.open(self.log.name, os.O_WRONLY | os.O_APPEND)
        try:
            yield log
        finally:
            os.close(log)

    @contextmanager
    def starting_alone(self) -> Iterator[None]:
        """Let one process at a time make, start or adopt the server."""
        lock = self.open("start.lock", os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def read_password(self) -> str:
        """The superuser's password."""
        try:
            return (self.root / "password").read_text()
        except FileNotFoundError:
            raise EmbeddedServerError(
                f"The cluster {self.cluster} has lost its password file: put {self.root}/password"
                " back from a backup, or move the cluster away to begin with an empty one."
            ) from None

    def write_new_password(self) -> Path:
        """Draw a password for a cluster to be, and keep it where only the account reads it."""
        kept = self.root / "password"
        kept.unlink(missing_ok=True)
        written = self.open(kept.name, os.O_WRONLY | os.O_EXCL)
        try:
            os.write(written, secrets.token_urlsafe(32).encode())
            os.fsync(written)  # a cluster whose password did not reach the disk is lost
        finally:
            os.close(written)
        return kept

    def socket_dir(self) -> Path:
        """This home if a socket can be named there, else a directory with a short, plain name."""
        if _may_hold_socket(self.root):
            return self.root
        mark = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        short = Path("/tmp") / f"cms-{mark}"  # noqa: S108 (checked below: ours, and closed)
        self.account.make_directory(short)
        found = short.lstat()
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == self.account.uid
        if not is_ours or found.st_mode & 0o077:
            raise EmbeddedServerError(
                f"{short} is not a closed directory of account {self.account.uid}: remove it,"
                " or choose a data directory with a shorter path."
            )
        return short


def _may_hold_socket(directory: Path) -> bool:
    # libpq takes a comma for the end of the first of several hosts, and nothing protects one.
    return (
        "," not in str(directory)
        and len(os.fsencode(directory / f".s.PGSQL.{PORT}")) <= _SOCKET_PATH_LIMIT
    )


def _make_passage(directory: Path) -> None:
    """Make a directory that everybody may pass through; one that exists is left as it is."""
    with suppress(FileExistsError):
        directory.mkdir()
        directory.chmod(0o755)
