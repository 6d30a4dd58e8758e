"""What an operator may tune; docs/reference/settings.md lists them under `plugins.audit_trail`."""

from pathlib import Path

import msgspec

from cms.settings import Settings

FOLDER = "audit"
"""Inside the data directory: keys and signed heads, which the database server cannot reach."""


class AuditSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All times in seconds. `tick`: how often the sequencer looks for committed events.
    `checkpoint`: least time between two signed heads. `lag`: age at which an event that is not in
    the log yet is reported. `most_lag`: age at which that is a fault: no changes are wanted any
    more, and the verification is red. `batch`: most events in one batch.
    `verify_at`: the hour of the night (UTC) at which the worker verifies the log; -1 for never.
    `verify_within`: the days within which every entry was rebuilt once.
    `heartbeat`: how often the trail says that it lives; 0 for never."""

    tick: float = 0.05
    checkpoint: float = 1.0
    lag: float = 5.0
    most_lag: float = 900.0
    batch: int = 10_000
    heartbeat: float = 300.0
    verify_at: int = 3
    verify_within: int = 30


def settings_of(settings: Settings) -> AuditSettings:
    """Those of this plugin, for commands that need no host."""
    return msgspec.convert(settings.plugins.get("audit_trail", {}), AuditSettings)


def audit_folder(settings: Settings) -> Path:
    return settings.data / FOLDER
