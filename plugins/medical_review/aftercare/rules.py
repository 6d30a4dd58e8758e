"""A site's rules of aftercare: how long a review counts, who is told when, and what readers are
told, or spared, once it counts no longer."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.aftercare.events import AftercareRulesSet
from plugins.medical_review.aftercare.models import AftercareRules, Upkeep
from plugins.medical_review.aftercare.risks import Kind, Level
from plugins.medical_review.articles.kinds import AUDIENCES, reviewed_types
from plugins.medical_review.reviewing.reading import OVERSEE

Consequence = Literal["none", "notice", "unpublish"]

LONGEST_INTERVAL, LONGEST_STEP, MOST_INTERVALS, MOST_REMINDERS = 120, 366, 50, 10


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many months a review of such a text counts; null is any."""

    months: int
    post_type: str | None = None
    audience: str | None = None
    risk: Level | None = None

    def fits(self, kind: Kind) -> bool:
        return (
            self.post_type in {None, kind.post_type}
            and self.audience in {None, kind.audience}
            and self.risk in {None, kind.risk}
        )


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first interval that fits counts, else `months`. `reminders`: days before the due date.
    `grace_days`: from the due date until the text is overdue; `escalate_days`: from then until who
    oversees is told. `when_overdue`, `when_reopened`: what readers notice of it."""

    intervals: tuple[Interval, ...] = (
        Interval(6, audience="patients", risk=Level.HIGH),
        Interval(12, audience="professionals", risk=Level.HIGH),
        Interval(24, audience="professionals"),
    )
    months: int = 12
    reminders: tuple[int, ...] = (90, 30, 7)
    grace_days: int = 0
    escalate_days: int = 14
    when_overdue: Consequence = "notice"
    when_reopened: Consequence = "none"

    def months_for(self, kind: Kind) -> int:
        fitting = (one.months for one in self.intervals if one.fits(kind))
        return next(fitting, self.months)

    def due_after(self, reviewed: date, kind: Kind) -> date:
        """The day on which a review of that day stops to count."""
        return later_by(reviewed, self.months_for(kind))

    @property
    def steps(self) -> tuple[int, ...]:
        """The days on which something happens, counted from the due date."""
        before = sorted({-days for days in self.reminders})
        return (*before, self.grace_days, self.grace_days + self.escalate_days)


def later_by(day: date, months: int) -> date:
    """The same day so many months later; the last one of a month that does not have it."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


DEFAULTS = Rules()


async def rules_of(work: ReadableWork) -> Rules:
    """The rules of the site; the defaults where it has said nothing."""
    row = await work.one(
        select(AftercareRules.rules).where(AftercareRules.tenant_id == work.tenant_id)
    )
    return msgspec.convert(row.rules, Rules) if row else DEFAULTS


async def set_rules(work: UnitOfWork, wanted: Rules) -> Rules:
    """Change the rules, from the next review of each text on. InvalidInput names every fault."""
    require(
        work.actor.has(OVERSEE),
        "aftercare.set",
        "Sorry, you are not allowed to change the rules of aftercare.",
    )
    faults = dict(_faults(wanted, reviewed_types(work)))
    if faults:
        raise InvalidInput(faults)
    before = await rules_of(work)
    await _store(work, wanted)
    await _look_again(work)
    await work.emit(AftercareRulesSet(before=_plain(before), after=_plain(wanted)))
    return wanted


async def _store(work: Work, wanted: Rules) -> None:
    stored = {
        "rules": _plain(wanted),
        "changed_at": work.now,
        "changed_by": work.actor.user_id,
    }
    await work.execute(
        insert(AftercareRules)
        .values(tenant_id=work.tenant_id, **stored)
        .on_conflict_do_update(index_elements=["tenant_id"], set_=stored)
    )


async def _look_again(work: Work) -> None:
    """Every live text is looked at soon, by the new rules; due dates stay until the next review."""
    await work.execute(
        update(Upkeep)
        .where(Upkeep.tenant_id == work.tenant_id, Upkeep.is_live)
        .values(step_at=work.now)
    )


def _plain(rules: Rules) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(rules)
    return plain


def _faults(rules: Rules, types: Sequence[str]) -> Sequence[tuple[str, str]]:
    found = []
    spans = {"months": rules.months}
    spans |= {f"intervals[{i}].months": one.months for i, one in enumerate(rules.intervals)}
    for name, months in spans.items():
        if not 1 <= months <= LONGEST_INTERVAL:
            found.append((name, f"{months} must be between 1 and {LONGEST_INTERVAL}"))
    for i, one in enumerate(rules.intervals):
        found += _unknown(i, one, types)
    days = {"grace_days": rules.grace_days, "escalate_days": rules.escalate_days}
    days |= {f"reminders[{i}]": one for i, one in enumerate(rules.reminders)}
    for name, number in days.items():
        least = 0 if name == "grace_days" else 1
        if not least <= number <= LONGEST_STEP:
            found.append((name, f"{number} must be between {least} and {LONGEST_STEP} days"))
    if len(rules.intervals) > MOST_INTERVALS:
        found.append(("intervals", f"are {len(rules.intervals)}; at most {MOST_INTERVALS}"))
    if len(rules.reminders) > MOST_REMINDERS:
        found.append(("reminders", f"are {len(rules.reminders)}; at most {MOST_REMINDERS}"))
    return found


def _unknown(place: int, one: Interval, types: Sequence[str]) -> Sequence[tuple[str, str]]:
    known = {"post_type": (one.post_type, types), "audience": (one.audience, AUDIENCES)}
    return [
        (f"intervals[{place}].{name}", f"{value[:40]!r} must be one of {', '.join(choices)}")
        for name, (value, choices) in known.items()
        if value is not None and value not in choices
    ]
