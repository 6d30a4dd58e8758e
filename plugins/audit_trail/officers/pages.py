"""The statements behind a look: a page of rows, and how many there are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from cms.database.work import UnitOfWork
from cms.kernel.lawfulness import DataSubject
from plugins.audit_trail.officers.filters import (
    OF_USER,
    Wanted,
    conditions_of,
    id_bounds,
    sought_of,
)
from plugins.audit_trail.officers.naming import named
from plugins.audit_trail.officers.purposes import Purpose
from plugins.audit_trail.writing.people import references_of, tokens_of

NOTHING: Mapping[str, Any] = {}
MOST_COUNTED = 10_000
"""Beyond it a total is only said to be more: counting millions would cost seconds."""

_COLUMNS = """
t.event_id, t."timestamp", t.event_type, t.action, t.outcome,
t.resource_type, t.resource_id, t.resource_version, t.actor_id, t.actor_kind, t.actor_role,
t.on_behalf_of, t.actor_ip, t.actor_user_agent, t.actor_device_fingerprint, t.channel, t.request_id,
t.purpose, t.lgpd_basis, t.consent_reference, t.data_subject_id, t.policy_reference,
t.risk_level, t.automated_flags, t.pii_commitment is not null as has_personal,
t.event_data, t.before_state, t.after_state
"""
# The page is cut first, from the events alone; only then the places in the log and the names of the
# few rows are looked up.
_PAGE = """
with keys as materialized (
  select k.occurred_at, k.event_id from ({arms}) k
  order by k.occurred_at {direction}, k.event_id {direction} limit :rows
), page as materialized (
  select {columns} from keys k
  cross join lateral (
    select * from {view} v
    where v.tenant_id = :tenant and v."timestamp" = k.occurred_at and v.event_id = k.event_id
    offset 0
  ) t
), place as (
  select * from audit.places((select array_agg(p.event_id) from page p))
)
select t.*, {name} as actor_name,
       t.actor_id is not null and (u.id is null or u.left_at is not null) as is_erased,
       l.epoch, l.seq, l.leaf_hash, l.record_hash, l.previous_record_hash
from page t left join place l on l.event_id = t.event_id
left join cms.users u on u.tenant_id = :tenant and u.id = t.actor_id
order by t."timestamp" {direction}, t.event_id {direction}
"""
_KEYS = """
select * from audit.find_keys(cast(:sought{n} as jsonb), :newest_first,
  cast(:at as timestamptz), cast(:after_event as uuid), :rows)
"""
_SEALED = """
from audit.sealed_personal p
cross join lateral (select * from {view} v
                    where v."timestamp" = p.occurred_at and v.event_id = p.event_id) t
where t.tenant_id = :tenant
"""
ONE_EVENT = 't.event_id = :event and t."timestamp" >= :first and t."timestamp" < :last'
_COUNT = "select count(*) as found from ({arms}) counted"
_COUNTED = "(select 1 {source} {conditions} limit :most)"
_UNSEQUENCED = """
select (select count(*) from ({arms}) c
        where not exists (select from audit.waiting() w where w.event_id = c.event_id)) as found,
       p.epoch, p.seq
from (select) as always left join audit.last_place() p on true
"""
_NAMED = "(select t.event_id {source} {conditions})"
SELECT = f"""
select {_COLUMNS}, u.display_name as actor_name, t.epoch, t.seq, t.leaf_hash, t.record_hash,
       t.previous_record_hash
from audit.trail t
left join cms.users u on u.tenant_id = t.tenant_id and u.id = t.actor_id
where t.tenant_id = :tenant
"""  # noqa: S608 - constants only


class Total(msgspec.Struct, frozen=True):
    """How many events the filter finds; of more than 10,000 it is said that there are more."""

    count: int
    is_exact: bool


class _Asked(NamedTuple):
    wanted: Wanted
    conditions: list[str]
    values: dict[str, Any]


class _Arm(NamedTuple):
    source: str
    conditions: list[str]


class Cut(NamedTuple):
    """What of an order is wanted: so many rows after a place."""

    newest_first: bool
    start: tuple[datetime, UUID] | None
    rows: int


async def fetch_page(
    work: UnitOfWork,
    purpose: Purpose,
    wanted: Wanted,
    cut: Cut,
    *,
    besides: Mapping[str, Any] = NOTHING,
) -> list[Any]:
    """The rows after a place in the order, with that of each in the log; for those who have stated
    their purpose and tell the trail. `besides`: what else the events must say."""
    sought = {**sought_of(wanted), **besides}
    references = await _resolved(work, wanted)
    if references is not None:
        sought["data_subjects"] = references
    arms = [sought]
    if wanted.ip is not None:
        # Rows of version 1 have it in the clear; the others by every token that ever stood for it.
        tokens = await tokens_of(work, wanted.ip)
        arms = [{**sought, "actor_ip": wanted.ip}]
        arms += [{**sought, "ip_token": token.hex()} for token in tokens]
    at, after_event = cut.start or (None, None)
    values: dict[str, Any] = {
        "at": at,
        "after_event": after_event,
        "newest_first": cut.newest_first,
    }
    for number, arm in enumerate(arms):
        values[f"sought{number}"] = msgspec.json.encode(arm).decode()
    keys = " union all ".join(_KEYS.format(n=number) for number in range(len(arms)))
    sql = _page_sql(purpose, keys, newest_first=cut.newest_first)
    rows = await work.audit.all(sql, {"tenant": work.tenant_id, "rows": cut.rows, **values})
    return await named(work, rows, purpose)


async def fetch_one(work: UnitOfWork, purpose: Purpose, event_id: UUID) -> Any:
    """The row of one event, or None."""
    key = f'select t."timestamp" as occurred_at, t.event_id from {purpose.view} t where '  # noqa: S608
    sql = _page_sql(purpose, key + ONE_EVENT, newest_first=False)
    rows = await work.audit.all(sql, {**one_event(work, event_id), "rows": 1})
    return (await named(work, rows, purpose))[0] if rows else None


def one_event(work: UnitOfWork, event_id: UUID) -> dict[str, Any]:
    """The values of `ONE_EVENT`."""
    first, last = id_bounds(event_id)
    return {"tenant": work.tenant_id, "event": event_id, "first": first, "last": last}


def _page_sql(purpose: Purpose, keys: str, *, newest_first: bool) -> str:
    return _PAGE.format(
        arms=keys,
        columns=_COLUMNS,
        view=purpose.view,
        direction="desc" if newest_first else "asc",
        name="u.display_name" if purpose.sees_names else "null::text",
    )


async def count(work: UnitOfWork, purpose: Purpose, wanted: Wanted) -> Total:
    """How many there are, counted up to 10,000."""
    asked = await _asked(work, wanted)
    asked.values["most"] = MOST_COUNTED + 1
    arms = await _joined(work, purpose, asked, _COUNTED)
    row = await work.audit.one(_COUNT.format(arms=arms), asked.values)
    return Total(min(row.found, MOST_COUNTED), row.found <= MOST_COUNTED)


async def count_sequenced(work: UnitOfWork, purpose: Purpose, wanted: Wanted) -> Any:
    """How many have a place in the log, all of them, and the last place that there is."""
    asked = await _asked(work, wanted)
    arms = await _joined(work, purpose, asked, _NAMED)
    return await work.audit.one(_UNSEQUENCED.format(arms=arms), asked.values)


async def _asked(work: UnitOfWork, wanted: Wanted) -> _Asked:
    conditions, values = conditions_of(wanted)
    references = await _resolved(work, wanted)
    if references is not None:
        conditions.append("t.data_subject_id = any(cast(:data_subject as text[]))")
        values["data_subject"] = references
    return _Asked(wanted, conditions, {**values, "tenant": work.tenant_id})


async def _joined(work: UnitOfWork, purpose: Purpose, asked: _Asked, template: str) -> str:
    return " union all ".join(
        template.format(
            source=arm.source,
            conditions="".join(f" and {condition}" for condition in arm.conditions),
        )
        for arm in await _arms(work, purpose, asked)
    )


async def _arms(work: UnitOfWork, purpose: Purpose, asked: _Asked) -> list[_Arm]:
    """Where the rows come from, each with an index of its own: one view, or for an address the rows
    of version 1 and the sealed ones by every token that ever stood for it."""
    wanted, conditions, values = asked
    plain = f"from {purpose.view} t where t.tenant_id = :tenant"
    if wanted.ip is None:
        return [_Arm(plain, conditions)]
    arms = [_Arm(plain, [*conditions, "t.actor_ip = :ip"])]
    values["ip"] = wanted.ip
    beside = [
        condition.replace('t."timestamp"', "p.occurred_at").replace("t.event_id", "p.event_id")
        for condition in conditions
    ]
    for number, token in enumerate(await tokens_of(work, wanted.ip)):
        values[f"token{number}"] = token
        sealed = _SEALED.format(view=purpose.view)
        arms.append(_Arm(sealed, [*beside, f"p.ip_token = :token{number}"]))
    return arms


async def _resolved(work: UnitOfWork, wanted: Wanted) -> list[str] | None:
    """Everything that has ever stood for the person who is asked for."""
    subject = wanted.data_subject
    if subject is None or not subject.startswith(OF_USER):
        return None if subject is None else [subject]
    return await references_of(work, DataSubject.user(int(subject.removeprefix(OF_USER))))
