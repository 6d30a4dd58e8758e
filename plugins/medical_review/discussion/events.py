"""What happens in discussions. Events carry ids; what was said stays in its tables."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import DataClass, LegalBasis, PurposeOfUse
from plugins.medical_review.discussion.models import Kind, Severity
from plugins.medical_review.discussion.vocabulary import DiscussionTag

_THREADS = ("medical_review.threads", "medical_review.thread_acts")
_COMMENTS = ("medical_review.comments", "medical_review.comment_versions")


class ThreadOpened(Event, frozen=True):
    """Somebody has something to say about a text, or suggests other words."""

    tag = DiscussionTag.THREAD_OPEN
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = _THREADS
    thread_id: int
    post_id: int
    revision_id: int
    kind: Kind
    severity: Severity

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class ThreadSettled(Event, frozen=True):
    """Base of the steps that end a thread or open it again; `after` has its state. `opened_by` had
    begun it."""

    tag = DiscussionTag.THREAD_RESOLVE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = _THREADS
    thread_id: int
    post_id: int
    opened_by: int
    severity: Severity

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class ThreadReopened(ThreadSettled, frozen=True):
    """What was held for settled is not."""

    tag = DiscussionTag.THREAD_REOPEN


class SuggestionAccepted(ThreadSettled, frozen=True):
    """Words of the one who opened the thread stand in a new revision: she is one of its authors."""

    tag = DiscussionTag.SUGGESTION_ACCEPT
    risk: ClassVar[Risk] = Risk.MEDIUM
    revision_id: int


class SuggestionRejected(ThreadSettled, frozen=True):
    """Suggested words were not taken, or their author took them back."""

    tag = DiscussionTag.SUGGESTION_REJECT


class RemarkWritten(Event, frozen=True):
    """Something was said in a thread."""

    tag = DiscussionTag.COMMENT_WRITE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = _COMMENTS
    comment_id: int
    thread_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class RemarkEdited(RemarkWritten, frozen=True):
    """Its author has put it otherwise; the words before stay in their version."""

    tag = DiscussionTag.COMMENT_EDIT


class RemarkDeleted(RemarkWritten, frozen=True):
    """Its author took it back; that there was one, and what it said, stays."""

    tag = DiscussionTag.COMMENT_DELETE
    risk: ClassVar[Risk] = Risk.MEDIUM


class PersonMentioned(Event, frozen=True):
    """A comment calls somebody by name who may read it."""

    tag = DiscussionTag.COMMENT_MENTION
    data = DataClass.PERSONAL
    basis = LegalBasis.CONTRACT
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    concerns = "user_id"
    user_id: int
    comment_id: int
    thread_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


DISCUSSION_EVENTS = (
    ThreadOpened,
    ThreadSettled,
    ThreadReopened,
    SuggestionAccepted,
    SuggestionRejected,
    RemarkWritten,
    RemarkEdited,
    RemarkDeleted,
    PersonMentioned,
)
