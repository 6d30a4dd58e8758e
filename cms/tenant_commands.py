"""`cms tenant`: publishers that share this installation."""

import asyncio
from typing import Any

import click

from cms.cli_support import json_option, opened_host, run, say


@click.group()
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
