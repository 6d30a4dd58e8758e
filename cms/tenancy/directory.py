"""Host name to tenant with its options, from the database, remembered for a few seconds."""

import re
import time
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from cms.database.engine import open_session
from cms.errors import NotFound, UnknownSite
from cms.kernel.declared import Declared
from cms.kernel.tenant import SiteOptions, Tenant
from cms.tenancy.declared import declared_by
from cms.tenancy.options import site_of

REMEMBER_SECONDS = 5.0
MAX_PORT = 65535

# A Host header (RFC 9110 §7.2): what it says comes back in every link of the answer.
_AUTHORITY = re.compile(r"(?P<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")

_ALL = text(
    "select t.id, t.slug, t.name, t.language, t.timezone, h.host "
    "from cms.tenants t left join cms.tenant_hosts h on h.tenant_id = t.id order by t.id, h.host"
)


# Everything that a site has set for itself, in one statement.
_SET = text(
    "select 'option' as kind, name, value from cms.options where tenant_id = :tenant "
    "union all select 'type', name, definition from cms.content_types where tenant_id = :tenant "
    "union all select 'taxonomy', name, definition from cms.taxonomies where tenant_id = :tenant "
    "union all select 'dropped', id::text, to_jsonb(replaced_by) from cms.dropped_terms "
    "where tenant_id = :tenant"
)
_GROUPS = text(
    "select key, version, definition from cms.field_groups where tenant_id = :tenant order by key"
)


class TenantDirectory:
    """Reads the whole (small) directory at once; a new tenant, and an option that another process
    changed, is seen after a few seconds."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._tenants: list[Tenant] = []
        self._read_at = float("-inf")
        self._sites: dict[int, tuple[float, SiteOptions, Declared]] = {}

    async def by_host(self, host: str) -> Tenant:
        """The tenant of a Host header. One tenant alone answers to every name; with two, an unknown
        name is refused with 421, so that no site is served under another's address."""
        written = _AUTHORITY.fullmatch(host.lower())
        if written is None or int(written["port"] or 0) > MAX_PORT:
            raise UnknownSite(f"{host[:100]!r} is not a host name.")
        tenants = await self.all()
        for tenant in tenants:
            if written[0] in tenant.hosts or written["name"] in tenant.hosts:
                return await self._with_options(tenant)
        if len(tenants) == 1:
            return await self._with_options(tenants[0])
        raise UnknownSite(f"No site answers to the host name {written['name']!r}.")

    async def by_slug(self, slug: str) -> Tenant:
        """The tenant that `--tenant` names."""
        self.forget()
        for tenant in await self.all():
            if tenant.slug == slug:
                return await self._with_options(tenant)
        raise NotFound("tenant", slug)

    async def by_id(self, tenant_id: int) -> Tenant:
        for tenant in await self.all():
            if tenant.id == tenant_id:
                return await self._with_options(tenant)
        self.forget()
        for tenant in await self.all():
            if tenant.id == tenant_id:
                return await self._with_options(tenant)
        raise NotFound("tenant", tenant_id)

    async def all(self) -> list[Tenant]:
        """Every tenant, by id, as the directory knows it: without its options."""
        if time.monotonic() - self._read_at > REMEMBER_SECONDS:
            self._tenants = await self._read()
            self._read_at = time.monotonic()
        return self._tenants

    def forget(self) -> None:
        """Read the directory and the options again at the next question."""
        self._read_at = float("-inf")
        self._sites.clear()

    async def _with_options(self, tenant: Tenant) -> Tenant:
        """What the site's own people have set counts before what the directory says."""
        known = self._sites.get(tenant.id)
        if known is None or time.monotonic() - known[0] > REMEMBER_SECONDS:
            async with open_session(self._engine, tenant.id) as session:
                rows = (await session.execute(_SET, {"tenant": tenant.id})).all()
                groups = (await session.execute(_GROUPS, {"tenant": tenant.id})).all()
            site = site_of({row.name: row.value for row in rows if row.kind == "option"})
            known = (time.monotonic(), site, declared_by(rows, groups))
            self._sites[tenant.id] = known
        _, site, declared = known
        return replace(
            tenant,
            name=site.title or tenant.name,
            language=site.language or tenant.language,
            timezone=site.timezone or tenant.timezone,
            site=site,
            declared=declared,
        )

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
