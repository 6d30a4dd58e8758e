"""`cms audit verify`."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cms.cli_support import json_option, load_settings, say
from cms.host import addresses
from plugins.audit_trail.exit_codes import CANNOT, GREEN, RED
from plugins.audit_trail.hashing.notes import KeyRefused
from plugins.audit_trail.outside.trust import Trust
from plugins.audit_trail.settings import audit_folder, settings_of
from plugins.audit_trail.verification import snapshot
from plugins.audit_trail.verification.offline.commands import verify_offline
from plugins.audit_trail.verification.report import CannotVerify
from plugins.audit_trail.verification.telling import told
from plugins.audit_trail.verification.verify import entries_between, verify_log

_RANGE = re.compile(r"([0-9]*):([0-9]*)")


class _Entries(click.ParamType[tuple[int, int | None]]):
    name = "A:B"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int | None]:
        found = _RANGE.fullmatch(value)
        if found is None or (found[1] and found[2] and int(found[1]) >= int(found[2])):
            self.fail(f"{value!r} is no range: 1000:2000 is the entries 1000 to 1999", param, ctx)
        return int(found[1] or 0), int(found[2]) if found[2] else None


@click.command()
@click.option(
    "--heads",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Compare with a copy of the folder of signed heads that was kept elsewhere.",
)
@click.option(
    "--lag",
    type=float,
    help="Seconds after which an event that waits for the log counts as a failure; "
    "the setting `most_lag` if left out. Younger ones are counted as waiting.",
)
@click.option("--sql", "by", flag_value="sql", help="PostgreSQL rebuilds the hashes: quickest.")
@click.option("--both", "by", flag_value="both", help="Python rebuilds them, and PostgreSQL too.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Processes; as many as there are cores.")
@click.option(
    "--range", "entries", type=_Entries(), help="Only these entries, as 1000:2000; B is not in it."
)
@click.option(
    "--since",
    type=click.DateTime(),
    help="Only what was put into the log from this moment on (UTC).",
)
@click.option("--until", type=click.DateTime(), help="… and before this one.")
@click.option(
    "--offline",
    type=click.Path(exists=True, path_type=Path),
    help="Verify an export, a folder or an archive, with no database at all.",
)
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --offline: file of trusted verifier keys, one on a line.",
)
@json_option
def verify(
    *,
    heads: Path | None,
    lag: float | None,
    by: str | None,
    jobs: int | None,
    entries: tuple[int, int | None] | None,
    since: datetime | None,
    until: datetime | None,
    offline: Path | None,
    keys: Path | None,
    as_json: bool,
) -> None:
    """Recompute the log from its columns, and compare it with the signed heads. Exit code 0:
    intact, 1: altered, 2: cannot be verified, or was interrupted."""
    if offline is not None:
        verify_offline(offline, keys, as_json=as_json)
    settings = load_settings()
    folder = heads or audit_folder(settings)
    conninfo = addresses(settings).audit.owner
    try:
        if since or until:
            if entries:
                raise click.UsageError("say --range, or --since and --until, not both")
            entries = entries_between(conninfo, folder, _utc(since), _utc(until))
        wanted = snapshot.Wanted(
            *(entries or (0, None)),
            by=("python", "sql") if by == "both" else (by or "python",),
            jobs=jobs or len(os.sched_getaffinity(0)),
        )
        most_lag = settings_of(settings).most_lag if lag is None else lag
        with _bar(is_shown=not as_json) as tell:
            trust = Trust.of(settings_of(settings))
            report = verify_log(
                conninfo, folder, lag=most_lag, wanted=wanted, tell=tell, trust=trust
            )
    except (CannotVerify, KeyRefused) as fault:
        say({"verdict": "unknown", "reason": str(fault)}, as_json=as_json, text=f"UNKNOWN  {fault}")
        sys.exit(CANNOT)
    say(report, as_json=as_json, text=told(report))
    sys.exit({"green": GREEN, "red": RED}.get(report.verdict, CANNOT))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


@contextmanager
def _bar(*, is_shown: bool) -> Iterator[snapshot.Progress | None]:
    """Entries, their rate and the time that is left, on standard error."""
    console = Console(stderr=True)
    if not (is_shown and console.is_terminal):
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.fields[rate]}"), TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=console) as progress:
        tasks = dict[str, int]()

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total, rate="")
            spent = progress.tasks[tasks[what]].elapsed or 0
            rate = f"{done / spent:,.0f}/s" if spent else ""
            progress.update(tasks[what], completed=done, total=total, rate=rate)  # type: ignore[arg-type]

        yield tell
