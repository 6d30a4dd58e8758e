"""The view that officers read shows the very rows that the log is made of."""

import psycopg

from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot

# A sum of what is told of each event, in any order.
_SUM = """
select count(*), sum(hashtextextended(concat_ws('|', x.event_id, x.{moment}, x.actor_id, x.action,
  x.outcome, x.resource_type, x.resource_id, x.risk_level, x.event_type), 0))
from {source} x where x.tenant_id = {tenant}
"""
_TENANTS = "select tenant_id from audit.events group by 1 order by 1"
_AS_TENANT = """
select set_config('app.tenant_id', %s, true), set_config('app.audit_purpose', 'compliance', true)
"""


def _verify(snapshot: Snapshot, report: Report) -> None:
    for (tenant,) in snapshot.ask(_TENANTS):
        kept = _SUM.format(source="audit.events", moment="occurred_at", tenant=int(tenant))
        shown = _SUM.format(source="audit.trail", moment='"timestamp"', tenant=int(tenant))
        [stored] = snapshot.ask(kept)
        try:
            with snapshot.connection.transaction():
                snapshot.ask(_AS_TENANT, str(tenant))
                [seen] = snapshot.ask(shown)
        except psycopg.ProgrammingError as fault:
            report.note("view-altered", f"audit.trail cannot be read: {str(fault).splitlines()[0]}")
            return
        if seen != stored:
            message = (
                f"audit.trail shows tenant {tenant} {seen[0]} events of {stored[0]}, or others "
                "than are stored: officers do not see what the log holds"
            )
            report.note("view-altered", message)


CHECKS = (Check("trail", _verify, order=70, of_ranges=False),)
