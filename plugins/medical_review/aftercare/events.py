"""What happens to texts after their publication. Ids, days and verdicts; what was written stays in
its tables."""

from enum import StrEnum
from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import PurposeOfUse
from plugins.medical_review.aftercare.vocabulary import AftercareTag

_PUBLICATIONS, _UPKEEP = "medical_review.publications", "medical_review.upkeep"
_REOPENINGS, _NOTICES = "medical_review.reopenings", "medical_review.public_notices"
_DUTIES = "medical_review.inherited_duties"


class Reason(StrEnum):
    """Why a live text is judged again. The first three are reasons to doubt it, and kinds of what
    readers may be told; the others are none."""

    OVERDUE = "overdue"
    LICENCE = "licence"
    REFERENCE = "reference"
    ASKED = "asked"
    PLANNED = "planned"


class NoticeKind(StrEnum):
    """What readers may be told beside a text: the reasons to doubt it, and what an officer places
    in a case of the registry."""

    OVERDUE = Reason.OVERDUE.value
    LICENCE = Reason.LICENCE.value
    REFERENCE = Reason.REFERENCE.value
    REGISTRATION = "registration"


class AboutPost(Event, frozen=True, kw_only=True):
    """Base of the events that are about one text."""

    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class AftercareRulesSet(Event, frozen=True):
    """The site changed how long a review counts, or what follows when it counts no longer."""

    tag = AftercareTag.RULES_SET
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.aftercare_rules", _UPKEEP)
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("aftercare_rules")


class PublicationRecorded(AboutPost, frozen=True, kw_only=True):
    """Readers get this text from now on; `after` says when it is to be reviewed again."""

    tag = AftercareTag.PUBLICATION_RECORD
    covers = (_PUBLICATIONS, _UPKEEP)
    publication_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("post", self.post_id, self.content_hash)


class PublicationEnded(AboutPost, frozen=True, kw_only=True):
    """Readers do not have the text any more, so its next review waits with it."""

    tag = AftercareTag.PUBLICATION_END
    covers = (_UPKEEP,)


class ReviewPlanned(AboutPost, frozen=True, kw_only=True):
    """A live text that was here before has its next review from now on, or the rules have changed
    and with them the day of its next step."""

    tag = AftercareTag.UPKEEP_PLAN
    covers = (_UPKEEP,)


class ReviewRenewed(AboutPost, frozen=True, kw_only=True):
    """The live text was approved once more, without being changed."""

    tag = AftercareTag.UPKEEP_RENEW
    covers = (_UPKEEP,)
    risk: ClassVar[Risk] = Risk.MEDIUM


class ReviewDateSet(AboutPost, frozen=True, kw_only=True):
    """A reviewer moved the next review; `before` and `after` have the days."""

    tag = AftercareTag.UPKEEP_SET
    covers = (_UPKEEP,)
    risk: ClassVar[Risk] = Risk.MEDIUM


class ReviewReminded(AboutPost, frozen=True, kw_only=True):
    """The next review is so many days ahead."""

    tag = AftercareTag.UPKEEP_REMIND
    covers = (_UPKEEP,)
    days: int


class ReviewOverdue(AboutPost, frozen=True, kw_only=True):
    """The review of a live text counts no longer; `after` says what the policy makes of it."""

    tag = AftercareTag.UPKEEP_OVERDUE
    decides = True
    covers = (_UPKEEP,)
    risk: ClassVar[Risk] = Risk.HIGH


class ReviewEscalated(AboutPost, frozen=True, kw_only=True):
    """Nobody has reviewed an overdue text: who oversees has to know."""

    tag = AftercareTag.UPKEEP_ESCALATE
    covers = (_UPKEEP,)
    risk: ClassVar[Risk] = Risk.HIGH


class ReviewReopened(AboutPost, frozen=True, kw_only=True):
    """An approved text has to be judged again; `source` is the id of the reason."""

    tag = AftercareTag.REOPENING_OPEN
    covers = (_REOPENINGS,)
    risk: ClassVar[Risk] = Risk.HIGH
    reopening_id: int
    reason: Reason
    source: int | None = None


class ReopeningClosed(AboutPost, frozen=True, kw_only=True):
    """The text was judged again, or a person has said why it need not be."""

    tag = AftercareTag.REOPENING_CLOSE
    covers = (_REOPENINGS,)
    risk: ClassVar[Risk] = Risk.MEDIUM


class PublicNoticePlaced(AboutPost, frozen=True, kw_only=True):
    """Readers are told something beside the text."""

    tag = AftercareTag.NOTICE_PLACE
    covers = (_NOTICES,)
    risk: ClassVar[Risk] = Risk.MEDIUM
    kind: NoticeKind


class PublicNoticeLifted(AboutPost, frozen=True, kw_only=True):
    """What readers were told beside the text does not hold any more."""

    tag = AftercareTag.NOTICE_LIFT
    covers = (_NOTICES,)
    risk: ClassVar[Risk] = Risk.MEDIUM


class InheritedPlanned(Event, frozen=True, kw_only=True):
    """Inherited texts have a day on which each is to be reviewed, or have it no more; `after` has
    the pace and counts the texts."""

    tag = AftercareTag.INHERITED_PLAN
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.inherited_plans", _DUTIES)
    risk: ClassVar[Risk] = Risk.MEDIUM
    plan_id: int

    def subject(self) -> Subject:
        return Subject("inherited_plan", self.plan_id)


class InheritedAssigned(Event, frozen=True, kw_only=True):
    """Inherited texts were given to a reviewer, or to nobody any more; `after` names them."""

    tag = AftercareTag.INHERITED_ASSIGN
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = (_DUTIES,)
    concerns = "user_id"
    user_id: int | None

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class InheritedScanAsked(Event, frozen=True, kw_only=True):
    """The content rules are to look at the inherited texts."""

    tag = AftercareTag.INHERITED_SCAN
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT

    def subject(self) -> Subject:
        return Subject("inherited_text")


class CaseTextsNoted(Event, frozen=True, kw_only=True):
    """Which texts carried a professional when her case was opened is kept; `after` counts them."""

    tag = AftercareTag.CASE_TEXTS_NOTE
    purpose = PurposeOfUse.COMPLIANCE
    covers = ("medical_review.case_texts",)
    case_id: int

    def subject(self) -> Subject:
        return Subject("case", self.case_id)


AFTERCARE_EVENTS = (
    AftercareRulesSet,
    PublicationRecorded,
    PublicationEnded,
    ReviewPlanned,
    ReviewRenewed,
    ReviewDateSet,
    ReviewReminded,
    ReviewOverdue,
    ReviewEscalated,
    ReviewReopened,
    ReopeningClosed,
    PublicNoticePlaced,
    PublicNoticeLifted,
    CaseTextsNoted,
    InheritedPlanned,
    InheritedAssigned,
    InheritedScanAsked,
)
