"""Which texts carry a professional: asked when her registration is not what it was."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import text

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from cms.identity.users import get_user
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART, reviewed_types
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing.reading import OVERSEE
from plugins.medical_review.workflows.shipped import APPROVE
from plugins.professional_registry.carried import CarriedText
from plugins.professional_registry.standing import Standing, standings

# Three ways to carry somebody: a live text she answers for, a text under review she answers for,
# and a live text that stands on her approval.
_CARRIED = text(
    """
    select * from (
    select 'responsible' as role, (r.parts -> :part ->> :responsible)::bigint as user_id,
           p.id as post_id, p.post_type, p.status, r.id as revision_id, r.title,
           null::bigint as review_id
    from cms.posts p
    join cms.revisions r on r.tenant_id = p.tenant_id and r.id = p.live_revision_id
    where p.tenant_id = :tenant and p.post_type = any(:types)
      and r.parts -> :part ->> :responsible is not null
    union all
    select 'under_review', (r.parts -> :part ->> :responsible)::bigint,
           p.id, p.post_type, p.status, r.id, r.title, w.id
    from medical_review.reviews w
    join cms.posts p on p.tenant_id = w.tenant_id and p.id = w.post_id
    join cms.revisions r on r.tenant_id = w.tenant_id and r.id = w.revision_id
    where w.tenant_id = :tenant and w.state = 'open'
      and r.parts -> :part ->> :responsible is not null
    union all
    select distinct 'approved_by', d.reviewer_id,
           p.id, p.post_type, p.status, r.id, r.title, d.review_id
    from medical_review.decisions d
    join cms.posts p on p.tenant_id = d.tenant_id and p.id = d.post_id
    join cms.revisions r on r.tenant_id = p.tenant_id and r.id = p.live_revision_id
      and r.content_hash = d.content_hash
    where d.tenant_id = :tenant and d.verdict = 'approve'
    ) carried
    where cast(:person as bigint) is null or user_id = cast(:person as bigint)
    order by user_id, post_id, role
    """
)


class Affected(msgspec.Struct, frozen=True):
    """A professional, how she stands with her council today, and the texts that carry her."""

    user_id: int
    registration: str | None
    full_name: str | None
    may_sign: bool
    reason: str
    texts: list[CarriedText]


async def affected(work: UnitOfWork, user_id: int | None = None) -> list[Affected]:
    """The texts that carry this person; without one, those of everybody who may not sign today."""
    if not work.actor.has(OVERSEE) and not work.actor.has(APPROVE):
        raise CapabilityMissing(
            "Sorry, you are not allowed to see which articles carry a professional.",
            action="article.affected",
        )
    if user_id is not None:
        await get_user(work, user_id)
    found = await carried(work, user_id)
    people = {one.user_id for one in found} if user_id is None else {user_id}
    known = await standings(work, sorted(people))
    return [
        _affected(person, known.get(person), [c for c in found if c.user_id == person])
        for person in sorted(people)
        if person == user_id or _is_lost(known.get(person))
    ]


async def carried(work: ReadableWork, user_id: int | None) -> Sequence[CarriedText]:
    """The texts that carry this person, or anybody, whoever asks."""
    values: dict[str, Any] = {
        "tenant": work.tenant_id,
        "part": PART,
        "responsible": RESPONSIBLE,
        "types": reviewed_types(work),
        "person": user_id,
    }
    return [CarriedText(*row) for row in await work.all(_CARRIED, values)]


def _is_lost(found: Standing | None) -> bool:
    """A reviewer who never had a registration has lost none."""
    return found is not None and not found.may_sign


def _affected(user_id: int, found: Standing | None, texts: list[CarriedText]) -> Affected:
    return Affected(
        user_id,
        found.registration if found else None,
        found.full_name if found else None,
        found is not None and found.may_sign,
        found.reason if found else "registry.missing",
        texts,
    )
