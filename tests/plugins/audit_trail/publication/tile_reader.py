"""A stranger who has published files and trusted keys, and nothing of ours but the tree's formulas:
it reads C2SP tlog-tiles and makes proofs from them."""

from collections.abc import Callable

from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import (
    Coordinate,
    make_proof,
    plan_consistency,
    plan_inclusion,
    root,
)


class TileReader:
    """`read` gives the content of a file of one epoch by its path."""

    def __init__(self, read: Callable[[str], bytes], size: int | None = None) -> None:
        self._read = read
        self.head = Checkpoint.parse(read("checkpoint"))
        self.size = self.head.size if size is None else size

    def inclusion(self, index: int) -> list[bytes]:
        return make_proof(plan_inclusion(index, self.size), self._hash)

    def consistency(self, old: int) -> list[bytes]:
        return make_proof(plan_consistency(old, self.size), self._hash)

    def leaf(self, index: int) -> bytes:
        return self._hash(Coordinate(0, index))

    def _hash(self, at: Coordinate) -> bytes:
        level, below = divmod(at.level, 8)
        number, first = divmod(at.position << below, 256)
        rows = self.size >> 8 * level
        path = f"tile/{level}/{self._written(number)}"
        if number == rows // 256:
            path += f".p/{rows % 256}"
        tile = self._read(path)
        hashes = [tile[i : i + 32] for i in range(0, len(tile), 32)]
        return root(hashes[first : first + (1 << below)])

    @staticmethod
    def _written(number: int) -> str:
        digits = f"{number:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
