"""Corrections, retractions and reinstatements: signed, added, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import insert, select

from cms.content import posts
from cms.content.models import Post, Revision
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, NotFound
from cms.kernel.work import ReadableWork
from plugins.medical_review.aftercare.amending_events import (
    Amended,
    TextCorrected,
    TextReinstated,
    TextRetracted,
)
from plugins.medical_review.aftercare.models import Amendment
from plugins.medical_review.aftercare.words import plain_words
from plugins.medical_review.articles.kinds import is_reviewed
from plugins.medical_review.reviewing.reading import facts
from plugins.medical_review.signing.signing import About, sign

CORRECT, RETRACT = "correct_medical_content", "retract_medical_content"


class AmendmentKind(StrEnum):
    """What was said of a published text; also what its signature is about."""

    CORRECTION = "correction"
    RETRACTION = "retraction"
    REINSTATEMENT = "reinstatement"


_EVENTS: Mapping[AmendmentKind, type[Amended]] = {
    AmendmentKind.CORRECTION: TextCorrected,
    AmendmentKind.RETRACTION: TextRetracted,
    AmendmentKind.REINSTATEMENT: TextReinstated,
}
# The meanings of their signatures, as 21 CFR 11.50 asks for one.
_MEANINGS = {
    AmendmentKind.CORRECTION: "responsibility",
    AmendmentKind.RETRACTION: "responsibility",
    AmendmentKind.REINSTATEMENT: "approval",
}


@dataclass(frozen=True)
class Live:
    """A live text, held until the end of the work."""

    post: Post
    revision: Revision


async def live_text(work: UnitOfWork, post_id: int, capability: str, action: str) -> Live:
    """The text that readers have, locked, for somebody with the right; Conflict without one."""
    post = await posts.lock(work, post_id)
    if not is_reviewed(work, post.post_type):
        raise NotFound("reviewed post", post_id)
    require(
        work.actor.has(capability),
        action,
        "Sorry, you are not allowed to correct or retract published texts.",
    )
    await work.decide(action, "review", post.id, facts(post))
    if post.live_revision_id is None:
        raise Conflict("Readers do not have this text: change it, and submit it.", post=post_id)
    return Live(post, await posts.revision(work, post.id, post.live_revision_id))


def refuse_other(live: Live, content_hash: str) -> None:
    """Who amends has read the text that readers have, not an older one."""
    now = live.revision.content_hash.hex()
    if content_hash.strip().lower() != now:
        raise Conflict(
            "Readers have another text by now. Read it, and send its content_hash.",
            content_hash=now,
        )


async def correct(
    work: UnitOfWork, post_id: int, content_hash: str, wrong: str, right: str
) -> Amendment:
    """Tell readers, for good, what was wrong in the text and what is right. The text itself is
    changed like every text; this says that it was."""
    live = await live_text(work, post_id, CORRECT, "correction.make")
    refuse_other(live, content_hash)
    said = {"wrong": plain_words("wrong", wrong), "right": plain_words("right", right)}
    await refuse_retracted(work, post_id)
    return await add(work, live, AmendmentKind.CORRECTION, said)


async def refuse_retracted(work: ReadableWork, post_id: int) -> None:
    if await retraction_of(work, post_id) is not None:
        raise Conflict("This text is retracted: readers have nothing to correct.", post=post_id)


async def add(
    work: UnitOfWork, live: Live, kind: AmendmentKind, said: Mapping[str, str]
) -> Amendment:
    """Sign it, keep it, tell of it. The signature is about the text that readers have now."""
    amendment_id = await work.next_id("review_amendment")
    revision = live.revision
    statement = {"post": live.post.id, "revision": revision.id, **said}
    signed = await sign(
        work, About(kind.value, amendment_id), statement, revision.content_hash, _MEANINGS[kind]
    )
    values = {
        "tenant_id": work.tenant_id,
        "id": amendment_id,
        "post_id": live.post.id,
        "revision_id": revision.id,
        "content_hash": revision.content_hash,
        "kind": kind.value,
        "wrong": said.get("wrong", ""),
        "correct": said.get("right", ""),
        "reason": said.get("reason", ""),
        "made_at": work.now,
        "made_by": work.actor.user_id,
        "signature_id": signed.id,
    }
    await work.execute(insert(Amendment).values(**values))
    await work.emit(
        _EVENTS[kind](
            post_id=live.post.id,
            amendment_id=amendment_id,
            signature_id=signed.id,
            content_hash=revision.content_hash.hex(),
        )
    )
    return Amendment(**values)


async def of_post(work: ReadableWork, post_id: int) -> list[Amendment]:
    """Everything that was said of the text since it was published, in order."""
    rows = await work.all(
        select(Amendment)
        .where(Amendment.tenant_id == work.tenant_id, Amendment.post_id == post_id)
        .order_by(Amendment.made_at, Amendment.id)
    )
    return [row[0] for row in rows]


async def retraction_of(work: ReadableWork, post_id: int) -> Amendment | None:
    """The retraction that holds now: the last one, unless a reinstatement came after it."""
    row = await work.one(
        select(Amendment)
        .where(
            Amendment.tenant_id == work.tenant_id,
            Amendment.post_id == post_id,
            Amendment.kind != AmendmentKind.CORRECTION.value,
        )
        .order_by(Amendment.made_at.desc(), Amendment.id.desc())
        .limit(1)
    )
    is_retracted = row is not None and row[0].kind == AmendmentKind.RETRACTION
    return row[0] if is_retracted else None
