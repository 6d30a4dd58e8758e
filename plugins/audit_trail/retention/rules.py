"""How long events of a class are kept: longer by policy, shorter by an order for personal data.

Seven years by default. The floor of six months for records of access is that of the Marco Civil da
Internet (Lei 12.965/2014, art. 15). The database itself refuses what is refused here.
"""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.exc import DBAPIError

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from plugins.audit_trail.retention.events import RetentionChanged
from plugins.audit_trail.retention.rights import MANAGE, ORDER, person_of, require_view

LEAST_MONTHS, MOST_MONTHS = 6, 1200
LONGEST_REASON = 2000

_RULES = "select * from audit.retention order by rank"
_SET = """
select audit.set_retention(:class, cast(:months as integer), :reason, cast(:person as bigint),
                           :reference, :ground)
"""


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which the data-protection officer lets personal events be kept for a shorter time:
    `reference` is where the order is filed, `ground` its article, such as `LGPD, art. 16`."""

    reference: str
    ground: str


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for a class at this site. `patterns`: the actions that belong to it, `%` for any
    text; the first class of the list that fits an action counts."""

    class_name: str
    patterns: list[str]
    is_personal: bool
    months: int
    default_months: int
    reason: str | None
    order_reference: str | None
    order_ground: str | None
    set_by: int | None
    set_at: datetime | None


class OnlyLonger(Conflict):
    """Events of this class are never kept for a shorter time."""

    slug = "retention-only-longer"


class OrderNeeded(Conflict):
    """Personal events are kept for a shorter time only by an order."""

    slug = "retention-order-needed"


async def rules(work: UnitOfWork) -> list[Rule]:
    """All classes, the most special first."""
    require_view(work, "audit_retention.read")
    return [_rule(row) for row in await work.audit.all(_RULES)]


async def set_months(
    work: UnitOfWork, class_name: str, months: int, reason: str, order: Order | None
) -> list[Rule]:
    """Keep events of the class for so many months from now on, those that are there too.

    Raises OnlyLonger, OrderNeeded, InvalidInput; CapabilityMissing for an order that is not by the
    data-protection officer.
    """
    person = person_of(work, "audit_retention.set", ORDER if order else MANAGE)
    found = {rule.class_name: rule for rule in await rules(work)}
    _refuse_faults(list(found), class_name, months, reason, order)
    values = {
        "class": class_name,
        "months": months,
        "reason": reason,
        "person": person,
        "reference": order.reference if order else None,
        "ground": order.ground if order else None,
    }
    try:
        row = await work.audit.one(_SET, values)
    except DBAPIError as refusal:
        raise _refused(str(refusal.orig), found[class_name], months) from None
    await work.emit(
        RetentionChanged(
            is_ordered=order is not None,
            before={"class": class_name, "months": row[0]},
            after={
                "class": class_name,
                "months": months,
                **(msgspec.structs.asdict(order) if order else {}),
            },
        )
    )
    return await rules(work)


def _refuse_faults(
    known: list[str], class_name: str, months: int, reason: str, order: Order | None
) -> None:
    faults = {}
    if class_name not in known:
        faults["class_name"] = f"is none of {', '.join(known)}"
    if not LEAST_MONTHS <= months <= MOST_MONTHS:
        faults["months"] = f"must be between {LEAST_MONTHS} and {MOST_MONTHS}"
    texts = {"reason": reason} | (
        {f"order.{name}": value for name, value in msgspec.structs.asdict(order).items()}
        if order
        else {}
    )
    for name, value in texts.items():
        if not len(value.strip()) >= 1 or len(value) > LONGEST_REASON:
            faults[name] = f"must have 1 to {LONGEST_REASON} characters"
    if faults:
        raise InvalidInput(faults)


def _refused(said: str, rule: Rule, months: int) -> Exception:
    if "only_longer" in said:
        return OnlyLonger(
            f"Events of the class {rule.class_name} are kept for {rule.months} months, and no "
            f"order makes that {months}: they are not personal data. Write a larger number."
        )
    if "order_missing" in said:
        return OrderNeeded(
            f"Events of the class {rule.class_name} are kept for {rule.months} months. For "
            f"{months}, the data-protection officer names the order: its reference and ground."
        )
    raise RuntimeError("the database refused a rule for a reason of its own") from None


def _rule(row: Any) -> Rule:
    return Rule(
        class_name=row._mapping["class"],
        patterns=list(row.patterns),
        is_personal=row.is_personal,
        months=row.months,
        default_months=row.least_months,
        reason=row.reason,
        order_reference=row.order_reference,
        order_ground=row.order_ground,
        set_by=row.set_by,
        set_at=row.set_at,
    )
