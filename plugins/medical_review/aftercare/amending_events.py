"""A published text turned out to be wrong: what was said of it, by ids; the words are signed and
stand in their table."""

from typing import ClassVar

from cms.kernel.events import Risk, Subject
from cms.kernel.lawfulness import PurposeOfUse
from plugins.medical_review.aftercare.events import AboutPost
from plugins.medical_review.aftercare.vocabulary import AftercareTag

_AMENDMENTS = ("medical_review.amendments",)


class Amended(AboutPost, frozen=True, kw_only=True):
    """Base: somebody has put her name to something about the live text with this hash."""

    purpose = PurposeOfUse.PATIENT_SAFETY
    covers: ClassVar[tuple[str, ...]] = _AMENDMENTS
    risk: ClassVar[Risk] = Risk.HIGH
    amendment_id: int
    signature_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("post", self.post_id, self.content_hash)


class TextCorrected(Amended, frozen=True, kw_only=True):
    """Readers are told what was wrong in the text, and what is right."""

    tag = AftercareTag.TEXT_CORRECT


class TextRetracted(Amended, frozen=True, kw_only=True):
    """Readers are told why the text does not stand any more; its words are withdrawn from them."""

    tag = AftercareTag.TEXT_RETRACT
    is_urgent: ClassVar[bool] = True
    covers = (*_AMENDMENTS, "cms.posts", "medical_review.upkeep")


class TextReinstated(Amended, frozen=True, kw_only=True):
    """A second person has taken a retraction back, and said why; that it was made stays told."""

    tag = AftercareTag.TEXT_REINSTATE
    is_urgent: ClassVar[bool] = True
    covers = (*_AMENDMENTS, "cms.posts", "medical_review.upkeep")


AMENDING_EVENTS = (TextCorrected, TextRetracted, TextReinstated)
