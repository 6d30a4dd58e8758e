"""What a tenant's operator may tune; the defaults are on the safe side."""

import msgspec


class RegistrySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`fresh_days`: how long a verification counts, from the day of the source's knowledge.
    `roster_warning_days`: age at which a roster is reported. `largest_shrink`: part of a UF's rows
    that may be missing from a new roster before it is taken for a broken file.
    `manual_proof_days`: how long what a person saw on a register's page may count at most."""

    fresh_days: int = 30
    roster_warning_days: int = 7
    largest_shrink: float = 0.1
    manual_proof_days: int = 90


DEFAULTS = RegistrySettings()
