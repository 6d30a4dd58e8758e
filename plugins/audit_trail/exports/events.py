"""What happens with exports is told to the trail that they are made of."""

from typing import Any, ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import DataClass, PurposeOfUse
from plugins.audit_trail.vocabulary import AuditTrailTag


class AuditExported(Event, frozen=True, kw_only=True):
    """Events left the house, with proof. `asked` are the conditions that were set, `size` is that
    of the signed head. The version of its subject is the SHA-256 of the export's manifest.json,
    which names every file: what was handed out can be told from what was not."""

    tag = AuditTrailTag.TRAIL_EXPORT
    data = DataClass.PERSONAL
    purpose = PurposeOfUse.COMPLIANCE
    risk: ClassVar[Risk] = Risk.HIGH
    is_urgent: ClassVar[bool] = True
    manifest: str
    entries: int
    size: int
    forms: list[str]
    is_opened: bool
    asked: dict[str, Any]

    def subject(self) -> Subject:
        return Subject("audit_export", None, self.manifest)


class AuditSearched(Event, frozen=True, kw_only=True):
    """Somebody read the trail through a FHIR client; `asked` are the conditions."""

    tag = AuditTrailTag.TRAIL_SEARCH
    data = DataClass.PERSONAL
    purpose = PurposeOfUse.COMPLIANCE
    risk: ClassVar[Risk] = Risk.MEDIUM
    asked: dict[str, Any]

    def subject(self) -> Subject:
        return Subject("audit_trail")


class AuditExportAsked(Event, frozen=True, kw_only=True):
    """Somebody asked for an export; `asked` are the conditions."""

    tag = AuditTrailTag.TRAIL_ASK_EXPORT
    data = DataClass.PERSONAL
    purpose = PurposeOfUse.COMPLIANCE
    risk: ClassVar[Risk] = Risk.MEDIUM
    export: str
    forms: list[str]
    is_opened: bool
    asked: dict[str, Any]

    def subject(self) -> Subject:
        return Subject("audit_export")


class AuditExportFetched(Event, frozen=True, kw_only=True):
    """The file of an export went to whoever had asked for it."""

    tag = AuditTrailTag.TRAIL_FETCH_EXPORT
    data = DataClass.PERSONAL
    purpose = PurposeOfUse.COMPLIANCE
    risk: ClassVar[Risk] = Risk.HIGH
    export: str
    manifest: str

    def subject(self) -> Subject:
        return Subject("audit_export", None, self.manifest)


EVENTS = (AuditExported, AuditExportAsked, AuditExportFetched, AuditSearched)
