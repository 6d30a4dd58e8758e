"""What the commands share: settings, an open host, and errors of one line.

The host brings the whole product with it: it is loaded when a command opens it, and not for one
that only says how it is used.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from cms import settings as settings_module
from cms.errors import CmsError, SetupError
from cms.settings import Settings

if TYPE_CHECKING:
    from cms.database.work import UnitOfWork
    from cms.host import Host
    from cms.kernel.tenant import Tenant

R = TypeVar("R")

tenant_option = click.option(
    "--tenant",
    "tenant_slug",
    default=None,
    help="Slug of the tenant; not needed when there is one.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for scripts.")


def load_settings() -> Settings:
    """The settings of this process; logging is set up by them."""
    settings = settings_module.load()
    from cms.logs import configure

    configure(settings.log_format)
    return settings


def run(main: Callable[[], Awaitable[R]]) -> R:
    """Run an asynchronous command."""
    return asyncio.run(main())  # type: ignore[arg-type]


@asynccontextmanager
async def opened_host() -> "AsyncIterator[Host]":
    """The host of this installation, for the length of a command."""
    # Before the host: a wrong setting is told at once.
    settings = load_settings()
    from cms.host import addresses, open_host, refuse_unfit

    where = await asyncio.to_thread(addresses, settings)
    await asyncio.to_thread(refuse_unfit, where)
    async with open_host(settings, where) as host:
        yield host


async def chosen_tenant(host: "Host", slug: str | None) -> "Tenant":
    """The tenant that `--tenant` names, or the only one."""
    if slug is not None:
        return await host.tenants.by_slug(slug)
    tenants = await host.tenants.all()
    if len(tenants) == 1:
        return tenants[0]
    listed = ", ".join(tenant.slug for tenant in tenants) or "none yet (cms tenant add)"
    raise SetupError(f"say which tenant with --tenant; there are: {listed}")


@asynccontextmanager
async def command_work(slug: str | None) -> "AsyncIterator[tuple[Host, UnitOfWork]]":
    """A unit of work of the command line, as the system."""
    from cms.kernel.actors import SYSTEM, RequestFacts

    async with opened_host() as host:
        tenant = await chosen_tenant(host, slug)
        facts = RequestFacts(request_id=host.new_request_id(), channel="cli")
        async with host.shop.work(tenant, SYSTEM, facts) as work:
            yield host, work


def say(value: Any, *, as_json: bool, text: str) -> None:
    """Print for a person, or JSON for a script."""
    click.echo(msgspec.json.encode(value).decode() if as_json else text)


def fail(error: CmsError) -> None:
    """One line on standard error that says what to do, and an exit code that is not 0."""
    click.echo(f"cms: {error.message}", err=True)
    sys.exit(1)


@contextmanager
def progress_bar(what: str, *, is_shown: bool) -> Iterator[Any]:
    """Progress on standard error, when somebody looks at it."""
    from rich import progress as bars
    from rich.console import Console

    console = Console(stderr=True)
    if not (is_shown and console.is_terminal):
        yield None
        return
    columns = (
        bars.TextColumn(what),
        bars.BarColumn(),
        bars.TaskProgressColumn(),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=console) as progress:
        task = progress.add_task(what)
        yield lambda done, total: progress.update(task, completed=done, total=total)
