"""Texts that were public before they came here, and that nobody has reviewed here yet: noted when
they come, and again every night, so that their board is read from an index."""

from functools import partial
from typing import Any, cast

import msgspec
from sqlalchemy import update

from cms.content import posts
from cms.content.events import Inherited, Transition
from cms.content.reading import PostView
from cms.content.saving import IMPORTED
from cms.database.work import UnitOfWork
from cms.kernel.work import Work
from plugins.medical_review.aftercare.models import InheritedText
from plugins.medical_review.aftercare.risks import RISKS, judging, values
from plugins.medical_review.articles.kinds import is_reviewed, reviewed_types
from plugins.medical_review.reviewing.approvals import Course

NOTICE = "Published before this site had its texts reviewed; not yet reviewed here."

_NOTING = "medical_review.inherited"

# A text that is noted again with other words has been scanned no more.
_NOTE = judging(
    """
    with judged as (
      select p.id, r.id as revision_id, r.content_hash, {reasons} as reasons,
             array(select jsonb_array_elements_text(r.terms -> 'category')::bigint) as specialties
      from cms.posts p
      join cms.revisions r on r.tenant_id = p.tenant_id and r.id = p.live_revision_id
      where p.tenant_id = :tenant and p.post_type = any(:types) and r.kind = :kind
        and (cast(:ids as bigint[]) is null or p.id = any(cast(:ids as bigint[])))
        and not exists (
          select from medical_review.reviews d
          where d.tenant_id = p.tenant_id and d.post_id = p.id
            and d.content_hash = r.content_hash and d.state = 'approved')
    )
    insert into medical_review.inherited_texts as known
      (tenant_id, post_id, revision_id, content_hash, risk, reasons, specialties, is_live, noted_at)
    select :tenant, id, revision_id, content_hash,
           (select coalesce(sum((cast(:weights as jsonb) ->> reason)::int), 0)
            from unnest(reasons) as reason),
           reasons, specialties, true, :now
    from judged
    on conflict (tenant_id, post_id) do update
      set revision_id = excluded.revision_id, content_hash = excluded.content_hash,
          risk = excluded.risk, reasons = excluded.reasons, specialties = excluded.specialties,
          is_live = true, noted_at = excluded.noted_at, reviewed_at = null,
          findings = case when known.content_hash = excluded.content_hash then known.findings end,
          scanned_at = case when known.content_hash = excluded.content_hash
                            then known.scanned_at end
      where known.content_hash <> excluded.content_hash or known.risk <> excluded.risk
         or known.specialties <> excluded.specialties or known.reviewed_at is not null
         or not known.is_live
    """
)


async def note_inherited(work: Work, move: Inherited) -> None:
    """Put the text on the board, at the end of the work: its old dates are written after this."""
    whole = cast(UnitOfWork, work)
    ids: set[int] = whole.session.info.setdefault(_NOTING, set())
    ids.add(move.post_id)
    work.before_commit(_NOTING, partial(_note_collected, whole, ids))


async def _note_collected(work: UnitOfWork, ids: set[int]) -> None:
    collected = sorted(ids)
    ids.clear()
    await note(work, collected)


async def note(work: Work, ids: list[int] | None = None) -> None:
    """Judge these texts, or all of the site, and keep what came of it."""
    of = {
        "tenant": work.tenant_id,
        "types": reviewed_types(work),
        "kind": IMPORTED,
        "ids": ids,
        "weights": msgspec.json.encode(RISKS).decode(),
        "now": work.now,
        **values(work.now),
    }
    await work.execute(_NOTE, of)


async def note_gone(work: Work, move: Transition) -> None:
    """Readers do not have the text any more: its line leaves the board."""
    if move.to_status.shows_revision or not move.from_status.shows_revision:
        return
    post = await posts.get(cast(UnitOfWork, work), move.post_id)
    if is_reviewed(work, post.post_type) and post.live_revision_id is None:
        await work.execute(
            update(InheritedText)
            .where(InheritedText.tenant_id == work.tenant_id, InheritedText.post_id == move.post_id)
            .values(is_live=False)
        )


async def note_reviewed(work: Work, post_id: int) -> None:
    """The text was reviewed here; its line leaves the board and counts as done."""
    await work.execute(
        update(InheritedText)
        .where(
            InheritedText.tenant_id == work.tenant_id,
            InheritedText.post_id == post_id,
            InheritedText.reviewed_at.is_(None),
        )
        .values(reviewed_at=work.now)
    )


def inherited_mark(view: PostView, course: Course) -> dict[str, Any] | None:
    """What readers are told of a text that nobody has reviewed here; null for every other."""
    revision = view.revision
    if not view.is_live or revision.kind != IMPORTED or course.approval(revision.content_hash):
        return None
    return {"reviewed": False, "notice": NOTICE}
