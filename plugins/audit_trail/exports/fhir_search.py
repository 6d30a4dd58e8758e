"""AuditEvents for FHIR clients, in the manner of IHE ITI-81 (Retrieve ATNA Audit Event).

Conditions by FHIR's names, pages by links, and whoever asks is in the trail. The evidence is not
here: each resource names its entry and its leaf hash.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput
from plugins.audit_trail.exports.events import AuditSearched
from plugins.audit_trail.exports.forms.fhir import fhir_r4_of, fhir_r5_of
from plugins.audit_trail.exports.forms.verbs import Act, act_of
from plugins.audit_trail.exports.reading import Entry
from plugins.audit_trail.officers.filters import LARGEST_ID
from plugins.audit_trail.officers.purposes import COMPLIANCE, VIEW, begin
from plugins.audit_trail.verification.rebuild import TRAIL_FORM, canonical_of

MEDIA_TYPE = "application/fhir+json"
LARGEST_PAGE = 200
MOST_DATES = 2

# Events that wait for the log have no entry to name yet.
_SELECT = f"""
select e.epoch, e.seq, e.leaf_hash, e.previous_record_hash, e.record_hash, {TRAIL_FORM}
from audit.trail e where e.tenant_id = :tenant and e.seq is not null
"""  # noqa: S608
_DATE = re.compile(r"(eq|ge|gt|le|lt)?(\d{4}-\d{2}-\d{2})(T.+)?")
_OUTCOMES = {"0": "success", "4": "refused", "8": "failed"}
_CURSOR = re.compile(r"(\d{1,9})-(\d{1,19})")


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, by FHIR's names. `date` may come twice; `entity` is TYPE or TYPE|ID, `agent`
    an id, `subtype` an audit tag, `patient` the reference of a data subject."""

    date: Sequence[str] = ()
    agent: str | None = None
    entity: str | None = None
    patient: str | None = None
    action: str | None = None
    subtype: str | None = None
    outcome: str | None = None
    count: int = 50
    cursor: str | None = None


async def search(work: UnitOfWork, wanted: Search, address: str, *, is_r5: bool) -> bytes:
    """A Bundle of the newest first. InvalidInput names what is no condition."""
    if not work.actor.has(VIEW):
        raise CapabilityMissing(
            f"Reading the audit trail needs the capability {VIEW}; the compliance officer has it.",
            action="audit.read",
        )
    await begin(work, COMPLIANCE)
    conditions = _Conditions()
    conditions.of_page(wanted)
    conditions.of_whom(wanted)
    conditions.of_what(wanted, {str(event.tag) for event in work.registry.events.values()})
    if conditions.faults:
        raise InvalidInput(conditions.faults)
    values = {**conditions.values, "tenant": work.tenant_id, "rows": wanted.count + 1}
    statement = f"{_SELECT}{conditions.told} order by e.epoch desc, e.seq desc limit :rows"
    rows = await work.audit.all(statement, values)
    await work.emit(AuditSearched(asked=_asked(wanted)))
    write: Callable[[Entry, Mapping[str, Any], Mapping[str, Any]], bytes]
    write = fhir_r5_of if is_r5 else fhir_r4_of
    entries = []
    for epoch, seq, leaf, previous, record, *columns in rows[: wanted.count]:
        canonical = canonical_of(columns)
        event = msgspec.json.decode(canonical)
        resource = write(Entry(epoch, seq, leaf, (previous, record), canonical), event, {})
        entries.append(
            {
                "fullUrl": f"urn:uuid:{event['event_id']}",
                "resource": msgspec.Raw(resource.rstrip()),
                "search": {"mode": "match"},
            }
        )
    links = [{"relation": "self", "url": _url(address, wanted, wanted.cursor)}]
    if len(rows) > wanted.count:
        last = rows[wanted.count - 1]
        links.append({"relation": "next", "url": _url(address, wanted, f"{last[0]}-{last[1]}")})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "link": links}
    if entries:
        bundle["entry"] = entries
    return msgspec.json.encode(bundle)


class _Conditions:
    """The conditions in SQL with their values, and what is none."""

    def __init__(self) -> None:
        self.told, self.values, self.faults = "", dict[str, Any](), dict[str, str]()

    def add(self, condition: str, **values: Any) -> None:
        self.told += f" and {condition}"
        self.values |= values

    def of_page(self, wanted: Search) -> None:
        if not 1 <= wanted.count <= LARGEST_PAGE:
            self.faults["_count"] = f"must be between 1 and {LARGEST_PAGE}"
        for number, written in enumerate(wanted.date):
            for sign, moment in _bounds(written, self.faults):
                name = f"date{number}_{len(self.values)}"
                self.add(f'e."timestamp" {sign} :{name}', **{name: moment})
        if wanted.cursor is not None:
            place = _CURSOR.fullmatch(wanted.cursor)
            if place is None or int(place[2]) > LARGEST_ID:
                self.faults["_cursor"] = "is not one that an earlier page gave"
            else:
                condition = "(e.epoch, e.seq) < (:at_epoch, :at_seq)"
                self.add(condition, at_epoch=int(place[1]), at_seq=int(place[2]))

    def of_whom(self, wanted: Search) -> None:
        if wanted.agent is not None:
            self.add("e.actor_id = :actor", actor=self._number(wanted.agent, "agent"))
        if wanted.entity is not None:
            kind, bar, number = wanted.entity.partition("|")
            self.add("e.resource_type = :kind", kind=kind)
            if bar:
                self.add("e.resource_id = :of", of=self._number(number, "entity"))
        if wanted.patient is not None:
            self.add("e.data_subject_id = :patient", patient=wanted.patient)

    def of_what(self, wanted: Search, tags: Iterable[str]) -> None:
        if wanted.subtype is not None:
            self.add("e.action = :tag", tag=wanted.subtype)
        if wanted.action is not None:
            if wanted.action not in list(Act):
                self.faults["action"] = f"must be one of {', '.join(Act)}"
            meant = sorted(tag for tag in tags if act_of(tag) == wanted.action)
            self.add("e.action = any(:tags)", tags=meant)
        if wanted.outcome is not None:
            if wanted.outcome not in _OUTCOMES:
                self.faults["outcome"] = f"must be one of {', '.join(_OUTCOMES)}"
            self.add("e.outcome = :outcome", outcome=_OUTCOMES.get(wanted.outcome, ""))

    def _number(self, written: str, name: str) -> int:
        if not written.isdecimal() or int(written) > LARGEST_ID:
            self.faults[name] = "must name an id"
            return 0
        return int(written)


def _bounds(written: str, faults: dict[str, str]) -> Sequence[tuple[str, datetime]]:
    """FHIR's prefixes; a day alone stands for all of it."""
    match = _DATE.fullmatch(written)
    try:
        if match is None:
            raise ValueError
        sign, day, hour = match.groups()
        moment = datetime.fromisoformat(day + (hour or ""))
    except ValueError:
        faults["date"] = "must be a day or a moment, with eq, ge, gt, le or lt before it"
        return ()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    after = moment + (timedelta(days=1) if hour is None else timedelta(microseconds=1))
    if sign in (None, "eq"):
        return ((">=", moment), ("<", after))
    if sign in ("gt", "le"):
        return ((">=" if sign == "gt" else "<", after),)
    return ((">=" if sign == "ge" else "<", moment),)


def read_search(given: Sequence[tuple[str, str]]) -> Search:
    """The conditions of a query string. InvalidInput names what is none, or is there twice."""
    fields: dict[str, Any] = {}
    faults = {}
    for name, value in given:
        field = {"_count": "count", "_cursor": "cursor"}.get(name, name)
        if name in ("count", "cursor") or field not in Search.__struct_fields__:
            faults[name] = "is no condition here"
        elif field == "date":
            fields["date"] = (*fields.get("date", ()), value)
        elif field in fields:
            faults[name] = "may be given once"
        else:
            fields[field] = value
    if "count" in fields:
        # What is no number is below the least page, which is told as one fault.
        fields["count"] = int(fields["count"]) if fields["count"].isdecimal() else 0
    if len(fields.get("date", ())) > MOST_DATES:
        faults["date"] = f"may be given {MOST_DATES} times"
    if faults:
        raise InvalidInput(faults)
    return Search(**fields)


def _asked(wanted: Search) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(wanted)
    return {name: value for name, value in said.items() if value not in (None, [], ())}


def _url(address: str, wanted: Search, cursor: str | None) -> str:
    told = _asked(wanted) | {"_count": wanted.count, "_cursor": cursor}
    told = {k: v for k, v in told.items() if k not in ("count", "cursor") and v is not None}
    return f"{address}?{urlencode(told, doseq=True)}"
