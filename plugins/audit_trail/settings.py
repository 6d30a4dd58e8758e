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


class Witness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One witness: `url` is its submission prefix, `vkeys` what it signs with. `organisation`: who
    runs it; however many one runs, they count once."""

    name: str
    organisation: str
    url: str
    vkeys: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")):
            raise ValueError(f"the url of {self.name} must begin with https://")
        if not self.vkeys or not self.name.strip() or not self.organisation.strip():
            raise ValueError("a witness has a name, an organisation, and at least one key")


class Witnesses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`quorum`: how many organisations must vouch for a head. `every`: least time between two heads
    that a witness is asked about; `seconds`: for one answer. `alarm`: how long less than the quorum
    may answer before the health check says so."""

    known: tuple[Witness, ...] = ()
    quorum: int = 1
    every: float = 10.0
    seconds: float = 10.0
    alarm: float = 3600.0

    def __post_init__(self) -> None:
        organisations = len({one.organisation for one in self.known})
        if self.known and not 1 <= self.quorum <= organisations:
            raise ValueError(f"quorum must be 1 to {organisations}, the number of organisations")
        if len({one.name for one in self.known}) != len(self.known) or len(self.known) > 24:
            raise ValueError("at most 24 witnesses, each with a name of its own")


class Timestamps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`certificates`: files in PEM with the authority's root and what stands between it and what it
    signs with. `interval`: seconds between two stamps. `password_file` goes with `user`."""

    url: str = ""
    certificates: tuple[str, ...] = ()
    interval: float = 3600.0
    seconds: float = 15.0
    user: str = ""
    password_file: str = ""

    def __post_init__(self) -> None:
        if self.url and not self.certificates:
            raise ValueError("timestamps need the certificates of their authority")


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
    `every`, `late`, `tiles`). `witnesses`: other organisations that vouch for the heads;
    `timestamps`: an authority that fixes their time. `export_hours`: for how many hours an export
    that was asked for over HTTP can be fetched. `verify_at`: the hour of the night (UTC) at which
    the worker verifies the log; -1 for never. `verify_within`: the days within which every entry
    was rebuilt once."""

    tick: float = 0.05
    checkpoint: float = 1.0
    lag: float = 5.0
    most_lag: float = 900.0
    batch: int = 10_000
    heartbeat: float = 300.0
    verify_at: int = 3
    verify_within: int = 30
    export_hours: float = 72.0
    signer_socket: str = ""
    signer_timeout: float = 5.0
    unsigned: float = 30.0
    most_unsigned: float = 900.0
    publish: PublishSettings = PublishSettings()
    witnesses: Witnesses = Witnesses()
    timestamps: Timestamps = Timestamps()
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
