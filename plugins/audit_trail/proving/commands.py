"""`cms audit prove` and `cms audit check-proof`."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
import msgspec

from cms.cli_support import command_work, json_option, load_settings, run, say, tenant_option
from plugins.audit_trail.exit_codes import CANNOT, RED
from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.notes import KeyRefused, NoteRefused, VerifierKey
from plugins.audit_trail.hashing.policy import Judgement, Policy, PolicyRefused
from plugins.audit_trail.hashing.tree import ProofRefused
from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing, trusted_keys
from plugins.audit_trail.proving.proofs import LogProof, keys_of, prove_event
from plugins.audit_trail.settings import audit_folder


@click.command()
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

    async def made() -> LogProof:
        async with command_work(tenant_slug) as (_, work):
            return await prove_event(work, event_id, with_event=not without_event)

    path = output or Path(f"{event_id}.tlog-proof")
    proof = run(made)
    written = proof.encode()
    path.write_bytes(written)
    click.echo(f"{path}: {len(written)} bytes")
    if proof.judgement is not None:
        click.echo(f"witnesses: {proof.judgement.said}")
        if not proof.judgement.is_met:
            click.echo("No head over this event has its quorum yet: prove it again later.")


@click.command("check-proof")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of trusted verifier keys, one on a line; else those of this installation's log.",
)
@click.option("--event", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The event as it was hashed, where the proof does not hold it.")  # fmt: skip
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Policy (C2SP tlog-policy) that the head must satisfy.")  # fmt: skip
@json_option
def check_proof(
    file: Path, keys: Path | None, event: Path | None, policy: Path | None, *, as_json: bool
) -> None:
    """Check a proof without any database. Exit code 0: it holds, 1: it does not, 2: no keys."""
    rule = _policy(policy)
    trusted = rule.logs if rule and rule.logs and keys is None else _trusted(keys)
    try:
        proof = LogProof.parse(file.read_bytes())
        canonical = event.read_bytes() if event else proof.extra
        if canonical is None:
            raise NoteRefused("it does not hold its event: give it by --event")
        signers = proof.verify(leaf_hash_of(canonical), trusted)
        judgement = rule.judge(proof.head, trusted) if rule else None
        if judgement and not judgement.is_met:
            raise NoteRefused(f"too few witnesses vouch for its head: {judgement.said}")
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
        "witnesses": _moments(judgement),
        "event": msgspec.json.decode(canonical),
    }
    vouched = "".join(f"\n       {name} at {at}" for name, at in _moments(judgement).items())
    text = (
        f"GREEN  entry {proof.index} of {proof.head.origin}, under its head of {proof.head.size} "
        f"entries ({', '.join(names)}){vouched}\n{canonical.decode()}"
    )
    say(said, as_json=as_json, text=text)


def _moments(judgement: Judgement | None) -> dict[str, str]:
    found = judgement.witnesses if judgement else {}
    return {name: datetime.fromtimestamp(at, UTC).isoformat() for name, at in sorted(found.items())}


def _policy(file: Path | None) -> Policy | None:
    if file is None:
        return None
    try:
        return Policy.parse(file.read_bytes())
    except PolicyRefused as fault:
        click.echo(f"UNKNOWN  {file}: {fault}", err=True)
        sys.exit(CANNOT)


def _trusted(keys: Path | None) -> Sequence[VerifierKey]:
    try:
        if keys is not None:
            return keys_of(keys.read_text().splitlines())
        if epochs := Evidence(audit_folder(load_settings())).records():
            return [key for epoch in epochs for key in trusted_keys(epoch)]
        fault = "no log has been opened here: name the keys by --keys"
    except (KeyRefused, EvidenceMissing) as refused:
        fault = str(refused)
    click.echo(f"UNKNOWN  {fault}", err=True)
    sys.exit(CANNOT)
