"""What `cms check` and `/readyz` say of the heads: are they signed, and are they elsewhere."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from cms.database.engine import open_session
from cms.kernel.declarations import Health, HealthCheck, Serves
from plugins.audit_trail.heads.targets import names_of
from plugins.audit_trail.settings import AuditSettings

_SIGNING = text("select size, signed, unsigned_since from audit.signing()")
_PUBLISHING = text(
    "select target, epoch, size, attempts, last_error, notice, behind_since from audit.publishing()"
)
HOW = "docs/how-to/keep-signed-heads-elsewhere.md"


async def is_signed(host: Any) -> Health:
    """Whether what is in the log is under a signed head. Nothing is lost while it is not, but until
    then nobody outside can hold us to it."""
    settings = host.registry.settings(AuditSettings)
    async with open_session(host.engine, None) as session:
        found = (await session.execute(_SIGNING)).one_or_none()
    where = f"by the signer at {settings.signer_socket}"
    if not settings.signer_socket:
        where = f"in the worker itself, the weaker form (a signer of its own: {HOW})"
    if found is None:
        return Health("audit_heads", True, f"no log yet; heads will be signed {where}")
    seconds = _age(found.unsigned_since)
    if seconds > settings.unsigned:
        return Health(
            "audit_heads",
            False,
            f"no head was signed for {seconds:.0f} s: {found.size} entries, "
            f"{found.signed or 0} of them signed",
            "Start the signer (cms audit signer) and the worker; their output says what is wrong"
            if settings.signer_socket
            else "Start a worker: cms worker",
            Serves.READS if seconds > settings.most_unsigned else Serves.EVERYTHING,
        )
    return Health("audit_heads", True, f"{found.signed or 0} entries signed {where}")


async def is_published(host: Any) -> Health:
    """Whether each place that the settings name has the heads: what is here only proves nothing to
    somebody who does not trust this machine."""
    wanted = host.registry.settings(AuditSettings).publish
    names = names_of(wanted)
    if not names:
        return Health("audit_published", True, f"heads are published nowhere: {HOW}")
    async with open_session(host.engine, None) as session:
        found = {row.target: row for row in (await session.execute(_PUBLISHING)).all()}
    behind = [said for name in names if (said := _behind(name, found.get(name), wanted.late))]
    if behind:
        return Health(
            "audit_published",
            False,
            "; ".join(behind),
            "See that the worker runs and that it may write there; it tries again by itself",
            Serves.EVERYTHING,
        )
    notices = [f"{row.target}: {row.notice}" for row in found.values() if row.notice]
    return Health("audit_published", True, "; ".join([f"at {len(names)} places", *notices]))


def _behind(name: str, row: Any, late: float) -> str:
    if row is None:
        return f"{name}: nothing is published there yet"
    seconds = _age(row.behind_since)
    if seconds <= late:
        return ""
    fault = f" ({row.attempts} attempts: {row.last_error})" if row.last_error else ""
    has = "nothing" if row.size is None else f"{row.size} entries of epoch {row.epoch}"
    return f"{name}: {has}, behind for {seconds:.0f} s{fault}"


def _age(since: datetime | None) -> float:
    return (datetime.now(UTC) - since).total_seconds() if since else 0.0


HEAD_CHECKS = (
    HealthCheck("audit_heads", is_signed),
    HealthCheck("audit_published", is_published),
)
