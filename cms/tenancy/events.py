"""What happens to tenants."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject


class TenantFounded(Event, frozen=True):
    """A publisher was added to the directory; `after` has its slug and host names."""

    tag = "tenancy:tenant:found"
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("tenant")


class OptionsChanged(Event, frozen=True):
    """Options of the site were set."""

    tag = "tenancy:option:set"
    covers = ("cms.options",)

    def subject(self) -> Subject:
        return Subject("site")


EVENTS = (TenantFounded, OptionsChanged)
