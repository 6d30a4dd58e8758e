"""What happens to tenants."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import PurposeOfUse
from cms.tenancy.vocabulary import TenancyTag


class TenantFounded(Event, frozen=True):
    """A publisher was added to the directory; `after` has its slug and host names."""

    tag = TenancyTag.TENANT_FOUND
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("tenant")


class OptionsChanged(Event, frozen=True):
    """Options of the site were set."""

    tag = TenancyTag.OPTION_SET
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION
    covers = ("cms.options",)

    def subject(self) -> Subject:
        return Subject("site")


EVENTS = (TenantFounded, OptionsChanged)
