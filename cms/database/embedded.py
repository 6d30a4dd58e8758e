"""The PostgreSQL that comes along: for development and tests, without an installation.

It listens on a unix socket only, asks everybody for a password, and is shared by all processes
that use the same data directory; the last one out stops it.
"""

import fcntl
import os
import shutil
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from cms.database import postmaster
from cms.database.postgres_binaries import Binaries, usable_by
from cms.database.server_account import EmbeddedServerError
from cms.database.server_home import PORT, ServerHome
from cms.database.watchdog import set_watch

__all__ = ["EmbeddedServer", "EmbeddedServerError", "release", "start"]

_SUPERUSER = "postgres"

# PostgreSQL's full-text parser asks the system's character types, not the builtin provider's:
# under "C" it keeps typographic quotes as letters, and no search finds “aspas”.
_CHARACTER_TYPES = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"

_SETTINGS = ("shared_buffers=128MB", "max_connections=100")

_one_at_a_time = threading.Lock()
_held: dict[Path, int] = {}  # cluster -> this process's shared lock on its users.lock


@dataclass(frozen=True)
class EmbeddedServer:
    """A running server and the keys to it."""

    data_dir: Path
    socket_dir: Path
    port: int
    superuser: str
    password: str = field(repr=False)

    def url(
        self, database: str = "postgres", user: str | None = None, password: str | None = None
    ) -> str:
        """A libpq address; without `user` the superuser's, password included."""
        if user is None:
            user, password = self.superuser, password or self.password
        secret = "" if password is None else f":{quote(password, safe='')}"
        return (
            f"postgresql://{quote(user, safe='')}{secret}@/{quote(database, safe='')}"
            f"?host={quote(str(self.socket_dir), safe='')}&port={self.port}"
        )


def start(data_dir: Path) -> EmbeddedServer:
    """Make the cluster under `data_dir` if there is none, run it or join it; blocks till it serves.

    The process counts as a user until it calls `release` or ends, in whatever way it ends.
    Raises EmbeddedServerError.
    """
    try:
        with _one_at_a_time:
            return _start(ServerHome.choose(data_dir.expanduser().resolve()))
    except PermissionError as refused:
        raise EmbeddedServerError(
            f"{refused.filename} belongs to another account, perhaps because the CMS ran as root"
            " before: run it as that account, or choose another data directory."
        ) from refused


def release(server: EmbeddedServer) -> None:
    """This process no longer uses the server, however often it started it."""
    with _one_at_a_time:
        lock = _held.pop(server.data_dir, None)
        if lock is not None:
            os.close(lock)  # not LOCK_UN, which would put a forked child out as well


def _start(home: ServerHome) -> EmbeddedServer:
    lock = _held.get(home.cluster)
    is_new = lock is None
    if lock is None:
        lock = home.open("users.lock", os.O_RDWR)
    try:
        # Before any look at the server: a watchdog that is stopping it holds this lock alone.
        fcntl.flock(lock, fcntl.LOCK_SH)
        with home.starting_alone():
            binaries = usable_by(home.account, home.root)
            if not home.cluster.exists():
                _make_cluster(home, binaries)
            password = home.read_password()
            _ensure_watchdog(home)
            socket_dir = home.socket_dir()
            running = postmaster.bring_up(
                home.cluster,
                socket_dir / f".s.PGSQL.{PORT}",
                home.log,
                launch=_launcher(home, binaries, socket_dir),
            )
    except BaseException:
        if is_new:
            os.close(lock)
        raise
    _held[home.cluster] = lock
    return EmbeddedServer(
        data_dir=home.cluster,
        socket_dir=running.socket_dir or socket_dir,
        port=running.port,
        superuser=_SUPERUSER,
        password=password,
    )


def _make_cluster(home: ServerHome, binaries: Binaries) -> None:
    """Run initdb beside the final place: a cluster is there as a whole, or not at all."""
    unfinished = home.root / "data.unfinished"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    made = home.account.run(
        (
            str(binaries.initdb),
            f"--pgdata={unfinished}",
            f"--username={_SUPERUSER}",
            f"--pwfile={home.write_new_password()}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            f"--lc-ctype={_CHARACTER_TYPES}",
            "--no-instructions",
            *(f"--set={setting}" for setting in _SETTINGS),
        )
    )
    if made.returncode != 0:
        said = made.stdout.strip().splitlines() or ["it said nothing"]
        raise EmbeddedServerError(f"initdb failed; mend what it names and try again: {said[-1]}")
    unfinished.rename(home.cluster)


def _launcher(home: ServerHome, binaries: Binaries, socket_dir: Path) -> Callable[[], int]:
    # A list of directories, as PostgreSQL reads it: a comma separates, quotes protect.
    quoted = '"' + str(socket_dir).replace('"', '""') + '"'
    command = (
        *(str(binaries.postgres), "-D", str(home.cluster), "-k", quoted),
        *("-p", str(PORT), "-c", "listen_addresses="),
    )

    def launch() -> int:
        with home.opened_log() as log:
            return home.account.spawn(command, log=log)

    return launch


def _ensure_watchdog(home: ServerHome) -> None:
    """Post a watchdog unless one is there; it inherits the lock that says so."""
    post = home.open("watchdog.lock", os.O_RDWR)
    try:
        try:
            fcntl.flock(post, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        # An opening of its own: our shared lock must not be the one that it tries to sharpen.
        users = home.open("users.lock", os.O_RDWR)
        try:
            with home.opened_log() as log:
                set_watch(home.cluster, users, post, home.account, log)
        finally:
            os.close(users)
    finally:
        os.close(post)
