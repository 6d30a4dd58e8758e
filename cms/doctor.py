"""`cms check`: what is wrong with this set-up, each with its remedy."""

import asyncio
from dataclasses import replace

import psycopg

from cms.api.health import examine
from cms.database import migrate, roles
from cms.database.migrate import unreachable
from cms.errors import CmsError
from cms.fields.declared import unreadable_groups
from cms.host import (
    Addresses,
    Host,
    addresses,
    all_plugins,
    build_registry,
    open_host,
    platform_key,
    secret_key,
)
from cms.kernel.actors import SYSTEM
from cms.kernel.declarations import Health
from cms.kernel.tenant import Tenant
from cms.sealing.keys import shut_keys
from cms.settings import Settings


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
    try:
        standing = roles.standing(where.web)
    except psycopg.OperationalError as error:
        return [Health("database", False, unreachable(where.web, error))]
    version = f"PostgreSQL {standing.server_version // 10000}, login {standing.login}"
    findings = [Health("database", True, version)]
    status = migrate.status(where.owner, all_plugins())
    findings.append(
        Health(
            "migrations",
            not status.missing,
            f"{len(status.missing)} missing" if status.missing else "up to date",
            "run: cms db upgrade",
        )
    )
    problem = standing.problem()
    findings.append(Health("database login", problem is None, problem or "bound by its role"))
    if not standing.folds_accents:
        findings.append(
            Health(
                "database ctype",
                False,
                "lower() does not know accented letters",
                "create the database with a UTF-8 locale, for example C.UTF-8",
            )
        )
    return findings


async def _plugins(settings: Settings, where: Addresses) -> list[Health]:
    async with open_host(settings, where) as host:
        findings = await examine(host)
        tenants = await host.tenants.all()
        sites = [await host.tenants.by_id(tenant.id) for tenant in tenants]
        unreadable = [line for one in sites for line in unreadable_groups(host.registry, one)]
        keys = [await _keys(host, tenant) for tenant in tenants]
    has_tenant = Health(
        "tenants", bool(tenants), f"{len(tenants)} founded", "found one: cms tenant add"
    )
    fields = Health(
        "field groups",
        not unreadable,
        ", ".join(unreadable) or "readable",
        "enable the plugin that brings the type, or replace the group (PUT /api/v1/field-groups)",
    )
    shut = [one for one in keys if not one.is_well]
    return [has_tenant, fields, *findings[1:], *shut]


async def _keys(host: Host, tenant: Tenant) -> Health:
    """Whether the platform key is the one that the keys of this tenant were wrapped by."""
    async with host.shop.work(tenant, SYSTEM) as work:
        shut = await shut_keys(work, platform_key(host.settings))
    return Health(
        f"keys of {tenant.slug}",
        not shut,
        f"{len(shut)} cannot be opened by the platform key" if shut else "can be opened",
        "name the file with the right key in CMS_PLATFORM_KEY_FILE, or restore it from a backup",
    )
