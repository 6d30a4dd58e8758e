"""A whole installation as a stranger has it: its own data folder, real processes, real HTTP."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.support.ports import free_port

CMS = Path(sys.executable).parent / "cms"


@dataclass
class Installation:
    """`cms demo` in a folder of its own, and the `cms` command beside it."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def credentials(self) -> dict[str, dict[str, str]]:
        users: dict[str, dict[str, str]] = json.loads(
            (self.data / "demo-credentials.json").read_text()
        )["users"]
        return users

    def start(self, command: str = "demo") -> None:
        """Start `cms demo` and wait until it is ready; or `cms serve`, once there is something to
        serve, until it answers: without a worker it is not ready for long."""
        path = "readyz" if command == "demo" else "healthz"
        with (self.data / "demo.log").open("ab") as log:
            self.process = subprocess.Popen(
                [CMS, command], env=self.environ, stdout=log, stderr=log, cwd=self.data
            )
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/{path}", timeout=60).status_code == 200:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError((self.data / "demo.log").read_text()[-4000:])

    def kill(self) -> None:
        """kill -9: no clean-up of any kind."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=120)

    def cli(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a `cms` command on this installation."""
        return subprocess.run(
            [CMS, *words],
            env=self.environ,
            cwd=self.data,
            input=given,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def done(self, *words: str, given: str = "") -> str:
        """The output of a command that must succeed."""
        result = self.cli(*words, given=given)
        assert result.returncode == 0, result.stderr + result.stdout
        return result.stdout

    def addresses(self) -> Any:
        """Database addresses, for what only an owner can do."""
        from cms.host import prepare_embedded
        from cms.settings import load

        # With its own settings: whether the database is guarded follows the enabled plugins.
        return prepare_embedded(load(self.environ, self.data / "cms.toml"))


@contextlib.contextmanager
def installation() -> Iterator[Installation]:
    """A fresh one, stopped and removed at the end."""
    # Not under pytest's own folder: that is closed to the account that PostgreSQL runs as.
    data = Path(tempfile.mkdtemp(prefix="cms-journey-"))
    data.chmod(0o755)
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CMS_")} | {
        "CMS_DATA_DIR": str(data),
        "CMS_PORT": str(port),
    }
    made = Installation(data, port, environ=environ)
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(data, ignore_errors=True)
