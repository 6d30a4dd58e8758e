"""What happens to comments. Who commented is a keyed reference in the trail, never a name."""

from typing import ClassVar

from cms.content.vocabulary import ContentTag
from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import DataClass, LegalBasis

_COMMENTS = ("cms.comments",)


class CommentEvent(Event, frozen=True):
    """Of what readers write. `about` is who wrote it: that the house can keep order among comments
    is its legitimate interest (LGPD, art. 7, IX)."""

    data = DataClass.PERSONAL
    basis = LegalBasis.LEGITIMATE_INTEREST


class CommentAdded(CommentEvent, frozen=True):
    """Somebody commented; `after` has the status that the rules of the site gave it."""

    tag = ContentTag.COMMENT_CREATE
    covers = _COMMENTS
    comment_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("comment", self.comment_id)


class CommentEdited(CommentEvent, frozen=True):
    """A comment's text, author or place changed; `after` names the fields."""

    tag = ContentTag.COMMENT_EDIT
    covers = _COMMENTS
    comment_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("comment", self.comment_id)


class CommentModerated(CommentEvent, frozen=True):
    """A comment was approved, held, called spam, put into the bin or taken out of it."""

    tag = ContentTag.COMMENT_MODERATE
    covers = _COMMENTS
    comment_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("comment", self.comment_id)


class CommentDeleted(CommentEvent, frozen=True):
    """A comment is gone for good; the answers to it move up to what it answered."""

    tag = ContentTag.COMMENT_DELETE
    covers = _COMMENTS
    risk: ClassVar[Risk] = Risk.MEDIUM
    comment_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("comment", self.comment_id)


class CommentersForgotten(CommentEvent, frozen=True):
    """Network addresses and browsers of older comments were wiped; `after` says of how many."""

    tag = ContentTag.COMMENT_FORGET
    covers = _COMMENTS

    def subject(self) -> Subject:
        return Subject("comment")


COMMENT_EVENTS = (
    CommentAdded,
    CommentEdited,
    CommentModerated,
    CommentDeleted,
    CommentersForgotten,
)
