"""`cms audit witness`: for the organisation that watches somebody else's log."""

import asyncio
import signal
import ssl
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from cms.cli_support import json_option, say
from cms.logs import configure
from plugins.audit_trail.hashing.notes import KeyRefused, VerifierKey
from plugins.audit_trail.witness.answering import Witness
from plugins.audit_trail.witness.keeping import Memory, WitnessUnready
from plugins.audit_trail.witness.serving import Limits, Server

P = ParamSpec("P")
R = TypeVar("R")

folder_option = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("witness"),
    show_default=True,
    help="What the witness remembers: keep it, and back it up only with its newest state.",
)


def _told(command: Callable[P, R]) -> Callable[P, R]:
    """Faults of the folder and of keys in one line."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (WitnessUnready, KeyRefused) as fault:
            raise click.ClickException(str(fault)) from None

    return run


@click.group()
def witness() -> None:
    """Watch somebody else's log, and vouch that it only grows. Needs no database."""


@witness.command()
@click.argument("name")
@folder_option
@_told
def init(name: str, folder: Path) -> None:
    """Make the keys of a new witness. NAME is like an address: witness.example/1."""
    for key in Memory(folder).found(name):
        click.echo(key.verifier.vkey)


@witness.command()
@click.argument("origin")
@click.argument("vkeys", nargs=-1, required=True)
@folder_option
@_told
def trust(origin: str, vkeys: tuple[str, ...], folder: Path) -> None:
    """Witness the log ORIGIN by its verifier keys, got from its operator on another way."""
    memory = Memory(folder)
    memory.trust(origin, [VerifierKey.parse(vkey) for vkey in vkeys])
    click.echo(f"{memory.name} witnesses {origin}")


@witness.command()
@folder_option
@json_option
@_told
def status(folder: Path, as_json: bool) -> None:
    """The witness's keys, and of each log the newest head that it has seen."""
    memory = Memory(folder)
    keys = [key.verifier.vkey for key in memory.own_keys()]
    logs: list[dict[str, Any]] = []
    for origin in memory.origins():
        with memory.log(origin) as log:
            seen, conflicts = log.seen(), log.conflicts()
        logs.append(
            {"origin": origin, "size": seen.size, "root": seen.root.hex(), "conflicts": conflicts}
        )
    lines = [*keys, *(_line(log) for log in logs)]
    said = {"name": memory.name, "keys": keys, "logs": logs}
    say(said, as_json=as_json, text="\n".join(lines))


def _line(log: dict[str, Any]) -> str:
    bad = f", {log['conflicts']} heads CONTRADICT it" if log["conflicts"] else ""
    return f"{log['origin']}: {log['size']} entries{bad}"


@witness.command()
@folder_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8440, show_default=True)
@click.option("--certfile", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Certificate chain in PEM, to speak TLS without a reverse proxy.")  # fmt: skip
@click.option("--keyfile", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Its private key, where --certfile does not hold it.")  # fmt: skip
@click.option("--rate", type=float, default=20.0, show_default=True,
              help="Requests a second of one address.")  # fmt: skip
@_told
def serve(
    *, folder: Path, host: str, port: int, certfile: Path | None, keyfile: Path | None, rate: float
) -> None:
    """Answer add-checkpoint (C2SP tlog-witness) until interrupted."""
    configure("text")
    memory = Memory(folder)
    server = Server(Witness(memory), Limits(rate=rate))
    tls = None
    if certfile is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certfile, keyfile)

    async def run() -> None:
        listening = await server.listen(host, port, tls)
        # A signal that only raises is not seen before the next request when it comes in the moment
        # in which the loop goes to sleep; one that the loop knows of wakes it.
        ended = asyncio.Event()
        for one in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(one, ended.set)
        bound = listening.sockets[0].getsockname()
        scheme = "http" if tls is None else "https"
        click.echo(f"{memory.name} on {scheme}://{bound[0]}:{bound[1]}/add-checkpoint")
        async with listening:
            await ended.wait()

    asyncio.run(run())
