"""`cms policy`: see the policies that decide, and check them before they do."""

import asyncio

import click
import msgspec

from cms.database.engine import build_engine
from cms.errors import CmsError
from cms.host import addresses, build_registry
from cms.settings import Settings, load
from cms.tenancy.directory import TenantDirectory
from plugins.zero_trust.compile import CompiledPolicies, Foundation
from plugins.zero_trust.explaining import PolicySetOut
from plugins.zero_trust.tenants import rows_from

_TENANT = click.option(
    "--tenant", metavar="SLUG", help="With the policies that this tenant has added."
)


@click.group()
def policy() -> None:
    """Policies that decide every request."""


@policy.command("list")
@_TENANT
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def list_policies(tenant: str | None, as_json: bool) -> None:
    """Every policy in force, in the order in which explanations name them."""
    policies = _compiled(tenant)
    if as_json:
        document = msgspec.json.encode(PolicySetOut.of(policies))
        click.echo(msgspec.json.format(document).decode())
        return
    for statement in policies.statements:
        marks = [statement.layer, *filter(None, [statement.obligation]), statement.mode]
        click.echo(f"{statement.id}  ({', '.join(marks)})\n    {statement.about}")
    click.echo(f"{len(policies.statements)} policies, version {policies.version}")


@policy.command()
@_TENANT
def check(tenant: str | None) -> None:
    """Compile the policies as a starting process would. Exit code 1 names the one that is wrong."""
    policies = _compiled(tenant)
    click.echo(f"{len(policies.statements)} policies compile, version {policies.version}")


def _compiled(tenant: str | None) -> CompiledPolicies:
    try:
        settings = load()
        foundation = Foundation.of(build_registry(settings))
        if tenant is None:
            return foundation.policies
        return asyncio.run(_of_tenant(settings, foundation, tenant))
    except CmsError as error:
        raise click.ClickException(error.message) from error


async def _of_tenant(settings: Settings, foundation: Foundation, slug: str) -> CompiledPolicies:
    engine = build_engine(addresses(settings).web, pool_size=1, name="cms-policy")
    try:
        tenant = await TenantDirectory(engine).by_slug(slug)
        return foundation.with_rows(await rows_from(engine)(tenant.id))
    finally:
        await engine.dispose()
