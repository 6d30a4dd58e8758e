"""What a case of the registry needs of the articles: which of them carry the person, and what an
officer has decided to do about one."""

from typing import cast

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert

from cms.content import posts, transitions
from cms.content.events import Transition
from cms.content.models import Post, Revision
from cms.content.saving import Changes, edit
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import Conflict
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.aftercare import public_notices
from plugins.medical_review.aftercare.affected import carried
from plugins.medical_review.aftercare.events import CaseTextsNoted
from plugins.medical_review.aftercare.models import CaseText
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing import reviews
from plugins.professional_registry.carried import CarriedText, CarriedTexts, TextsAtOpening
from plugins.professional_registry.case_events import CaseActionTaken, CaseClosed, CaseOpened
from plugins.professional_registry.case_models import ActionKind, Case, CaseAction
from plugins.professional_registry.guards import responsible_may_sign


async def list_carried(work: ReadableWork, found: CarriedTexts) -> CarriedTexts:
    """Add live texts she answers for, texts under review, and live texts that stand on her
    approval."""
    return found.with_texts(*await carried(work, found.user_id))


async def do_action(work: Work, action: CaseActionTaken) -> None:
    """Do what the officer decided, with the officer's own rights; if it cannot be done, nothing of
    it has happened."""
    if action.kind is ActionKind.NOTE or action.post_id is None:
        return
    # The unit of work is the real one: hooks see it through a narrower protocol.
    real = cast(UnitOfWork, work)
    post = await posts.lock(real, action.post_id)
    if not is_reviewed(work, post.post_type):
        return
    if action.kind is ActionKind.REASSIGN:
        await _reassign(real, post, action.to_user_id)
    elif action.kind is ActionKind.RE_REVIEW:
        await _review_again(real, post)
    elif action.kind is ActionKind.ADD_NOTICE:
        await _tell_readers(real, post)
    else:
        await _move(real, post, action.kind)


async def _reassign(work: UnitOfWork, post: Post, to_user_id: int | None) -> None:
    """A new working text, which a reviewer has to approve; readers keep the live one meanwhile."""
    before = post.working_revision_id
    await edit(work, post, Changes(parts={PART: {RESPONSIBLE: to_user_id}}))
    if post.working_revision_id == before:
        raise Conflict("This person answers for the text already.", post=post.id)


async def _review_again(work: UnitOfWork, post: Post) -> None:
    """A text under review goes back to its author; of a live one the approval is asked for anew:
    the last decision on a text is the one that counts."""
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    if await reviews.open_of(work, post.id) is not None:
        await reviews.withdraw(work, post.id)
        content_hash = revision.content_hash.hex()
        await reviews.return_to_draft(work, post.id, revision.id, content_hash)
        return
    status = Status(post.status)
    await reviews.open_again(
        work,
        Transition(
            post_id=post.id,
            revision_id=revision.id,
            content_hash=revision.content_hash.hex(),
            from_status=status,
            to_status=status,
        ),
    )


async def _move(work: UnitOfWork, post: Post, kind: ActionKind) -> None:
    """Away from readers, or back to them if every guard agrees."""
    to = Status.PUBLISH if kind is ActionKind.RESTORE else Status.DRAFT
    if Status(post.status) is to:
        raise Conflict(f"The post is {post.status} already.", post=post.id)
    await transitions.move(work, post, to)


async def _tell_readers(work: UnitOfWork, post: Post) -> None:
    """Neutral words beside the live text, until the case is over or the text changes."""
    if post.live_revision_id is None:
        raise Conflict("Readers do not have this text: there is nobody to tell.", post=post.id)
    if not await public_notices.place(work, post.id, public_notices.REGISTRATION):
        raise Conflict("Readers are told of it already.", post=post.id)


# -- as it was when the case was opened


async def note_texts(work: Work, opened: CaseOpened) -> None:
    """Keep which texts carried her at that moment: what is done about them changes it."""
    rows = [
        {
            "tenant_id": work.tenant_id,
            "case_id": opened.case_id,
            "post_id": one.post_id,
            "role": one.role,
            "status": one.status,
            "revision_id": one.revision_id,
            "review_id": one.review_id,
        }
        for one in await carried(work, opened.user_id)
    ]
    if rows:
        # Her approval of a text may stand on two reviews of it.
        await work.execute(insert(CaseText).on_conflict_do_nothing(), rows)
        await work.emit(CaseTextsNoted(case_id=opened.case_id, after={"texts": len(rows)}))


async def list_noted(work: ReadableWork, found: TextsAtOpening) -> TextsAtOpening:
    """Add what was noted then, with the titles of those very revisions."""
    rows = await work.all(
        select(
            CaseText.role,
            Case.user_id,
            CaseText.post_id,
            Post.post_type,
            CaseText.status,
            CaseText.revision_id,
            Revision.title,
            CaseText.review_id,
        )
        .join(Case, and_(Case.tenant_id == CaseText.tenant_id, Case.id == CaseText.case_id))
        .join(Post, and_(Post.tenant_id == CaseText.tenant_id, Post.id == CaseText.post_id))
        .join(
            Revision,
            and_(Revision.tenant_id == CaseText.tenant_id, Revision.id == CaseText.revision_id),
        )
        .where(CaseText.tenant_id == work.tenant_id, CaseText.case_id == found.case_id)
        .order_by(CaseText.post_id, CaseText.role)
    )
    return found.with_texts(*(CarriedText(*row) for row in rows))


async def lift_with_case(work: Work, closed: CaseClosed) -> None:
    """The case is over and she may sign: readers are told no more of it. While she may not, the
    notice stays until the text changes hands."""
    if await responsible_may_sign(work, closed.user_id):
        return
    rows = await work.all(
        select(CaseAction.post_id)
        .where(
            CaseAction.tenant_id == work.tenant_id,
            CaseAction.case_id == closed.case_id,
            CaseAction.kind == ActionKind.ADD_NOTICE.value,
        )
        .distinct()
    )
    for row in rows:
        await public_notices.lift(work, row.post_id, [public_notices.REGISTRATION])
