"""What happens to reviews. Events carry ids and verdicts; what was written stays in its tables."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import PurposeOfUse
from plugins.medical_review.reviewing.models import State, Verdict
from plugins.medical_review.vocabulary import ReviewTag
from plugins.medical_review.workflows.vocabulary import WorkflowTag

_REVIEWS = "medical_review.reviews"
_ROUNDS = "medical_review.rounds"
_CLAIMS = "medical_review.claims"


class ReviewOpened(Event, frozen=True):
    """A text was handed over for review."""

    tag = ReviewTag.REVIEW_OPEN
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = (_REVIEWS, _ROUNDS)
    risk: ClassVar[Risk] = Risk.MEDIUM
    review_id: int
    post_id: int
    revision_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("review", self.review_id, self.content_hash)


class ReviewDecided(Event, frozen=True):
    """A reviewer approved exactly this text, or sent it back. `state` is what the review came to
    by it: it stays open until its quorum is reached, so `verdict` alone is no approval."""

    tag = ReviewTag.REVIEW_DECIDE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = (_REVIEWS, _ROUNDS, _CLAIMS, "medical_review.decisions", "medical_review.voices")
    risk: ClassVar[Risk] = Risk.HIGH
    review_id: int
    decision_id: int
    post_id: int
    revision_id: int
    content_hash: str
    verdict: Verdict
    state: State

    def subject(self) -> Subject:
        return Subject("review", self.review_id, self.content_hash)


class ReviewWithdrawn(Event, frozen=True):
    """The text under review was changed, or its author took it back."""

    tag = ReviewTag.REVIEW_WITHDRAW
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = (_REVIEWS, _ROUNDS, _CLAIMS)
    risk: ClassVar[Risk] = Risk.MEDIUM
    review_id: int
    post_id: int
    revision_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("review", self.review_id, self.content_hash)


class ReviewAdvanced(Event, frozen=True):
    """A text has passed a stage and waits in another, which `after` names."""

    tag = WorkflowTag.REVIEW_ADVANCE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = (_REVIEWS, _ROUNDS, _CLAIMS)
    risk: ClassVar[Risk] = Risk.MEDIUM
    review_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("review", self.review_id)


EVENTS = (ReviewOpened, ReviewDecided, ReviewWithdrawn, ReviewAdvanced)
