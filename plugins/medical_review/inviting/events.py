"""What happens with reviewers from outside. Events name the person by number only."""

from typing import ClassVar

from cms.kernel.events import Event, Outcome, Risk, Subject
from cms.kernel.lawfulness import PurposeOfUse
from plugins.medical_review.workflows.vocabulary import WorkflowTag


class ReviewerInvited(Event, frozen=True):
    """Somebody from outside was asked to judge one text."""

    tag = WorkflowTag.INVITATION_MAKE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.invitations", "medical_review.claims", "cms.users")
    risk: ClassVar[Risk] = Risk.HIGH
    concerns = "user_id"
    invitation_id: int
    review_id: int
    user_id: int

    def subject(self) -> Subject:
        return Subject("invitation", self.invitation_id)


class InvitationMailed(Event, frozen=True):
    """The link, or a code, was handed to the mail server, or refused by it."""

    tag = WorkflowTag.INVITATION_MAIL
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    outcomes = (Outcome.SUCCESS, Outcome.FAILED)
    invitation_id: int

    def subject(self) -> Subject:
        return Subject("invitation", self.invitation_id)


class CodeAsked(Event, frozen=True):
    """A code was asked for, or one was typed; `after` has the number of each so far."""

    tag = WorkflowTag.INVITATION_CODE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.invitations",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    invitation_id: int

    def subject(self) -> Subject:
        return Subject("invitation", self.invitation_id)


class InvitationEnded(Event, frozen=True):
    """The link is worth nothing any more: it was taken back, or its holder has decided."""

    tag = WorkflowTag.INVITATION_END
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.invitations", "medical_review.claims")
    risk: ClassVar[Risk] = Risk.MEDIUM
    invitation_id: int

    def subject(self) -> Subject:
        return Subject("invitation", self.invitation_id)


INVITATION_EVENTS = (ReviewerInvited, InvitationMailed, CodeAsked, InvitationEnded)
