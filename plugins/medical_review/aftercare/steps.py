"""When something is to be done about the next review of a text: pure arithmetic of days."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from cms.kernel.work import ReadableWork
from plugins.medical_review.aftercare.rules import Rules
from plugins.professional_registry.schedule import hour_of


def to_come(steps: Sequence[int], done: int | None) -> list[int]:
    """The steps after the last one that was done."""
    return [step for step in steps if done is None or step > done]


def due_step(rules: Rules, due_on: date, done: int | None, today: date) -> int | None:
    """The step to take today, if any. After a long silence nobody gets three reminders at once, and
    being overdue is never skipped."""
    passed = [step for step in to_come(rules.steps, done) if due_on + timedelta(days=step) <= today]
    if rules.grace_days in passed:
        return rules.grace_days
    return passed[-1] if passed else None


def step_at(
    work: ReadableWork, post_id: int, due_on: date, done: int | None, rules: Rules
) -> datetime | None:
    """When the next step is to be taken: on its day by the site's clock, each text at an hour of
    its own, so that a thousand texts of one day are spread over it."""
    left = to_come(rules.steps, done)
    if not left:
        return None
    midnight = datetime.combine(due_on + timedelta(days=left[0]), time.min, work.tenant.zone)
    return midnight + hour_of(work.tenant_id, post_id)


def today_of(work: ReadableWork) -> date:
    """The day by the site's clock."""
    return work.now.astimezone(work.tenant.zone).date()
