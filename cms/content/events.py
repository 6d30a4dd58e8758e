"""What happens to content. Fields are ids and enumerations; values stand in before and after."""

from typing import ClassVar

from cms.content.statuses import Status
from cms.kernel.events import Event, Risk, Subject

_POST = ("cms.posts", "cms.revisions")


class PostCreated(Event, frozen=True):
    """A post exists from now on; its first revision is told by RevisionSaved."""

    tag = "content:post:create"
    covers = _POST
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class RevisionSaved(Event, frozen=True):
    """The working head moved to a new revision, whose text differs from the one before."""

    tag = "content:revision:save"
    covers = _POST
    post_id: int
    revision_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("post", self.post_id, self.content_hash)


class PropertiesChanged(Event, frozen=True):
    """Immediate properties changed: password, sticky, comment status, date, order."""

    tag = "content:post:set"
    covers = ("cms.posts",)
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class Transition(Event, frozen=True):
    """A post moves to another status, or a reviewed post's working revision becomes the live one.

    Guards are asked with it before anything changes.
    """

    tag = "content:post:transition"
    covers = ("cms.posts",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    post_id: int
    revision_id: int
    content_hash: str
    from_status: Status
    to_status: Status

    def subject(self) -> Subject:
        return Subject("post", self.post_id, self.content_hash)

    @property
    def publishes(self) -> bool:
        """Whether readers will see the revision by it."""
        return self.to_status in {Status.PUBLISH, Status.FUTURE, Status.PRIVATE}

    @property
    def submits(self) -> bool:
        """Whether the post is handed over for review by it."""
        return self.to_status is Status.PENDING


class Inherited(Transition, frozen=True):
    """Readers get from here what they had on another site before. Only an import does this, and
    every guard of a Transition is asked; whoever lets it pass must tell readers that the text was
    not judged here."""

    tag = "content:post:inherit"
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("post", self.post_id, self.content_hash)


class TermCreated(Event, frozen=True):
    """A category or another term was added."""

    tag = "content:term:create"
    covers = ("cms.terms",)
    term_id: int

    def subject(self) -> Subject:
        return Subject("term", self.term_id)


EVENTS = (
    PostCreated,
    RevisionSaved,
    PropertiesChanged,
    Transition,
    Inherited,
    TermCreated,
)
