"""Ports for servers that must know theirs before they open it."""

import fcntl
import socket
import tempfile
from pathlib import Path

_FIRST, _LAST = 20_000, 30_000
"""Below those that a system gives to whoever connects (32768 and above on Linux): between the
choice and the opening nobody else comes by one of these."""

_kept = []


def free_port() -> int:
    """One that nobody listens at; until this process ends, no other test run chooses it."""
    for port in range(_FIRST, _LAST):
        lock = (Path(tempfile.gettempdir()) / f"cms-tests-port-{port}").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            continue
        _kept.append(lock)
        return port
    raise AssertionError(f"every port from {_FIRST} to {_LAST} is taken")
