"""The signer as a process of its own: `cms audit signer`, or python -m with this module's name.

It knows a folder and a socket and nothing else: no database, no web, no settings of the site. Run
it as a user of its own, who alone can read the keys; the worker's user may open the socket.
"""

import argparse
import fcntl
import os
import pwd
import signal
import socket
import socketserver
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import msgspec

from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.heads.port import HeadPort
from plugins.audit_trail.heads.wire import LONGEST_LINE, Answer, answer

IDLE = 60.0
"""Seconds that a caller may be silent; a connection costs a thread."""

_CREDENTIALS = struct.Struct("3i")


class SignerTaken(Exception):
    """Another signer works in this folder."""


class SignerServer(socketserver.ThreadingUnixStreamServer):
    """Answers on a socket that only its own group can open, and only to the users in `callers`."""

    daemon_threads = True

    def __init__(self, path: Path, signer: HeadPort, callers: frozenset[int], mode: int) -> None:
        self.signer = signer
        self.callers = callers
        # What lies there is of a signer that was killed: the folder's lock is ours.
        path.unlink(missing_ok=True)
        before = os.umask(0o777 & ~mode)
        try:
            super().__init__(str(path), _Caller)
        finally:
            os.umask(before)


class _Caller(socketserver.StreamRequestHandler):
    """One connection: a line, its answer, the next line."""

    server: SignerServer
    timeout = IDLE

    def handle(self) -> None:
        caller = _user_of(self.request)
        if caller is not None and caller not in self.server.callers:
            self._refuse(caller)
            return
        try:
            while line := self.rfile.readline(LONGEST_LINE + 1):
                if not line.endswith(b"\n"):
                    self._say(Answer(fault="request", message="The line is too long, or cut off."))
                    return
                self._say(answer(self.server.signer, line))
        except OSError:
            return  # gone, or silent for too long: it asks again when it wants to know

    def _refuse(self, caller: int) -> None:
        """Say why, once the question is read: closed over it, the line breaks before it is told."""
        try:
            self.rfile.readline(LONGEST_LINE + 1)
            self._say(Answer(fault="caller", message=f"User {caller} may not ask this signer."))
        except OSError:
            return  # gone without an answer, as it may

    def _say(self, said: Answer) -> None:
        self.wfile.write(msgspec.json.encode(said) + b"\n")


def _user_of(connection: socket.socket) -> int | None:
    """Who is at the other end, where the system (Linux) tells; else the socket's mode decides."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    raw = connection.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
    uid: int = _CREDENTIALS.unpack(raw)[1]
    return uid


def serve(folder: Path, path: Path, callers: frozenset[int], mode: int) -> None:
    """Answer until SIGTERM. Raises SignerTaken, or what the folder's damage raises."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "signer.lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SignerTaken(f"another signer works in {folder}") from None
        with SignerServer(path, LocalSigner(Evidence(folder)), callers, mode) as server:

            def end(*_: object) -> None:
                # From a thread of its own: shutdown() waits for the loop that this interrupts.
                Thread(target=server.shutdown).start()

            signal.signal(signal.SIGTERM, end)
            signal.signal(signal.SIGINT, end)
            sys.stdout.write(f"signs on {path}\n")
            sys.stdout.flush()
            server.serve_forever(poll_interval=0.1)
        path.unlink(missing_ok=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and serve; 0 when told to end, 1 with a line that says why not."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--allow", action="append", default=[], metavar="USER")
    parser.add_argument("--shared", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        callers = frozenset({os.getuid(), *map(_uid, asked.allow)})
        serve(asked.folder, asked.socket, callers, 0o660 if asked.shared else 0o600)
    except (SignerTaken, KeyError, OSError) as fault:
        sys.stderr.write(f"cms audit signer: {fault}\n")
        return 1
    return 0


def _uid(user: str) -> int:
    return int(user) if user.isdigit() else pwd.getpwnam(user).pw_uid


if __name__ == "__main__":
    sys.exit(main())
