"""One proof for all entries of an export, however they lie in the log.

The log is told from left to right: the entries that are exported, and between them the hashes over
those that are not. For a contiguous range these are two edges of O(log n) hashes; for one event it
is its inclusion proof (RFC 9162 §2.1.3). Whoever folds all of it must reach the signed root.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256

from cms.errors import Conflict
from plugins.audit_trail.hashing.tree import Coordinate

Write = Callable[[bytes], None]


class LogAltered(Conflict):
    """What is stored is not what was hashed or signed; nothing is exported as proven."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} Nothing was exported. Run: cms audit verify")


def between(start: int, end: int) -> Iterator[Coordinate]:
    """The fewest complete subtrees over the leaves [start, end) of any tree."""
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield Coordinate(level, start >> level)
        start += 1 << level


class Covering:
    """Writes one epoch's part of events.jsonl and proof.txt; `size` is that of the signed head,
    `heads` are earlier ones, whose roots are told on the way."""

    def __init__(
        self, epoch: int, size: int, events: Write, proof: Write, heads: Iterable[int] = ()
    ) -> None:
        self.size, self.count = size, 0
        self._heads = sorted({head for head in heads if 0 < head <= size})
        self._events, self._proof = events, proof
        self._edge: list[tuple[int, bytes]] = []
        self._next = self._first = 0
        self._previous = self._record = b""
        proof(f"epoch {epoch}\n".encode())

    def gaps(self, seqs: Iterable[int]) -> Iterator[Coordinate]:
        """The subtrees that must be known before these entries can be taken."""
        reached = self._next
        for seq in seqs:
            yield from self._between(reached, seq)
            reached = seq + 1

    def _between(self, start: int, end: int) -> Iterator[Coordinate]:
        """As `between`, with an edge at each head."""
        for head in (*(one for one in self._heads if start < one < end), end):
            yield from between(start, head)
            start = head

    def take(
        self,
        seq: int,
        canonical: bytes,
        links: tuple[str, str],
        nodes: Mapping[Coordinate, bytes],
    ) -> None:
        """The next entry; `links` are the record hash before it and its own, as stored."""
        previous, record = map(bytes.fromhex, links)
        if seq != self._next or self._is_at_head():
            self._skip_to(seq, nodes)
        leaf = sha256(b"\x00" + canonical).digest()
        if seq == self._first:
            self._previous = self._record = previous
        linked = b"\x02" + self._record + seq.to_bytes(8, "big") + leaf
        if previous != self._record or sha256(linked).digest() != record:
            raise LogAltered(f"Entry {seq} does not follow from the one before it.")
        self._record = record
        self._events(canonical + b"\n")
        self._add(0, leaf)
        self.count += 1

    def finish(self, nodes: Mapping[Coordinate, bytes]) -> bytes:
        """Tell what comes after the last entry; the root over everything."""
        self._skip_to(self.size, nodes)
        if not self._edge:
            return sha256(b"").digest()
        root = self._edge[-1][1]
        for _, left in self._edge[-2::-1]:
            root = sha256(b"\x01" + left + root).digest()
        return root

    def _skip_to(self, seq: int, nodes: Mapping[Coordinate, bytes]) -> None:
        if self._next > self._first:
            told = f"run {self._first} {self._next - 1} {self._previous.hex()} {self._record.hex()}"
            self._proof(f"{told}\n".encode())
        self._tell_head()
        for at in self._between(self._next, seq):
            self._proof(f"node {at.level} {at.position} {nodes[at].hex()}\n".encode())
            self._add(at.level, nodes[at])
            self._tell_head()
        self._first = seq

    def _is_at_head(self) -> bool:
        return bool(self._heads) and self._heads[0] == self._next

    def _tell_head(self) -> None:
        """An earlier signed head: whoever folds this has its root now."""
        if self._is_at_head():
            self._proof(f"head {self._heads.pop(0)}\n".encode())

    def _add(self, level: int, node: bytes) -> None:
        self._next += 1 << level
        while self._edge and self._edge[-1][0] == level:
            node = sha256(b"\x01" + self._edge.pop()[1] + node).digest()
            level += 1
        self._edge.append((level, node))
