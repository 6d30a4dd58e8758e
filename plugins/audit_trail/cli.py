"""`cms audit`: each room of the plugin brings its commands."""

import click

from plugins.audit_trail.completeness.commands import gaps, guard, quarantine
from plugins.audit_trail.heads.commands import head
from plugins.audit_trail.officers.commands import show
from plugins.audit_trail.proving.commands import check_proof, prove
from plugins.audit_trail.verification.commands import verify


@click.group()
def audit() -> None:
    """The audit trail: who did what, and proof that nobody rewrote it."""


for command in (verify, gaps, quarantine, guard, show, prove, check_proof, head):
    audit.add_command(command)
