"""Host name to tenant, from the global directory, remembered for a few seconds."""

import time

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from cms.database.engine import open_session
from cms.errors import NotFound, UnknownSite
from cms.kernel.tenant import Tenant

REMEMBER_SECONDS = 5.0

_ALL = text(
    "select t.id, t.slug, t.name, t.language, t.timezone, h.host "
    "from cms.tenants t left join cms.tenant_hosts h on h.tenant_id = t.id order by t.id, h.host"
)


class TenantDirectory:
    """Reads the whole (small) directory at once; a new tenant is seen after a few seconds."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._tenants: list[Tenant] = []
        self._read_at = float("-inf")

    async def by_host(self, host: str) -> Tenant:
        """The tenant of a Host header. One tenant alone answers to every name; with two, an unknown
        name is refused with 421, so that no site is served under another's address."""
        name = host.lower()
        for tenant in await self.all():
            if name in tenant.hosts or name.partition(":")[0] in tenant.hosts:
                return tenant
        tenants = await self.all()
        if len(tenants) == 1:
            return tenants[0]
        raise UnknownSite(f"No site answers to the host name {name.partition(':')[0]!r}.")

    async def by_slug(self, slug: str) -> Tenant:
        """The tenant that `--tenant` names."""
        self.forget()
        for tenant in await self.all():
            if tenant.slug == slug:
                return tenant
        raise NotFound("tenant", slug)

    async def by_id(self, tenant_id: int) -> Tenant:
        for tenant in await self.all():
            if tenant.id == tenant_id:
                return tenant
        self.forget()
        for tenant in await self.all():
            if tenant.id == tenant_id:
                return tenant
        raise NotFound("tenant", tenant_id)

    async def all(self) -> list[Tenant]:
        """Every tenant, by id."""
        if time.monotonic() - self._read_at > REMEMBER_SECONDS:
            self._tenants = await self._read()
            self._read_at = time.monotonic()
        return self._tenants

    def forget(self) -> None:
        """Read the directory again at the next question."""
        self._read_at = float("-inf")

    async def _read(self) -> list[Tenant]:
        async with open_session(self._engine, None) as session:
            rows = (await session.execute(_ALL)).all()
        hosts: dict[int, list[str]] = {}
        for row in rows:
            hosts.setdefault(row.id, []).extend([row.host] if row.host else [])
        seen = {row.id: row for row in rows}
        return [
            Tenant(row.id, row.slug, row.name, row.language, row.timezone, tuple(hosts[row.id]))
            for row in seen.values()
        ]
