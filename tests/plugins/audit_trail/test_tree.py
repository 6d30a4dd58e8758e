"""The Merkle tree against published roots, the RFC's own recursion, and every altered proof."""

import json
from hashlib import sha256
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.audit_trail.hashing import tree
from plugins.audit_trail.hashing.leaf import leaf_hash_of, node_hash
from plugins.audit_trail.hashing.tree import (
    EMPTY_ROOT,
    Coordinate,
    Frontier,
    OutsideTree,
    ProofRefused,
    Tree,
    verify_consistency,
    verify_inclusion,
)

VECTORS = json.loads((Path(__file__).parent / "data" / "rfc6962.json").read_text())
LEAVES = [leaf_hash_of(b"entry %d" % n) for n in range(300)]
TREE = Tree(LEAVES)
ROOTS = [TREE.root(size) for size in range(len(LEAVES) + 1)]
same_every_time = settings(derandomize=True, deadline=None, database=None)


def split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def mth(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word; shares nothing with the code under test but SHA-256."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162 §2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """RFC 9162 §2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size):
    leaves = [leaf_hash_of(bytes.fromhex(entry)) for entry in VECTORS["inputs"][:size]]
    frontier = Frontier()
    frontier.extend(leaves)
    assert tree.root(leaves).hex() == VECTORS["roots"][size]
    assert Tree(leaves).root().hex() == VECTORS["roots"][size]
    assert frontier.root().hex() == VECTORS["roots"][size]


def test_the_published_root_of_eight_leaves_is_the_one_everybody_knows():
    assert VECTORS["roots"][8] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", [*range(66), 127, 128, 129, 255, 256, 257, 300])
def test_every_way_to_the_root_agrees(size):
    expected = mth(LEAVES[:size])
    assert tree.root(LEAVES[:size]) == ROOTS[size] == expected
    assert Tree(LEAVES[:size]).root() == expected
    assert TREE.frontier(size).root() == expected


@pytest.mark.parametrize("size", range(1, 65))
def test_every_leaf_is_proved_in_every_tree(size):
    for index in range(size):
        proof = TREE.inclusion_proof(index, size)
        assert proof == path(index, LEAVES[:size])
        verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize("new", range(65))
def test_every_tree_is_proved_to_continue_every_earlier_one(new):
    for old in range(new + 1):
        proof = TREE.consistency_proof(old, new)
        assert proof == (subproof(old, LEAVES[:new], True) if 0 < old < new else [])
        verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)


@pytest.mark.parametrize("new", range(1, 33))
def test_no_consistency_proof_serves_other_roots_or_sizes(new):
    other = Tree([b"\xff" * 32, *LEAVES[1:new]])
    for old in range(1, new + 1):
        proof = TREE.consistency_proof(old, new)
        for altered in (
            (old, other.root(old), new, ROOTS[new], proof),
            (old, ROOTS[old], new, other.root(new), proof),
            (old, ROOTS[old], new, ROOTS[new], [*proof, bytes(32)]),
            (old, ROOTS[old], new, ROOTS[new], [bytes(32), *proof]),
            (old + 1, ROOTS[old], new, ROOTS[new], proof),
            (old - 1, ROOTS[old], new, ROOTS[new], proof),
            (old, ROOTS[new], new, ROOTS[old], proof) if old != new else None,
            (old, ROOTS[old], new, ROOTS[new], proof[:-1]) if proof else None,
            (old, ROOTS[old], new, ROOTS[new], proof[1:]) if proof else None,
        ):
            if altered is not None:
                with pytest.raises(ProofRefused):
                    verify_consistency(*altered)


@pytest.mark.parametrize("size", range(1, 33))
def test_no_inclusion_proof_serves_another_leaf_place_or_length(size):
    for index in range(size):
        leaf, proof, root = LEAVES[index], TREE.inclusion_proof(index, size), ROOTS[size]
        for altered in (
            (LEAVES[index + 1], index, size, proof, root),
            (leaf, index, size, proof, ROOTS[size + 1]),
            (leaf, index, size, [*proof, bytes(32)], root),
            (leaf, index, size, [bytes(32), *proof], root),
            (leaf, index, size, proof[:-1], root) if proof else None,
            (leaf, index, size, proof[1:], root) if proof else None,
            *((leaf, place, size, proof, root) for place in range(size) if place != index),
        ):
            if altered is not None:
                with pytest.raises(ProofRefused):
                    verify_inclusion(*altered)


@same_every_time
@given(st.data())
def test_any_flipped_bit_of_an_inclusion_proof_is_seen(data):
    size = data.draw(st.integers(2, 300))
    index = data.draw(st.integers(0, size - 1))
    proof = TREE.inclusion_proof(index, size)
    step, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    proof[step] = flipped(proof[step], bit)
    with pytest.raises(ProofRefused):
        verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@same_every_time
@given(st.data())
def test_any_flipped_bit_of_a_consistency_proof_is_seen(data):
    new = data.draw(st.integers(2, 300))
    old = data.draw(st.integers(1, new - 1))
    proof = TREE.consistency_proof(old, new)
    step, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    proof[step] = flipped(proof[step], bit)
    with pytest.raises(ProofRefused):
        verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)


@same_every_time
@given(st.integers(1, 300), st.data())
def test_a_changed_leaf_breaks_every_later_tree_and_no_earlier_one(size, data):
    changed = data.draw(st.integers(0, size - 1))
    forged = Tree([*LEAVES[:changed], flipped(LEAVES[changed], 0), *LEAVES[changed + 1 : size]])
    honest_until = data.draw(st.integers(1, size))
    proof = forged.consistency_proof(honest_until, size)
    if honest_until <= changed:
        verify_consistency(honest_until, ROOTS[honest_until], size, forged.root(), proof)
    else:
        with pytest.raises(ProofRefused):
            verify_consistency(honest_until, ROOTS[honest_until], size, forged.root(), proof)


@same_every_time
@given(st.integers(0, 300), st.data())
def test_appending_goes_on_from_a_stored_frontier(size, data):
    stop = data.draw(st.integers(0, size))
    stored = TREE.frontier(stop)
    resumed = Frontier(stored.size, stored.hashes)
    resumed.extend(LEAVES[stop:size])
    assert (resumed.size, resumed.root()) == (size, ROOTS[size])
    assert len(resumed.hashes) == size.bit_count()


@same_every_time
@given(st.integers(1, 300), st.data())
def test_a_plan_names_complete_subtrees_that_are_stored_anywhere(size, data):
    index = data.draw(st.integers(0, size - 1))
    plan = tree.plan_inclusion(index, size)
    store = {at: mth(LEAVES[at.position << at.level :][: 1 << at.level]) for at in chain(*plan)}
    proof = tree.make_proof(plan, store.__getitem__)
    verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
    assert len(store) <= 2 * size.bit_length()


def test_a_billion_leaves_need_thirty_hashes():
    assert max(len(tree.plan_inclusion(n, 10**9)) for n in (0, 1, 10**9 // 2, 10**9 - 1)) == 30
    assert Coordinate(29, 0) in chain(*tree.plan_consistency(2**29 + 1, 10**9))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: TREE.root(301),
        lambda: TREE.root(-1),
        lambda: TREE.inclusion_proof(5, 5),
        lambda: TREE.inclusion_proof(-1, 5),
        lambda: TREE.consistency_proof(6, 5),
        lambda: TREE.consistency_proof(-1, 5),
        lambda: TREE.consistency_proof(1, 301),
    ],
)
def test_a_tree_answers_only_for_sizes_it_had(ask):
    with pytest.raises(OutsideTree):
        ask()


def test_a_frontier_must_fit_its_size():
    with pytest.raises(ValueError, match="2 complete subtrees, not 1"):
        Frontier(3, [bytes(32)])
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier(1, [bytes(31)])
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier().append(b"short")


def test_the_empty_tree_has_one_root_and_needs_no_proof():
    verify_consistency(0, EMPTY_ROOT, 5, ROOTS[5], [])
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    for old, old_root, new, new_root in (
        (0, bytes(32), 5, ROOTS[5]),
        (0, EMPTY_ROOT, 0, bytes(32)),
        (0, bytes(32), 0, bytes(32)),
    ):
        with pytest.raises(ProofRefused, match="one root only"):
            verify_consistency(old, old_root, new, new_root, [])
    with pytest.raises(ProofRefused, match="no leaf"):
        verify_inclusion(LEAVES[0], 0, 0, [], EMPTY_ROOT)


def test_bytes_cannot_move_between_the_hashes_of_a_proof():
    proof = TREE.inclusion_proof(0, 4)
    moved = [proof[0] + proof[1][:1], proof[1][1:]]
    with pytest.raises(ProofRefused, match="32 bytes"):
        verify_inclusion(LEAVES[0], 0, 4, moved, ROOTS[4])


def test_an_inner_node_cannot_be_shown_as_a_leaf():
    inner = node_hash(LEAVES[0], LEAVES[1])
    proof = [node_hash(LEAVES[2], LEAVES[3])]
    with pytest.raises(ProofRefused):
        verify_inclusion(inner, 0, 4, proof, ROOTS[4])


def flipped(digest: bytes, bit: int) -> bytes:
    return (int.from_bytes(digest, "big") ^ (1 << bit)).to_bytes(32, "big")


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 40))
def test_whole_subtrees_are_appended_by_their_roots(before: int, tiles: int, after: int) -> None:
    leaves = [leaf_hash_of(str(i).encode()) for i in range((before + tiles) * 8 + after)]
    whole, edge, told = Tree(leaves), Frontier(), []
    edge.extend(leaves[: before * 8])
    for position in range(before, before + tiles):
        told += edge.append_subtree(3, whole.read(Coordinate(3, position)))
    edge.extend(leaves[(before + tiles) * 8 :])
    assert (edge.size, edge.root()) == (whole.size, whole.root())
    assert dict(told) == {at: whole.read(at) for at, _ in told}


def test_a_subtree_begins_only_where_one_may() -> None:
    edge = Frontier()
    edge.append(leaf_hash_of(b"1"))
    with pytest.raises(ValueError, match="begins after 1 leaves"):
        edge.append_subtree(3, leaf_hash_of(b"2"))
