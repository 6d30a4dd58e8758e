"""A witness that is killed at any step of the disk never signs a second history afterwards."""

import subprocess
import sys
from pathlib import Path

from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.witness.answering import Witness
from plugins.audit_trail.witness.keeping import Memory
from tests.plugins.audit_trail.witness.trees import FORK, ORIGIN, TRUSTED, asked

ROOT = Path(__file__).resolve().parents[4]


def test_whatever_step_it_is_killed_at_it_goes_on_with_one_history(tmp_path):
    template = tmp_path / "template"
    template.mkdir()
    memory = Memory(template / "witness")
    memory.found("witness.example/1")
    memory.trust(ORIGIN, TRUSTED)
    assert Witness(memory).add_checkpoint(asked(0, 6)).status == 200
    (template / "asked").write_bytes(asked(6, 8))
    ran = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killed_witness.py")), str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    cases = [line.split() for line in ran.stdout.splitlines() if "asked" not in line]
    killed = [name for name, lived in cases if lived == "False"]
    assert len(killed) > 10
    outcomes = set()
    for name in killed:
        case = tmp_path / name
        signed = (case / "signed").read_text() if (case / "signed").exists() else ""
        witness = Witness(Memory(case / "witness"))
        forged = [witness.add_checkpoint(asked(old, 8, FORK)).status for old in (6, 8)]
        honest = [witness.add_checkpoint(asked(old, 8)).status for old in (6, 8)]
        if Extension.parse(asked(6, 8)).head.text in signed:
            assert forged == [409, 422], name
        # The one that came first is the one; the other never.
        assert (forged[0] == 200) != (200 in honest), name
        outcomes.add(forged[0])
    assert outcomes == {200, 409}, "killed before and after the head was kept"
