"""What a verification looks at: one module for each subject, one object for each check.

A module of this folder brings its checks in a tuple `CHECKS`; nothing else has to be told. Each
runs over the same snapshot and writes what it finds into the same report, in the order of `order`:
the tree first, for it says where to look, then the events, then what lies around them.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot


@dataclass(frozen=True)
class Check:
    """One subject of the verification. `run` reads the snapshot and notes failures in the report.

    A check that must read everything says `of_ranges=False`, and is then left out of a verification
    of a range, whose report names it as not covered. It runs once for each epoch of the log, or
    once, over the snapshot of the last epoch, with `of_epochs=False`.
    """

    name: str
    run: Callable[[Snapshot, Report], None]
    order: int = 50
    of_ranges: bool = True
    of_epochs: bool = True


def all_checks() -> tuple[Check, ...]:
    """Every check of this folder, in the order in which they run."""
    found = [
        check
        for module in pkgutil.iter_modules(__path__)
        for check in import_module(f"{__name__}.{module.name}").CHECKS
    ]
    names = [check.name for check in found]
    if len(set(names)) != len(names):
        raise ValueError(f"two checks have one name: {sorted(names)}")
    return tuple(sorted(found, key=lambda check: (check.order, check.name)))
