"""Where the stored tree leaves the signed heads: found by halving, before everything is read.

A tree that was changed at one entry gives no head that holds it, and every head that does not. So
half of the heads can be left out with each look, and then half of the batches between two heads.
What this says is a suspicion: the stored subtrees, from which it is told, may be what was changed.
"""

from collections.abc import Callable, Sequence
from typing import Any

from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot
from plugins.audit_trail.verification.stored import HoleInTree, StoredTree

_BATCHES = """
select last_seq + 1, root from audit.batches
where epoch = %s and last_seq >= %s and last_seq < %s order by last_seq
"""


def suspect(snapshot: Snapshot, report: Report) -> None:
    """Say in the report between which entries the stored tree ceases to be the signed one."""
    tree = StoredTree(snapshot)
    epoch, pruned = snapshot.epoch.number, snapshot.pruned
    # A root inside of what was pruned cannot be made, and says nothing.
    heads = [
        head
        for head in snapshot.heads
        if head.size <= snapshot.size and not pruned.hides(epoch, head.size)
    ]

    def gives(size: int, root: bytes) -> bool:
        try:
            return tree.spine(size).root() == root
        except HoleInTree:
            return False

    if not heads or gives(heads[-1].size, heads[-1].root):
        return
    at = _first_false(heads, lambda head: gives(head.size, head.root))
    good, bad = (heads[at - 1] if at else None), heads[at]
    first, until = good.size if good else 0, bad.size
    stored: list[Any] = snapshot.ask(_BATCHES, epoch, first, until)
    batches = [batch for batch in stored if not pruned.hides(epoch, batch[0])]
    inner = _first_false(batches, lambda batch: gives(*batch))
    if inner < len(batches):
        # Batches that were rewritten with the entries all fit, and say nothing.
        until = batches[inner][0]
        first = batches[inner - 1][0] if inner else first
    after = f"after {good.head}" if good else "from the beginning"
    report.suspicion = (
        f"the stored tree ceases to be the signed one {after}, between the entries {first} and "
        f"{until - 1}, and before {bad.head} ({tree.looks} looks)"
    )


def _first_false(ordered: Sequence[Any], holds: Callable[[Any], bool]) -> int:
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if holds(ordered[middle]):
            low = middle + 1
        else:
            high = middle
    return low
