"""Closes an epoch in processes that are killed (SIGKILL) at one step after another.

Usage: killed_rollover.py FOLDER -- expects FOLDER/template, leaves FOLDER/<case> for each, and
prints a line of JSON for each. A process of its own, for forking is safe only without threads.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.tree import Tree
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.heads.port import Closing

TREE = Tree(leaf_hash_of(b"entry %d" % n) for n in range(9))
STEPS = ("open", "fsync", "replace", "link", "unlink", "rename", "mkdir")


def killing(when: str, at: int) -> None:
    """The process ends at the so-manieth step by which it touches the disk."""
    left = at

    def around(step):
        def killed(*args, **kwargs):
            nonlocal left
            left -= 1
            if left == 0 and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = step(*args, **kwargs)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return killed

    for name in STEPS:
        setattr(os, name, around(getattr(os, name)))


def run(base: Path, when: str, at: int) -> bool:
    case = base / f"{when}-{at}"
    shutil.copytree(base / "template", case)
    if (child := os.fork()) == 0:
        signer = LocalSigner(Evidence(case))
        signer.last()
        killing(when, at)
        signer.roll("clinica.example", Closing(5, TREE.root(5), destroy_keys=True))
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended not in (0, -signal.SIGKILL):
        sys.exit(f"{case} failed")
    print(json.dumps({"name": case.name, "survived": ended == 0}), flush=True)
    return ended == 0


def main(base: Path) -> None:
    steps = 1
    while not run(base, "before", steps):
        steps += 1
    for at in range(1, steps):
        run(base, "after", at)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
