"""Rules for alerts: data that officers change, with defaults that every site begins with."""

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict, InvalidInput, NotFound
from cms.kernel.events import difference
from cms.kernel.tenant import Tenant
from plugins.audit_trail.alerts.models import (
    ALARM,
    KEYS,
    KINDS,
    OUT_OF_HOURS,
    AlertRule,
    Watch,
)
from plugins.audit_trail.events import AlertRuleRemoved, AlertRuleSaved
from plugins.audit_trail.officers import searches
from plugins.audit_trail.officers.filters import read_wanted
from plugins.audit_trail.officers.purposes import require_view

MANAGE_ALERTS = "manage_audit_alerts"

MOST_RULES = 100
MOST_EVENTS = 1000
LONGEST_WINDOW = 30 * 86_400
MOST_EMAILS = 20
LONGEST_NAME = 100
OFFICERS = ("compliance_officer",)

_EMAIL = re.compile(r"[^@\s,<>\"]{1,64}@[A-Za-z0-9.-]{1,250}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The usual hours in the site's time zone; days are 0 (Monday) to 6. `until` earlier than
    `since` is a night shift, which belongs to the day that it began on."""

    since: str = "07:00"
    until: str = "19:00"
    days: list[int] = msgspec.field(default_factory=lambda: [0, 1, 2, 3, 4])

    def hold(self, moment: datetime, tenant: Tenant) -> bool:
        """Whether the moment lies in the usual hours."""
        local = moment.astimezone(tenant.zone)
        since, until, now = (
            time.fromisoformat(self.since),
            time.fromisoformat(self.until),
            local.time(),
        )
        if since <= until:
            return local.weekday() in self.days and since <= now < until
        began_today = now >= since and local.weekday() in self.days
        began_yesterday = now < until and (local.weekday() - 1) % 7 in self.days
        return began_today or began_yesterday


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a rule says. `filter` has the names of the arguments of /events; a `search_id` of a
    shared search stands instead of it. Times in seconds."""

    name: str
    kind: str = "threshold"
    filter: dict[str, Any] = {}
    search_id: int | None = None
    key: str = "none"
    threshold: int = 1
    window_seconds: int = 600
    cooldown_seconds: int = 3600
    hours: Hours | None = None
    emails: list[str] = []
    roles: list[str] = msgspec.field(default_factory=lambda: list(OFFICERS))
    is_active: bool = True


DEFAULTS = (
    Terms(
        name="Five refused sign-ins of one account",
        filter={"action": "identity:session:refuse"},
        key="resource",
        threshold=5,
    ),
    Terms(
        name="Five refused sign-ins from one address",
        filter={"action": "identity:session:refuse"},
        key="address",
        threshold=5,
    ),
    Terms(
        name="Mass export of content",
        filter={"action": "exchange:export:*"},
        key="actor",
        threshold=3,
        window_seconds=3600,
    ),
    Terms(
        name="Mass download of the trail",
        filter={"action": "audit:trail:download"},
        key="actor",
        threshold=5,
        window_seconds=3600,
    ),
    Terms(
        name="Sensitive values read out of hours",
        kind="out_of_hours",
        filter={"action": "sealing:value:open"},
        key="actor",
        hours=Hours(),
    ),
    Terms(name="Alarm of the audit log", kind="alarm", cooldown_seconds=900),
)


def require_manager(work: UnitOfWork) -> None:
    require_view(work)
    if not work.actor.has(MANAGE_ALERTS):
        raise CapabilityMissing(
            f"Changing and acknowledging alerts needs the capability {MANAGE_ALERTS}.",
            action="audit.alert",
        )


async def listing(work: UnitOfWork) -> list[AlertRule]:
    """The rules of the site, the defaults among them."""
    require_view(work)
    await found(work)
    rows = await work.all(
        select(AlertRule).where(AlertRule.tenant_id == work.tenant_id).order_by(AlertRule.id)
    )
    return [row[0] for row in rows]


async def get(work: UnitOfWork, rule_id: int) -> AlertRule:
    require_view(work)
    rule = await work.session.get(AlertRule, (work.tenant_id, rule_id))
    if rule is None:
        raise NotFound("alert rule", rule_id)
    return rule


async def add(work: UnitOfWork, terms: Terms) -> AlertRule:
    """A new rule; InvalidInput names every fault at once."""
    require_manager(work)
    standing = await work.one(
        select(func.count()).select_from(AlertRule).where(AlertRule.tenant_id == work.tenant_id)
    )
    if standing[0] >= MOST_RULES:
        raise Conflict(f"A site has {MOST_RULES} alert rules at most; remove one first.")
    return await _add(work, await checked(work, terms))


async def edit(work: UnitOfWork, rule_id: int, changes: Mapping[str, Any]) -> AlertRule:
    """Change what is named."""
    require_manager(work)
    rule = await get(work, rule_id)
    old = terms_of(rule)
    try:
        wanted = msgspec.convert({**msgspec.to_builtins(old), **changes}, Terms)
    except msgspec.ValidationError as error:
        raise InvalidInput({"rule": str(error)}) from None
    new = await checked(work, wanted)
    for name, value in _columns(new).items():
        setattr(rule, name, value)
    rule.updated_at = work.now
    before, after = difference(_told(old), _told(new))
    await work.emit(AlertRuleSaved(rule_id=rule_id, before=before, after=after))
    return rule


async def remove(work: UnitOfWork, rule_id: int) -> None:
    require_manager(work)
    rule = await get(work, rule_id)
    before = _told(terms_of(rule))
    await work.session.delete(rule)
    await work.emit(AlertRuleRemoved(rule_id=rule_id, before=before))


async def found(work: UnitOfWork) -> None:
    """The defaults, once for each site; its watch begins at the end of the log, because nobody
    wants to be alarmed about last year."""
    row = await work.audit.one("select epoch, seq from audit.last_place()")
    begun = await work.execute(
        insert(Watch)
        .values(
            tenant_id=work.tenant_id,
            epoch=0 if row is None else row.epoch,
            seq=-1 if row is None else row.seq,
            alarm_id=0,
        )
        .on_conflict_do_nothing()
        .returning(Watch.tenant_id)
    )
    if begun.one_or_none() is not None:
        for terms in DEFAULTS:
            await _add(work, terms)


async def _add(work: UnitOfWork, terms: Terms) -> AlertRule:
    rule = AlertRule(
        tenant_id=work.tenant_id,
        id=await work.next_id("audit_alert_rule"),
        **_columns(terms),
        created_by=work.actor.user_id,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(rule)
    await work.emit(AlertRuleSaved(rule_id=rule.id, after=_told(terms)))
    return rule


def terms_of(rule: AlertRule) -> Terms:
    """What the rule says."""
    hours = None if rule.hours is None else msgspec.convert(rule.hours, Hours)
    said = {name: getattr(rule, name) for name in Terms.__struct_fields__ if name != "hours"}
    return Terms(**said, hours=hours)


def _columns(terms: Terms) -> dict[str, Any]:
    columns = {name: getattr(terms, name) for name in Terms.__struct_fields__}
    columns["hours"] = None if terms.hours is None else msgspec.to_builtins(terms.hours)
    return columns


def _told(terms: Terms) -> dict[str, Any]:
    """What the trail says of a rule: how many addresses get its alerts, and not which."""
    said: dict[str, Any] = msgspec.to_builtins(terms)
    return {**said, "emails": len(terms.emails)}


async def checked(work: UnitOfWork, terms: Terms) -> Terms:
    """The terms with their filter in plain form, or InvalidInput with every fault."""
    faults = _faults(work, terms)
    said: dict[str, Any] = {}
    try:
        said = read_wanted(terms.filter).said()
    except InvalidInput as error:
        faults |= {f"filter.{field}": fault for field, fault in error.faults.items()}
    if "ip" in said:
        faults["filter.ip"] = "may not stand in a rule, which is kept: use the key address"
    if terms.search_id is not None:
        faults |= await _search_faults(work, terms)
    if faults:
        raise InvalidInput(faults)
    return msgspec.structs.replace(terms, name=terms.name.strip(), filter=said)


def _faults(work: UnitOfWork, terms: Terms) -> dict[str, str]:
    faults = {}
    if not 1 <= len(terms.name.strip()) <= LONGEST_NAME:
        faults["name"] = f"must have 1 to {LONGEST_NAME} characters"
    for name, known in (("kind", KINDS), ("key", KEYS)):
        if getattr(terms, name) not in known:
            faults[name] = f"is unknown: write one of {', '.join(known)}"
    bounds = {
        "threshold": (1, MOST_EVENTS),
        "window_seconds": (1, LONGEST_WINDOW),
        "cooldown_seconds": (0, LONGEST_WINDOW),
    }
    for name, (least, most) in bounds.items():
        if not least <= getattr(terms, name) <= most:
            faults[name] = f"must be between {least} and {most}"
    if len(terms.emails) > MOST_EMAILS or not all(map(_EMAIL.fullmatch, terms.emails)):
        faults["emails"] = f"must be up to {MOST_EMAILS} addresses like dpo@clinica.example"
    unknown = sorted(set(terms.roles) - set(work.registry.roles))
    if unknown:
        faults["roles"] = f"{unknown[0]!r} is no role of the site"
    if (terms.kind == OUT_OF_HOURS) != (terms.hours is not None):
        faults["hours"] = f"must be said for the kind {OUT_OF_HOURS}, and for no other"
    elif terms.hours is not None and not _are_hours(terms.hours):
        faults["hours"] = "must have since and until like 07:00, and days from 0 (Monday) to 6"
    if terms.kind == ALARM and (terms.filter or terms.search_id is not None):
        faults["filter"] = f"has no meaning for the kind {ALARM}: leave it out"
    return faults


def _are_hours(hours: Hours) -> bool:
    are_times = all(_TIME.fullmatch(written) for written in (hours.since, hours.until))
    return are_times and set(hours.days) <= set(range(7))


async def _search_faults(work: UnitOfWork, terms: Terms) -> dict[str, str]:
    if terms.filter:
        return {"search_id": "stands instead of a filter: leave one of them out"}
    try:
        search = await searches.get(work, int(terms.search_id or 0))
    except NotFound:
        return {"search_id": "is no saved search that you may run"}
    if not search.is_shared:
        return {"search_id": "must be a shared search: a rule is everybody's"}
    if "ip" in search.filter:
        return {"search_id": "asks for an address, which a rule may not"}
    return {}
