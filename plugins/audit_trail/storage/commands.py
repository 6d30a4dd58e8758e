"""`cms audit storage`: what keeps the trail, and the move to TimescaleDB."""

from typing import Any

import click
import msgspec
import psycopg
from psycopg import AsyncConnection, sql

from cms.cli_support import json_option, load_settings, run, say
from cms.errors import Conflict, SetupError
from cms.host import addresses
from plugins.audit_trail.settings import settings_of
from plugins.audit_trail.storage.health import told
from plugins.audit_trail.storage.moving import Ask, standing_of
from plugins.audit_trail.storage.moving import move as move_rows
from plugins.audit_trail.storage.store import TIMESCALE, Range, Standing, open_store, standing


@click.group()
def storage() -> None:
    """Where events and leaves lie."""


class Status(msgspec.Struct, frozen=True):
    """The driver, and every range that it keeps."""

    standing: Standing
    ranges: list[Range]


@storage.command("status")
@json_option
def status(as_json: bool) -> None:
    """Driver, edition, and the ranges with their bounds and sizes."""
    settings = load_settings()

    async def read() -> Status:
        owner = addresses(settings).audit.owner
        async with await AsyncConnection.connect(owner, autocommit=True) as connection:
            store = await open_store(connection, settings_of(settings).periods)
            return Status(await standing(connection), await store.ranges(connection))

    found = run(read)
    lines = [told(found.standing), *map(_line, found.ranges)]
    say(found, as_json=as_json, text="\n".join(lines))


@storage.command("move")
@click.option("--yes", is_flag=True, help="Writers wait for as long as the copy takes: say yes.")
def move(yes: bool) -> None:
    """Move the trail from partitions into hypertables of TimescaleDB, all of it or nothing."""
    owner = addresses(load_settings()).audit.owner
    if not yes:
        raise Conflict(
            "Every change in the house waits until all rows are copied. Stop the workers, choose a "
            "quiet hour, have a backup and room for a second copy, and say --yes."
        )
    try:
        with psycopg.connect(owner) as connection:
            ask = _asking(connection)
            if standing_of(ask).driver == TIMESCALE:
                raise Conflict("The trail is in hypertables already.")
            ask("set local lock_timeout = '30s'")
            move_rows(ask)
            found = standing_of(ask)
    except psycopg.errors.LockNotAvailable:
        raise SetupError("somebody has been writing for 30 s: stop the workers first") from None
    click.echo(f"{told(found)}\nNow: cms audit verify")


def _asking(connection: psycopg.Connection[Any]) -> Ask:
    def ask(statement: str) -> list[Any]:
        found = connection.execute(sql.SQL(statement))
        return found.fetchall() if found.description else []

    return ask


def _line(one: Range) -> str:
    bounds: Any = "rest"
    if one.since is not None or one.until is not None:
        bounds = f"{one.since:%Y-%m-%d} … {one.until:%Y-%m-%d}"
    elif one.last is not None:
        bounds = f"{one.first} … {one.last}"
    packed = ", packed" if one.is_sealed else ""
    return f"  {one.table:7} {one.name}: {bounds}, {one.bytes:,} bytes{packed}"
