"""Texts that wait for their time: what their editors see, and who is told when it passes by.

Nothing is scheduled that is not approved, and when the time comes everything is asked once more. So
a text that waits says so in words: approved, and live at that minute; or what holds it up.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from cms.content import schedule
from cms.content.dates import at_site
from cms.content.models import PostSchedule
from cms.content.reading import PostView
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.declarations import RestField
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import REVIEWED
from plugins.medical_review.articles.page_facts import courses_of
from plugins.medical_review.reviewing.approvals import Course

# The queue is late by seconds; whoever is later than this was forgotten.
PATIENCE = timedelta(minutes=2)


class Waiting(StrEnum):
    """How it stands with a text that waits."""

    SCHEDULED = "scheduled"
    NOT_APPROVED = "not_approved"
    HELD_UP = "held_up"
    OVERDUE = "overdue"


_WORDS: Mapping[str, Mapping[Waiting, str]] = {
    "pt": {
        Waiting.SCHEDULED: "Aprovado; vai ao ar em {at}.",
        Waiting.NOT_APPROVED: "Agendado para {at}, mas o texto mudou e não está aprovado.",
        Waiting.HELD_UP: "Não foi ao ar em {at}: há impedimentos.",
        Waiting.OVERDUE: "Devia ter ido ao ar em {at}, e ninguém tentou publicá-lo.",
    },
    "en": {
        Waiting.SCHEDULED: "Approved; goes live at {at}.",
        Waiting.NOT_APPROVED: "Scheduled for {at}, but the text has changed and is not approved.",
        Waiting.HELD_UP: "Did not go live at {at}: something stands in the way.",
        Waiting.OVERDUE: "Should have gone live at {at}, and nobody has tried to publish it.",
    },
}
_FORMS = {"pt": "%d/%m/%Y %H:%M", "en": "%Y-%m-%d %H:%M"}


async def _publications(work: ReadableWork, views: Sequence[Any]) -> Sequence[Any]:
    """Of each post of a page that waits how it stands; null for every other."""
    waiting = [view.id for view in views if view.post.status == Status.FUTURE]
    if not waiting:
        return [None] * len(views)
    plans = await schedule.of_posts(cast(UnitOfWork, work), waiting)
    found = await courses_of(work, views)
    return [
        _shown(work, plans[view.id], _state(work, view, found[view.id], plans[view.id]))
        if view.id in plans
        else None
        for view in views
    ]


def _state(work: ReadableWork, view: PostView, course: Course, plan: PostSchedule) -> Waiting:
    if plan.refused_at is not None:
        return Waiting.HELD_UP
    if plan.publish_at + PATIENCE < work.now:
        return Waiting.OVERDUE
    is_approved = course.approval(view.revision.content_hash) is not None
    return Waiting.SCHEDULED if is_approved else Waiting.NOT_APPROVED


def _shown(work: ReadableWork, plan: PostSchedule, state: Waiting) -> dict[str, Any]:
    return {
        "state": state.value,
        "goes_live_at": plan.publish_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "text": _text(work, plan.publish_at, state),
    }


def _text(work: ReadableWork, at: datetime, state: Waiting) -> str:
    language = "pt" if work.tenant.language.lower().startswith("pt") else "en"
    local = at_site(at, work.tenant.zone).strftime(_FORMS[language])
    return _WORDS[language][state].format(at=local)


PUBLISHING_FIELDS = (
    RestField(
        "publication",
        {"type": ["object", "null"], "readonly": True},
        REVIEWED,
        contexts=("edit",),
        compute=_publications,
        of_reviewed=True,
    ),
)
