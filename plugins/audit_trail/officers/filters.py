"""What an officer can ask for: read from a query string, a saved search or a rule, and checked
whole, so that one answer names every fault with its remedy."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import msgspec

from cms.errors import InvalidInput
from cms.kernel.actors import EPOCH, ActorKind
from cms.kernel.events import Outcome, Risk

LARGEST_PAGE = 500
LARGEST_ID = 2**63 - 1
LONGEST = 200
OF_USER = "user:"
"""A data subject by her number; events name her by a keyed reference."""

RISKS = tuple(risk.value for risk in Risk)

_ACTION = re.compile(r"[a-z_]+:(\*|[a-z_]+:(\*|[a-z_]+))")
_SPACED_ZONE = re.compile(r"(?<=\d) (\d\d:\d\d)$")
_WORD = re.compile(r"[A-Za-z0-9_.:@-]{1,200}")


class Wanted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to look for; everything that is set must hold. `action` may end in `*`. `since` and
    `until` bound the time, `since` inclusive."""

    actor_id: int | None = None
    actor_kind: str | None = None
    resource_type: str | None = None
    resource_id: int | None = None
    data_subject: str | None = None
    action: str | None = None
    outcome: str | None = None
    risk_level: str | None = None
    risk_at_least: str | None = None
    ip: str | None = None
    request_id: str | None = None
    channel: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def said(self) -> dict[str, Any]:
        """What is set, as plain values: for the trail, for a saved search, to bind a cursor to."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return {name: plain[name] for name in sorted(plain)}


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Which page of the answer, and whether to count all of it."""

    newest_first: bool = False
    limit: int = 100
    cursor: str | None = None
    with_total: bool = False


class _Fault(ValueError):
    """What is wrong with one value, and what to write instead."""


def _number(largest: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        text = str(value)
        if not re.fullmatch(r"[0-9]{1,19}", text) or not 1 <= int(text) <= largest:
            raise _Fault(f"must be between 1 and {largest}: write a whole number")
        return int(text)

    return read


def _among(*known: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in known:
            raise _Fault(f"is unknown: write one of {', '.join(known)}")
        return str(value)

    return read


def _word(value: Any) -> str:
    if not _WORD.fullmatch(str(value)):
        raise _Fault(
            f"must be up to {LONGEST} letters, digits and . _ : @ -: copy it from an event"
        )
    return str(value)


def _action(value: Any) -> str:
    if not _ACTION.fullmatch(str(value)):
        raise _Fault("must read like content:post:publish, content:post:* or content:*")
    return str(value)


def _moment(value: Any) -> datetime:
    # A plus sign that was not escaped in an address arrives as a space.
    written = str(value)
    if "T" in written:
        written = _SPACED_ZONE.sub(r"+\1", written)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise _Fault("must be a time like 2026-01-31T00:00:00Z, or a day") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _address(value: Any) -> str:
    try:
        return str(ip_address(str(value)))
    except ValueError:
        raise _Fault("must be one address like 192.0.2.7 or 2001:db8::1, not a network") from None


def _subject(value: Any) -> str:
    written = str(value)
    if written.startswith(OF_USER) and not re.fullmatch(r"user:[1-9][0-9]{0,17}", written):
        raise _Fault("must be a reference as events have it, or like user:17")
    return _word(value)


def _flag(value: Any) -> bool:
    if value not in (True, False, "true", "false", "1", "0"):
        raise _Fault("must be true or false")
    return value in (True, "true", "1")


_FILTERS: Mapping[str, Callable[[Any], Any]] = {
    "actor_id": _number(LARGEST_ID),
    "actor_kind": _among(*(kind.value for kind in ActorKind)),
    "resource_type": _word,
    "resource_id": _number(LARGEST_ID),
    "data_subject": _subject,
    "action": _action,
    "outcome": _among(*(outcome.value for outcome in Outcome)),
    "risk_level": _among(*RISKS),
    "risk_at_least": _among(*RISKS),
    "ip": _address,
    "request_id": _word,
    "channel": _word,
    "since": _moment,
    "until": _moment,
}
_PAGING: Mapping[str, Callable[[Any], Any]] = {
    "order": _among("asc", "desc"),
    "limit": _number(LARGEST_PAGE),
    "cursor": str,
    "total": _flag,
}
ALIASES = {"after": "since", "before": "until"}
"""What the arguments were called first; faults are named as the officer wrote them."""


def read_wanted(given: Mapping[str, Any]) -> Wanted:
    """The filter of a saved search or a rule. InvalidInput names every fault at once."""
    return _read(given, with_paging=False)[0]


def read_question(given: Mapping[str, Any]) -> tuple[Wanted, Paging]:
    """The filter and the page of a query string; what is None was not given."""
    wanted, paging = _read(given, with_paging=True)
    return wanted, Paging(
        newest_first=paging.get("order") == "desc",
        limit=paging.get("limit", 100),
        cursor=paging.get("cursor"),
        with_total=paging.get("total", False),
    )


def _read(given: Mapping[str, Any], *, with_paging: bool) -> tuple[Wanted, dict[str, Any]]:
    known = {**_FILTERS, **(_PAGING if with_paging else {})}
    values, faults = dict[str, Any](), dict[str, str]()
    for written, value in given.items():
        name = ALIASES.get(written, written)
        if value is None:
            continue
        if name not in known:
            faults[written] = f"is no filter: there are {', '.join(known)}"
            continue
        try:
            values[name] = known[name](value)
        except _Fault as fault:
            faults[written] = str(fault)
    faults |= _contradictions(values)
    if faults:
        raise InvalidInput(faults)
    paging = {name: values.pop(name) for name in _PAGING if name in values}
    return Wanted(**values), paging


def _contradictions(values: Mapping[str, Any]) -> dict[str, str]:
    faults = {}
    if "since" in values and "until" in values and values["since"] >= values["until"]:
        faults["until"] = "must be later than since: what lies between them is looked at"
    if "resource_id" in values and "resource_type" not in values:
        faults["resource_type"] = "must be said with resource_id: numbers are those of a type"
    return faults


# -- the conditions, each one that the barrier lets pass down to an index; those for an address and
# for a data subject are added where keys are at hand (pages.py)


def conditions_of(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    """SQL over one of the views as `t`, and its values."""
    said, values = [], dict[str, Any]()
    for name, column in _COLUMNS.items():
        if (value := getattr(wanted, name)) is not None:
            said.append(f"t.{column} = :{name}")
            values[name] = value
    if wanted.request_id is not None:
        said.append("t.request_hash = hashtextextended(:request_id, 0)")
    for name, sign in (("since", ">="), ("until", "<")):
        if (value := getattr(wanted, name)) is not None:
            said.append(f't."timestamp" {sign} :{name}')
            values[name] = value
    if wanted.action is not None:
        _add_action(wanted.action, said, values)
    if wanted.risk_at_least not in (None, RISKS[0]):
        # Literals: only they let a partial index be chosen.
        levels = RISKS[RISKS.index(str(wanted.risk_at_least)) :]
        said.append(f"t.risk_level in ({', '.join(repr(level) for level in levels)})")
    return said, values


_COLUMNS = {
    "actor_id": "actor_id",
    "actor_kind": "actor_kind",
    "resource_type": "resource_type",
    "resource_id": "resource_id",
    "outcome": "outcome",
    "risk_level": "risk_level",
    "request_id": "request_id",
    "channel": "channel",
}


def sought_of(wanted: Wanted) -> dict[str, Any]:
    """The same for `audit.find_keys`, which has words of its own for what is asked."""
    said = wanted.said()
    for name in ("ip", "data_subject"):
        said.pop(name, None)
    action = said.get("action", "")
    if action.endswith("*"):
        stem = said.pop("action")[:-1]
        said |= {"action_from": stem, "action_end": stem[:-1] + chr(ord(stem[-1]) + 1)}
    least = said.pop("risk_at_least", RISKS[0])
    if least != RISKS[0]:
        said["risk_levels"] = list(RISKS[RISKS.index(least) :])
    return said


def _add_action(action: str, said: list[str], values: dict[str, Any]) -> None:
    if not action.endswith("*"):
        said.append("t.action = :action")
        values["action"] = action
        return
    # In byte order everything that begins with `content:` lies before `content;`.
    stem = action.removesuffix("*")
    said.append("t.action >= :action and t.action < :action_end")
    values |= {"action": stem, "action_end": stem[:-1] + chr(ord(stem[-1]) + 1)}


def matches(wanted: Wanted, event: Any) -> bool:
    """Whether a sequenced event is what the filter looks for; the same as the conditions say."""
    plain = ("actor_id", "actor_kind", "resource_type", "resource_id", "outcome", "risk_level",
             "channel", "request_id")  # fmt: skip
    if any(
        (value := getattr(wanted, name)) is not None and value != getattr(event, name)
        for name in plain
    ):
        return False
    return (
        wanted.ip in (None, event.actor_ip)
        and wanted.data_subject in (None, event.data_subject_id)
        and _is_action(wanted.action, event.action)
        and RISKS.index(event.risk_level) >= RISKS.index(wanted.risk_at_least or RISKS[0])
        and (wanted.since is None or event.occurred_at >= wanted.since)
        and (wanted.until is None or event.occurred_at < wanted.until)
    )


def _is_action(wanted: str | None, action: str) -> bool:
    if wanted is None:
        return True
    return action.startswith(wanted[:-1]) if wanted.endswith("*") else action == wanted


def id_bounds(event_id: UUID) -> tuple[datetime, datetime]:
    """Between which moments an event with this id (UUIDv7) happened: one millisecond, which is one
    partition and one piece of its key. What is no such id lies at the end of time."""
    try:
        first = EPOCH + timedelta(milliseconds=event_id.int >> 80)
    except OverflowError:
        first = datetime(9999, 1, 1, tzinfo=UTC)
    return first, first + timedelta(milliseconds=1)
