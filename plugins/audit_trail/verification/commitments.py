"""Whether what lies sealed beside an event is what its leaf commits to, or was erased by order.

A leaf holds SHA-256(03 || salt || ciphertext || event id). Content that is gone is explained by an
event of erasure in the same log: it names the keys that were destroyed, the references of the
person, how many events it was, and the order. What no such event explains was tampered with.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from plugins.audit_trail.verification.report import Commitments, Erasure, Report

CHUNK = 5_000
SAME_MOMENT = 3600.0
"""Seconds within which what was erased and the event that tells of it lie."""

# Hashed where the rows are: only those that are not as they were sealed travel. The ciphertext
# begins with a byte of format and the id of its key, so that the row cannot name another.
_AMISS = """
select e.event_id, e.occurred_at, e.tenant_id, e.data_subject_id, e.actor_id,
       p.event_id is not null, p.key_id, p.erased_at, e.action
from audit.events e
left join audit.personal p on p.occurred_at = e.occurred_at and p.event_id = e.event_id
where e.pii_commitment is not null and (
  p.event_id is null or p.ciphertext is null or p.tenant_id <> e.tenant_id
  or sha256('\\x03'::bytea || p.salt || p.ciphertext || uuid_send(e.event_id)) <> e.pii_commitment
  or substring(p.ciphertext from 2 for 4) <> substring(int8send(p.key_id) from 5))
order by e.occurred_at, e.event_id
"""
_STRAY = """
select p.event_id, p.occurred_at from audit.personal p
left join audit.events e on e.occurred_at = p.occurred_at and e.event_id = p.event_id
where e.pii_commitment is null
order by p.occurred_at, p.event_id
"""
_COMMITTED = "select count(*) from audit.events where pii_commitment is not null"
_ERASURES = """
select event_id, occurred_at, tenant_id, case when resource_type = 'user' then resource_id end,
       after_state::text
from audit.events where action = 'audit:personal:erase' and outcome = 'success'
order by occurred_at, event_id
"""


_EXPIRIES = """
select event_id, occurred_at, tenant_id, after_state::text
from audit.events where action = 'audit:personal:expire' and outcome = 'success'
order by occurred_at, event_id
"""


class _Order(msgspec.Struct):
    authority: str
    reference: str


class _After(msgspec.Struct):
    references: list[str]
    keys: list[int]
    events: int
    order: _Order


class _Told(msgspec.Struct):
    """An event of erasure as it is in the log, which others verify."""

    occurred_at: datetime
    tenant_id: int
    user_id: int | None
    after: _After
    result: Erasure

    @property
    def most(self) -> int:
        return self.after.events

    def explains(self, row: Any) -> bool:
        _, occurred_at, tenant_id, data_subject, actor_id, _, key_id, _, _ = row
        is_hers = data_subject in self.after.references or (
            self.user_id is not None and actor_id == self.user_id
        )
        is_later = occurred_at <= self.occurred_at
        return tenant_id == self.tenant_id and is_hers and is_later and key_id in self.after.keys


class _Expired(msgspec.Struct):
    """An event of expiry: which class of which site, and up to when."""

    class_name: str
    patterns: list[str]
    until: datetime
    events: int
    order_reference: str | None = None


class _ToldExpiry(msgspec.Struct):
    occurred_at: datetime
    tenant_id: int
    said: _Expired
    result: Erasure

    @property
    def most(self) -> int:
        return self.said.events

    def explains(self, row: Any) -> bool:
        _, occurred_at, tenant_id, *_, erased_at, action = row
        # The class of an action is the first that fits; here a fit is enough, the number is exact.
        fits = any(_fits(action, pattern) for pattern in self.said.patterns)
        is_of_it = tenant_id == self.tenant_id and fits and occurred_at < self.said.until
        return is_of_it and abs((erased_at - self.occurred_at).total_seconds()) < SAME_MOMENT


def _fits(action: str, pattern: str) -> bool:
    """As LIKE with `%` at the end, which is all that a class uses."""
    return action.startswith(pattern[:-1]) if pattern.endswith("%") else action == pattern


def check_commitments(connection: Connection[TupleRow], report: Report) -> Commitments:
    """Compare every commitment with what lies beside its event, and note what does not fit. It
    reads as the owner, in the transaction of the connection."""
    told: list[_Told | _ToldExpiry] = [
        *_erasures(connection, report),
        *_expiries(connection, report),
    ]
    (row,) = connection.execute(_COMMITTED).fetchall()
    found = Commitments(committed=row[0])
    for amiss in _stream(connection, "amiss", _AMISS):
        reason = next((one for one in told if _is_erased(amiss) and one.explains(amiss)), None)
        if reason is None:
            _note(report, amiss)
            continue
        reason.result.events += 1
        found.erased += 1
    for one in told:
        if one.result.events > one.most:
            message = (
                f"{one.result.order} erased the values of {one.most} events, and those of "
                f"{one.result.events} are gone"
            )
            report.note("personal-erased-beyond", message, event_id=one.result.event_id)
    for event_id, moment in _stream(connection, "stray", _STRAY):
        message = f"a row of personal values of {moment:%Y-%m-%d %H:%M:%S%z} belongs to no event"
        report.note("personal-stray", message, event_id=str(event_id))
    found.erasures = [one.result for one in told]
    return found


def _erasures(connection: Connection[TupleRow], report: Report) -> Iterator[_Told]:
    for event_id, moment, tenant_id, user_id, after in connection.execute(_ERASURES).fetchall():
        try:
            said = msgspec.json.decode(after or "null", type=_After)
        except msgspec.DecodeError:
            message = "an event of erasure does not say what it erased"
            report.note("personal-erasure-unclear", message, event_id=str(event_id))
            continue
        order = f"{said.order.reference} of {said.order.authority}"
        result = Erasure(event_id=str(event_id), erased_on=moment, order=order)
        yield _Told(moment, tenant_id, user_id, said, result)


def _expiries(connection: Connection[TupleRow], report: Report) -> Iterator[_ToldExpiry]:
    for event_id, moment, tenant_id, detail in connection.execute(_EXPIRIES).fetchall():
        try:
            said = msgspec.json.decode(detail or "null", type=_Expired)
        except msgspec.DecodeError:
            message = "an event of expiry does not say what it erased"
            report.note("personal-erasure-unclear", message, event_id=str(event_id))
            continue
        by = said.order_reference or "the rule of retention"
        order = f"{by} for the class {said.class_name}"
        result = Erasure(event_id=str(event_id), erased_on=moment, order=order)
        yield _ToldExpiry(moment, tenant_id, said, result)


def _is_erased(row: Any) -> bool:
    return row[5] is True and row[7] is not None


def _note(report: Report, row: Any) -> None:
    event_id, moment, has_row = row[0], row[1], row[5]
    if not has_row:
        kind, what = "personal-missing", "are gone, and no erasure tells of it"
    elif _is_erased(row):
        kind, what = "personal-erased", "were erased, and no order tells of it"
    else:
        kind, what = "personal-altered", "are not those that its leaf commits to"
    message = f"the personal values of the event of {moment:%Y-%m-%d %H:%M:%S%z} {what}"
    report.note(kind, message, event_id=str(event_id))


def _stream(connection: Connection[TupleRow], name: str, query: str) -> Iterator[TupleRow]:
    with connection.cursor(name=name) as cursor:
        cursor.itersize = CHUNK
        cursor.execute(query)
        yield from cursor
