"""`cms audit`: verify the log, show what happened to a post, print the newest signed head."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec

from cms.cli_support import command_work, json_option, load_settings, run, say, tenant_option
from cms.host import addresses
from plugins.audit_trail.evidence import Evidence, EvidenceMissing, trusted_keys
from plugins.audit_trail.leaf import leaf_hash_of
from plugins.audit_trail.notes import KeyRefused, NoteRefused, VerifierKey
from plugins.audit_trail.proofs import LogProof, keys_of, prove_event
from plugins.audit_trail.reading import LARGEST_PAGE, TrailEvent, Wanted, read_trail
from plugins.audit_trail.report import CannotVerify, Finding, Report
from plugins.audit_trail.settings import audit_folder, settings_of
from plugins.audit_trail.tree import ProofRefused
from plugins.audit_trail.verify import verify_log

GREEN, RED, CANNOT = 0, 1, 2


@click.group()
def audit() -> None:
    """The audit trail: who did what, and proof that nobody rewrote it."""


@audit.command()
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


@audit.command()
@click.option("--post", "post_id", type=int, required=True, help="The id of the post.")
@tenant_option
@json_option
def show(post_id: int, tenant_slug: str | None, as_json: bool) -> None:
    """Who did what to a post, the oldest first. Reading is recorded too."""

    async def read() -> list[TrailEvent]:
        wanted = Wanted(resource_type="post", resource_id=post_id, limit=LARGEST_PAGE)
        async with command_work(tenant_slug) as (_, work):
            page = await read_trail(work, wanted)
            events = page.events
            while page.next:
                page = await read_trail(work, msgspec.structs.replace(wanted, cursor=page.next))
                events += page.events
            return events

    events = run(read)
    lines = [_line(event) for event in events]
    say(events, as_json=as_json, text="\n".join(lines) or f"Nothing is recorded of post {post_id}.")


@audit.command()
@click.argument("event_id", type=click.UUID)
@tenant_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="File; EVENT.tlog-proof when nothing is said.",
)
@click.option("--without-event", is_flag=True, help="Leave out what was recorded.")
def prove(
    event_id: UUID, tenant_slug: str | None, output: Path | None, without_event: bool
) -> None:
    """Write a small file that proves an event to somebody who does not trust this database."""

    async def made() -> bytes:
        async with command_work(tenant_slug) as (_, work):
            proof = await prove_event(work, event_id, with_event=not without_event)
            return proof.encode()

    path = output or Path(f"{event_id}.tlog-proof")
    written = run(made)
    path.write_bytes(written)
    click.echo(f"{path}: {len(written)} bytes")


@audit.command("check-proof")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of trusted verifier keys, one on a line; else those of this installation's log.",
)
@click.option("--event", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The event as it was hashed, where the proof does not hold it.")  # fmt: skip
@json_option
def check_proof(file: Path, keys: Path | None, event: Path | None, as_json: bool) -> None:
    """Check a proof without any database. Exit code 0: it holds, 1: it does not, 2: no keys."""
    trusted = _trusted(keys)
    try:
        proof = LogProof.parse(file.read_bytes())
        canonical = event.read_bytes() if event else proof.extra
        if canonical is None:
            raise NoteRefused("it does not hold its event: give it by --event")
        signers = proof.verify(leaf_hash_of(canonical), trusted)
    except (NoteRefused, ProofRefused) as fault:
        say({"verdict": "red", "reason": str(fault)}, as_json=as_json, text=f"RED    {fault}")
        sys.exit(RED)
    names = sorted({key.algorithm.name for key in signers})
    said = {
        "verdict": "green",
        "origin": proof.head.origin,
        "index": proof.index,
        "size": proof.head.size,
        "signatures": names,
        "event": msgspec.json.decode(canonical),
    }
    text = (
        f"GREEN  entry {proof.index} of {proof.head.origin}, under its head of {proof.head.size} "
        f"entries ({', '.join(names)})\n{canonical.decode()}"
    )
    say(said, as_json=as_json, text=text)


def _trusted(keys: Path | None) -> Sequence[VerifierKey]:
    try:
        if keys is not None:
            return keys_of(keys.read_text().splitlines())
        epoch = Evidence(audit_folder(load_settings())).epoch()
        if epoch is not None:
            return trusted_keys(epoch)
        fault = "no log has been opened here: name the keys by --keys"
    except (KeyRefused, EvidenceMissing) as refused:
        fault = str(refused)
    click.echo(f"UNKNOWN  {fault}", err=True)
    sys.exit(CANNOT)


@audit.command()
def head() -> None:
    """The newest signed head, to be kept where no administrator of this machine can reach it."""
    latest = Evidence(audit_folder(load_settings())).folder / "latest"
    if not latest.exists():
        click.echo("Nothing is signed yet: start a worker (cms worker).", err=True)
        sys.exit(CANNOT)
    click.echo(latest.read_text(), nl=False)


def _told(report: Report) -> str:
    counted = (
        f"{report.entries} entries, {report.batches} batches, {report.heads} signed heads up to "
        f"{report.signed}, {report.waiting} waiting; {report.seconds:.1f} s"
    )
    if report.is_green:
        return f"GREEN  {report.origin}: {counted}"
    lines = [f"RED    {report.origin}: {counted}", *map(_finding, report.findings)]
    return "\n".join(lines)


def _finding(finding: Finding) -> str:
    event = f" (event {finding.event_id})" if finding.event_id else ""
    return f"  {finding.kind} x{finding.count}, {_place(finding)}: {finding.message}{event}"


def _place(finding: Finding) -> str:
    if finding.seq is None:
        return "outside of the entries"
    if finding.until is not None and finding.until > finding.seq:
        return f"first bad entry between {finding.seq} and {finding.until}"
    return f"first bad entry {finding.seq}"


def _line(event: TrailEvent) -> str:
    who = event.actor_name or event.actor_kind
    place = "waiting" if event.seq is None else f"#{event.seq}"
    change = f"  {_json(event.before_state)} -> {_json(event.after_state)}"
    said = change if event.before_state or event.after_state else ""
    return f"{event.timestamp:%Y-%m-%d %H:%M:%S}Z  {place}  {who}  {event.action}{said}"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
