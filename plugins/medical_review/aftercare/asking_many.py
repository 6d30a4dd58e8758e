"""Many live texts before they are reviewed again: what would follow for each, and which approval it
would take the weight from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from cms.content.models import Post, Revision
from cms.content.statuses import Status
from cms.content.visibility import editable
from cms.database.work import UnitOfWork
from plugins.medical_review.aftercare.events import Reason
from plugins.medical_review.aftercare.models import Reopening
from plugins.medical_review.articles.kinds import reviewed_types
from plugins.medical_review.reviewing.approvals import courses
from plugins.medical_review.reviewing.deciding import APPROVE
from plugins.medical_review.reviewing.models import DecisionRecord

MOST = 100


class Follows(StrEnum):
    """What asking for a new review of a text would bring about."""

    QUEUE = "queue"
    OPEN_REVIEW = "open_review"
    NEWER_TEXT = "newer_text"
    ASKED = "asked"
    NOT_LIVE = "not_live"


@dataclass(frozen=True)
class Candidate:
    """A text that a new review could be asked for. `approval` is the one of the text that readers
    have; it would count no longer for a publication."""

    post_id: int
    title: str
    status: str
    follows: Follows
    approval: DecisionRecord | None

    @property
    def can_be_asked(self) -> bool:
        return self.follows not in {Follows.ASKED, Follows.NOT_LIVE}


async def ticked(work: UnitOfWork, post_ids: Collection[int]) -> list[Candidate]:
    """These texts, of those that the actor may have reviewed again."""
    return await _found(work, Post.id.in_(post_ids)) if post_ids else []


async def of_specialty(work: UnitOfWork, term_id: int) -> list[Candidate]:
    """The live texts that are filed under the category and whose new review nobody has asked for;
    the first hundred, those first that readers have had longest."""
    filed = Revision.terms["category"].contains(func.to_jsonb(term_id))
    return await _found(work, and_(filed, Post.status == Status.PUBLISH, ~_is_asked()))


def _is_asked() -> ColumnElement[bool]:
    return exists().where(
        Reopening.tenant_id == Post.tenant_id,
        Reopening.post_id == Post.id,
        Reopening.reason == Reason.ASKED,
        Reopening.closed_at.is_(None),
    )


async def _found(work: UnitOfWork, which: ColumnElement[bool]) -> list[Candidate]:
    rows = await work.all(
        select(
            Post.id,
            Post.title,
            Post.status,
            (Post.live_revision_id == Post.working_revision_id).label("is_same"),
            Revision.content_hash,
            _is_asked().label("is_asked"),
        )
        .outerjoin(
            Revision,
            and_(Revision.tenant_id == Post.tenant_id, Revision.id == Post.live_revision_id),
        )
        .where(Post.tenant_id == work.tenant_id, _may_ask(work), which)
        .order_by(Post.id)
        .limit(MOST)
    )
    return await _with_approvals(work, rows) if rows else []


def _may_ask(work: UnitOfWork) -> ColumnElement[bool]:
    """As `due.ask_again` decides of each."""
    types = work.registry.post_types
    reviewed = reviewed_types(work)
    if work.actor.has(APPROVE):
        return Post.post_type.in_(reviewed)
    return or_(
        *(and_(Post.post_type == name, editable(work.actor, types[name])) for name in reviewed)
    )


async def _with_approvals(work: UnitOfWork, rows: Sequence[Any]) -> list[Candidate]:
    known = await courses(work, [row.id for row in rows])
    return [
        Candidate(
            row.id,
            row.title,
            row.status,
            _follows(row, is_open=known[row.id].under_review is not None),
            known[row.id].approval(row.content_hash) if row.content_hash else None,
        )
        for row in rows
    ]


def _follows(row: Any, *, is_open: bool) -> Follows:
    if row.content_hash is None:
        return Follows.NOT_LIVE
    if row.is_asked:
        return Follows.ASKED
    if not row.is_same:
        return Follows.NEWER_TEXT
    return Follows.OPEN_REVIEW if is_open else Follows.QUEUE
