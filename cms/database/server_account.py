"""The account an embedded PostgreSQL runs as, and how work is done in its name."""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_UNPRIVILEGED = ("postgres", "nobody")

# The command after it becomes an orphan: nobody's zombie when it dies, and out of reach of the
# terminal's Ctrl-C. Its output joins stderr, so that it does not hold the pipe of its pid open.
_IN_THE_BACKGROUND = ("/bin/sh", "-c", '"$@" >&2 & echo $!', "sh")


class EmbeddedServerError(RuntimeError):
    """The embedded PostgreSQL cannot serve; the message is one line that says what to do."""


@dataclass(frozen=True)
class Account:
    """A system account by its numbers; everything that belongs to a cluster belongs to it."""

    uid: int
    gid: int

    @classmethod
    def for_cluster(cls, cluster: Path) -> "Account":
        """Whoever made the cluster goes on serving it; PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
            return cls(owner.st_uid, owner.st_gid)
        for name in _UNPRIVILEGED:
            with suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(entry.pw_uid, entry.pw_gid)
        raise EmbeddedServerError(
            "PostgreSQL does not run as root, and there is no account postgres or nobody:"
            " create one of them, or start the CMS as an ordinary user."
        )

    def can_enter(self, directory: Path) -> bool:
        """Asked of the kernel in the account's name, since mode bits are not the whole truth."""
        return self.run(("/bin/sh", "-c", 'cd "$1"', "sh", str(directory))).returncode == 0

    def run(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        """Run to the end as this account; both outputs come back as one text."""
        # From "/", because the caller's own directory may be closed to the account.
        return subprocess.run(  # noqa: S603 (our own commands; no shell sees a foreign word)
            command,
            check=False,
            cwd="/",
            env=sparse_environment(),
            umask=0o077,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **self._identity(),
        )

    def spawn(self, command: Sequence[str], *, log: int) -> int:
        """Start a process of this account that outlives us; answers its pid."""
        return spawn(command, log=log, **self._identity())

    def own(self, place: Path | int) -> None:
        """Hand a file of ours, which root has just made, to this account."""
        if os.geteuid() == 0:
            os.chown(place, self.uid, self.gid)

    def make_directory(self, path: Path, mode: int = 0o700) -> None:
        """Make a directory of this account; one that exists is left as it is."""
        with suppress(FileExistsError):
            path.mkdir()
            path.chmod(mode)  # mkdir's own mode would bow to the caller's umask
            self.own(path)

    def become(self) -> None:
        """Turn the running process into one of this account, for good."""
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)

    def _identity(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def spawn(
    command: Sequence[str],
    *,
    log: int,
    environment: Mapping[str, str] | None = None,
    keep: Sequence[int] = (),
    **identity: Any,
) -> int:
    """Start an orphan in a session of its own that writes to `log` and keeps those descriptors."""
    started = subprocess.run(  # noqa: S603 (our own commands; "$@" is not parsed by the shell)
        (*_IN_THE_BACKGROUND, *command),
        check=True,
        cwd="/",
        env={**sparse_environment(), **(environment or {})},
        umask=0o077,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        start_new_session=True,
        pass_fds=keep,
        **identity,
    )
    return int(started.stdout)


def sparse_environment() -> dict[str, str]:
    """What a child needs and no more: our own environment may carry secrets, and odd locales."""
    sparse = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
    if "LD_LIBRARY_PATH" in os.environ:
        sparse["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return sparse
