"""What happens when content comes in from elsewhere, or leaves."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject


class ImportStarted(Event, frozen=True):
    """A file is being imported from now on, on behalf of the operator if one was named."""

    tag = "exchange:import:start"
    covers = ("cms.import_runs",)
    risk: ClassVar[Risk] = Risk.HIGH
    run_id: int
    operator_id: int | None = None

    def subject(self) -> Subject:
        return Subject("import", self.run_id)


class ImportEnded(Event, frozen=True):
    """The import has come to its end, or could not go on; `after` counts what it did."""

    tag = "exchange:import:end"
    covers = ("cms.import_runs",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    run_id: int

    def subject(self) -> Subject:
        return Subject("import", self.run_id)


class OriginalKept(Event, frozen=True):
    """An import stored another text than the old system had; that one was put away."""

    tag = "exchange:original:keep"
    covers = ("cms.import_originals",)
    run_id: int
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class Exported(Event, frozen=True):
    """Content left in WordPress's export format; `after` says what was asked for."""

    tag = "exchange:export:write"
    is_urgent: ClassVar[bool] = True
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("export")


class OriginalsErased(Event, frozen=True):
    """The originals of imported texts went with their post, which was deleted for good."""

    tag = "exchange:import:erase_originals"
    covers = ("cms.import_originals",)
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


EVENTS = (ImportStarted, ImportEnded, OriginalKept, OriginalsErased, Exported)
