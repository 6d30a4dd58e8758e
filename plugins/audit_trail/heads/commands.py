"""`cms audit head`."""

import sys

import click

from cms.cli_support import load_settings
from plugins.audit_trail.exit_codes import CANNOT
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.settings import audit_folder


@click.command()
def head() -> None:
    """The newest signed head, to be kept where no administrator of this machine can reach it."""
    latest = Evidence(audit_folder(load_settings())).folder / "latest"
    if not latest.exists():
        click.echo("Nothing is signed yet: start a worker (cms worker).", err=True)
        sys.exit(CANNOT)
    click.echo(latest.read_text(), nl=False)
