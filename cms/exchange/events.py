"""What happens when content comes in from elsewhere, or leaves."""

from typing import ClassVar

from cms.exchange.vocabulary import ExchangeTag
from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import DataClass, LegalBasis, PurposeOfUse


class ExchangeEvent(Event, frozen=True):
    """Of whole sites, with the names of their authors and commenters. Moving them is the legitimate
    interest of who publishes them (LGPD, art. 7, IX)."""

    data = DataClass.PERSONAL
    basis = LegalBasis.LEGITIMATE_INTEREST
    purpose = PurposeOfUse.RECORDS_MANAGEMENT


class ImportStarted(ExchangeEvent, frozen=True):
    """A file is being imported from now on, on behalf of the operator if one was named."""

    tag = ExchangeTag.IMPORT_START
    covers = ("cms.import_runs",)
    risk: ClassVar[Risk] = Risk.HIGH
    run_id: int
    operator_id: int | None = None

    def subject(self) -> Subject:
        return Subject("import", self.run_id)


class ImportEnded(ExchangeEvent, frozen=True):
    """The import has come to its end, or could not go on; `after` counts what it did."""

    tag = ExchangeTag.IMPORT_END
    covers = ("cms.import_runs",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    run_id: int

    def subject(self) -> Subject:
        return Subject("import", self.run_id)


class OriginalKept(ExchangeEvent, frozen=True):
    """An import stored another text than the old system had; that one was put away."""

    tag = ExchangeTag.ORIGINAL_KEEP
    covers = ("cms.import_originals",)
    run_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class Exported(ExchangeEvent, frozen=True):
    """Content left in WordPress's export format; `after` says what was asked for."""

    tag = ExchangeTag.EXPORT_WRITE
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("export")


class OriginalsErased(ExchangeEvent, frozen=True):
    """The originals of imported texts went with their post, which was deleted for good."""

    tag = ExchangeTag.IMPORT_ERASE_ORIGINALS
    covers = ("cms.import_originals",)
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


EVENTS = (ImportStarted, ImportEnded, OriginalKept, OriginalsErased, Exported)
