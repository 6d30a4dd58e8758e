"""What `cms check` and `/readyz` say of the trail: does it keep up, and is it whole."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from cms.database.engine import open_session
from cms.kernel.declarations import Health, HealthCheck, Serves
from plugins.audit_trail.settings import AuditSettings

_STANDING = text("select waiting, oldest, size, signed, alarm from audit.standing()")

_VERIFIED = text("select newest, red, red_at from audit.verified()")


async def _standing(host: Any) -> Any:
    async with open_session(host.shop.audit_engine or host.engine, None) as session:
        return (await session.execute(_STANDING)).one()


async def keeps_up(host: Any) -> Health:
    """Whether any committed event waits longer than the setting `lag` for its place in the log. It
    is recorded all the same: readers are served, and until `most_lag` writers too."""
    found, settings = await _standing(host), host.registry.settings(AuditSettings)
    seconds = (datetime.now(UTC) - found.oldest).total_seconds() if found.oldest else 0.0
    if seconds > settings.lag:
        return Health(
            "audit_lag",
            False,
            f"{found.waiting} events are not in the log yet, the oldest for {seconds:.0f} s",
            "Start a worker: cms worker",
            Serves.READS if seconds > settings.most_lag else Serves.EVERYTHING,
        )
    return Health("audit_lag", True, f"{found.size} entries, {found.waiting} waiting")


async def is_intact(host: Any) -> Health:
    """Whether the sequencer refuses to go on, because the log is not what was signed."""
    found = await _standing(host)
    if found.alarm is not None:
        return Health(
            "audit_trail",
            False,
            found.alarm,
            "Run cms audit verify, and keep everything as it is for the investigation",
        )
    signed = "nothing is signed yet" if found.signed is None else f"{found.signed} entries signed"
    return Health("audit_trail", True, signed)


async def is_verified(host: Any) -> Health:
    """Whether the newest verifications found the log as it was signed."""
    async with open_session(host.engine, None) as session:
        found = (await session.execute(_VERIFIED)).one()
    if found.red is not None:
        return Health(
            "audit_verified",
            False,
            f"the verification {found.red} of {found.red_at:%Y-%m-%d %H:%M} UTC is red",
            "Run cms audit verify, and keep everything as it is for the investigation",
        )
    when = f"{found.newest:%Y-%m-%d %H:%M} UTC" if found.newest else "not yet"
    return Health("audit_verified", True, f"verified: {when}")


CHECKS = (
    HealthCheck("audit_verified", is_verified, readyz=False),
    HealthCheck("audit_lag", keeps_up),
    # A process that is taken out of the rotation would not make the log whole again.
    HealthCheck("audit_trail", is_intact, readyz=False),
)
