"""The epoch in the database is the one that the folder of heads began with."""

from typing import Any

import msgspec

from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.rebuild import genesis_of
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot

_EPOCH = """
select origin, number, to_char(opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       schema_version, hash_algorithm, verifier_keys, closing_checkpoint, genesis
from audit.epochs where number = %s
"""
_NAMES = ("origin", "number", "opened_at", "schema_version", "hash_algorithm", "verifier_keys",
          "closing_checkpoint")  # fmt: skip


def genesis(epoch: Epoch) -> bytes:
    """What stands before the first record hash of the epoch."""
    return genesis_of(msgspec.json.encode(msgspec.structs.asdict(epoch), order="sorted"))


def _verify(snapshot: Snapshot, report: Report) -> None:
    epoch = snapshot.epoch
    rows: list[Any] = snapshot.ask(_EPOCH, epoch.number)
    kept = tuple(getattr(epoch, name) for name in _NAMES)
    if not rows or rows[0][:-1] != kept or rows[0][-1] != genesis(epoch):
        report.note("epoch", f"the database does not hold the epoch of {epoch.origin}")


CHECKS = (Check("epoch", _verify, order=10),)
