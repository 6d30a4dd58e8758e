"""What an operator may tune; docs/reference/settings.md lists them under `plugins.audit_trail`."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

import msgspec

from cms.settings import Settings
from plugins.audit_trail.storage.store import Periods

FOLDER = "audit"
"""Inside the data directory: keys and signed heads, which the database server cannot reach."""


class PublishSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where signed heads go. `folders`: for example a mounted WORM share. `buckets`:
    `s3://bucket/prefix?endpoint=https://…&region=…`, credentials from the environment. `every`:
    least time between two heads at one place; 0 publishes each single one. `late`: age at which a
    head that is not published is reported. `tiles`: with the hashes of the tree, so that anybody
    can check proofs without this server."""

    folders: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    every: float = 10.0
    late: float = 60.0
    tiles: bool = True


class AuditSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All times in seconds. `tick`: how often the sequencer looks for committed events.
    `checkpoint`: least time between two signed heads. `lag`: age at which an event that is not in
    the log yet is reported. `most_lag`: age at which that is a fault: no changes are wanted any
    more, and the verification is red. `batch`: most events in one batch. `heartbeat`: how often the
    trail says that it lives; 0 for never. `storage`: `native`, `timescaledb`, or `auto`, which
    takes hypertables where the extension is in the database when the trail is first made.
    `partitions`: how finely native events are cut, `month` or `quarter`. `seal_days`: age at which
    TimescaleDB packs a closed range. `signer_socket`: where `cms audit signer` listens; empty, and
    the worker signs itself. `signer_timeout`: longest wait for its answer. `unsigned`: age at which
    an entry without a signed head is reported; `most_unsigned`: age at which that is a fault.
    `publish`: where heads are published (`[plugins.audit_trail.publish]`: `folders`, `buckets`,
    `every`, `late`, `tiles`)."""

    tick: float = 0.05
    checkpoint: float = 1.0
    lag: float = 5.0
    most_lag: float = 900.0
    batch: int = 10_000
    heartbeat: float = 300.0
    signer_socket: str = ""
    signer_timeout: float = 5.0
    unsigned: float = 30.0
    most_unsigned: float = 900.0
    publish: PublishSettings = PublishSettings()
    storage: Literal["auto", "native", "timescaledb"] = "auto"
    partitions: Literal["month", "quarter"] = "month"
    seal_days: int = 90

    @property
    def periods(self) -> Periods:
        return Periods(3 if self.partitions == "quarter" else 1, timedelta(days=self.seal_days))


def settings_of(settings: Settings) -> AuditSettings:
    """Those of this plugin, for commands that need no host."""
    return msgspec.convert(settings.plugins.get("audit_trail", {}), AuditSettings)


def audit_folder(settings: Settings) -> Path:
    return settings.data / FOLDER
