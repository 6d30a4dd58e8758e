"""What happens between people around a review: who has it in hand, is away, speaks for another; and
what has taken too long."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import PurposeOfUse
from plugins.medical_review.workflows.vocabulary import WorkflowTag


class ReviewClaimed(Event, frozen=True):
    """Somebody has a review in hand, of her own accord or because it was given to her."""

    tag = WorkflowTag.CLAIM_TAKE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.claims",)
    concerns = "user_id"
    review_id: int
    user_id: int

    def subject(self) -> Subject:
        return Subject("review", self.review_id)


class ClaimEnded(Event, frozen=True):
    """Somebody does not have a review in hand any more; `after` says why."""

    tag = WorkflowTag.CLAIM_END
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.claims",)
    concerns = "user_id"
    review_id: int
    user_id: int

    def subject(self) -> Subject:
        return Subject("review", self.review_id)


class ReviewScheduled(Event, frozen=True):
    """A review has another priority, or another time until which it is due."""

    tag = WorkflowTag.REVIEW_SCHEDULE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.rounds",)
    review_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("review", self.review_id)


class DecisionOverdue(Event, frozen=True):
    """The time for a stage is over, and nobody has decided."""

    tag = WorkflowTag.DECISION_OVERDUE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.rounds",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    review_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("review", self.review_id)


class DecisionEscalated(Event, frozen=True):
    """A review is overdue for so long, or of such a risk, that those who assign must step in."""

    tag = WorkflowTag.DECISION_ESCALATE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.rounds",)
    risk: ClassVar[Risk] = Risk.HIGH
    review_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("review", self.review_id)


class AbsenceNoted(Event, frozen=True):
    """It is known when a person is away."""

    tag = WorkflowTag.ABSENCE_NOTE
    covers = ("medical_review.absences",)
    concerns = "user_id"
    absence_id: int
    user_id: int

    def subject(self) -> Subject:
        return Subject("absence", self.absence_id)


class AbsenceEnded(Event, frozen=True):
    """A person is back before the time, or never went."""

    tag = WorkflowTag.ABSENCE_END
    covers = ("medical_review.absences",)
    concerns = "user_id"
    absence_id: int
    user_id: int

    def subject(self) -> Subject:
        return Subject("absence", self.absence_id)


class DelegationMade(Event, frozen=True):
    """A person lets another decide for her, until a day."""

    tag = WorkflowTag.DELEGATION_MAKE
    covers = ("medical_review.delegations",)
    risk: ClassVar[Risk] = Risk.HIGH
    concerns = "from_user_id"
    delegation_id: int
    from_user_id: int
    to_user_id: int

    def subject(self) -> Subject:
        return Subject("delegation", self.delegation_id)


class DelegationEnded(Event, frozen=True):
    """She has taken it back."""

    tag = WorkflowTag.DELEGATION_END
    covers = ("medical_review.delegations",)
    risk: ClassVar[Risk] = Risk.HIGH
    concerns = "from_user_id"
    delegation_id: int
    from_user_id: int

    def subject(self) -> Subject:
        return Subject("delegation", self.delegation_id)


PEOPLE_EVENTS = (
    ReviewClaimed,
    ClaimEnded,
    ReviewScheduled,
    DecisionOverdue,
    DecisionEscalated,
    AbsenceNoted,
    AbsenceEnded,
    DelegationMade,
    DelegationEnded,
)
