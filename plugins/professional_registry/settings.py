"""What a tenant's operator may tune; the defaults are on the safe side."""

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
    it is not by itself."""

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


DEFAULTS = RegistrySettings()
