"""One line of `cms check`: whether every tenant's source is fit to rely on."""

from typing import Protocol

from cms.database.work import Workshop
from cms.kernel.actors import SYSTEM
from cms.kernel.declarations import Health
from cms.tenancy.directory import TenantDirectory
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.sources import enabled


class RunningHost(Protocol):
    """What this check needs of the host."""

    @property
    def shop(self) -> Workshop: ...
    @property
    def tenants(self) -> TenantDirectory: ...


async def rosters_are_fresh(host: RunningHost) -> Health:
    """The first source of any tenant that is not well, or a line that says all are."""
    for tenant in await host.tenants.all():
        async with host.shop.work(tenant, SYSTEM) as work:
            for provider in enabled(work.settings(RegistrySettings)):
                health = await provider.health(work)
                if not health.is_well:
                    message = f"{tenant.slug}: {health.message}"
                    return Health(health.name, False, message, health.remedy)
    return Health("registry", True, "every source of every tenant is well")
