"""Starts `heads/process.py` for tests, as an operator would."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MODULE = "plugins.audit_trail.heads.process"


@contextmanager
def signing(folder: Path, socket: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A signer that listens; whatever is left of it is ended afterwards."""
    command = [sys.executable, "-m", MODULE, "--folder", folder, "--socket", socket, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"signs on {socket}\n"
        try:
            yield process
        finally:
            process.kill()
