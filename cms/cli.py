"""The `cms` command. Each plugin adds its own group."""

import asyncio
import sys
from typing import Any

import click
import psycopg
from sqlalchemy.exc import DBAPIError

from cms import __version__
from cms.cli_support import (
    command_work,
    fail,
    json_option,
    load_settings,
    opened_host,
    run,
    say,
    tenant_option,
)
from cms.errors import CmsError, SetupError
from cms.exchange_commands import export_group, import_group
from cms.fields_commands import fields_group
from cms.kernel.plugin import load
from cms.kernel.registry import installed
from cms.key_commands import keys_group


class Commands(click.Group):
    """The host's commands, and one group for each installed plugin that brings one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_plugin_commands()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        dotted = _plugin_commands().get(cmd_name)
        command: click.Command | None = load(dotted) if dotted else None
        return command


def _plugin_commands() -> dict[str, str]:
    named = (plugin.command for plugin in installed().values() if plugin.command)
    return {dotted.rpartition(":")[2]: dotted for dotted in named}


@click.command(cls=Commands)
@click.version_option(__version__, prog_name="cms")
def cms() -> None:
    """A headless healthcare CMS with a compliance workflow."""


@cms.command()
def demo() -> None:
    """Start everything on this machine: database, demo clinic, site and worker."""
    from cms import serving

    serving.run_demo(load_settings())


@cms.command()
def serve() -> None:
    """Serve requests (the worker runs apart: cms worker)."""
    from cms import serving

    serving.serve(load_settings())


@cms.command()
def worker() -> None:
    """Run jobs, schedules and the services of plugins, such as the audit sequencer."""
    from cms import serving

    serving.run_worker_process(load_settings())


@cms.group()
def db() -> None:
    """The database and its migrations."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Apply the migrations that are missing, as the owner (CMS_DATABASE_OWNER_URL)."""
    from cms.host import addresses, upgrade

    settings = load_settings()
    for where in addresses(settings).each:
        status = upgrade(where.owner, settings)
    click.echo(f"The database is up to date: {len(status.applied)} migrations applied.")


@db.command("status")
@json_option
def db_status(as_json: bool) -> None:
    """Which migrations are applied and which are missing; exit code 1 when some are."""
    from cms.database import migrate
    from cms.host import addresses, all_plugins

    status, *others = (
        migrate.status(where.owner, all_plugins()) for where in addresses(load_settings()).each
    )
    missing = sorted({*status.missing, *(name for other in others for name in other.missing)})
    say(
        {"applied": status.applied, "missing": missing},
        as_json=as_json,
        text=f"applied: {', '.join(status.applied) or 'none'}\n"
        f"missing: {', '.join(missing) or 'none'}",
    )
    sys.exit(1 if missing else 0)


@cms.command()
@json_option
def check(as_json: bool) -> None:
    """Look at the set-up and name what is wrong with it; exit code 1 when something is."""
    from cms.doctor import examine_installation

    findings = examine_installation(load_settings())
    lines = [
        f"{'well ' if f.is_well else 'WRONG'}  {f.name}: {f.message}"
        + (f" -> {f.remedy}" if f.remedy and not f.is_well else "")
        for f in findings
    ]
    listed = [
        {"name": f.name, "well": f.is_well, "message": f.message, "remedy": f.remedy}
        for f in findings
    ]
    say(listed, as_json=as_json, text="\n".join(lines))
    sys.exit(0 if all(f.is_well for f in findings) else 1)


@cms.group()
def tenant() -> None:
    """Publishers that share this installation."""


@tenant.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="What the publisher is called.")
@click.option("--host", "hosts", multiple=True, required=True, help="Host name; may be repeated.")
@click.option("--language", default="pt-BR", show_default=True)
@click.option("--timezone", default="America/Sao_Paulo", show_default=True)
def tenant_add(slug: str, name: str, hosts: tuple[str, ...], language: str, timezone: str) -> None:
    """Found a tenant with the default roles."""
    from cms.tenancy.founding import add_to_directory

    async def found() -> None:
        async with opened_host() as host:
            await asyncio.to_thread(
                add_to_directory,
                host.addresses.owner,
                slug,
                name,
                hosts,
                language=language,
                timezone=timezone,
            )
            await found_tenant(host, slug)

    run(found)
    click.echo(f"Tenant {slug} is founded. Add its first person: cms user add --tenant {slug}")


async def found_tenant(host: Any, slug: str) -> None:
    """Write the default roles of a tenant that the directory already knows."""
    from cms.identity.users import found_roles
    from cms.kernel.actors import SYSTEM, RequestFacts
    from cms.tenancy.events import TenantFounded

    tenant = await host.tenants.by_slug(slug)
    facts = RequestFacts(request_id=host.new_request_id(), channel="cli")
    async with host.shop.work(tenant, SYSTEM, facts) as work:
        await found_roles(work)
        await work.emit(TenantFounded(after={"slug": slug, "hosts": list(tenant.hosts)}))


@tenant.command("list")
@json_option
def tenant_list(as_json: bool) -> None:
    """Every tenant with its host names."""

    async def listed() -> list[Any]:
        async with opened_host() as host:
            return list(await host.tenants.all())

    tenants = run(listed)
    lines = [f"{t.slug}  {t.name}  {', '.join(t.hosts)}" for t in tenants]
    say(
        [{"slug": t.slug, "name": t.name, "hosts": t.hosts} for t in tenants],
        as_json=as_json,
        text="\n".join(lines) or "There is no tenant yet: cms tenant add",
    )


@cms.group()
def user() -> None:
    """People and the passwords of their applications."""


@user.command("add")
@click.argument("login")
@click.option("--email", required=True)
@click.option("--name", "display_name", required=True)
@click.option("--role", "roles", multiple=True, required=True, help="May be repeated.")
@tenant_option
def user_add(
    login: str, email: str, display_name: str, roles: tuple[str, ...], tenant_slug: str | None
) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    from cms.identity.users import add_user

    password = (
        click.prompt("Password", hide_input=True, confirmation_prompt=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )

    async def add() -> None:
        async with command_work(tenant_slug) as (_, work):
            await add_user(
                work,
                login,
                email=email,
                display_name=display_name,
                roles=roles,
                password=password or None,
            )

    run(add)
    note = "" if password else " Without a password, she cannot sign in with one."
    click.echo(f"{login} is added.{note}")


@user.command("roles")
@click.argument("login")
@click.option("--role", "roles", multiple=True, required=True, help="May be repeated.")
@tenant_option
def user_roles(login: str, roles: tuple[str, ...], tenant_slug: str | None) -> None:
    """Give a person exactly these roles, also those that nobody may give through the API."""
    from cms.identity.granting import set_roles
    from cms.identity.users import user_by_login

    async def give() -> None:
        async with command_work(tenant_slug) as (_, work):
            await set_roles(work, await user_by_login(work, login), roles)

    run(give)
    click.echo(f"{login} is now: {', '.join(sorted(set(roles)))}.")


@user.command("application-password")
@click.argument("login")
@click.option("--name", default="cms", show_default=True, help="What the application is called.")
@tenant_option
def user_application_password(login: str, name: str, tenant_slug: str | None) -> None:
    """Make an application password and print it, this once."""
    from cms.identity.application_passwords import add_application_password
    from cms.identity.users import user_by_login

    async def make() -> str:
        async with command_work(tenant_slug) as (host, work):
            found = await user_by_login(work, login)
            return await add_application_password(work, host.secret, found, name)

    click.echo(run(make))


@user.command("reset-factors")
@click.argument("login")
@tenant_option
def user_reset_factors(login: str, tenant_slug: str | None) -> None:
    """Remove the authenticator app and the recovery codes of somebody who has lost both."""
    from cms.identity.factors import remove_factors
    from cms.identity.users import user_by_login

    async def remove() -> None:
        async with command_work(tenant_slug) as (_, work):
            await remove_factors(work, (await user_by_login(work, login)).id)

    run(remove)
    click.echo(f"{login} signs in with the password alone until another app is set up.")


cms.add_command(import_group)
cms.add_command(export_group)
cms.add_command(fields_group)
cms.add_command(keys_group)


@cms.group()
def plugins() -> None:
    """Plugins that are installed and enabled."""


@plugins.command("list")
@json_option
def plugins_list(as_json: bool) -> None:
    """Installed plugins, and whether the settings enable them."""
    enabled = load_settings().enabled
    found = [
        {"slug": p.slug, "enabled": p.slug in enabled, "summary": p.summary}
        for p in installed().values()
    ]
    lines = [
        f"{'enabled ' if row['enabled'] else 'off     '} {row['slug']}  {row['summary']}"
        for row in found
    ]
    say(found, as_json=as_json, text="\n".join(lines))


@plugins.command("check")
def plugins_check() -> None:
    """Whether the enabled plugins fit each other; nothing is started."""
    from cms.host import build_registry

    registry = build_registry(load_settings())
    click.echo(f"{len(registry.plugins)} plugins fit each other.")


@cms.group()
def types() -> None:
    """Types for the programs that read this site."""


@types.command("ts")
@tenant_option
@click.option("--with-fields", is_flag=True, help="Also the field groups of the tenant.")
def types_ts(tenant_slug: str | None, with_fields: bool) -> None:
    """Print TypeScript interfaces of the post types, taxonomies, statuses and REST fields; of a
    tenant also those that it has declared for itself."""
    from cms.host import build_registry
    from cms.rest.typescript import typescript

    if tenant_slug is None and not with_fields:
        click.echo(typescript(build_registry(load_settings())), nl=False)
        return

    async def of_tenant() -> str:
        from cms.fields.drafts import fields_of_site

        async with command_work(tenant_slug) as (_, work):
            return typescript(work.registry, fields_of_site(work) if with_fields else None)

    click.echo(run(of_tenant), nl=False)


def main() -> None:
    """Entry point: a known error is one line, never a traceback."""
    try:
        cms(standalone_mode=True)
    except CmsError as error:
        fail(error)
    except (psycopg.Error, DBAPIError) as error:
        fail(SetupError(_refused(error)))
    except OSError as error:
        fail(SetupError(f"{error.strerror or error}: {error.filename or 'check CMS_DATA_DIR'}"))


def _refused(error: Exception) -> str:
    """What the database said, in one line and without values."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None) or ""
    said = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
    remedy = (
        " This command needs the owner of the database: set CMS_DATABASE_OWNER_URL."
        if state == "42501"
        else ""
    )
    return f"the database refused ({state or type(cause).__name__}): {said}.{remedy}"
