"""What people did where no register answers. Ids and enumerations only, never a name."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from plugins.professional_registry.manual_models import CorrectionState, Kind

_PROOFS = ("professional_registry.manual_proofs",)


class CouncilCorrected(Event, frozen=True):
    """An item of a council's table was corrected, or somebody proposed it, or took it back."""

    tag = "registry:council:correct"
    covers = ("professional_registry.council_corrections",)
    risk: ClassVar[Risk] = Risk.HIGH
    correction_id: int
    council: str
    kind: Kind
    state: CorrectionState

    def subject(self) -> Subject:
        return Subject("council_correction", self.correction_id)


class ManualProofRecorded(Event, frozen=True):
    """A person looked at a register's page and kept evidence; it counts once a second confirms."""

    tag = "registry:proof:record"
    covers = _PROOFS
    risk: ClassVar[Risk] = Risk.MEDIUM
    proof_id: int
    professional_id: int

    def subject(self) -> Subject:
        return Subject("manual_proof", self.proof_id)


class ManualProofConfirmed(Event, frozen=True):
    """A second person has seen the same."""

    tag = "registry:proof:confirm"
    covers = _PROOFS
    risk: ClassVar[Risk] = Risk.HIGH
    proof_id: int
    professional_id: int

    def subject(self) -> Subject:
        return Subject("manual_proof", self.proof_id)


class ManualProofWithdrawn(Event, frozen=True):
    """A proof counts no longer."""

    tag = "registry:proof:withdraw"
    covers = _PROOFS
    risk: ClassVar[Risk] = Risk.HIGH
    proof_id: int
    professional_id: int

    def subject(self) -> Subject:
        return Subject("manual_proof", self.proof_id)


class ClinicIdentified(Event, frozen=True):
    """The establishment says who it is and who answers for it (CFM 2.336/2023, art. 5)."""

    tag = "registry:clinic:identify"
    covers = ("professional_registry.clinic_identification",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    director_user_id: int

    def subject(self) -> Subject:
        return Subject("clinic")


class TitlesClaimed(Event, frozen=True):
    """What a professional may announce of herself was changed."""

    tag = "registry:registration:claim"
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
