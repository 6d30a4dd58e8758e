"""What happens to cases, and who asked a register about whom. Ids and statuses, never a name."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from plugins.professional_registry.case_models import ActionKind, Outcome
from plugins.professional_registry.statuses import Status

_CASES = ("professional_registry.cases",)


class CaseEvent(Event, frozen=True, kw_only=True):
    """A step of a case; `user_id` is the person whose standing it is about."""

    case_id: int
    professional_id: int
    user_id: int


class CaseOpened(CaseEvent, frozen=True, kw_only=True):
    """A registration lost the right to sign, and its texts have to be looked at."""

    tag = "registry:case:open"
    covers = _CASES
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


class CaseContested(CaseEvent, frozen=True, kw_only=True):
    """The person says that the automatic suspension is wrong (LGPD, art. 20)."""

    tag = "registry:case:contest"
    covers = _CASES
    risk: ClassVar[Risk] = Risk.MEDIUM

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


class CaseReviewed(CaseEvent, frozen=True, kw_only=True):
    """Somebody else has looked at the automatic suspension and judged it."""

    tag = "registry:case:review"
    covers = _CASES
    risk: ClassVar[Risk] = Risk.HIGH
    ruling: Outcome

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


class CaseClosed(CaseEvent, frozen=True, kw_only=True):
    """Nothing is left to do about a case."""

    tag = "registry:case:close"
    covers = _CASES
    risk: ClassVar[Risk] = Risk.MEDIUM

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


class CaseActionTaken(CaseEvent, frozen=True, kw_only=True):
    """An officer acts on a text that carries the person. Whoever keeps the texts observes this and
    does it, in the same transaction."""

    tag = "registry:case:act"
    covers = ("professional_registry.case_actions",)
    risk: ClassVar[Risk] = Risk.HIGH
    action_id: int
    kind: ActionKind
    post_id: int | None
    to_user_id: int | None

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


class RegistrationLookedUp(Event, frozen=True, kw_only=True):
    """A register was asked about a number that need not be anybody's of the house; nothing of the
    answer was stored."""

    tag = "registry:registration:lookup"
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
