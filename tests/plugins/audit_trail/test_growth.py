"""Proofs from the edge and what came since are the proofs of the whole tree."""

from hypothesis import given
from hypothesis import strategies as st

from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.tree import Tree
from plugins.audit_trail.log.growth import Growth
from plugins.audit_trail.verification.rebuild import Spine

LEAVES = [leaf_hash_of(b"entry %d" % n) for n in range(200)]
TREE = Tree(LEAVES)


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_proof_needs_no_leaf_from_before(one, other):
    old, new = sorted((one, other))
    growth = Growth(TREE.frontier(old))
    growth.extend(LEAVES[old:new])
    assert growth.proof() == TREE.consistency_proof(old, new)
    assert bool(growth) is (old < new)


def test_the_verifiers_own_tree_is_the_tree():
    spine = Spine()
    assert spine.root() == TREE.root(0)
    for size, leaf in enumerate(LEAVES, 1):
        spine.add(leaf)
        assert (spine.size, spine.root()) == (size, TREE.root(size))
