"""Somebody who owns the database, knows every formula, and rewrites all of it without a seam."""

from datetime import datetime

import psycopg

from plugins.audit_trail.hashing.canonical import timestamp
from plugins.audit_trail.hashing.leaf import SCHEMA_VERSION, Epoch, genesis_hash, record_hashes
from plugins.audit_trail.hashing.notes import Algorithm, Checkpoint, SigningKey, verifiers
from plugins.audit_trail.hashing.tree import Tree
from plugins.audit_trail.verification.rebuild import FORM, leaf_of

TABLES = ("events", "leaves", "batches", "checkpoints", "epochs")


def rewrite_history(owner_url: str, change: str, *, with_own_keys: bool = False) -> None:
    """Make the change in audit.events, then every hash, root and head in the database anew."""
    with psycopg.connect(owner_url) as connection:
        for table in TABLES:
            connection.execute(f"alter table audit.{table} disable trigger user")
        connection.execute(change)
        connection.execute("delete from audit.leaves where event_id not in "
                           "(select event_id from audit.events)")  # fmt: skip
        if with_own_keys:
            _found_anew(connection)
        _rewrite(connection, _leaves(connection))
        for table in TABLES:
            connection.execute(f"alter table audit.{table} enable trigger user")


def _leaves(connection: psycopg.Connection) -> list[tuple[int, bytes]]:
    rows = connection.execute(
        f"select l.seq, {FORM} from audit.leaves l join audit.events e using (event_id) order by 1"
    ).fetchall()
    return [(row[0], leaf_of(row[1:])) for row in rows]


def _rewrite(connection: psycopg.Connection, leaves: list[tuple[int, bytes]]) -> None:
    tree = Tree(leaf for _, leaf in leaves)
    genesis = connection.execute("select genesis from audit.epochs").fetchone()[0]
    records = record_hashes(genesis, 0, [leaf for _, leaf in leaves])
    for seq, ((old_seq, leaf), record) in enumerate(zip(leaves, records, strict=True)):
        connection.execute(
            "update audit.leaves set seq = %s, leaf_hash = %s, record_hash = %s where seq = %s",
            [seq, leaf, record, old_seq],
        )
    connection.execute("delete from audit.batches where last_seq >= %s", [tree.size])
    connection.execute("delete from audit.checkpoints where size > %s", [tree.size])
    for (last,) in connection.execute("select last_seq from audit.batches").fetchall():
        values = [tree.root(last + 1), list(tree.frontier(last + 1).hashes), last]
        connection.execute(
            "update audit.batches set root = %s, frontier = %s where last_seq = %s", values
        )
    _sign(connection, tree)


def _sign(connection: psycopg.Connection, tree: Tree) -> None:
    origin = connection.execute("select origin from audit.epochs").fetchone()[0]
    keys = [SigningKey.generate(origin, algorithm) for algorithm in _ALGORITHMS]
    for size, root in connection.execute("select size, root from audit.checkpoints").fetchall():
        if root == tree.root(size):
            continue  # its signature is still good
        head = Checkpoint(origin, size, tree.root(size)).signed(keys, 1_800_000_000)
        connection.execute(
            "update audit.checkpoints set root = %s, note = %s where size = %s",
            [head.root, head.encode().decode(), size],
        )


def _found_anew(connection: psycopg.Connection) -> None:
    origin, opened_at = connection.execute("select origin, opened_at from audit.epochs").fetchone()
    keys = [SigningKey.generate(origin, algorithm) for algorithm in _ALGORITHMS]
    vkeys = [key.vkey for key in verifiers(keys)]
    assert isinstance(opened_at, datetime)
    epoch = Epoch(
        origin=origin,
        number=0,
        opened_at=timestamp(opened_at),
        schema_version=SCHEMA_VERSION,
        hash_algorithm="sha-256",
        verifier_keys=vkeys,
        closing_checkpoint=None,
    )
    connection.execute(
        "update audit.epochs set verifier_keys = %s, genesis = %s", [vkeys, genesis_hash(epoch)]
    )


_ALGORITHMS = (Algorithm.ED25519, Algorithm.ML_DSA_44)
