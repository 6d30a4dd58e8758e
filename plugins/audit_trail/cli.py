"""`cms audit`: each room of the plugin brings its commands."""

import click

from plugins.audit_trail.erasing.commands import access_report, erase
from plugins.audit_trail.exports.commands import export
from plugins.audit_trail.heads.commands import head
from plugins.audit_trail.officers.commands import show
from plugins.audit_trail.proving.commands import check_proof, prove
from plugins.audit_trail.verification.commands import verify


@click.group()
def audit() -> None:
    """The audit trail: who did what, and proof that nobody rewrote it."""


for command in (verify, show, prove, check_proof, head, erase, access_report, export):
    audit.add_command(command)
