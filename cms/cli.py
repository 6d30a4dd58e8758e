"""The `cms` command. Each plugin adds its own group."""

import click

from cms import __version__
from cms.cli_support import fail
from cms.errors import CmsError, SetupError
from cms.kernel.plugin import load
from cms.kernel.registry import installed
from cms.kernel.starting import undisturbed

COMMANDS = {
    "demo": "cms.process_commands:demo",
    "serve": "cms.process_commands:serve",
    "worker": "cms.process_commands:worker",
    "check": "cms.process_commands:check",
    "db": "cms.database_commands:db",
    "tenant": "cms.tenant_commands:tenant",
    "user": "cms.user_commands:user",
    "plugins": "cms.plugin_commands:plugins",
    "types": "cms.plugin_commands:types",
    "import": "cms.exchange_commands:import_group",
    "export": "cms.exchange_commands:export_group",
    "fields": "cms.fields_commands:fields_group",
    "keys": "cms.key_commands:keys_group",
}
"""Where the host's commands are; a process loads the one that was typed."""


class Commands(click.Group):
    """The host's commands, and one group for each installed plugin that brings one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *COMMANDS, *_plugin_commands()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        dotted = COMMANDS.get(cmd_name) or _plugin_commands().get(cmd_name)
        if dotted is None:
            return super().get_command(ctx, cmd_name)
        with undisturbed():
            command: click.Command = load(dotted)
        return command


def _plugin_commands() -> dict[str, str]:
    named = (plugin.command for plugin in installed().values() if plugin.command)
    return {dotted.rpartition(":")[2]: dotted for dotted in named}


@click.command(cls=Commands)
@click.version_option(__version__, prog_name="cms")
def cms() -> None:
    """A headless healthcare CMS with a compliance workflow."""


def main() -> None:
    """Entry point: a known error is one line, never a traceback."""
    try:
        cms(standalone_mode=True)
    except SystemExit:
        # The usual end: what a database may refuse need not be known for it.
        raise
    except CmsError as error:
        fail(error)
    except _database_errors() as error:
        fail(SetupError(_refused(error)))
    except OSError as error:
        fail(SetupError(f"{error.strerror or error}: {error.filename or 'check CMS_DATA_DIR'}"))


def _database_errors() -> tuple[type[Exception], ...]:
    from psycopg import Error
    from sqlalchemy.exc import DBAPIError

    return (Error, DBAPIError)


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
