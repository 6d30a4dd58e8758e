"""`cms plugins` and `cms types`: what is installed, and what programs may know of it."""

import click

from cms.cli_support import command_work, json_option, load_settings, run, say, tenant_option
from cms.kernel.registry import installed


@click.group()
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


@click.group()
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
