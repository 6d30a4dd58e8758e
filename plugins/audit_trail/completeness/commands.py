"""`cms audit gaps`, `cms audit quarantine` and `cms audit guard`."""

import sys
from uuid import UUID

import click
import psycopg

from cms.cli_support import json_option, load_settings, opened_host, run, say
from cms.host import addresses
from plugins.audit_trail.completeness import guard as guarding
from plugins.audit_trail.completeness.gaps import LOST, GapReport, find_gaps
from plugins.audit_trail.completeness.setting_aside import SetAside, listed, settle
from plugins.audit_trail.completeness.upkeep import installation_work
from plugins.audit_trail.events import GuardSwitched, QuarantineSettled
from plugins.audit_trail.exit_codes import CANNOT, GREEN, RED
from plugins.audit_trail.verification.pruned import read_pruned, signed_sizes


@click.command()
@json_option
def gaps(as_json: bool) -> None:
    """Numbers of writers that are nowhere, with the entries around them. Exit code 1: some are
    lost, 2: cannot be told."""
    try:
        owner = addresses(load_settings()).audit.owner
        with psycopg.connect(owner, connect_timeout=10) as connection:
            pruned = read_pruned(connection, signed_sizes(connection))
            report = find_gaps(connection, pruned.times())
    except psycopg.Error as fault:
        said = str(fault).strip()
        say({"verdict": "unknown", "reason": said}, as_json=as_json, text=f"UNKNOWN  {said}")
        sys.exit(CANNOT)
    is_red = bool(report.of(LOST) or report.doubled)
    say(report, as_json=as_json, text=_told(report, is_red=is_red))
    sys.exit(RED if is_red else GREEN)


def _told(report: GapReport, *, is_red: bool) -> str:
    head = f"{'RED  ' if is_red else 'GREEN'}  {report.writers} writers, {len(report.holes)} holes"
    doubled = [f"  number {one.number} is borne twice: {one}" for one in report.doubled]
    return "\n".join([head, *(f"  {hole}" for hole in report.holes), *doubled])


@click.command()
@click.option("--all", "with_settled", is_flag=True, help="Also those that were settled.")
@click.option("--settle", "event_id", type=click.UUID, help="Say that this one was looked at.")
@click.option("--genuine/--forged", "is_genuine", default=None, help="What it turned out to be.")
@click.option("--because", help="What was found; it goes into the log for ever, so no names.")
@json_option
def quarantine(
    with_settled: bool,
    event_id: UUID | None,
    is_genuine: bool | None,
    because: str | None,
    as_json: bool,
) -> None:
    """Queued entries that were set aside, because no process of this installation vouches for them.
    They never come into the log; that they were looked at does."""
    owner = addresses(load_settings()).audit.owner
    if event_id is not None:
        _settle(owner, event_id, is_genuine, because)
    found = listed(owner, with_settled=with_settled)
    say(found, as_json=as_json, text="\n".join(map(_line, found)) or "Nothing is set aside.")


def _settle(owner: str, event_id: UUID, is_genuine: bool | None, because: str | None) -> None:
    waiting = [one for one in listed(owner) if one.event_id == event_id]
    if is_genuine is None or not because:
        raise click.UsageError("say --genuine or --forged, and --because")
    if not waiting:
        raise click.UsageError(f"{event_id} is not among those set aside")

    async def told() -> None:
        async with opened_host() as host, installation_work(host, "cli") as work:
            for one in waiting:
                await work.emit(
                    QuarantineSettled(
                        event_id=str(event_id),
                        leaf_hash=one.leaf_hash.hex(),
                        is_genuine=is_genuine,
                        because=because,
                    )
                )

    run(told)
    settle(owner, event_id, because)


def _line(one: SetAside) -> str:
    settled = f"; settled: {one.settled_because}" if one.settled_at else ""
    return f"{one.event_id}  set aside {one.set_aside_at:%Y-%m-%d %H:%M:%S}: {one.reason}{settled}"


@click.command()
@click.option("--on/--off", "on", default=None, help="Switch it; without this, show it.")
@json_option
def guard(on: bool | None, as_json: bool) -> None:
    """Whether the database refuses a change of a protected table that no audit event tells of. Exit
    code 1: a protected table is not guarded."""
    owner = addresses(load_settings()).owner
    if on is not None:

        async def told() -> None:
            async with opened_host() as host, installation_work(host, "cli") as work:
                await work.emit(GuardSwitched(is_on=on))

        run(told)
        known = guarding.switch(owner, on=on, wanted=on)
    else:
        with psycopg.connect(owner) as connection:
            known = guarding.status(connection)
    text = f"{'on ' if known.is_on else 'off'}  {len(known.guarded)} protected tables are guarded"
    if known.has_citus:
        text += "; Citus has no triggers on distributed tables"
    if known.is_on and known.unguarded:
        text += f"; not guarded: {guarding.missing(known.unguarded)} -> cms audit guard --on"
    say(known, as_json=as_json, text=text)
    sys.exit(RED if known.unguarded and on is not False else GREEN)
