"""Runs a head keeper that is killed (SIGKILL) at one step after another; see test_signer.

Usage: killed_signer.py sign|recover FOLDER -- expects FOLDER/template, leaves FOLDER/<case>.
For each case it prints a line `<case> <survived>`, and the case's file `signed` lists what a key
signed. A process of its own, for forking is safe only where no other thread runs.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.notes import Algorithm, SigningKey
from plugins.audit_trail.hashing.tree import Tree
from plugins.audit_trail.heads.signer import HeadKeeper

ORIGIN = "cms.example/log/1"
LEAVES = [leaf_hash_of(b"entry %d" % n) for n in range(8)]
STEPS = ("open", "fsync", "replace", "link", "unlink")


def keys(folder: Path) -> list[SigningKey]:
    return [
        SigningKey.load(folder / "ed25519.pem", ORIGIN, Algorithm.ED25519),
        SigningKey.load(folder / "ml-dsa-44.pem", ORIGIN, Algorithm.ML_DSA_44),
    ]


class Killer:
    """Counts the steps by which the keeper touches the disk, and ends the process at one."""

    def __init__(self, when: str, at: int) -> None:
        self.when, self.left = when, at
        for name in STEPS:
            setattr(os, name, self.around(getattr(os, name)))

    def around(self, step):
        def killed(*args, **kwargs):
            self.left -= 1
            if self.left == 0 and self.when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = step(*args, **kwargs)
            if (
                self.left == 0
                and self.when == "torn"
                and step.__name__ == "open"
                and args[1] & os.O_CREAT
            ):
                os.write(result, b"cms.exam")
                os.kill(os.getpid(), signal.SIGKILL)
            if self.left == 0 and self.when == "after":
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return killed


def record_signatures(log: Path) -> None:
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sign = SigningKey.sign

    def recorded(self, text, at):
        signature = sign(self, text, at)
        os.write(written, text.encode() + b"\n")
        return signature

    SigningKey.sign = recorded


def work(action: str, folder: Path, signers: list[SigningKey], when: str, at: int) -> None:
    record_signatures(folder / "signed")
    if action == "recover":
        Killer(when, at)
        HeadKeeper(folder, ORIGIN, signers, clock=lambda: 2)
        return
    keeper = HeadKeeper(folder, ORIGIN, signers, clock=lambda: 2)
    Killer(when, at)
    tree = Tree(LEAVES)
    keeper.sign(8, tree.root(), tree.consistency_proof(5))


def run(action: str, base: Path, signers: list[SigningKey], when: str, at: int) -> bool:
    """Run one case; say whether it lived to its end."""
    case = base / f"{when}-{at}"
    shutil.copytree(base / "template", case)
    if (child := os.fork()) == 0:
        work(action, case, signers, when, at)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended not in (0, -signal.SIGKILL):
        sys.exit(f"{case} failed")
    print(case.name, ended == 0, flush=True)
    return ended == 0


def main(action: str, base: Path) -> None:
    signers = keys(base)
    steps = 1
    while not run(action, base, signers, "before", steps):
        steps += 1
    for when in ("after", "torn"):
        for at in range(1, steps):
            run(action, base, signers, when, at)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
