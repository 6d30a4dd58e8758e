"""What `cms check` says of witnesses and of the timestamp authority."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from cms.database.engine import open_session
from cms.kernel.declarations import Health, HealthCheck
from plugins.audit_trail.outside.standing import GOOD
from plugins.audit_trail.settings import AuditSettings

_STANDING = text("select kind, name, state, message, size, since from audit.outside_standing()")


async def _standing(host: Any) -> list[Any]:
    async with open_session(host.shop.audit_engine or host.engine, None) as session:
        return list(await session.execute(_STANDING))


async def witnesses_agree(host: Any) -> Health:
    """Whether every witness knows the history that we have, and enough of them answer."""
    settings = host.registry.settings(AuditSettings).witnesses
    rows = await _standing(host)
    contradiction = next((row for row in rows if row.kind == "contradiction"), None)
    if contradiction is not None:
        return Health(
            "audit_witnesses",
            False,
            contradiction.message,
            "Keep everything as it is, compare with copies of the heads (cms audit verify --heads "
            "COPY), and find out who restored or changed what",
        )
    if not settings.known:
        return Health("audit_witnesses", True, "no witness is configured")
    stand = {row.name: row for row in rows if row.kind == "witness"}
    good = [one for one in settings.known if one.name in stand and stand[one.name].state == GOOD]
    vouching = len({one.organisation for one in good})
    now = datetime.now(UTC)
    silent = [
        f"{one.name}: {stand[one.name].message}"
        for one in settings.known
        if one.name in stand
        and stand[one.name].state != GOOD
        and (now - stand[one.name].since).total_seconds() > settings.alarm
    ]
    said = f"{vouching} organisations vouch for the log, {settings.quorum} are enough"
    if vouching < settings.quorum and silent:
        return Health(
            "audit_witnesses",
            False,
            f"{said}; {'; '.join(silent)}",
            "Ask their operators; the log goes on, and is vouched for when they answer again",
        )
    return Health("audit_witnesses", True, said)


async def time_is_fixed(host: Any) -> Health:
    """Whether the timestamp authority stamps the heads."""
    settings = host.registry.settings(AuditSettings).timestamps
    if not settings.url:
        return Health("audit_timestamps", True, "no timestamp authority is configured")
    row = next((row for row in await _standing(host) if row.kind == "timestamp"), None)
    if row is None:
        return Health("audit_timestamps", True, "nothing is stamped yet")
    age = (datetime.now(UTC) - row.since).total_seconds()
    if row.state != GOOD and age > 2 * settings.interval:
        return Health(
            "audit_timestamps",
            False,
            f"{row.name}: {row.message}",
            "Ask the authority; heads are stamped when it answers again",
        )
    return Health("audit_timestamps", True, f"{row.name}: {row.message}")


OUTSIDE_CHECKS = (
    # A process that is taken out of the rotation would convince nobody.
    HealthCheck("audit_witnesses", witnesses_agree, readyz=False),
    HealthCheck("audit_timestamps", time_is_fixed, readyz=False),
)
