"""What `cms check` and `/readyz` say of the way into the trail's own database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from cms.database.engine import open_session
from cms.kernel.declarations import Health, HealthCheck, Serves
from plugins.audit_trail.settings import AuditSettings

_STANDING = text("select waiting, oldest from audit.outbox_standing()")


async def crosses(host: Any) -> Health:
    """Whether events reach the trail's own database. They are safe where they wait; after
    `most_lag` seconds no changes are wanted any more."""
    if host.addresses.own_audit is None:
        return Health("audit_crossing", True, "the trail lives in the same database")
    async with open_session(host.engine, None) as session:
        found: Any = (await session.execute(_STANDING)).one()
    settings = host.registry.settings(AuditSettings)
    seconds = (datetime.now(UTC) - found.oldest).total_seconds() if found.oldest else 0.0
    if seconds > settings.lag:
        return Health(
            "audit_crossing",
            False,
            f"{found.waiting} events wait to be carried into the trail's own database, the oldest "
            f"for {seconds:.0f} s",
            "Start a worker (cms worker), and see whether CMS_AUDIT_DATABASE_URL answers",
            Serves.READS if seconds > settings.most_lag else Serves.EVERYTHING,
        )
    return Health("audit_crossing", True, f"{found.waiting} waiting")


CROSSING_CHECKS = (HealthCheck("audit_crossing", crosses),)
