"""The lists of what is to be reviewed again: what is due by a day, and what was reopened."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select, text

from cms.content import posts
from cms.content.models import Term
from cms.content.permissions import may_edit, require
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict, NotFound
from cms.kernel.work import ReadableWork
from plugins.medical_review.aftercare import public_notices, reopening
from plugins.medical_review.aftercare.events import Reason
from plugins.medical_review.aftercare.models import Reopening
from plugins.medical_review.aftercare.steps import today_of
from plugins.medical_review.aftercare.words import plain_words
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing.deciding import APPROVE
from plugins.medical_review.reviewing.reading import facts, may_oversee

MOST_SPECIALTIES = 500

_DUE = text(
    """
    select u.post_id, p.post_type, p.slug, r.title, u.due_on, u.reviewed_at, u.risk,
           (r.parts -> :part ->> :responsible)::bigint as responsible,
           array(select distinct o.reason from medical_review.reopenings o
                 where o.tenant_id = u.tenant_id and o.post_id = u.post_id
                   and o.closed_at is null order by o.reason) as reopened,
           array(select n.kind from medical_review.public_notices n
                 where n.tenant_id = u.tenant_id and n.post_id = u.post_id
                   and n.lifted_at is null order by n.kind) as notices
    from medical_review.upkeep u
    join cms.posts p on p.tenant_id = u.tenant_id and p.id = u.post_id
    join cms.revisions r on r.tenant_id = u.tenant_id and r.id = u.revision_id
    where u.tenant_id = :tenant and u.is_live and u.due_on <= :until
      and (cast(:specialty as bigint) is null
           or r.terms -> 'category' @> to_jsonb(cast(:specialty as bigint)))
      and (u.due_on, u.post_id) > (:day, :id)
    order by u.due_on, u.post_id
    limit :limit
    """
)

# By their ids, which are no times: the page goes on after the last one whatever comes meanwhile.
_REOPENED = text(
    """
    select o.id, o.post_id, p.post_type, p.status, p.title, o.reason, o.source, o.opened_at
    from medical_review.reopenings o
    join cms.posts p on p.tenant_id = o.tenant_id and p.id = o.post_id
    where o.tenant_id = :tenant and o.closed_at is null and o.id > :after
    order by o.id
    limit :limit
    """
)


class DueText(msgspec.Struct, frozen=True):
    """A live text with its next review; `reopened` and `notices` say what stands about it now."""

    post_id: int
    post_type: str
    slug: str
    title: str
    next_review: date
    last_reviewed: datetime
    risk: str
    responsible: int | None
    is_overdue: bool
    reopened: list[str]
    notices: list[str]


class ReopenedText(msgspec.Struct, frozen=True):
    """A text that has to be judged again; `source` is the id of the reason."""

    id: int
    post_id: int
    post_type: str
    status: str
    title: str
    reason: str
    source: int | None
    opened_at: datetime


async def due(
    work: UnitOfWork,
    *,
    within_days: int,
    limit: int,
    after: tuple[date, int],
    specialty: int | None = None,
) -> list[DueText]:
    """Live texts whose next review is overdue or comes within so many days, the latest first; with
    a specialty (the id of a category) those that are filed under it."""
    _require_overseer(work)
    today = today_of(work)
    of = {
        "tenant": work.tenant_id,
        "part": PART,
        "responsible": RESPONSIBLE,
        "until": today + timedelta(days=within_days),
        "specialty": specialty,
        "day": after[0],
        "id": after[1],
        "limit": limit,
    }
    return [_due(row, today) for row in await work.all(_DUE, of)]


def _due(row: Any, today: date) -> DueText:
    return DueText(
        row.post_id,
        row.post_type,
        row.slug,
        row.title,
        row.due_on,
        row.reviewed_at,
        row.risk,
        row.responsible,
        row.due_on <= today,
        list(row.reopened),
        list(row.notices),
    )


async def reopened(work: UnitOfWork, *, limit: int, after: int) -> Sequence[ReopenedText]:
    """Texts that were reopened and not judged again yet."""
    _require_overseer(work)
    of = {"tenant": work.tenant_id, "limit": limit, "after": after}
    return [ReopenedText(*row) for row in await work.all(_REOPENED, of)]


def _require_overseer(work: UnitOfWork) -> None:
    require(may_oversee(work), "upkeep.list", "Sorry, you are not allowed to see the reviews.")


async def ask_again(work: UnitOfWork, post_id: int) -> Reopening:
    """Have a live text reviewed again as it is. Conflict for one that is not live, or in whose
    review this was asked before."""
    post = await posts.lock(work, post_id)
    if not is_reviewed(work, post.post_type):
        raise NotFound("reviewed post", post_id)
    if not work.actor.has(APPROVE) and not may_edit(work.actor, posts.type_of(work, post), post):
        raise CapabilityMissing(
            "Sorry, you are not allowed to have this text reviewed again.", action="upkeep.ask"
        )
    await work.decide("upkeep.ask", "review", post.id, facts(post))
    # Asked before anything is written, so that whoever asks for many can go on with the others.
    if await _asked(work, post_id) or not await reopening.reopen(work, post_id, Reason.ASKED):
        raise Conflict(
            "This text is not published, or its new review was asked for already.", post=post_id
        )
    [made] = await _asked(work, post_id)
    return made


async def _asked(work: UnitOfWork, post_id: int) -> list[Reopening]:
    found = await reopening.open_of(work, post_id)
    return [one for one in found if one.reason == Reason.ASKED]


async def dismiss(work: UnitOfWork, reopening_id: int, why: str) -> Reopening:
    """Say why a reopened text need not be judged again. Nothing dismisses what is overdue: that is
    reviewed, or its rules are changed."""
    found = await work.session.get(Reopening, (work.tenant_id, reopening_id), with_for_update=True)
    if found is None:
        raise NotFound("reopening", reopening_id)
    require(
        work.actor.has(APPROVE),
        "reopening.dismiss",
        "Sorry, you are not allowed to end the new review of a text.",
    )
    await work.decide("reopening.dismiss", "review", found.post_id, {"medical_context": True})
    words = plain_words("reason", why)
    if found.closed_at is not None or found.reason == Reason.OVERDUE:
        raise Conflict("It is closed already, or overdue: have it reviewed.", reason=found.reason)
    await reopening.close(work, found, words)
    await public_notices.lift(work, found.post_id, [found.reason])
    await work.session.refresh(found)
    return found


async def specialties(work: ReadableWork) -> list[tuple[int, str]]:
    """The categories that texts are filed under, by name; the first 500."""
    rows = await work.all(
        select(Term.id, Term.name)
        .where(Term.tenant_id == work.tenant_id, Term.taxonomy == "category")
        .order_by(Term.sort_key, Term.id)
        .limit(MOST_SPECIALTIES)
    )
    return [(row.id, row.name) for row in rows]
