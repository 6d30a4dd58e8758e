"""The processes: the demo (everything in one), the server, the worker."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import uvicorn

from cms.app import build_app
from cms.demo import seed_demo
from cms.errors import SetupError
from cms.host import Addresses, Host, addresses, open_host, refuse_unfit, upgrade
from cms.jobs.worker import run_worker
from cms.settings import Settings


def run_demo(settings: Settings) -> None:
    """Database, demo clinic (seeded once), site and worker in one process, until interrupted."""
    with taken_port(settings) as port:
        if settings.is_embedded:
            click.echo(f"Starting PostgreSQL in {settings.data} …")
        where = addresses(settings)
        if not settings.is_embedded:
            upgrade(where.owner, settings)
        refuse_unfit(where)
        refuse_unfit(where, for_worker=True)
        asyncio.run(_demo(settings, where, port))


async def _demo(settings: Settings, where: Addresses, port: socket.socket) -> None:
    async with open_host(settings, where) as host:
        credentials = await seed_demo(host)
        _announce(settings, credentials)
        await _until_first(_serve_here(host, port), run_worker(host))


def _announce(settings: Settings, credentials: Path) -> None:
    click.echo(credentials.read_text())
    click.echo(f"These logins are in {credentials}")
    click.echo(f"The site answers on {settings.url}  (stop it with Ctrl-C)")


def serve(settings: Settings) -> None:
    """Requests only, in as many processes of granian as CMS_WORKERS says: a request costs it half
    of what it costs uvicorn, and one process watches over the others."""
    with taken_port(settings):
        refuse_unfit(addresses(settings))
    click.echo(f"Serving on {settings.url}")
    _serve_with_granian(settings)


def _serve_with_granian(settings: Settings) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "cms.asgi:application",
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        interface=Interfaces.ASGI,
        factory=False,
        log_access=False,
    ).serve()


def run_worker_process(settings: Settings) -> None:
    """Jobs and services, until interrupted."""
    where = addresses(settings)
    refuse_unfit(where, for_worker=True)
    asyncio.run(_worker(settings, where))


async def _worker(settings: Settings, where: Addresses) -> None:
    async with open_host(settings, where) as host:
        click.echo("The worker is running (stop it with Ctrl-C)")
        await _until_first(run_worker(host), _interrupted())


async def _serve_here(host: Host, port: socket.socket) -> None:
    config = uvicorn.Config(
        build_app(host),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=10,
    )
    await uvicorn.Server(config).serve(sockets=[port])


async def _interrupted() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()


async def _until_first(*steps: Awaitable[None]) -> None:
    """Run side by side; when one ends, end the others."""
    tasks = [asyncio.ensure_future(step) for step in steps]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


@contextmanager
def taken_port(settings: Settings) -> Iterator[socket.socket]:
    """The socket to serve on, taken before anything else is started; SetupError when something
    listens there already."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With the protocol named: asyncio switches Nagle's delay (40 ms an answer) off only then.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((settings.host, settings.port))
            taken.listen(2048)
        except OSError as error:
            raise SetupError(
                f"cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
                "Stop what listens there, or choose another port with CMS_PORT."
            ) from error
        yield taken
