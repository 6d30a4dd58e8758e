"""kill -9 in the middle of `cms import wxr`, as an operator's machine does it; then once more."""

import json
import subprocess
import time

import psycopg
import pytest

from tests.exchange.files import author, export, item
from tests.support.installation import CMS, Installation, installation

NUMBER = 150


def _count(made: Installation, table: str) -> int:
    with psycopg.connect(made.addresses().owner) as owner:
        # Row-level security binds the owner too.
        owner.execute("set app.tenant_id = '1'")
        row = owner.execute(f"select count(*) from cms.{table}").fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(row[0])


@pytest.mark.kill
def test_killed_in_the_middle_it_is_finished_by_the_same_command() -> None:
    with installation() as made:
        made.done("tenant", "add", "clinica", "--name", "Clínica", "--host", "clinica.example")
        path = made.data / "export.xml"
        path.write_bytes(export(author("ana"), *(item(n) for n in range(1, NUMBER + 1))))
        process = subprocess.Popen(
            [CMS, "import", "wxr", str(path), "--json"], env=made.environ, cwd=made.data
        )
        deadline = time.monotonic() + 120
        while _count(made, "posts") < 20 and time.monotonic() < deadline:
            assert process.poll() is None, "it was faster than the test"
            time.sleep(0.02)
        process.kill()
        process.wait()
        half = _count(made, "posts")
        assert 20 <= half < NUMBER
        said = json.loads(made.done("import", "wxr", str(path), "--json"))
        assert said["is_resumed"]
        assert said["counts"]["outcomes"]["post"] == {"unchanged": half, "created": NUMBER - half}
        assert _count(made, "posts") == _count(made, "revisions") == NUMBER
