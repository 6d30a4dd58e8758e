"""Whom the verification believes outside of the database: keys and certificates of cms.toml."""

from dataclasses import dataclass
from typing import Self

from plugins.audit_trail.hashing.notes import VerifierKey
from plugins.audit_trail.outside.configured import keys_of
from plugins.audit_trail.outside.tokens import Authority
from plugins.audit_trail.settings import AuditSettings, Witness


@dataclass(frozen=True)
class Trust:
    """Nobody, where nothing is said: lines and tokens are then counted and not believed."""

    witnesses: tuple[Witness, ...] = ()
    authority: Authority | None = None

    @classmethod
    def of(cls, settings: AuditSettings) -> Self:
        """Raises KeyRefused, and SetupError for a certificate that cannot be read."""
        files = settings.timestamps.certificates
        return cls(settings.witnesses.known, Authority.load(files) if files else None)

    def keys(self) -> dict[tuple[str, bytes], tuple[VerifierKey, Witness]]:
        """Each key of a witness, by what its lines name."""
        return {
            (key.name, key.key_id): (key, witness)
            for witness in self.witnesses
            for key in keys_of(witness)
        }
