"""/api/v1/reviews: asking somebody from outside, and what the holder of a link can do. The link's
secret travels in bodies, never in an address."""

from datetime import datetime
from typing import Any

import msgspec

from cms.api.routing import delete, get, post
from cms.database.work import UnitOfWork
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.inviting import guests, invitations
from plugins.medical_review.inviting.invitations import Guest
from plugins.medical_review.reviewing import reviews
from plugins.medical_review.reviewing.api import DecisionOut, Passage, ReviewOut
from plugins.medical_review.reviewing.course_models import Invitation
from plugins.medical_review.reviewing.deciding import Said


class InvitationIn(msgspec.Struct, frozen=True):
    """Whom one asks; `seat` is the first of the stage if it is left out, `days` how long the link
    is valid."""

    name: str
    registration: str
    email: str
    seat: str = ""
    days: int = 7


class InvitationOut(msgspec.Struct, frozen=True):
    """An invitation, without its link: that is in her letter only."""

    id: int
    review_id: int
    user_id: int
    name: str
    seat: str
    invited_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, invitation: Invitation, name: str) -> "InvitationOut":
        own = {n: getattr(invitation, n) for n in cls.__struct_fields__ if n != "name"}
        return cls(name=name, **own)


class Link(msgspec.Struct, frozen=True):
    """The secret of a link."""

    token: str


class GuestDecision(msgspec.Struct, frozen=True):
    """The secret of the link, the code, and what she says of the text with this hash. A
    `registration` that is given must be hers."""

    token: str
    code: str
    verdict: str
    content_hash: str
    comment: str = ""
    registration: str = ""


class GuestText(msgspec.Struct, frozen=True):
    """The one text that the link is for."""

    review: ReviewOut
    post_type: str
    language: str
    title: Passage
    content: Passage
    excerpt: Passage
    medical: dict[str, Any]
    expires_at: datetime

    @classmethod
    def of(cls, shown: guests.Shown) -> "GuestText":
        revision, rendering = shown.revision, shown.rendering
        return cls(
            ReviewOut.of(shown.review),
            shown.post.post_type,
            revision.language,
            Passage(revision.title, rendering.title),
            Passage(revision.content, rendering.content),
            Passage(revision.excerpt, rendering.excerpt),
            revision.parts.get(PART, {}),
            shown.invitation.expires_at,
        )


class GuestDecided(msgspec.Struct, frozen=True):
    """What her decision did."""

    review: ReviewOut
    decision: DecisionOut


@post(
    "/{review_id:int}/invitations",
    action="invitation.make",
    resource="invitation",
    status_code=201,
)
async def invite(review_id: int, data: InvitationIn, work: UnitOfWork) -> InvitationOut:
    """Ask somebody without an account to judge the text; the link goes to her address."""
    guest = Guest(data.name, data.registration, data.email)
    made = await invitations.invite(work, review_id, guest, data.seat, data.days)
    return InvitationOut.of(made, " ".join(data.name.split()))


@get("/{review_id:int}/invitations", action="invitation.make", resource="invitation")
async def list_invitations(review_id: int, work: UnitOfWork) -> list[InvitationOut]:
    """Who was asked from outside."""
    return [InvitationOut.of(*one) for one in await invitations.listed(work, review_id)]


@delete("/invitations/{invitation_id:int}", action="invitation.make", resource="invitation")
async def take_back(invitation_id: int, work: UnitOfWork) -> None:
    """Take a link back."""
    await invitations.take_back(work, invitation_id)


@post("/external/text", action="invitation.read", resource="invitation", status_code=200)
async def read_text(data: Link, work: UnitOfWork) -> GuestText:
    """The text that the link is for, as it was when she was asked."""
    return GuestText.of(await guests.opened(work, data.token))


@post("/external/code", action="invitation.code", resource="invitation", status_code=202)
async def send_code(data: Link, work: UnitOfWork) -> None:
    """Have a one-time code sent to the address that was invited."""
    await guests.ask_code(work, data.token)


@post("/external/decision", action="invitation.decide", resource="invitation", status_code=200)
async def decide(data: GuestDecision, work: UnitOfWork) -> GuestDecided:
    """Approve exactly this text with the code, or send it back with a comment."""
    said = Said(data.verdict, data.comment, data.content_hash)
    decision = await guests.decide(work, data.token, data.code, said, data.registration)
    review = await reviews.get(work, decision.review_id)
    return GuestDecided(ReviewOut.of(review), DecisionOut.of(decision))


routes = [invite, list_invitations, take_back, read_text, send_code, decide]
