"""`cms audit`: each room of the plugin brings its commands."""

import click

from plugins.audit_trail.alerts.commands import alerts
from plugins.audit_trail.erasing.commands import access_report, erase
from plugins.audit_trail.heads.commands import head
from plugins.audit_trail.officers.commands import show
from plugins.audit_trail.proving.commands import check_proof, prove
from plugins.audit_trail.verification.commands import verify


@click.group()
def audit() -> None:
    """The audit trail: who did what, and proof that nobody rewrote it."""


for command in (verify, show, alerts, prove, check_proof, head, erase, access_report):
    audit.add_command(command)
