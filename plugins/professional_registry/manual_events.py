"""What people did where no register answers. Ids and enumerations only, never a name."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import DataClass, PurposeOfUse
from plugins.professional_registry.manual_models import CorrectionState, Kind
from plugins.professional_registry.vocabulary import RegistryTag

_PROOFS = ("professional_registry.manual_proofs",)


class RegistrationEvent(Event, frozen=True):
    """Of the standing of a professional, whom councils want to be named with a number that holds
    (LGPD, art. 7, II; CFM 2.336/2023)."""

    data = DataClass.PERSONAL
    purpose = PurposeOfUse.COMPLIANCE


class CouncilCorrected(RegistrationEvent, frozen=True):
    """An item of a council's table was corrected, or somebody proposed it, or took it back."""

    tag = RegistryTag.COUNCIL_CORRECT
    covers = ("professional_registry.council_corrections",)
    risk: ClassVar[Risk] = Risk.HIGH
    correction_id: int
    council: str
    kind: Kind
    state: CorrectionState

    def subject(self) -> Subject:
        return Subject("council_correction", self.correction_id)


class ManualProofRecorded(RegistrationEvent, frozen=True):
    """A person looked at a register's page and kept evidence; it counts once a second confirms."""

    tag = RegistryTag.PROOF_RECORD
    covers = _PROOFS
    risk: ClassVar[Risk] = Risk.MEDIUM
    proof_id: int
    professional_id: int

    def subject(self) -> Subject:
        return Subject("manual_proof", self.proof_id)


class ManualProofConfirmed(RegistrationEvent, frozen=True):
    """A second person has seen the same."""

    tag = RegistryTag.PROOF_CONFIRM
    covers = _PROOFS
    risk: ClassVar[Risk] = Risk.HIGH
    proof_id: int
    professional_id: int

    def subject(self) -> Subject:
        return Subject("manual_proof", self.proof_id)


class ManualProofWithdrawn(RegistrationEvent, frozen=True):
    """A proof counts no longer."""

    tag = RegistryTag.PROOF_WITHDRAW
    covers = _PROOFS
    risk: ClassVar[Risk] = Risk.HIGH
    proof_id: int
    professional_id: int

    def subject(self) -> Subject:
        return Subject("manual_proof", self.proof_id)


class ClinicIdentified(RegistrationEvent, frozen=True):
    """The establishment says who it is and who answers for it (CFM 2.336/2023, art. 5)."""

    tag = RegistryTag.CLINIC_IDENTIFY
    concerns = "director_user_id"
    covers = ("professional_registry.clinic_identification",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    director_user_id: int

    def subject(self) -> Subject:
        return Subject("clinic")


class TitlesClaimed(RegistrationEvent, frozen=True):
    """What a professional may announce of herself was changed."""

    tag = RegistryTag.REGISTRATION_CLAIM
    concerns = "user_id"
    covers = ("professional_registry.professionals",)
    professional_id: int
    user_id: int

    def subject(self) -> Subject:
        return Subject("registration", self.professional_id)


MANUAL_EVENTS = (
    CouncilCorrected,
    ManualProofRecorded,
    ManualProofConfirmed,
    ManualProofWithdrawn,
    ClinicIdentified,
    TitlesClaimed,
)
