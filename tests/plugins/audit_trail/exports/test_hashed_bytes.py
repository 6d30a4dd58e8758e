"""The page that outsiders write verifiers from says what the product does."""

import json
import re
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import msgspec

from plugins.audit_trail.hashing.leaf import (
    Epoch,
    genesis_hash,
    leaf_hash_of,
    node_hash,
    record_hash,
)
from plugins.audit_trail.hashing.tree import root
from plugins.audit_trail.verifier import verify
from plugins.audit_trail.writing.personal import commitment_of

PAGE = (Path(__file__).parents[4] / "docs/reference/hashed-bytes.md").read_text()
VECTORS = json.loads(PAGE.partition("```json\n")[2].partition("```")[0])


def test_leaves_nodes_and_root() -> None:
    leaves = [leaf_hash_of(event.encode()) for event in VECTORS["events"]]
    assert [leaf.hex() for leaf in leaves] == VECTORS["leaves"]
    assert node_hash(leaves[0], leaves[1]).hex() == VECTORS["node_of_0_and_1"]
    assert root(leaves).hex() == VECTORS["root"]
    edge = verify.Edge()
    assert edge.root() == sha256(b"").digest()
    for leaf in leaves:
        edge.add(0, leaf)
    assert edge.root().hex() == VECTORS["root"]


def test_epoch_records_and_commitment() -> None:
    epoch = msgspec.json.decode(VECTORS["epoch"], type=Epoch)
    before = genesis_hash(epoch)
    assert before.hex() == VECTORS["epoch_hash"]
    for seq, record in enumerate(VECTORS["records"]):
        before = record_hash(before, seq, bytes.fromhex(VECTORS["leaves"][seq]))
        assert before.hex() == record
    told = VECTORS["commitment"]
    salt, sealed = bytes.fromhex(told["salt"]), bytes.fromhex(told["sealed"])
    assert commitment_of(salt, sealed, UUID(told["event_id"])).hex() == told["is"]


def test_the_keys_of_both_versions_are_named() -> None:
    first, _, second = PAGE.partition("**Version 1**")[2].partition("**Version 2**")
    named = set(re.findall(r"`([a-z_]+)`", first)) - {"schema_version"} | {"schema_version"}
    assert named == verify.KEYS[1]
    assert verify.KEYS[2] - verify.KEYS[1] == {"writer_void"}
    assert "`writer_void`" in second
