"""What a consistency proof needs of a tree of any size: its edge when last signed, and what came
since. Neither the leaves before it nor their hashes are read again (RFC 9162 §2.1.4)."""

from collections.abc import Iterable

from plugins.audit_trail.hashing.tree import (
    Coordinate,
    Frontier,
    complete_subtrees,
    make_proof,
    plan_consistency,
    root,
)


class Growth:
    """The leaves that were added after the newest signed head."""

    def __init__(self, signed: Frontier) -> None:
        self._old = signed.size
        self._edge = dict(zip(complete_subtrees(0, signed.size), signed.hashes, strict=True))
        self._leaves: list[bytes] = []

    def __bool__(self) -> bool:
        return bool(self._leaves)

    @property
    def signed_size(self) -> int:
        return self._old

    def extend(self, leaves: Iterable[bytes]) -> None:
        self._leaves.extend(leaves)

    def since(self, signed: Frontier) -> "Growth":
        """What is left when a larger tree has been signed in the meantime."""
        rest = Growth(signed)
        rest.extend(self._leaves[signed.size - self._old :])
        return rest

    def proof(self) -> list[bytes]:
        """Proof that the signed tree is the start of today's."""
        return make_proof(plan_consistency(self._old, self._old + len(self._leaves)), self._read)

    def _read(self, at: Coordinate) -> bytes:
        # Left of the old size a proof names only subtrees of the old tree's edge; what it names
        # right of it consists of new leaves alone.
        if at in self._edge:
            return self._edge[at]
        start = (at.position << at.level) - self._old
        return root(self._leaves[start : start + (1 << at.level)])
