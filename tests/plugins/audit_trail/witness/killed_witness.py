"""Runs a witness that is killed (SIGKILL) at one step after another; see test_killed.

Usage: killed_witness.py FOLDER -- expects FOLDER/template, leaves FOLDER/<case>. For each case it
prints a line `<case> <survived>`, and the case's file `signed` lists what a key signed.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from plugins.audit_trail.witness.answering import Witness
from plugins.audit_trail.witness.keeping import Memory
from tests.plugins.audit_trail.killed_signer import Killer, record_signatures


def work(folder: Path, when: str, at: int) -> None:
    record_signatures(folder / "signed")
    witness = Witness(Memory(folder / "witness"))
    Killer(when, at)
    witness.add_checkpoint((folder / "asked").read_bytes())


def run(base: Path, when: str, at: int) -> bool:
    """Run one case; say whether it lived to its end."""
    case = base / f"{when}-{at}"
    shutil.copytree(base / "template", case)
    if (child := os.fork()) == 0:
        work(case, when, at)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended not in (0, -signal.SIGKILL):
        sys.exit(f"{case} failed")
    print(case.name, ended == 0, flush=True)
    return ended == 0


def main(base: Path) -> None:
    steps = 1
    while not run(base, "before", steps):
        steps += 1
    for when in ("after", "torn"):
        for at in range(1, steps):
            run(base, when, at)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
