"""The watch: each event that has a place in the log is held against the rules of its site, once.

Where the watch stands is saved in the transaction that raises what it found. A worker that is
killed begins again at the last event that counts; two workers wait for each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.site.webhook_news import announce_later
from plugins.audit_trail.alerts.letters import send_later
from plugins.audit_trail.alerts.models import (
    ALARM,
    OPEN,
    OUT_OF_HOURS,
    Alert,
    AlertRule,
    Tally,
    Watch,
)
from plugins.audit_trail.alerts.rules import Hours, Terms, found, terms_of
from plugins.audit_trail.events import AlertRaised
from plugins.audit_trail.officers.filters import Wanted, matches, read_wanted
from plugins.audit_trail.officers.models import Search
from plugins.audit_trail.officers.purposes import MONITORING, state

BATCH = 500
MOST_NAMED = 20
"""So many events an alert names; the others are found by its rule."""

SECONDS = 60
_OWN = "audit:alert"
_SEQUENCED = """
select * from audit.sequenced(:epoch, :seq, :to_epoch, :to_seq, :most)
"""
_ALARMS = "select id, raised_at from audit.alarms_after(:last)"


@dataclass(frozen=True)
class Standing:
    """A rule that is active, with what it looks for."""

    id: int
    terms: Terms
    wanted: Wanted


class Match(NamedTuple):
    """Something that a rule looks for: what it is counted with, when, and the event unless it was
    an alarm of the log."""

    key: str | None
    moment: datetime
    event: Any


@dataclass
class Tallies:
    """What has been counted, as far as this batch needs it."""

    known: dict[tuple[int, bytes], Tally]
    changed: set[tuple[int, bytes]]


async def watch(work: UnitOfWork, to_epoch: int, to_seq: int) -> bool:
    """Look at the next events of this tenant up to a place; whether there may be more."""
    await found(work)
    place = await work.entity(
        select(Watch).where(Watch.tenant_id == work.tenant_id).with_for_update()
    )
    await state(work, MONITORING, seconds=SECONDS)
    if (place.epoch, place.seq) >= (to_epoch, to_seq):
        events: list[Any] = []
    else:
        events = await work.audit.all(
            _SEQUENCED,
            {
                "epoch": place.epoch,
                "seq": place.seq,
                "to_epoch": to_epoch,
                "to_seq": to_seq,
                "most": BATCH,
            },
        )
        is_done = len(events) < BATCH
        place.epoch, place.seq = (
            (to_epoch, to_seq) if is_done else (events[-1].epoch, events[-1].seq)
        )
    alarms = await work.audit.all(_ALARMS, {"last": place.alarm_id})
    if alarms:
        place.alarm_id = alarms[-1].id
    if events or alarms:
        await _hold_against_rules(work, events, alarms)
    return len(events) == BATCH


async def _hold_against_rules(
    work: UnitOfWork, events: Sequence[Any], alarms: Sequence[Any]
) -> None:
    tallies = Tallies({}, set())
    for rule in await _standing(work):
        if rule.terms.kind == ALARM:
            for alarm in alarms:
                await _count(work, rule, tallies, Match("alarm", alarm.raised_at, None))
            continue
        for event in events:
            if _concerns(work, rule, event):
                key = _key_of(rule.terms.key, event)
                await _count(work, rule, tallies, Match(key, event.occurred_at, event))
    for changed in sorted(tallies.changed):
        await _keep(work, tallies.known[changed])


async def _standing(work: UnitOfWork) -> list[Standing]:
    rows = await work.all(
        select(AlertRule, Search.filter.label("sought"))
        .outerjoin(
            Search,
            (Search.tenant_id == AlertRule.tenant_id) & (Search.id == AlertRule.search_id),
        )
        .where(AlertRule.tenant_id == work.tenant_id, AlertRule.is_active)
        .order_by(AlertRule.id)
    )
    return [
        Standing(row[0].id, terms_of(row[0]), read_wanted(row.sought or row[0].filter))
        for row in rows
    ]


def _concerns(work: UnitOfWork, rule: Standing, event: Any) -> bool:
    # What the watch says itself is not watched: a rule for everything would never come to rest.
    if event.action.startswith(_OWN) or not matches(rule.wanted, event):
        return False
    hours: Hours | None = rule.terms.hours
    if rule.terms.kind == OUT_OF_HOURS and hours is not None:
        return not hours.hold(event.occurred_at, work.tenant)
    return True


def _key_of(key: str, event: Any) -> str | None:
    """What is counted together; None for an event that has no such thing."""
    match key:
        case "actor":
            return None if event.actor_id is None else f"actor:{event.actor_id}"
        case "resource":
            thing = event.resource_id
            return None if thing is None else f"resource:{event.resource_type}:{thing}"
        case "address":
            return None if event.actor_ip is None else f"address:{event.actor_ip}"
    return "all"


async def _count(work: UnitOfWork, rule: Standing, tallies: Tallies, match: Match) -> None:
    key, moment, event = match
    if key is None:
        return
    said = f"audit-alert:{work.tenant_id}:{rule.id}:{key}"
    tally = await _tally(work, tallies, rule.id, work.shop.sign(said)[:16])
    counted = sorted([*zip(tally.moments, tally.events, strict=True), (moment, _id(event))])
    window = timedelta(seconds=rule.terms.window_seconds)
    counted = [one for one in counted if one[0] > counted[-1][0] - window]
    counted = counted[-rule.terms.threshold :]
    tallies.changed.add((rule.id, tally.key_hash))
    # By the clock of the events, both ways: one that comes late is of another time than the alert.
    quiet = timedelta(seconds=rule.terms.cooldown_seconds)
    is_quiet = tally.told_at is not None and abs(moment - tally.told_at) < quiet
    if len(counted) >= rule.terms.threshold and not is_quiet:
        await _raise(work, rule, tally.key_hash, [one[1] for one in counted], event)
        # Those events have been told; the next alert needs as many new ones.
        tally.told_at, counted = moment, []
    tally.moments, tally.events = [one[0] for one in counted], [one[1] for one in counted]


def _id(event: Any) -> UUID:
    """An alarm of the log is no event; nothing stands for it."""
    return UUID(int=0) if event is None else UUID(str(event.event_id))


async def _tally(work: UnitOfWork, tallies: Tallies, rule_id: int, key_hash: bytes) -> Tally:
    known = tallies.known.get((rule_id, key_hash))
    if known is None:
        row = await work.one(
            select(Tally.moments, Tally.events, Tally.told_at).where(
                Tally.tenant_id == work.tenant_id,
                Tally.rule_id == rule_id,
                Tally.key_hash == key_hash,
            )
        )
        known = Tally(
            tenant_id=work.tenant_id,
            rule_id=rule_id,
            key_hash=key_hash,
            moments=list(row.moments) if row else [],
            events=[UUID(str(one)) for one in row.events] if row else [],
            told_at=row.told_at if row else None,
        )
        tallies.known[rule_id, key_hash] = known
    return known


async def _keep(work: UnitOfWork, tally: Tally) -> None:
    values: Mapping[str, Any] = {
        "moments": tally.moments,
        "events": tally.events,
        "told_at": tally.told_at,
    }
    row = insert(Tally).values(
        tenant_id=tally.tenant_id, rule_id=tally.rule_id, key_hash=tally.key_hash, **values
    )
    await work.execute(
        row.on_conflict_do_update(index_elements=["tenant_id", "rule_id", "key_hash"], set_=values)
    )


async def _raise(
    work: UnitOfWork, rule: Standing, key_hash: bytes, events: list[UUID], last: Any
) -> None:
    named = [event for event in events if event.int][-MOST_NAMED:]
    of_actor, of_thing = rule.terms.key == "actor", rule.terms.key == "resource"
    alert = Alert(
        tenant_id=work.tenant_id,
        id=await work.next_id("audit_alert"),
        rule_id=rule.id,
        rule_name=rule.terms.name,
        key_hash=key_hash,
        actor_id=last.actor_id if of_actor else None,
        resource_type=last.resource_type if of_thing else None,
        resource_id=last.resource_id if of_thing else None,
        events=named,
        raised_at=work.now,
        state=OPEN,
        note="",
    )
    work.session.add(alert)
    told = {"rule": rule.terms.name, "events": len(events)}
    await work.emit(AlertRaised(alert_id=alert.id, rule_id=rule.id, after=told))
    await send_later(work, alert.id, rule.terms)
    await announce_later(work, "audit.alert", alert.id)
