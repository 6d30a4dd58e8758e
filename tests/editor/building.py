"""TypeScript of the editor made into one file that a browser runs."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "cms" / "admin" / "frontend"


def built(source: Path, into: Path) -> Path:
    """The bundle of a source file. The packages are those that the application itself has."""
    target = into / f"{source.stem}.js"
    ran = subprocess.run(
        ["node", str(FRONTEND / "node_modules/esbuild/bin/esbuild"), str(source), "--bundle",
         "--format=iife", "--target=es2022", f"--outfile={target}", "--log-level=warning"],
        env=os.environ | {"NODE_PATH": str(FRONTEND / "node_modules")},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return target
