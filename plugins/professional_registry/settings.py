"""What a tenant's operator may tune; the defaults are on the safe side."""

from typing import Literal

import msgspec


class RegistrySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`fresh_days`: how long a verification counts, from the day of the source's knowledge.
    `roster_warning_days`: age at which a roster is reported. `largest_shrink`: part of a UF's rows
    that may be missing from a new roster before it is taken for a broken file.

    `submit_fresh_days`, `approve_fresh_days`, `publish_fresh_days`: how long ago the source may
    have been asked when a text is submitted, approved, published; then it is asked again first.
    `approver_registration`: whether who approves needs a registration: `if_held` (one she has must
    let her sign), `by_scope` (also, roles whose medical scope says `requires_registration` need
    one), `always`. `lookups_per_second`: what the sources bear; bounds the daily re-verification.
    `webhook_secret_files`: by source, the file with the secret of its webhook.
    `webhook_window_seconds`: how old a signed webhook may be."""

    fresh_days: int = 30
    roster_warning_days: int = 7
    largest_shrink: float = 0.1
    submit_fresh_days: float = 7
    approve_fresh_days: float = 1
    publish_fresh_days: float = 1
    approver_registration: Literal["if_held", "by_scope", "always"] = "by_scope"
    lookups_per_second: float = 3
    webhook_secret_files: dict[str, str] = {}
    webhook_window_seconds: int = 300


DEFAULTS = RegistrySettings()
