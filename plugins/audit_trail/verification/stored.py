"""The stored tree, read where it is wanted: a root of any size costs a few hundred hashes."""

from hashlib import sha256
from typing import Any

from plugins.audit_trail.verification.rebuild import Spine, cover
from plugins.audit_trail.verification.snapshot import Snapshot

_LEAVES = """
select leaf_hash from audit.leaves where epoch = %s and seq >= %s and seq < %s order by seq
"""
_SUBTREES = """
select hash from audit.subtrees where epoch = %s and level = %s and position >= %s
and position < %s order by position
"""


class HoleInTree(Exception):
    """The stored tree lacks a hash."""

    def __init__(self, level: int, position: int) -> None:
        self.first = position << level
        self.last = (position + 1 << level) - 1
        super().__init__(f"no whole hash is stored over the entries {self.first} to {self.last}")


class StoredTree:
    """Roots from the stored subtrees. They are not believed: they are compared with heads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.looks = 0

    def node(self, level: int, position: int) -> bytes:
        """The hash of a complete subtree, folded from the stored ones below it: at most 128."""
        below = level & 7
        first, until = position << below, position + 1 << below
        epoch = self._snapshot.epoch.number
        self.looks += 1
        if level < 8:
            rows: list[Any] = self._snapshot.ask(_LEAVES, epoch, first, until)
        else:
            rows = self._snapshot.ask(_SUBTREES, epoch, level - below, first, until)
        if len(rows) != until - first:
            raise HoleInTree(level, position)
        hashes = [hash_ for (hash_,) in rows]
        while len(hashes) > 1:
            pairs = zip(hashes[::2], hashes[1::2], strict=True)
            hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        return bytes(hashes[0])

    def spine(self, size: int) -> Spine:
        """The edge of the tree over the first `size` entries."""
        return Spine(size, [self.node(level, position) for level, position in cover(0, size)])

    def extend(self, spine: Spine, until: int) -> None:
        """Go on to `until` by the stored subtrees."""
        for level, position in cover(spine.size, until):
            spine.add(self.node(level, position), level)
