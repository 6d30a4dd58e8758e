"""What the signer, a start and a publication cost; `python -m tests.bench.heads` prints it.

A log of a million made-up entries in an embedded PostgreSQL of its own. CPU seconds are those of
this process; wall seconds say little on a busy machine.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import AsyncConnection

from cms.host import Addresses, addresses
from cms.settings import Settings
from plugins.audit_trail.hashing.leaf import genesis_hash, record_hashes
from plugins.audit_trail.hashing.tree import Frontier, Tree
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.heads.port import HeadPort
from plugins.audit_trail.heads.publish_folder import FolderTarget
from plugins.audit_trail.heads.remote import RemoteSigner
from plugins.audit_trail.log.review import review
from plugins.audit_trail.log.sequencer import open_sequencer
from plugins.audit_trail.publication.service import Publisher
from plugins.audit_trail.settings import AuditSettings

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))
SIGNED = 200


@contextmanager
def measured(what: str, target: str = "") -> Iterator[None]:
    wall, cpu = time.monotonic(), time.process_time()
    yield
    spent = f"{time.monotonic() - wall:8.3f} s wall {time.process_time() - cpu:8.3f} s CPU"
    print(f"{what:56} {spent}   {target}", flush=True)


def _no_sign(text: str) -> bytes:
    """Nothing waits, so nothing is looked at."""
    return bytes(32)


async def fill(where: Addresses, evidence: Evidence) -> None:
    """All leaves in one batch, with their subtrees, under a signed head."""
    async with await AsyncConnection.connect(where.worker, autocommit=True) as connection:
        await open_sequencer(connection, evidence, "bench.example", AuditSettings(), _no_sign)
    epoch = evidence.epoch()
    assert epoch is not None
    tree, leaves = Frontier(), [sha256(n.to_bytes(8, "big")).digest() for n in range(ENTRIES)]
    subtrees = [done for leaf in leaves for done in tree.append(leaf) if not done[0].level % 8]
    with psycopg.connect(where.owner) as connection:
        cursor, moment = connection.cursor(), datetime.now(UTC)
        with cursor.copy(
            "copy audit.leaves (epoch, seq, event_id, occurred_at, leaf_hash, record_hash) "
            "from stdin with (format binary)"
        ) as copy:
            copy.set_types(["int4", "int8", "uuid", "timestamptz", "bytea", "bytea"])
            for n, record in enumerate(record_hashes(genesis_hash(epoch), 0, leaves)):
                copy.write_row((0, n, UUID(int=n), moment, leaves[n], record))
        with cursor.copy("copy audit.subtrees (epoch, level, position, hash) from stdin") as copy:
            for at, found in subtrees:
                copy.write_row((0, at.level, at.position, found))
        cursor.execute(
            "insert into audit.batches (epoch, first_seq, last_seq, root, frontier) "
            "values (0, 0, %s, %s, %s)",
            (ENTRIES - 1, tree.root(), list(tree.hashes)),
        )
        connection.execute("analyze audit.leaves")
    LocalSigner(evidence).sign(ENTRIES, tree.root(), [])


async def starts(where: Addresses, evidence: Evidence) -> None:
    for kind in ("first", "second"):
        async with await AsyncConnection.connect(where.worker, autocommit=True) as connection:
            with measured(f"{kind} start with {ENTRIES:,} entries", "target < 1 s wall"):
                one = await open_sequencer(connection, evidence, "x", AuditSettings(), _no_sign)
    state = one.state
    with measured("the review behind it"):
        await review(where.worker, state.epoch, state.head, state.tree)


async def publication(where: Addresses, evidence: Evidence, share: Path) -> None:
    share.mkdir()
    async with await AsyncConnection.connect(where.worker, autocommit=True) as connection:
        target = FolderTarget(share, tiles=True)
        publisher = Publisher(connection, LocalSigner(evidence), target, 0)
        with measured("first publication, all tiles, to a folder"):
            while await publisher.step():
                pass


def signatures(signer: HeadPort, what: str) -> None:
    signer.open("bench.example")
    tree = Tree(sha256(b"%d" % n).digest() for n in range(SIGNED + 1))
    with measured(f"{SIGNED} heads {what}"):
        for size in range(1, SIGNED + 1):
            signer.sign(size, tree.root(size), tree.consistency_proof(size - 1, size))


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        where = await asyncio.to_thread(addresses, Settings(data_dir=str(base / "data")))
        evidence = Evidence(base / "audit")
        await fill(where, evidence)
        await starts(where, evidence)
        await publication(where, evidence, base / "share")
        signatures(LocalSigner(Evidence(base / "local")), "signed in this process")
        command = [sys.executable, "-m", "plugins.audit_trail.heads.process"]
        process = await asyncio.create_subprocess_exec(
            *command, "--folder", str(base / "own"), "--socket", str(base / "s"),
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        await process.stdout.readline()
        signatures(RemoteSigner(base / "s", 5), "signed by a process of its own")
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(main())
