"""What happens to the library. Events carry ids and verdicts; what was written stays there."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import PurposeOfUse
from plugins.medical_review.references.models import CitationStyle, Notice, Origin
from plugins.medical_review.references.vocabulary import ReferenceTag

_ENTRIES, _VERSIONS = "medical_review.library_entries", "medical_review.library_versions"


class OfEntry(Event, frozen=True):
    """One publication of the library."""

    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    reference_id: int

    def subject(self) -> Subject:
        return Subject("reference", self.reference_id)


class ReferenceAdded(OfEntry, frozen=True):
    """A publication is in the library from now on."""

    tag = ReferenceTag.REFERENCE_ADD
    covers = (_ENTRIES, _VERSIONS)
    origin: Origin


class ReferenceChanged(OfEntry, frozen=True):
    """An entry says something else; texts that were written before keep what it said."""

    tag = ReferenceTag.REFERENCE_CHANGE
    covers = (_ENTRIES, _VERSIONS)
    version: int
    origin: Origin


class ReferencesMerged(OfEntry, frozen=True):
    """Two entries were one publication; `into_id` is the one that stays."""

    tag = ReferenceTag.REFERENCE_MERGE
    covers = (_ENTRIES, _VERSIONS)
    risk: ClassVar[Risk] = Risk.MEDIUM
    into_id: int


class ReferenceRetracted(OfEntry, frozen=True):
    """A journal has retracted a publication, voiced concern about it, or corrected it: `notice`
    says which. Emitted also when a person notes it by hand; texts that rest on it are to be read
    again."""

    tag = ReferenceTag.REFERENCE_RETRACT
    covers = (_ENTRIES,)
    risk: ClassVar[Risk] = Risk.HIGH
    notice: Notice
    origin: Origin


class RetractionLifted(OfEntry, frozen=True):
    """A notice was noted by mistake, and a person has taken it back."""

    tag = ReferenceTag.REFERENCE_REINSTATE
    covers = (_ENTRIES,)
    risk: ClassVar[Risk] = Risk.HIGH


class ReferenceAsked(OfEntry, frozen=True):
    """Sources were asked again what became of a publication that a live text rests on; `after` says
    which of them answered."""

    tag = ReferenceTag.REFERENCE_WATCH
    covers = (_ENTRIES,)


class CitationStyleChanged(Event, frozen=True):
    """The site shows its references in another style from now on."""

    tag = ReferenceTag.REFERENCE_STYLE
    covers = ("cms.options",)
    style: CitationStyle

    def subject(self) -> Subject:
        return Subject("option")


REFERENCE_EVENTS = (
    ReferenceAdded,
    ReferenceChanged,
    ReferencesMerged,
    ReferenceRetracted,
    RetractionLifted,
    ReferenceAsked,
    CitationStyleChanged,
)
