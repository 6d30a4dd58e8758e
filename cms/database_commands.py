"""`cms db`: the database and its migrations."""

import sys

import click

from cms.cli_support import json_option, load_settings, say


@click.group()
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
