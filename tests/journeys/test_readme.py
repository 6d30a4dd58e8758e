"""The README's journey is run as it stands there: every command, in order, in one shell."""

import re
import subprocess
import sys
from pathlib import Path

from tests.support.installation import installation

ROOT = Path(__file__).resolve().parents[2]


def script(data: Path, url: str) -> str:
    """The shell blocks behind the first (which starts everything), for this installation."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.S)[1:]
    text = "\necho '<<<'\n".join(re.sub(r"^   ", "", block, flags=re.M) for block in blocks)
    # What the reader is told to do with an editor before the last block.
    by_hand = f"sed -i -E 's/^(9900101!SP![^!]*!P!)A/\\1C/' {data}/demo-roster/SP.txt\n"
    text = text.replace(".venv/bin/cms registry import", by_hand + ".venv/bin/cms registry import")
    return (
        text.replace("http://127.0.0.1:8000", url)
        .replace("var/demo", f"{data}/demo")
        .replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    )


def test_the_commands_of_the_readme_do_what_it_says():
    with installation() as made:
        made.start()
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", script(made.data, made.url)],
            env=made.environ,
            cwd=made.data,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said = done.stdout.split("<<<")
        refused, approved, read, proven, affected = said[2], said[4], said[5], said[6], said[7]
        assert "review.missing" in refused
        assert '"verdict":"approve"' in approved
        assert "CRM-SP 9900101" in read
        assert "content:post:transition" in proven
        assert "enxaqueca" in affected.lower() or "post_id" in affected
