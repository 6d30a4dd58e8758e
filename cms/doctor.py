"""`cms check`: what is wrong with this set-up, each with its remedy."""

import asyncio
from dataclasses import replace

from cms.api.health import examine
from cms.api.set_up import database_findings, field_findings, key_findings, theme_findings
from cms.errors import CmsError
from cms.host import (
    Addresses,
    addresses,
    build_registry,
    open_host,
    platform_key,
    secret_key,
)
from cms.kernel.declarations import Health
from cms.settings import Settings
from cms.site import themes


def examine_installation(settings: Settings) -> list[Health]:
    """Plugins, secret, database, its login, its migrations, then the checks of the plugins."""
    findings: list[Health] = []
    try:
        registry = build_registry(settings)
        findings.append(Health("plugins", True, f"{len(registry.plugins)} fit each other"))
        secret_key(settings)
        findings.append(Health("secret key", True, "readable"))
        platform_key(settings)
        findings.append(Health("platform key", True, "readable"))
        where = addresses(settings)
        findings += _database(where)
        if where.own_audit is not None:
            findings += [
                replace(one, name=f"audit {one.name}") for one in _database(where.own_audit)
            ]
        if all(finding.is_well for finding in findings):
            findings += asyncio.run(_plugins(settings, where))
    except CmsError as error:
        findings.append(Health("set-up", False, error.message))
    return findings


def _database(where: Addresses) -> list[Health]:
    return database_findings(where.web, where.owner)


async def _plugins(settings: Settings, where: Addresses) -> list[Health]:
    async with open_host(settings, where) as host:
        findings = await examine(host)
        tenants = await host.tenants.all()
        sites = [await host.tenants.by_id(tenant.id) for tenant in tenants]
        fields = field_findings(host, sites)
        chosen = [site.site.theme for site in sites]
        dresses = theme_findings(settings.data, [*themes.names(settings.data), *chosen])
        keys = [await key_findings(host, tenant) for tenant in tenants]
    has_tenant = Health(
        "tenants", bool(tenants), f"{len(tenants)} founded", "found one: cms tenant add"
    )
    shut = [one for one in keys if not one.is_well]
    return [has_tenant, fields, *dresses, *findings[1:], *shut]
