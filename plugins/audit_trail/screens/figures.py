"""The trail in numbers: how much happened each day, what was refused, who signed in."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.admin.translating import N_
from cms.database.work import UnitOfWork
from plugins.audit_trail.officers.daily import DayCount, Days, read_days
from plugins.audit_trail.screens.charts import Chart, chart
from plugins.audit_trail.screens.question import shown

PERIODS = (7, 30, 90, 365)
USUAL = 30
SIGNED_IN, NOT_SIGNED_IN = "identity:session:sign_in", "identity:session:refuse"
_MOST_KINDS = 12


@screen("/admin/audit/figures", action="audit.read", resource="audit_trail")
async def show_figures(
    work: UnitOfWork, page: Page, days: int = USUAL, purpose: str | None = None
) -> Response[bytes]:
    """Charts of the last days, each with its table."""
    length = days if days in PERIODS else USUAL
    last = work.now.date()
    first = last - timedelta(days=length - 1)
    found = await read_days(work, first.isoformat(), last.isoformat(), purpose=purpose)
    return page.render(
        "audit_trail/figures.html",
        charts=_charts(found),
        kinds_of_events=_most_frequent(found),
        length=length,
        periods=PERIODS,
        **shown(page, purpose),
    )


def _charts(found: Days) -> list[Chart]:
    days = [found.first + timedelta(days=n) for n in range((found.last - found.first).days + 1)]
    by_day = _counting(found)
    return [
        chart(
            "events",
            N_("Events"),
            days,
            {
                N_("People"): by_day(lambda one: one.actor_kind == "person"),
                N_("System and strangers"): by_day(lambda one: one.actor_kind != "person"),
            },
        ),
        chart(
            "refusals",
            N_("What was refused or failed"),
            days,
            {
                N_("Refused"): by_day(lambda one: one.outcome == "refused"),
                N_("Failed"): by_day(lambda one: one.outcome == "failed"),
            },
        ),
        chart(
            "sign-ins",
            N_("Sign-ins"),
            days,
            {
                N_("Signed in"): by_day(lambda one: one.action == SIGNED_IN),
                N_("Sign-in refused"): by_day(lambda one: one.action == NOT_SIGNED_IN),
            },
        ),
    ]


def _counting(found: Days) -> Callable[[Callable[[DayCount], bool]], Counter[date]]:
    def by_day(belongs: Callable[[DayCount], bool]) -> Counter[date]:
        counted: Counter[date] = Counter()
        for one in found.counts:
            if belongs(one):
                counted[one.day] += one.events
        return counted

    return by_day


def _most_frequent(found: Days) -> list[tuple[str, int]]:
    counted: Counter[str] = Counter()
    for one in found.counts:
        counted[one.action] += one.events
    return counted.most_common(_MOST_KINDS)


FIGURE_SCREENS: list[Any] = [show_figures]
