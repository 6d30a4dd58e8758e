"""/api/v1/audit/alerts and /api/v1/audit/alert-rules."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from cms.api.routing import delete, get, patch, post
from cms.database.work import UnitOfWork
from plugins.audit_trail.alerts import alerts, rules
from plugins.audit_trail.alerts.models import Alert, AlertRule
from plugins.audit_trail.alerts.rules import Terms


class AlertOut(msgspec.Struct, frozen=True):
    """`events` are ids; /events/ID shows them for the purpose of whoever looks."""

    id: int
    rule_id: int
    rule_name: str
    actor_id: int | None
    resource_type: str | None
    resource_id: int | None
    events: list[UUID]
    raised_at: datetime
    state: str
    acknowledged_by: int | None
    acknowledged_at: datetime | None
    note: str

    @classmethod
    def of(cls, one: Alert) -> "AlertOut":
        said = {name: getattr(one, name) for name in cls.__struct_fields__}
        return cls(**said | {"events": [UUID(str(event)) for event in one.events]})


class Alerts(msgspec.Struct, frozen=True):
    """A page, the newest first."""

    alerts: list[AlertOut]
    next: str | None


class Note(msgspec.Struct, frozen=True):
    note: str = ""


class RuleOut(msgspec.Struct, frozen=True):
    id: int
    terms: Terms
    created_by: int | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, one: AlertRule) -> "RuleOut":
        return cls(one.id, rules.terms_of(one), one.created_by, one.created_at, one.updated_at)


class Rules(msgspec.Struct, frozen=True):
    rules: list[RuleOut]


@get("/alerts", action="audit.alerts", resource="audit_trail")
async def list_alerts(
    work: UnitOfWork, *, status: str | None = None, limit: int = 100, cursor: str | None = None
) -> Alerts:
    """What the rules have found, the newest first; `status` is open or acknowledged."""
    found, following = await alerts.listing(work, state=status, limit=limit, cursor=cursor)
    return Alerts([AlertOut.of(one) for one in found], following)


@get("/alerts/{alert_id:int}", action="audit.alerts", resource="audit_trail")
async def show_alert(alert_id: int, work: UnitOfWork) -> AlertOut:
    return AlertOut.of(await alerts.get(work, alert_id))


@post(
    "/alerts/{alert_id:int}/acknowledge",
    action="audit.alert",
    resource="audit_trail",
    status_code=200,
)
async def acknowledge_alert(alert_id: int, data: Note, work: UnitOfWork) -> AlertOut:
    """Take note of an alert, once, in one's own name."""
    return AlertOut.of(await alerts.acknowledge(work, alert_id, data.note))


@get("/alert-rules", action="audit.alerts", resource="audit_trail")
async def list_rules(work: UnitOfWork) -> Rules:
    return Rules([RuleOut.of(one) for one in await rules.listing(work)])


@post("/alert-rules", action="audit.alert", resource="audit_trail")
async def add_rule(data: Terms, work: UnitOfWork) -> RuleOut:
    return RuleOut.of(await rules.add(work, data))


@get("/alert-rules/{rule_id:int}", action="audit.alerts", resource="audit_trail")
async def show_rule(rule_id: int, work: UnitOfWork) -> RuleOut:
    return RuleOut.of(await rules.get(work, rule_id))


@patch("/alert-rules/{rule_id:int}", action="audit.alert", resource="audit_trail")
async def change_rule(rule_id: int, data: dict[str, Any], work: UnitOfWork) -> RuleOut:
    """What is left out stays."""
    return RuleOut.of(await rules.edit(work, rule_id, data))


@delete("/alert-rules/{rule_id:int}", action="audit.alert", resource="audit_trail")
async def remove_rule(rule_id: int, work: UnitOfWork) -> None:
    """The alerts that it raised stay."""
    await rules.remove(work, rule_id)


routes = [
    list_alerts,
    show_alert,
    acknowledge_alert,
    list_rules,
    add_rule,
    show_rule,
    change_rule,
    remove_rule,
]
