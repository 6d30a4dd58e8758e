"""`cms audit head`."""

import sys
from pathlib import Path

import click

from cms.cli_support import load_settings
from plugins.audit_trail.exit_codes import CANNOT
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from plugins.audit_trail.remembering.kept import KeptHead
from plugins.audit_trail.settings import audit_folder


@click.command()
@click.option("--remember", type=click.Path(dir_okay=False, path_type=Path),
              help="Keep it in this file, with the log's keys (cms audit check-head).")  # fmt: skip
def head(remember: Path | None) -> None:
    """The newest signed head, to be kept where no administrator of this machine can reach it."""
    evidence = Evidence(audit_folder(load_settings()))
    latest, epoch = evidence.folder / "latest", evidence.epoch()
    if epoch is None or not latest.exists():
        click.echo("Nothing is signed yet: start a worker (cms worker).", err=True)
        sys.exit(CANNOT)
    if remember is None:
        click.echo(latest.read_text(), nl=False)
        return
    if remember.exists():
        # What is remembered is only ever replaced by what continues it.
        click.echo(f"{remember} is there already: cms audit check-head {remember}", err=True)
        sys.exit(CANNOT)
    kept = KeptHead.first(Checkpoint.parse(latest.read_bytes()), trusted_keys(epoch))
    kept.save(remember)
    click.echo(f"{remember}: {kept.head.size} entries of {kept.head.origin}")
