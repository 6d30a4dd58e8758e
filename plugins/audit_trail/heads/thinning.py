"""Which signed heads need not be kept: a later one vouches for every entry of an earlier one.

All heads of the last day are kept, of the last month the last one of each minute, of the last year
the last one of each hour, and of the time before the last one of each day. What is lost with the
others is how closely the moment of a change can be told, never that it is found. A head is as old
as its signature says; the first and the last one always stay.
"""

from collections.abc import Collection, Iterable
from itertools import pairwise

from plugins.audit_trail.hashing.notes import Algorithm, Checkpoint, VerifierKey

MINUTE, HOUR, DAY = 60, 3_600, 86_400

# Older than this: one of each so long a time. The widest first.
STEPS = ((366 * DAY, DAY), (31 * DAY, HOUR), (DAY, MINUTE))

NEVER = -1


def signed_at(head: Checkpoint, keys: Iterable[VerifierKey]) -> int:
    """The second since 1970 that the log's own cosignature names; NEVER where none does."""
    timed = {(k.name, k.key_id) for k in keys if k.algorithm is not Algorithm.ED25519}
    for signature in head.signatures:
        if (signature.name, signature.key_id) in timed:
            return int.from_bytes(signature.value[:8], "big")
    return NEVER


def bucket(at: int, now: int) -> tuple[int, int] | None:
    """The stretch of time of which one head is enough, as its length and its number."""
    if at == NEVER:
        return None
    for age, length in STEPS:
        # By its end: all heads of a stretch come of age together.
        if (at // length + 1) * length + age <= now:
            return length, at // length
    return None


def superfluous(
    heads: Iterable[tuple[int, int]], now: int, pinned: Collection[int] = ()
) -> list[int]:
    """The sizes of those heads, given as (size, time) by size, that a later one stands for."""
    return [
        size
        for (size, at), (_, following) in pairwise(heads)
        if size not in pinned
        and size != 0
        and (mine := bucket(at, now)) is not None
        and mine == bucket(following, now)
    ]


def stands_for(at: int, later: Iterable[int], now: int) -> bool:
    """Whether a head of the moment `at` may be gone, for there is a later one of its stretch."""
    mine = bucket(at, now)
    return mine is not None and any(bucket(other, now) == mine for other in later)
