"""What happens to registrations and rosters. Events carry ids and statuses, never a name."""

from typing import ClassVar

from cms.kernel.events import Outcome, Risk, Subject
from cms.kernel.lawfulness import Grounds
from cms.kernel.lawfulness import LegalBasis as Basis
from plugins.professional_registry.identity_proof import Confirmation, LegalBasis
from plugins.professional_registry.manual_events import MANUAL_EVENTS, RegistrationEvent
from plugins.professional_registry.statuses import Status, Validation
from plugins.professional_registry.vocabulary import RegistryTag

_PEOPLE = ("professional_registry.professionals", "professional_registry.status_history")


class RegistrationAdded(RegistrationEvent, frozen=True):
    """A person was said to hold a registration; nobody has looked yet whether it is true."""

    tag = RegistryTag.REGISTRATION_CREATE
    concerns = "user_id"
    covers = _PEOPLE
    risk: ClassVar[Risk] = Risk.MEDIUM
    professional_id: int
    user_id: int

    def subject(self) -> Subject:
        return Subject("registration", self.professional_id)


class RegistrationVerified(RegistrationEvent, frozen=True):
    """A source was asked, and this is what it said; `outcome` is success only for ACTIVE."""

    tag = RegistryTag.REGISTRATION_VERIFY
    outcomes = (Outcome.SUCCESS, Outcome.REFUSED, Outcome.FAILED)
    concerns = "user_id"
    covers = _PEOPLE
    professional_id: int
    user_id: int
    status: Status

    def subject(self) -> Subject:
        return Subject("registration", self.professional_id)


class RegistrationStatusChanged(RegistrationEvent, frozen=True):
    """A registration is not what it was: whoever relied on it has to look again."""

    tag = RegistryTag.REGISTRATION_CHANGE_STATUS
    decides = True
    concerns = "user_id"
    covers = _PEOPLE
    risk: ClassVar[Risk] = Risk.HIGH
    professional_id: int
    user_id: int
    status: Status
    validation: Validation

    def subject(self) -> Subject:
        return Subject("registration", self.professional_id)


class RosterAnnounced(RegistrationEvent, frozen=True):
    """An import of a council's roster has begun; the one in use stays until its end."""

    tag = RegistryTag.ROSTER_ANNOUNCE
    covers = ("professional_registry.rosters",)
    council: str
    generation: int

    def subject(self) -> Subject:
        return Subject("roster", self.generation)


class RosterActivated(RegistrationEvent, frozen=True):
    """A council's roster replaced the one before it; `after` has how many rows came of which region
    and the SHA-256 of the source."""

    tag = RegistryTag.ROSTER_IMPORT
    covers = ("professional_registry.rosters",)
    risk: ClassVar[Risk] = Risk.HIGH
    council: str
    generation: int

    def subject(self) -> Subject:
        return Subject("roster", self.generation)


class IdentityChecked(RegistrationEvent, frozen=True):
    """A council was asked whether number, CPF and birth date are one person's; the values are kept
    nowhere, the legal basis for using them is."""

    tag = RegistryTag.IDENTITY_CHECK
    outcomes = (Outcome.SUCCESS, Outcome.REFUSED, Outcome.FAILED)
    concerns = "user_id"
    risk: ClassVar[Risk] = Risk.HIGH
    professional_id: int
    user_id: int
    legal_basis: LegalBasis
    confirmation: Confirmation

    def grounds(self) -> Grounds:
        """The controller has chosen this basis for this very use. A consent to it is recorded with
        the registration that it was given for."""
        basis = Basis(self.legal_basis.value)
        consent = f"registration:{self.professional_id}" if basis.is_consent else None
        return Grounds(self.data, basis, self.purpose, consent)

    def subject(self) -> Subject:
        return Subject("registration", self.professional_id)


EVENTS = (
    RegistrationAdded,
    RegistrationVerified,
    RegistrationStatusChanged,
    RosterAnnounced,
    RosterActivated,
    IdentityChecked,
    *MANUAL_EVENTS,
)
