"""What happens to comments. Who commented stays out of the trail: it has ids, never a name."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject

_COMMENTS = ("cms.comments",)


class CommentAdded(Event, frozen=True):
    """Somebody commented; `after` has the status that the rules of the site gave it."""

    tag = "content:comment:create"
    covers = _COMMENTS
    comment_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("comment", self.comment_id)


class CommentEdited(Event, frozen=True):
    """A comment's text, author or place changed; `after` names the fields."""

    tag = "content:comment:edit"
    covers = _COMMENTS
    comment_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("comment", self.comment_id)


class CommentModerated(Event, frozen=True):
    """A comment was approved, held, called spam, put into the bin or taken out of it."""

    tag = "content:comment:moderate"
    covers = _COMMENTS
    comment_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("comment", self.comment_id)


class CommentDeleted(Event, frozen=True):
    """A comment is gone for good; the answers to it move up to what it answered."""

    tag = "content:comment:delete"
    covers = _COMMENTS
    risk: ClassVar[Risk] = Risk.MEDIUM
    comment_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("comment", self.comment_id)


class CommentersForgotten(Event, frozen=True):
    """Network addresses and browsers of older comments were wiped; `after` says of how many."""

    tag = "content:comment:forget"
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
