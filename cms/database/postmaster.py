"""A cluster's postmaster: whether it lives, and how it is brought up and down.

`postmaster.pid` outlives a killed server, and its pid may since belong to somebody else. So the
file alone is never believed. Neither is the start time in it: after a step of the clock, as a
resumed virtual machine makes, it disagrees with /proc about a server that is well.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cms.database.server_account import EmbeddedServerError

# Crash recovery replays the write-ahead log before the server answers: minutes, not seconds.
START_PATIENCE = 300.0

# Both pass by themselves: a dead server's sessions notice within moments, and PostgreSQL itself
# ends within a minute when its pid file was taken away.
_PASSING_REFUSALS = ("is still in use", "already exists")

# A server that ends without a word was killed, or cannot run at all.
_SILENT_TRIES = 3

_PAUSE = 0.02

_PROC = Path("/proc")  # macOS has none, and is asked with ps


@dataclass(frozen=True)
class Postmaster:
    """What a living server wrote about itself; the last lines appear while it starts."""

    pid: int
    socket_dir: Path | None
    port: int
    status: str

    @property
    def is_ready(self) -> bool:
        """Whether it takes connections: not while it starts, recovers or stops."""
        return self.status == "ready" and self.socket_dir is not None


def find(cluster: Path) -> Postmaster | None:
    """The living server of the cluster, or None."""
    written = _read(cluster / "postmaster.pid")
    if written is None or not (serves(written.pid, cluster) or _answers(written)):
        return None
    return written


def serves(pid: int, cluster: Path) -> bool:
    """Whether this process is a living postmaster of this cluster, by its command line.

    The command line can be read where /proc/<pid>/exe cannot: by root in a container without
    CAP_SYS_PTRACE. A zombie has none.
    """
    program, named, _ = _command_line(pid).partition(f" -D {cluster} ")
    return bool(named) and program.endswith("/postgres")


def bring_up(cluster: Path, socket_file: Path, log: Path, launch: Callable[[], int]) -> Postmaster:
    """Adopt the cluster's server, or `launch` one; returns when it takes connections."""
    deadline = time.monotonic() + START_PATIENCE
    launched, log_end, tries = 0, 0, 0
    while time.monotonic() < deadline:
        server = find(cluster)
        if server is not None and server.is_ready:
            return server
        if server is None and not _command_line(launched):
            if launched:
                _raise_unless_passing(_lines_after(log, log_end), tries)
                time.sleep(_PAUSE * 10)
            for claim in (cluster / "postmaster.pid", Path(f"{socket_file}.lock")):
                _drop_false_claim(claim, cluster)
            log_end = log.stat().st_size if log.exists() else 0
            launched, tries = launch(), tries + 1
        time.sleep(_PAUSE)
    raise EmbeddedServerError(
        f"PostgreSQL was not ready after {START_PATIENCE:.0f} s: see {log}, then start again."
    )


def take_down(cluster: Path, patience: float = 60.0) -> bool:
    """Stop the cluster's server, if one runs here; False when it would not stop in time."""
    server = find(cluster)
    if server is None or not serves(server.pid, cluster):
        return True
    # Fast first: sessions are ended, everything is written. Immediate after that: nothing
    # committed is lost, the next start replays the log.
    for sign in (signal.SIGINT, signal.SIGQUIT):
        with suppress(ProcessLookupError):
            os.kill(server.pid, sign)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not serves(server.pid, cluster):
                return True
            time.sleep(_PAUSE)
    return False


def _read(pid_file: Path) -> Postmaster | None:
    try:
        lines = pid_file.read_text(errors="replace").splitlines()
        lines += [""] * (8 - len(lines))
        socket_dir = Path(lines[4]) if lines[4] else None
        return Postmaster(int(lines[0]), socket_dir, int(lines[3] or 0), lines[7].strip())
    except (FileNotFoundError, ValueError):
        return None


def _command_line(pid: int) -> str:
    """The words of a living process with one blank after each; empty for a dead one."""
    if pid <= 0:
        return ""
    if _PROC.is_dir():
        with suppress(OSError):
            words = (_PROC / str(pid) / "cmdline").read_bytes()
            return os.fsdecode(words.replace(b"\0", b" "))
        return ""
    listed = subprocess.run(  # noqa: S603 (a number is the only word that varies)
        ("/bin/ps", "-ww", "-o", "command=", "-p", str(pid)),
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    return listed.stdout.rstrip("\n")


def _answers(server: Postmaster) -> bool:
    """Whether somebody listens on its socket: a server in another container has no pid here."""
    if server.socket_dir is None:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        try:
            door.connect(str(server.socket_dir / f".s.PGSQL.{server.port}"))
        except OSError:
            return False
    return True


def _drop_false_claim(claim: Path, cluster: Path) -> None:
    """Remove a pid file that would keep PostgreSQL from starting, though no server is alive.

    A dead pid is left to PostgreSQL, which then also looks for orphaned sessions of that server.
    """
    if not claim.exists():
        return
    claimed = _read(claim)
    if claimed is not None:
        if serves(claimed.pid, cluster):
            return  # alive without its pid file: it notices within a minute, and ends
        try:
            os.kill(abs(claimed.pid), 0)
        except ProcessLookupError:
            return
        except PermissionError:
            return  # another account's process; PostgreSQL ignores those by itself
    claim.unlink(missing_ok=True)


def _lines_after(log: Path, end: int) -> list[str]:
    with log.open("rb") as text:
        text.seek(end)
        return text.read().decode(errors="replace").splitlines()


def _raise_unless_passing(said: list[str], tries: int) -> None:
    refusals = [line for line in said if "FATAL:" in line or "PANIC:" in line]
    if any(reason in line for reason in _PASSING_REFUSALS for line in refusals):
        return
    if not refusals and tries < _SILENT_TRIES:
        return  # killed from outside
    last = (refusals or said or ["it said nothing"])[-1].strip()
    raise EmbeddedServerError(
        f"PostgreSQL did not start; mend what it names and start again: {last}"
    )
