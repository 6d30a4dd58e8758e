"""What happens to registrations and rosters. Events carry ids and statuses, never a name."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from plugins.professional_registry.identity_proof import Confirmation, LegalBasis
from plugins.professional_registry.manual_events import MANUAL_EVENTS
from plugins.professional_registry.statuses import Status, Validation

_PEOPLE = ("professional_registry.professionals", "professional_registry.status_history")


class RegistrationAdded(Event, frozen=True):
    """A person was said to hold a registration; nobody has looked yet whether it is true."""

    tag = "registry:registration:create"
    covers = _PEOPLE
    risk: ClassVar[Risk] = Risk.MEDIUM
    professional_id: int
    user_id: int

    def subject(self) -> Subject:
        return Subject("registration", self.professional_id)


class RegistrationVerified(Event, frozen=True):
    """A source was asked, and this is what it said; `outcome` is success only for ACTIVE."""

    tag = "registry:registration:verify"
    covers = _PEOPLE
    professional_id: int
    user_id: int
    status: Status

    def subject(self) -> Subject:
        return Subject("registration", self.professional_id)


class RegistrationStatusChanged(Event, frozen=True):
    """A registration is not what it was: whoever relied on it has to look again."""

    tag = "registry:registration:change_status"
    covers = _PEOPLE
    risk: ClassVar[Risk] = Risk.HIGH
    professional_id: int
    user_id: int
    status: Status
    validation: Validation

    def subject(self) -> Subject:
        return Subject("registration", self.professional_id)


class RosterActivated(Event, frozen=True):
    """A council's roster replaced the one before it."""

    tag = "registry:roster:import"
    covers = ("professional_registry.rosters",)
    risk: ClassVar[Risk] = Risk.HIGH
    council: str
    generation: int

    def subject(self) -> Subject:
        return Subject("roster", self.generation)


class IdentityChecked(Event, frozen=True):
    """A council was asked whether number, CPF and birth date are one person's; the values are kept
    nowhere, the legal basis for using them is."""

    tag = "registry:identity:check"
    risk: ClassVar[Risk] = Risk.HIGH
    professional_id: int
    user_id: int
    legal_basis: LegalBasis
    confirmation: Confirmation

    def subject(self) -> Subject:
        return Subject("registration", self.professional_id)


EVENTS = (
    RegistrationAdded,
    RegistrationVerified,
    RegistrationStatusChanged,
    RosterActivated,
    IdentityChecked,
    *MANUAL_EVENTS,
)
