"""`cms audit retention`: what may go, and letting it go."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from cms.cli_support import fail, json_option, load_settings, opened_host, run, say
from cms.errors import CmsError
from cms.host import addresses
from plugins.audit_trail.exit_codes import RED
from plugins.audit_trail.retention import ranges
from plugins.audit_trail.retention.archiving import archive_range
from plugins.audit_trail.retention.pruning import Pruned, prune
from plugins.audit_trail.retention.ranges import Range


@click.group()
def retention() -> None:
    """How long events are kept, and what goes: with a copy, two approvals and an event first."""


@retention.command()
@json_option
def status(as_json: bool) -> None:
    """Every range of the log, and what keeps it. Nothing here changes anything."""
    with _owner() as connection:
        found, proposed = ranges.ranges(connection), ranges.proposals(connection)
    lines = [_line(one) for one in found]
    lines += [
        f"proposal {one.id}: {one.part}, {one.events} events, {one.state}"
        for one in proposed
        if one.state != "withdrawn"
    ]
    told = {"ranges": found, "proposals": proposed}
    say(told, as_json=as_json, text="\n".join(lines) or "The log has no ranges yet.")


@retention.command()
@click.argument("part", required=False)
@json_option
def propose(part: str | None, as_json: bool) -> None:
    """Propose that a range goes; without one, every range that nothing keeps. Two people of each
    site then agree: POST /api/v1/audit/prunings/ID/approve."""
    with _owner() as connection:
        taken = {one.part for one in ranges.proposals(connection) if one.state != "withdrawn"}
        free = [one.part for one in ranges.ranges(connection) if not one.problems]
        wanted = [part] if part else [one for one in free if one not in taken]
        made = [{"id": ranges.propose(connection, one), "part": one} for one in wanted]
    text = "\n".join(f"proposal {one['id']}: {one['part']}" for one in made)
    say(made, as_json=as_json, text=text or "Nothing may go yet: see cms audit retention status.")


@retention.command()
@click.argument("proposal", type=int)
def withdraw(proposal: int) -> None:
    """Let a proposed range stay after all."""
    with _owner() as connection:
        ranges.withdraw(connection, proposal)
    click.echo(f"proposal {proposal} is withdrawn")


@retention.command("prune")
@click.argument("proposal", type=int)
@click.option(
    "--archive",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the copy that is kept, outside of this machine if you can.",
)
@json_option
def prune_command(proposal: int, archive: Path, as_json: bool) -> None:
    """Copy a range, verify the copy, tell of it in the log, wait for a signed head, and drop it."""

    async def pruned() -> Pruned:
        async with opened_host() as host:
            return await prune(host, proposal, archive, archive_range)

    try:
        done = run(pruned)
    except CmsError as fault:
        fail(fault)
        sys.exit(RED)
    text = f"{done.part} is gone: {done.events} events; the copy is in {done.archive}"
    say(done, as_json=as_json, text=text)


@contextmanager
def _owner() -> Iterator[Connection[TupleRow]]:
    with psycopg.connect(addresses(load_settings()).audit.owner) as connection:
        try:
            yield connection
        except CmsError as fault:
            fail(fault)


def _line(one: Range) -> str:
    kept = "; ".join(map(str, one.problems)) or "may go"
    return f"{one.part}  {one.since:%Y-%m-%d} to {one.until:%Y-%m-%d}: {kept}"
