"""What a case of the registry needs of the articles: which of them carry the person, and what an
officer has decided to do about one."""

from typing import cast

from cms.content import posts, transitions
from cms.content.events import Transition
from cms.content.models import Post
from cms.content.saving import Changes, edit
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import Conflict
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.aftercare.affected import carried
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing import reviews
from plugins.professional_registry.carried import CarriedTexts
from plugins.professional_registry.case_events import CaseActionTaken
from plugins.professional_registry.case_models import ActionKind


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
