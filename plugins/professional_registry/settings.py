"""What a tenant's operator may tune; the defaults are on the safe side."""

from typing import Literal

import msgspec


class Endpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One online source. `url`: empty is the official address; a connector on the customer's side
    has its own, and with it perhaps a `ca_file`. `time_out` is for one question and `deadline` for
    a lookup with its repetitions, in seconds. `per_second` replaces the source's known limit; it is
    shared out among the `processes` that ask with one key."""

    url: str = ""
    ca_file: str = ""
    time_out: float = 8.0
    deadline: float = 15.0
    attempts: int = 3
    per_second: float | None = None
    processes: int = 1


class RegistrySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`fresh_days`: how long a verification counts, from the day of the source's knowledge.
    `roster_warning_days`: age at which a roster is reported. `largest_shrink`: part of a UF's rows
    that may be missing from a new roster before it is taken for a broken file.
    `manual_proof_days`: how long what a person saw on a register's page may count at most.
    `providers`: names of sources by council, in the order in which they are asked
    (`CRM = ["cfm-soap", "cfm-roster"]`); a council that is not named has its offline sources only.
    `endpoints`: by name of the source. `cfm_key_file`, `ans_key_file`: files that hold the
    customer's own key. `cache_hours`: how long an answer of an online source serves again.
    `npi_licence_states`: states whose licence number in the NPI register is taken as proof, which
    it is not by itself.

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
    manual_proof_days: int = 90
    providers: dict[str, tuple[str, ...]] = {}
    endpoints: dict[str, Endpoint] = {}
    cfm_key_file: str = ""
    ans_key_file: str = ""
    cache_hours: float = 12.0
    npi_licence_states: tuple[str, ...] = ()
    submit_fresh_days: float = 7
    approve_fresh_days: float = 1
    publish_fresh_days: float = 1
    approver_registration: Literal["if_held", "by_scope", "always"] = "by_scope"
    lookups_per_second: float = 3
    webhook_secret_files: dict[str, str] = {}
    webhook_window_seconds: int = 300
