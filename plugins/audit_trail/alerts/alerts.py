"""The log of alerts: open until somebody has taken note."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from sqlalchemy import select, tuple_

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from plugins.audit_trail.alerts.models import ACKNOWLEDGED, OPEN, Alert
from plugins.audit_trail.alerts.rules import require_manager
from plugins.audit_trail.events import AlertAcknowledged
from plugins.audit_trail.officers.filters import LARGEST_PAGE
from plugins.audit_trail.officers.purposes import require_view

LONGEST_NOTE = 2000


async def listing(
    work: UnitOfWork, *, state: str | None = None, limit: int = 100, cursor: str | None = None
) -> tuple[list[Alert], str | None]:
    """A page, the newest first, and the cursor of the next."""
    require_view(work)
    faults = {}
    if state not in (None, OPEN, ACKNOWLEDGED):
        faults["status"] = f"must be {OPEN} or {ACKNOWLEDGED}: leave it out for both"
    if not 1 <= limit <= LARGEST_PAGE:
        faults["limit"] = f"must be between 1 and {LARGEST_PAGE}"
    if faults:
        raise InvalidInput(faults)
    query = select(Alert).where(Alert.tenant_id == work.tenant_id)
    if state is not None:
        query = query.where(Alert.state == state)
    if cursor is not None:
        query = query.where(tuple_(Alert.raised_at, Alert.id) < tuple_(*_place(cursor)))
    query = query.order_by(Alert.raised_at.desc(), Alert.id.desc()).limit(limit + 1)
    found: list[Alert] = [row[0] for row in await work.all(query)]
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        said = f"{last.raised_at.isoformat()} {last.id}"
        following = urlsafe_b64encode(said.encode()).decode()
    return found[:limit], following


def _place(cursor: str) -> tuple[datetime, int]:
    try:
        moment, _, number = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return datetime.fromisoformat(moment), int(number)
    except ValueError:
        raise InvalidInput(
            {"cursor": "is not one that an earlier page gave: leave it out"}
        ) from None


async def get(work: UnitOfWork, alert_id: int) -> Alert:
    require_view(work)
    alert = await work.session.get(Alert, (work.tenant_id, alert_id))
    if alert is None:
        raise NotFound("alert", alert_id)
    return alert


async def acknowledge(work: UnitOfWork, alert_id: int, note: str) -> Alert:
    """Take note of an alert, in one's own name; Conflict for one that somebody else has."""
    require_manager(work)
    if len(note) > LONGEST_NOTE:
        raise InvalidInput({"note": f"must have at most {LONGEST_NOTE} characters"})
    alert: Alert | None = await work.entity(
        select(Alert)
        .where(Alert.tenant_id == work.tenant_id, Alert.id == alert_id)
        .with_for_update()
    )
    if alert is None:
        raise NotFound("alert", alert_id)
    if alert.state != OPEN:
        raise Conflict(f"The alert {alert_id} has been acknowledged already.")
    alert.state, alert.note = ACKNOWLEDGED, note
    alert.acknowledged_by, alert.acknowledged_at = work.actor.user_id, work.now
    await work.emit(AlertAcknowledged(alert_id=alert_id))
    return alert
