"""What can be wrong with an installation, each with its remedy: for `cms check`, and for those who
run one site of it."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import psycopg

from cms.api.health import examine
from cms.database import migrate, roles
from cms.database.migrate import unreachable
from cms.errors import SetupError
from cms.fields.declared import unreadable_groups
from cms.host import Host, all_plugins, platform_key
from cms.kernel.actors import SYSTEM
from cms.kernel.declarations import Health
from cms.kernel.tenant import Tenant
from cms.sealing.keys import shut_keys
from cms.site import themes


def database_findings(web_url: str, owner_url: str) -> list[Health]:
    """The database, its login and its migrations. It waits for the server: run it in a thread."""
    try:
        standing = roles.standing(web_url)
    except psycopg.OperationalError as error:
        return [Health("database", False, unreachable(web_url, error))]
    version = f"PostgreSQL {standing.server_version // 10000}, login {standing.login}"
    findings = [Health("database", True, version)]
    status = migrate.status(owner_url, all_plugins())
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


def field_findings(host: Host, sites: list[Tenant]) -> Health:
    """Whether this version reads every field group of these sites."""
    unreadable = [line for one in sites for line in unreadable_groups(host.registry, one)]
    return Health(
        "field groups",
        not unreadable,
        ", ".join(unreadable) or "readable",
        "enable the plugin that brings the type, or replace the group (PUT /api/v1/field-groups)",
    )


def theme_findings(data: Path, slugs: Iterable[str]) -> list[Health]:
    """Whether each of these themes can be read, and every template of it."""
    return [_theme(data, slug) for slug in sorted(set(slugs))]


def _theme(data: Path, slug: str) -> Health:
    name = f"theme {slug}"
    try:
        faults = themes.find(slug, data).faults()
    except SetupError as error:
        remedy = "mend the file, or choose another theme; until then pages are in the default one"
        return Health(name, False, error.message, remedy)
    return Health(
        name,
        not faults,
        "; ".join(faults) or "every template can be read",
        "mend the template at the line that is named; until then its pages are an apology",
    )


async def key_findings(host: Host, tenant: Tenant) -> Health:
    """Whether the platform key is the one that the keys of this tenant were wrapped by."""
    async with host.shop.work(tenant, SYSTEM) as work:
        shut = await shut_keys(work, platform_key(host.settings))
    return Health(
        f"keys of {tenant.slug}",
        not shut,
        f"{len(shut)} cannot be opened by the platform key" if shut else "can be opened",
        "name the file with the right key in CMS_PLATFORM_KEY_FILE, or restore it from a backup",
    )


async def site_findings(host: Host, tenant: Tenant) -> list[Health]:
    """What `cms check` says, as far as this process sees it, of one site."""
    web = host.addresses.web
    # Each opens connections of its own and mostly waits for them.
    database, (_, *checked) = await asyncio.gather(
        asyncio.to_thread(database_findings, web, web), examine(host)
    )
    plugins = Health("plugins", True, f"{len(host.registry.plugins)} fit each other")
    has_mail = host.shop.mailer is not None
    mail = Health(
        "mail server",
        has_mail,
        "is set" if has_mail else "none is set: nobody is told anything by mail",
        "set CMS_SMTP_URL and CMS_MAIL_FROM",
    )
    keys = await key_findings(host, tenant)
    theme = await asyncio.to_thread(theme_findings, host.settings.data, [tenant.site.theme])
    return [plugins, *database, field_findings(host, [tenant]), *theme, keys, mail, *checked]
