"""What happens to content. Fields are ids and enumerations; values stand in before and after."""

from enum import StrEnum
from typing import ClassVar

from cms.content.statuses import Status
from cms.content.vocabulary import ContentTag
from cms.kernel.events import Event, Outcome, Risk, Subject
from cms.kernel.lawfulness import DataClass, LegalBasis

_POST = ("cms.posts", "cms.revisions")


class PostCreated(Event, frozen=True):
    """A post exists from now on; its first revision is told by RevisionSaved."""

    tag = ContentTag.POST_CREATE
    covers = _POST
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class RevisionSaved(Event, frozen=True):
    """The working head moved to a new revision, whose text differs from the one before. `after`
    says `cleaned: false` when it was stored as it was written, scripts too."""

    tag = ContentTag.REVISION_SAVE
    covers = _POST
    post_id: int
    revision_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("post", self.post_id, self.content_hash)


class PropertiesChanged(Event, frozen=True):
    """Immediate properties changed: password, sticky, comment status, date, order."""

    tag = ContentTag.POST_SET
    covers = ("cms.posts",)
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class Transition(Event, frozen=True):
    """A post moves to another status, or a reviewed post's working revision becomes the live one.

    Guards are asked with it before anything changes.
    """

    tag = ContentTag.POST_TRANSITION
    covers = ("cms.posts", "cms.post_schedules")
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


class PublicationRefused(Event, frozen=True, kw_only=True):
    """The time of a scheduled post came, and a guard or a policy refused it; `after` has the codes
    of the reasons. It stays scheduled until somebody takes it up."""

    tag = ContentTag.POST_REFUSE_PUBLICATION
    outcomes = (Outcome.REFUSED,)
    decides = True
    covers = ("cms.post_schedules",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    outcome: Outcome = Outcome.REFUSED
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class PublicationTriedAgain(Event, frozen=True, kw_only=True):
    """A scheduled post that was refused is looked at once more."""

    tag = ContentTag.POST_RETRY_PUBLICATION
    covers = ("cms.post_schedules",)
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class HeadSetAside(Event, frozen=True):
    """The working text of a live post was set aside under the name in `after`; what is edited from
    now on starts from what readers have."""

    tag = ContentTag.HEAD_SET_ASIDE
    covers = ("cms.posts", "cms.post_heads")
    risk: ClassVar[Risk] = Risk.MEDIUM
    post_id: int
    revision_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class HeadTakenUp(Event, frozen=True):
    """A text that was set aside is the working one again; what was edited in between stays in the
    history of the post, and where it was published, with readers."""

    tag = ContentTag.HEAD_TAKE_UP
    covers = ("cms.posts", "cms.post_heads")
    risk: ClassVar[Risk] = Risk.MEDIUM
    post_id: int
    revision_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class AutosaveKept(Event, frozen=True):
    """What a person has written and not saved was kept, or given up (`after` says which)."""

    tag = ContentTag.AUTOSAVE_KEEP
    covers = ("cms.autosaves",)
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class EditingTakenOver(Event, frozen=True):
    """Somebody goes on with a text that another person has open, who is named in `after`."""

    tag = ContentTag.EDITING_TAKE_OVER
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class ContentHandedOver(Event, frozen=True):
    """The posts of somebody who left have another owner; `after` says how many."""

    tag = ContentTag.POST_HAND_OVER
    data = DataClass.PERSONAL
    basis = LegalBasis.CONTRACT
    concerns = "user_id"
    covers = ("cms.posts", "cms.comments")
    risk: ClassVar[Risk] = Risk.HIGH
    user_id: int
    successor_id: int | None = None

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class Inherited(Transition, frozen=True):
    """Readers get from here what they had on another site before. Only an import does this, and
    every guard of a Transition is asked; whoever lets it pass must tell readers that the text was
    not judged here."""

    tag = ContentTag.POST_INHERIT
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("post", self.post_id, self.content_hash)


class PostErased(Event, frozen=True):
    """A post was deleted for good, with its revisions and its comments. Guards are asked with it
    before anything changes; what is left of the text is its hash."""

    tag = ContentTag.POST_ERASE
    is_urgent: ClassVar[bool] = True
    covers = ("cms.posts", "cms.revisions", "cms.comments")
    risk: ClassVar[Risk] = Risk.HIGH
    post_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("post", self.post_id, self.content_hash)


class TermCreated(Event, frozen=True):
    """A category or another term was added."""

    tag = ContentTag.TERM_CREATE
    covers = ("cms.terms",)
    term_id: int

    def subject(self) -> Subject:
        return Subject("term", self.term_id)


class TermChanged(Event, frozen=True):
    """A term got another name, address, description or place."""

    tag = ContentTag.TERM_EDIT
    covers = ("cms.terms",)
    term_id: int

    def subject(self) -> Subject:
        return Subject("term", self.term_id)


class TermDeleted(Event, frozen=True):
    """A term is gone; posts that were filed under it no longer are. What it was stands in
    `before`, and in `after` the term that posts without another one got instead."""

    tag = ContentTag.TERM_DELETE
    covers = ("cms.terms", "cms.dropped_terms")
    risk: ClassVar[Risk] = Risk.MEDIUM
    term_id: int

    def subject(self) -> Subject:
        return Subject("term", self.term_id)


class Declarable(StrEnum):
    """What a site may declare for itself."""

    TYPE = "type"
    TAXONOMY = "taxonomy"


class DeclarationSaved(Event, frozen=True):
    """A site has declared a type or a taxonomy of its own, or declared it anew; its name is
    always in `after`."""

    tag = ContentTag.DECLARATION_SAVE
    covers = ("cms.content_types", "cms.taxonomies")
    risk: ClassVar[Risk] = Risk.MEDIUM
    kind: Declarable

    def subject(self) -> Subject:
        return Subject(self.kind.value)


class DeclarationRemoved(Event, frozen=True):
    """A type or a taxonomy of the site's own is gone; nothing was left in it."""

    tag = ContentTag.DECLARATION_REMOVE
    covers = ("cms.content_types", "cms.taxonomies")
    risk: ClassVar[Risk] = Risk.MEDIUM
    kind: Declarable

    def subject(self) -> Subject:
        return Subject(self.kind.value)


EVENTS = (
    PostCreated,
    RevisionSaved,
    PropertiesChanged,
    Transition,
    PublicationRefused,
    PublicationTriedAgain,
    HeadSetAside,
    HeadTakenUp,
    AutosaveKept,
    EditingTakenOver,
    ContentHandedOver,
    Inherited,
    PostErased,
    TermCreated,
    TermChanged,
    TermDeleted,
    DeclarationSaved,
    DeclarationRemoved,
)
