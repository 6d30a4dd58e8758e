"""What happens to cases, and who asked a register about whom. Ids and statuses, never a name."""

from typing import ClassVar

from cms.kernel.events import Risk, Subject
from plugins.professional_registry.case_models import ActionKind, Outcome
from plugins.professional_registry.manual_events import RegistrationEvent
from plugins.professional_registry.statuses import Status
from plugins.professional_registry.vocabulary import RegistryTag

_CASES = ("professional_registry.cases",)


class CaseEvent(RegistrationEvent, frozen=True, kw_only=True):
    """A step of a case; `user_id` is the person whose standing it is about."""

    concerns = "user_id"

    case_id: int
    professional_id: int
    user_id: int


class CaseOpened(CaseEvent, frozen=True, kw_only=True):
    """A registration lost the right to sign, and its texts have to be looked at."""

    tag = RegistryTag.CASE_OPEN
    decides = True
    covers = _CASES
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


class CaseContested(CaseEvent, frozen=True, kw_only=True):
    """The person says that the automatic suspension is wrong (LGPD, art. 20)."""

    tag = RegistryTag.CASE_CONTEST
    covers = _CASES
    risk: ClassVar[Risk] = Risk.MEDIUM

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


class CaseReviewed(CaseEvent, frozen=True, kw_only=True):
    """Somebody else has looked at the automatic suspension and judged it."""

    tag = RegistryTag.CASE_REVIEW
    covers = _CASES
    risk: ClassVar[Risk] = Risk.HIGH
    ruling: Outcome

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


class CaseClosed(CaseEvent, frozen=True, kw_only=True):
    """Nothing is left to do about a case."""

    tag = RegistryTag.CASE_CLOSE
    covers = _CASES
    risk: ClassVar[Risk] = Risk.MEDIUM

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


class CaseActionTaken(CaseEvent, frozen=True, kw_only=True):
    """An officer acts on a text that carries the person. Whoever keeps the texts observes this and
    does it, in the same transaction."""

    tag = RegistryTag.CASE_ACT
    covers = ("professional_registry.case_actions",)
    risk: ClassVar[Risk] = Risk.HIGH
    action_id: int
    kind: ActionKind
    post_id: int | None
    to_user_id: int | None

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


class RegistrationLookedUp(RegistrationEvent, frozen=True, kw_only=True):
    """A register was asked about a number that need not be anybody's of the house; nothing of the
    answer was stored."""

    tag = RegistryTag.REGISTRATION_LOOKUP
    risk: ClassVar[Risk] = Risk.MEDIUM
    council: str
    status: Status

    def subject(self) -> Subject:
        return Subject("registration")


CASE_EVENTS = (
    CaseOpened,
    CaseContested,
    CaseReviewed,
    CaseClosed,
    CaseActionTaken,
    RegistrationLookedUp,
)
