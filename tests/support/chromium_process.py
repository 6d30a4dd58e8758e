"""One chromium for all tests of a process: starting it takes longer than most of them."""

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = [
    "--headless",
    "--remote-debugging-port=0",
    # Whoever connects while a first window is still opening may wait for it for ever.
    "--no-startup-window",
    # Root, as in a container, has no sandbox; and there is little shared memory in one.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--mute-audio",
    # It asks nobody on its own account, and a window that lies behind goes on.
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-field-trial-config",
    "--disable-search-engine-choice-screen",
    "--disable-backgrounding-occluded-windows",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--password-store=basic",
]
_running: "list[_Chromium]" = []


@dataclass
class _Chromium:
    process: "subprocess.Popen[bytes]"
    folder: Path
    url: str


def chromium_url() -> str:
    """Where the browser of this process is spoken to. Tests share it and have contexts of their
    own, so no cookie of one is seen by another."""
    if _running and _running[-1].process.poll() is not None:
        close_chromium()
    if not _running:
        _running.append(_start())
    return _running[-1].url


def close_chromium() -> None:
    """At the end of a run."""
    while _running:
        gone = _running.pop()
        gone.process.terminate()
        gone.process.wait()
        # Its children write a last word after it has ended.
        for _ in range(50):
            shutil.rmtree(gone.folder, ignore_errors=True)
            if not gone.folder.exists():
                break
            time.sleep(0.1)


def _start() -> _Chromium:
    folder = Path(tempfile.mkdtemp(prefix="cms-chromium-"))
    # A test process that is killed takes its browser with it.
    command = ["setpriv", "--pdeathsig", "TERM", CHROMIUM]
    process = subprocess.Popen(
        [*command, *_ARGUMENTS, f"--user-data-dir={folder}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder)},
    )
    return _Chromium(process, folder, f"http://127.0.0.1:{_port(process, folder)}")


def _port(process: "subprocess.Popen[bytes]", folder: Path) -> str:
    told = folder / "DevToolsActivePort"
    while process.poll() is None:
        if told.exists() and (lines := told.read_text().split()):
            return lines[0]
        time.sleep(0.02)
    raise RuntimeError(f"{CHROMIUM} ended with {process.returncode} before it listened")
