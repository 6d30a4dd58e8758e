"""/api/v1/reviews/of-post/7/corrections, /retraction, /reinstatement and /amendments."""

from datetime import datetime

import msgspec

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from plugins.medical_review.aftercare import amendments, retracting
from plugins.medical_review.aftercare.models import Amendment
from plugins.medical_review.reviewing.reading import reviewed_post


class CorrectionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was wrong and what is right, in plain text; `content_hash` is that of the text that
    readers have."""

    content_hash: str
    wrong: str
    right: str


class ReasonIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why, in plain text; `content_hash` is that of the text that readers have."""

    content_hash: str
    reason: str


class AmendmentOut(msgspec.Struct, frozen=True):
    """What was said of a published text, with the signature under it."""

    id: int
    kind: str
    post_id: int
    content_hash: str
    wrong: str
    right: str
    reason: str
    made_at: datetime
    made_by: int
    signature_id: int

    @classmethod
    def of(cls, one: Amendment) -> "AmendmentOut":
        return cls(
            one.id,
            one.kind,
            one.post_id,
            one.content_hash.hex(),
            one.wrong,
            one.correct,
            one.reason,
            one.made_at,
            one.made_by,
            one.signature_id,
        )


class AmendmentsOut(msgspec.Struct, frozen=True):
    """Everything that was said of a text since it was published, in order."""

    amendments: list[AmendmentOut]


@get("/of-post/{post_id:int}/amendments", action="review.history", resource="review")
async def list_amendments(post_id: int, work: UnitOfWork) -> AmendmentsOut:
    """Corrections, retractions and reinstatements of a text."""
    await reviewed_post(work, post_id)
    found = await amendments.of_post(work, post_id)
    return AmendmentsOut([AmendmentOut.of(one) for one in found])


@post("/of-post/{post_id:int}/corrections", action="correction.make", resource="review")
async def correct(post_id: int, data: CorrectionIn, work: UnitOfWork) -> AmendmentOut:
    """Tell readers what was wrong in a published text, and what is right."""
    made = await amendments.correct(work, post_id, data.content_hash, data.wrong, data.right)
    return AmendmentOut.of(made)


@post("/of-post/{post_id:int}/retraction", action="retraction.make", resource="review")
async def retract(post_id: int, data: ReasonIn, work: UnitOfWork) -> AmendmentOut:
    """Withdraw the words of a published text; its address stays, with the reason."""
    return AmendmentOut.of(await retracting.retract(work, post_id, data.content_hash, data.reason))


@post("/of-post/{post_id:int}/reinstatement", action="retraction.lift", resource="review")
async def reinstate(post_id: int, data: ReasonIn, work: UnitOfWork) -> AmendmentOut:
    """Give readers the words back, as another person than the one who retracted them."""
    made = await retracting.reinstate(work, post_id, data.content_hash, data.reason)
    return AmendmentOut.of(made)


amendment_routes = [list_amendments, correct, retract, reinstate]
