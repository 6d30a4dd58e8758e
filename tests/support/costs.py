"""What something costs, told apart from how busy the machine is.

A clock on the wall measures the neighbours as well. What is asserted here is growth: four times as
much may cost four times the time, and what is over in a moment anyway threatens nobody.
"""

import gc
import time
from collections.abc import Callable

TIMES = 4
"""So much more is asked for the second time. A cost that grows with the square grows by sixteen."""

MOST = 8
"""So much may the cost grow: twice what is in proportion."""

A_MOMENT = 0.5
"""Seconds of this thread that are no matter, whatever they were for less."""

LONG = 1.0
"""Seconds after which nothing is measured again: of that much, a disturbance is a small part."""


def seconds(work: Callable[[], object]) -> float:
    """The best of three, by the clock of this thread, without the collector of rubbish: what the
    rest of a long test run left behind is not what is measured."""
    gc.collect()
    gc.disable()
    try:
        spent = [_once(work)]
        while len(spent) < 3 and sum(spent) < LONG:
            spent.append(_once(work))
        return min(spent)
    finally:
        gc.enable()


def _once(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


def assert_in_proportion(work_of: Callable[[int], Callable[[], object]], size: int) -> None:
    """`work_of(n)` makes a piece of work of that size; making it is not measured. The work of a
    quarter of `size` is compared with all of it."""
    little, much = (seconds(work_of(n)) for n in (size // TIMES, size))
    assert much < MOST * little + A_MOMENT, (little, much)
