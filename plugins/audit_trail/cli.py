"""`cms audit`: each room of the plugin brings its commands."""

import click

from plugins.audit_trail.alerts.commands import alerts
from plugins.audit_trail.completeness.commands import gaps, guard, quarantine
from plugins.audit_trail.erasing.commands import access_report, erase
from plugins.audit_trail.exports.commands import export
from plugins.audit_trail.heads.commands import head, signer
from plugins.audit_trail.log.commands import rollover
from plugins.audit_trail.officers.commands import show
from plugins.audit_trail.outside.commands import policy
from plugins.audit_trail.proving.commands import check_proof, prove
from plugins.audit_trail.publication.commands import heads
from plugins.audit_trail.remembering.commands import check_head
from plugins.audit_trail.retention.commands import retention
from plugins.audit_trail.storage.commands import storage
from plugins.audit_trail.verification.commands import verify
from plugins.audit_trail.witness.commands import witness


@click.group()
def audit() -> None:
    """The audit trail: who did what, and proof that nobody rewrote it."""


for command in (
    verify,
    gaps,
    quarantine,
    guard,
    show,
    alerts,
    prove,
    check_proof,
    export,
    head,
    heads,
    check_head,
    signer,
    rollover,
    witness,
    policy,
    storage,
    retention,
    erase,
    access_report,
):
    audit.add_command(command)
