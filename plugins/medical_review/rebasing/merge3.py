"""Three-way merging of rows of things: what one side changed is taken, what both changed is shown.

The classic way (Khanna, Kunal, Pierce: A Formal Investigation of Diff3, 2007): a thing of the base
that both sides kept is firm ground, and what lies between two such things is judged as a whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count

# Of things on each side; difflib takes quadratic time at its worst.
MOST = 4000


@dataclass(frozen=True)
class Stretch:
    """A row of things as it stands in the base and on both sides."""

    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def merged(self) -> tuple[str, ...] | None:
        """What it becomes; None where both sides changed it, each in its own way."""
        if self.theirs in (self.ours, self.base):
            return self.ours
        return self.theirs if self.ours == self.base else None


def stretches(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Stretch]:
    """The whole in order: firm ground and what lies between. Rows longer than MOST are one."""
    if max(len(base), len(ours), len(theirs)) > MOST:
        yield Stretch(tuple(base), tuple(ours), tuple(theirs))
        return
    in_ours, in_theirs = _kept(base, ours), _kept(base, theirs)
    at, at_ours, at_theirs = 0, 0, 0
    for i in count():
        is_end = i >= len(base)
        if not is_end and not (i in in_ours and i in in_theirs):
            continue
        j, k = (len(ours), len(theirs)) if is_end else (in_ours[i], in_theirs[i])
        between = Stretch(tuple(base[at:i]), tuple(ours[at_ours:j]), tuple(theirs[at_theirs:k]))
        if between.base or between.ours or between.theirs:
            yield between
        if is_end:
            return
        yield Stretch((base[i],), (ours[j],), (theirs[k],))
        at, at_ours, at_theirs = i + 1, j + 1, k + 1


def _kept(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    """Which things of the base the side still has, and where."""
    matches = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return {a + i: b + i for a, b, size in matches for i in range(size)}
