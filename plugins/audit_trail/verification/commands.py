"""`cms audit verify`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from cms.cli_support import json_option, load_settings, say
from cms.host import addresses
from plugins.audit_trail.exit_codes import CANNOT, GREEN, RED
from plugins.audit_trail.hashing.notes import KeyRefused
from plugins.audit_trail.outside.trust import Trust
from plugins.audit_trail.settings import audit_folder, settings_of
from plugins.audit_trail.verification.offline.commands import verify_offline
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
    heads: Path | None, lag: float | None, offline: Path | None, keys: Path | None, as_json: bool
) -> None:
    """Recompute the whole log. Exit code 0: intact, 1: altered, 2: cannot be verified."""
    if offline is not None:
        verify_offline(offline, keys, as_json=as_json)
    settings = load_settings()
    folder = heads or audit_folder(settings)
    if lag is None:
        lag = settings_of(settings).most_lag
    try:
        trust = Trust.of(settings_of(settings))
        owner = addresses(settings).audit.owner
        report = verify_log(owner, folder, lag=lag, trust=trust)
    except (CannotVerify, KeyRefused) as fault:
        say({"verdict": "unknown", "reason": str(fault)}, as_json=as_json, text=f"UNKNOWN  {fault}")
        sys.exit(CANNOT)
    say(report, as_json=as_json, text=_told(report))
    sys.exit(GREEN if report.is_green else RED)


def _told(report: Report) -> str:
    counted = (
        f"{report.entries} entries, {report.batches} batches, {report.heads} signed heads up to "
        f"{report.signed}, {report.waiting} waiting; {report.seconds:.1f} s"
    )
    if report.unproven:
        counted += (
            f"\n       {report.unproven} unproven: writers ended in the middle of a transaction "
            "(cms audit gaps)"
        )
    verdict = "GREEN " if report.is_green else "RED   "
    lines = [f"{verdict} {report.origin}: {counted}", *map(_finding, report.findings)]
    lines += [f"  note: {remark}" for remark in report.remarks]
    return "\n".join([*lines, *_outside(report), *_erasures(report)])


def _outside(report: Report) -> list[str]:
    """Who else vouches, the widest first; of a log that is red, for its heads only."""
    what = "everything up to entry" if report.is_green else "signed heads up to entry"
    lines = []
    for place in sorted({(one.epoch, one.size) for one in report.vouched if one.size})[::-1]:
        names = " and ".join(
            f"{one.organisation} ({one.witness}, since {one.since})"
            for one in report.vouched
            if (one.epoch, one.size) == place
        )
        epoch = f" of epoch {place[0]}" if place[0] else ""
        lines.append(f"  {what} {place[1] - 1}{epoch} is vouched for by {names}")
    if report.stamped is not None:
        stamped = report.stamped
        lines.append(
            f"  entry {stamped.size - 1} and all before it were there at {stamped.at}, "
            f"says {stamped.authority}"
        )
    if report.unchecked:
        lines.append(f"  {report.unchecked} lines or tokens are of nobody whom cms.toml names")
    return lines


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
