"""`cms audit rollover`."""

import sys
from datetime import UTC, datetime
from typing import NoReturn

import click
import psycopg

from cms.cli_support import json_option, opened_host, run, say
from cms.errors import CmsError
from plugins.audit_trail.exit_codes import CANNOT, RED
from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing
from plugins.audit_trail.heads.port import SignerUnreachable
from plugins.audit_trail.heads.remote import signer_of
from plugins.audit_trail.log.rollovers import Order, RolloverPending, carry_out, order
from plugins.audit_trail.log.sequencer import Damage
from plugins.audit_trail.settings import AuditSettings, audit_folder


@click.command()
@click.option("--reason", required=True, help="Why; it is recorded in every trail.")
@click.option(
    "--old-keys",
    type=click.Choice(["destroy", "keep"]),
    required=True,
    help="Destroy the old private keys, or keep them where they are, for you to put away.",
)
@click.option(
    "--compromised-since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="Moment (UTC) since which the old keys were, or may have been, in other hands.",
)
@click.option("--patience", type=float, default=60.0, show_default=True, help="Seconds to wait.")
@json_option
def rollover(
    reason: str,
    old_keys: str,
    compromised_since: datetime | None,
    patience: float,
    as_json: bool,
) -> None:
    """Close the log under its keys and go on under new ones.

    It needs the worker's login. Exit code 0: done, 1: the log is damaged and was left as it is,
    2: not done yet, or the signer cannot be reached.
    """
    since = compromised_since.replace(tzinfo=UTC) if compromised_since else None
    wanted = Order(reason, old_keys == "destroy", since)

    async def done() -> Epoch:
        async with opened_host() as host:
            evidence = Evidence(audit_folder(host.settings))
            signer = signer_of(host.registry.settings(AuditSettings), evidence)
            coming = await order(host, signer, wanted)
            return await carry_out(host, signer, coming, patience)

    try:
        epoch = run(done)
    except (RolloverPending, SignerUnreachable, EvidenceMissing) as fault:
        _end(fault, CANNOT)
    except psycopg.errors.InsufficientPrivilege:
        _end("run it with the worker's login in CMS_DATABASE_URL, who keeps the log", CANNOT)
    except Damage as fault:
        _end(fault, RED)
    said = {"number": epoch.number, "origin": epoch.origin, "verifier_keys": epoch.verifier_keys}
    lines = [f"epoch {epoch.number}: {epoch.origin}", *epoch.verifier_keys]
    lines.append("Give these keys to whoever verifies from outside, beside those that they have.")
    say(said, as_json=as_json, text="\n".join(lines))


def _end(fault: Exception | str, code: int) -> NoReturn:
    said = fault.message if isinstance(fault, CmsError) else str(fault)
    click.echo(f"cms audit rollover: {said}", err=True)
    sys.exit(code)
