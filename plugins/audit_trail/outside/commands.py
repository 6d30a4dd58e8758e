"""`cms audit policy`."""

import sys

import click

from cms.cli_support import load_settings
from plugins.audit_trail.exit_codes import CANNOT
from plugins.audit_trail.hashing.notes import KeyRefused
from plugins.audit_trail.hashing.policy import Policy, PolicyRefused
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from plugins.audit_trail.outside.configured import written_policy
from plugins.audit_trail.settings import audit_folder, settings_of


@click.command()
def policy() -> None:
    """The log's keys, its witnesses and their quorum as a file for outsiders (C2SP tlog-policy)."""
    settings = load_settings()
    try:
        epoch = Evidence(audit_folder(settings)).epoch()
        keys = trusted_keys(epoch) if epoch else ()
        written = written_policy(settings_of(settings).witnesses, keys)
        Policy.parse(written.encode())
    except (KeyRefused, PolicyRefused) as fault:
        click.echo(f"[plugins.audit_trail.witnesses]: {fault}", err=True)
        sys.exit(CANNOT)
    click.echo(written, nl=False)
