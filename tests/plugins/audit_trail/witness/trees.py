"""A log of forty entries, one that parts from it at the seventh, and the keys of both."""

from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.notes import Algorithm, Checkpoint, SigningKey, verifiers
from plugins.audit_trail.hashing.tree import Tree

ORIGIN = "cms.example/audit/1"
LEAVES = [leaf_hash_of(b"entry %d" % n) for n in range(40)]
TREE = Tree(LEAVES)
FORK = Tree([*LEAVES[:6], *(leaf_hash_of(b"forged %d" % n) for n in range(34))])
KEYS = [
    SigningKey.generate(ORIGIN, Algorithm.ED25519),
    SigningKey.generate(ORIGIN, Algorithm.ML_DSA_44),
]
TRUSTED = verifiers(KEYS)


def head(size: int, tree: Tree = TREE, keys: list[SigningKey] = KEYS) -> Checkpoint:
    return Checkpoint(ORIGIN, size, tree.root(size)).signed(keys, 1_800_000_000)


def asked(old: int, size: int, tree: Tree = TREE, keys: list[SigningKey] = KEYS) -> bytes:
    """The body of add-checkpoint."""
    proof = tree.consistency_proof(old, size) if old <= size else []
    return Extension(old, tuple(proof), head(size, tree, keys)).encode()
