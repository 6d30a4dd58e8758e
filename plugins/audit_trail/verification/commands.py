"""`cms audit verify`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from cms.cli_support import json_option, load_settings, say
from cms.host import addresses
from plugins.audit_trail.exit_codes import CANNOT, GREEN, RED
from plugins.audit_trail.settings import audit_folder, settings_of
from plugins.audit_trail.verification.report import CannotVerify, Finding, Report
from plugins.audit_trail.verification.verify import verify_log


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
@json_option
def verify(heads: Path | None, lag: float | None, as_json: bool) -> None:
    """Recompute the whole log. Exit code 0: intact, 1: altered, 2: cannot be verified."""
    settings = load_settings()
    folder = heads or audit_folder(settings)
    if lag is None:
        lag = settings_of(settings).most_lag
    try:
        report = verify_log(addresses(settings).owner, folder, lag=lag)
    except CannotVerify as fault:
        say({"verdict": "unknown", "reason": str(fault)}, as_json=as_json, text=f"UNKNOWN  {fault}")
        sys.exit(CANNOT)
    say(report, as_json=as_json, text=_told(report))
    sys.exit(GREEN if report.is_green else RED)


def _told(report: Report) -> str:
    counted = (
        f"{report.entries} entries, {report.batches} batches, {report.heads} signed heads up to "
        f"{report.signed}, {report.waiting} waiting; {report.seconds:.1f} s"
    )
    verdict = "GREEN " if report.is_green else "RED   "
    lines = [f"{verdict} {report.origin}: {counted}", *map(_finding, report.findings)]
    return "\n".join([*lines, *_erasures(report)])


def _erasures(report: Report) -> Iterator[str]:
    for one in report.personal.erasures if report.personal else ():
        yield (
            f"  content of {one.events} events erased on {one.erased_on:%Y-%m-%d} "
            f"by {one.order} (event {one.event_id}); their entries are proven as before"
        )


def _finding(finding: Finding) -> str:
    event = f" (event {finding.event_id})" if finding.event_id else ""
    return f"  {finding.kind} x{finding.count}, {_place(finding)}: {finding.message}{event}"


def _place(finding: Finding) -> str:
    if finding.seq is None:
        return "outside of the entries"
    if finding.until is not None and finding.until > finding.seq:
        return f"first bad entry between {finding.seq} and {finding.until}"
    return f"first bad entry {finding.seq}"
