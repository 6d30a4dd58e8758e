"""The Merkle tree over the leaves: roots, proofs and their verification (RFC 9162 §2.1).

A proof is planned before it is made: the plan names the complete subtrees to read, by their
coordinates in the sense of C2SP tlog-tiles, so that it can be made from memory, a table or tiles.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from plugins.audit_trail.hashing.leaf import HASH_BYTES, node_hash

EMPTY_ROOT = sha256(b"").digest()
"""RFC 9162 §2.1.1: the root of a tree without leaves."""


class Coordinate(NamedTuple):
    """A complete subtree: the `position`-th, from 0, of those that have 2**level leaves."""

    level: int
    position: int


Plan = list[list[Coordinate]]
"""For each hash of a proof the complete subtrees, left to right, that it is folded from."""

Read = Callable[[Coordinate], bytes]


class ProofRefused(Exception):
    """The proof does not show what it should; the trees may differ, or the proof was altered."""


class OutsideTree(ValueError):
    """The tree has no such leaf, or never had such a size."""


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root hash over leaf hashes (RFC 9162 §2.1.1)."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [node_hash(left, right) for left, right in pairs]
        # The odd one has no sibling yet: it stands for itself one level higher.
        level = above + level[len(level) & ~1 :]
    return level[0]


class Frontier:
    """The right edge of a tree: all that appending needs, in O(log n) hashes.

    `hashes` are the roots of the complete subtrees, left (largest) to right.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self._size = size
        self._hashes = list(hashes)
        if size < 0 or len(self._hashes) != size.bit_count():
            raise ValueError(
                f"A tree of {size} leaves has {max(size, 0).bit_count()} complete subtrees, "
                f"not {len(self._hashes)}."
            )
        _require_hashes(*self._hashes)

    @property
    def size(self) -> int:
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> list[tuple[Coordinate, bytes]]:
        """Add one leaf hash on the right; the subtrees of more leaves that it completes."""
        return self.append_subtree(0, leaf)

    def append_subtree(self, level: int, top: bytes) -> list[tuple[Coordinate, bytes]]:
        """Add 2**level leaves by the root of their subtree, where such a one may begin; the larger
        subtrees that it completes."""
        _require_hashes(top)
        if self._size % (1 << level):
            raise ValueError(f"No subtree of 2**{level} leaves begins after {self._size} leaves.")
        added = 1 << level
        merged, below = top, self._size >> level
        completed = []
        while below & 1:
            merged = node_hash(self._hashes.pop(), merged)
            below, level = below >> 1, level + 1
            completed.append((Coordinate(level, below), merged))
        self._hashes.append(merged)
        self._size += added
        return completed

    def extend(self, leaves: Iterable[bytes]) -> list[tuple[Coordinate, bytes]]:
        """Add leaf hashes in their order; the subtrees that they complete."""
        return [done for leaf in leaves for done in self.append(leaf)]

    def root(self) -> bytes:
        """Return the root of the tree whose edge this is."""
        return fold(self._hashes)


class Tree:
    """A tree with every complete subtree in memory, for the verifier, exports and tests."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        self.extend(leaves)

    @property
    def size(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash, and each subtree that it completes."""
        _require_hashes(leaf)
        complete = leaf
        for level in self._levels:
            level.append(complete)
            if len(level) & 1:
                return
            complete = node_hash(level[-2], complete)
        self._levels.append([complete])

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in their order."""
        for leaf in leaves:
            self.append(leaf)

    def read(self, at: Coordinate) -> bytes:
        """Return the root of one complete subtree."""
        return self._levels[at.level][at.position]

    def root(self, size: int | None = None) -> bytes:
        """Return the root, of today or of an earlier size."""
        size = self._size_or_all(size)
        return fold([self.read(at) for at in complete_subtrees(0, size)])

    def frontier(self, size: int | None = None) -> Frontier:
        """Return the right edge, to go on from this size elsewhere."""
        size = self._size_or_all(size)
        return Frontier(size, [self.read(at) for at in complete_subtrees(0, size)])

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Prove that the leaf is in the tree of this size (RFC 9162 §2.1.3.1)."""
        return make_proof(plan_inclusion(index, self._size_or_all(size)), self.read)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Prove that the old tree is the start of the new one (RFC 9162 §2.1.4.1)."""
        return make_proof(plan_consistency(old, self._size_or_all(new)), self.read)

    def _size_or_all(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise OutsideTree(f"The tree has {self.size} leaves; it never had {size}.")
        return size


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over neighbouring complete subtrees, largest first."""
    if not hashes:
        return EMPTY_ROOT
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


def complete_subtrees(start: int, end: int) -> list[Coordinate]:
    """Cut the leaves [start, end) of one RFC 9162 subtree into complete subtrees, left to right."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(Coordinate(level, start >> level))
        start += 1 << level
    return found


def plan_inclusion(index: int, size: int) -> Plan:
    """Name what PATH(index, D[size]) reads (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise OutsideTree(f"A tree of {size} leaves has no leaf {index}.")
    plan, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            plan.append(complete_subtrees(middle, end))
            end = middle
        else:
            plan.append(complete_subtrees(start, middle))
            start = middle
    return plan[::-1]


def plan_consistency(old: int, new: int) -> Plan:
    """Name what PROOF(old, D[new]) reads (RFC 9162 §2.1.4.1).

    Nothing needs proof from an empty tree or between equal sizes: the plan is empty.
    """
    if not 0 <= old <= new:
        raise OutsideTree(f"A tree of {old} leaves is not the start of one of {new}.")
    if old in (0, new):
        return []
    plan, start, end = [], 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            plan.append(complete_subtrees(middle, end))
            end = middle
        else:
            plan.append(complete_subtrees(start, middle))
            start = middle
    # Where the walk never went right, the old tree is a subtree the verifier knows the root of.
    if start:
        plan.append(complete_subtrees(start, end))
    return plan[::-1]


def make_proof(plan: Plan, read: Read) -> list[bytes]:
    """Make the planned proof from the hashes of complete subtrees."""
    return [fold([read(at) for at in subtrees]) for subtrees in plan]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that the leaf is at its index under the root; raises `ProofRefused`.

    RFC 9162 §2.1.3.2; `fn` and `sn` keep the names of the RFC.
    """
    _require_proof_hashes(leaf, root, *proof)
    if not 0 <= index < size:
        raise ProofRefused(f"A tree of {size} leaves has no leaf {index}.")
    fn, sn, reached = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            raise ProofRefused("The proof is longer than the way to the root.")
        if fn & 1 or fn == sn:
            reached = node_hash(step, reached)
            fn, sn = _past_even(fn, sn)
        else:
            reached = node_hash(reached, step)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ProofRefused("The proof is shorter than the way to the root.")
    if reached != root:
        raise ProofRefused("The proof leads to another root.")


def verify_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the old tree is the start of the new one; raises `ProofRefused`.

    RFC 9162 §2.1.4.2 for 0 < old < new. An empty old tree and equal sizes take an empty proof.
    """
    _require_proof_hashes(old_root, new_root, *proof)
    if not 0 <= old <= new:
        raise ProofRefused(f"A tree of {old} leaves is not the start of one of {new}.")
    for size, known in ((old, old_root), (new, new_root)):
        if size == 0 and known != EMPTY_ROOT:
            raise ProofRefused("A tree without leaves has one root only, the hash of nothing.")
    if old in (0, new):
        if proof:
            raise ProofRefused(f"From {old} to {new} leaves there is nothing to prove.")
        if old == new and old_root != new_root:
            raise ProofRefused(f"Two trees of {new} leaves have different roots.")
        return
    _follow_consistency(old, old_root, new, new_root, proof)


def _follow_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    if not proof:
        raise ProofRefused(f"From {old} to {new} leaves a proof is needed; this one is empty.")
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    reached_old = reached_new = path[0]
    for step in path[1:]:
        if sn == 0:
            raise ProofRefused("The proof is longer than the way to the root.")
        if fn & 1 or fn == sn:
            reached_old = node_hash(step, reached_old)
            reached_new = node_hash(step, reached_new)
            fn, sn = _past_even(fn, sn)
        else:
            reached_new = node_hash(reached_new, step)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ProofRefused("The proof is shorter than the way to the root.")
    if reached_old != old_root:
        raise ProofRefused("The proof leads to another old root.")
    if reached_new != new_root:
        raise ProofRefused("The proof leads to another new root.")


def _past_even(fn: int, sn: int) -> tuple[int, int]:
    """Climb the levels on which the right edge has no sibling (RFC 9162 §2.1.3.2, step 4.b.ii)."""
    while not fn & 1 and fn != 0:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size` (RFC 9162 §2.1.1)."""
    return 1 << (size - 1).bit_length() - 1


def _require_hashes(*hashes: bytes) -> None:
    for given in hashes:
        if len(given) != HASH_BYTES:
            raise ValueError(f"A hash has {HASH_BYTES} bytes, not {len(given)}.")


def _require_proof_hashes(*hashes: bytes) -> None:
    # Without it, bytes could move between neighbouring hashes and still hash alike.
    for given in hashes:
        if len(given) != HASH_BYTES:
            raise ProofRefused(f"A hash has {HASH_BYTES} bytes, not {len(given)}.")
