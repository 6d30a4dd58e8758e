"""What the holder of a link can do: read the one text, ask for a code, decide with it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import and_, select, update

from cms.content.models import Post, Rendering, Revision
from cms.database.work import UnitOfWork
from cms.errors import NotFound, TooManyRequests
from cms.identity.users import get_user
from cms.jobs.queue import enqueue
from cms.kernel.actors import Actor, ActorKind, Authentication, Method
from plugins.medical_review.inviting import invitations, secrets
from plugins.medical_review.inviting.events import CodeAsked
from plugins.medical_review.inviting.letters import MAIL_CODE
from plugins.medical_review.inviting.secrets import InvitationRefused
from plugins.medical_review.quorum.rules import Definition
from plugins.medical_review.reviewing import deciding, rounds
from plugins.medical_review.reviewing.course_models import Invitation
from plugins.medical_review.reviewing.models import DecisionRecord, Review, State
from plugins.medical_review.reviewing.speaking import Speaker
from plugins.medical_review.signing.signing import Guest as Signer
from plugins.medical_review.workflows.choosing import definition_of
from plugins.professional_registry.corrections import councils
from plugins.professional_registry.identity import canonical, parse
from plugins.professional_registry.standing import snapshot

CODE_LIVES, PAUSE = timedelta(minutes=10), timedelta(seconds=30)
MOST_CODES, MOST_TRIES = 10, 5


@dataclass(frozen=True)
class Shown:
    """The one text that the link is for."""

    invitation: Invitation
    review: Review
    post: Post
    revision: Revision
    rendering: Rendering


async def opened(work: UnitOfWork, token: str) -> Shown:
    """The text as it was when she was asked, while the review is open; else InvitationRefused."""
    invitation = await _valid(work, token)
    row = await work.one(
        select(Review, Post, Revision, Rendering)
        .join(Post, and_(Post.tenant_id == Review.tenant_id, Post.id == Review.post_id))
        .join(
            Revision,
            and_(Revision.tenant_id == Review.tenant_id, Revision.id == Review.revision_id),
        )
        .join(
            Rendering,
            and_(Rendering.tenant_id == Review.tenant_id, Rendering.revision_id == Revision.id),
        )
        .where(
            Review.tenant_id == work.tenant_id,
            Review.id == invitation.review_id,
            Review.state == State.OPEN,
        )
    )
    if row is None:
        raise InvitationRefused
    return Shown(invitation, *row)


async def _valid(work: UnitOfWork, token: str, *, lock: bool = False) -> Invitation:
    try:
        invitation = await invitations.get(work, secrets.named(token), lock=lock)
    except NotFound:
        raise InvitationRefused from None
    is_over = invitation.ended_at is not None or invitation.expires_at <= work.now
    if is_over or not secrets.is_same(secrets.token(work, invitation), token):
        raise InvitationRefused
    return invitation


async def ask_code(work: UnitOfWork, token: str) -> None:
    """Have a code sent to the address that she was invited under; the one before is void."""
    invitation = await _valid(work, token, lock=True)
    sent = invitation.code_sent_at
    if sent is not None and work.now - sent < PAUSE:
        raise TooManyRequests("A code was sent just now. Wait half a minute before you ask again.")
    if invitation.codes_sent >= MOST_CODES:
        raise TooManyRequests("Too many codes were sent. Ask for a new link.")
    number = invitation.codes_sent + 1
    await _write(work, invitation, codes_sent=number, code_sent_at=work.now, tries=0)
    await work.emit(CodeAsked(invitation_id=invitation.id, after={"codes": number}))
    await enqueue(work, MAIL_CODE, {"invitation_id": invitation.id})


async def decide(
    work: UnitOfWork, token: str, code: str, judgement: deciding.Said, registration: str = ""
) -> DecisionRecord:
    """Her decision on the text of the link, under her printed name and registration. A code serves
    for one request within ten minutes, and five wrong ones void it. A registration that she types
    must be the one that she was asked under."""
    meant = parse(registration, await councils(work)) if registration.strip() else None
    invitation = await _valid(work, token, lock=True)
    await _count_try(work, invitation)
    if not secrets.is_same(secrets.code(work, invitation), code.strip()):
        raise InvitationRefused
    await work.decide("invitation.decide", "invitation", invitation.id, {})
    invitation = await _valid(work, token, lock=True)
    _act_as(work, invitation)
    way = await rounds.of(work, invitation.review_id)
    definition = await definition_of(work, way.workflow, way.version)
    who = await _speaker(work, invitation, definition)
    if meant is not None and _registration_of(who) != canonical(meant):
        raise InvitationRefused
    decision = await deciding.decide_as(work, way, definition, who, judgement)
    await invitations.end(work, invitation)
    return decision


async def _count_try(work: UnitOfWork, invitation: Invitation) -> None:
    """Counted and kept before the code is looked at: however many are tried at once, five are."""
    sent = invitation.code_sent_at
    is_fresh = sent is not None and work.now - sent < CODE_LIVES
    if not is_fresh or invitation.tries >= MOST_TRIES:
        raise InvitationRefused
    tries = invitation.tries + 1
    await _write(work, invitation, tries=tries)
    await work.emit(CodeAsked(invitation_id=invitation.id, after={"tries": tries}))
    await work.commit()


async def _write(work: UnitOfWork, invitation: Invitation, **values: object) -> None:
    await work.execute(
        update(Invitation)
        .where(Invitation.tenant_id == work.tenant_id, Invitation.id == invitation.id)
        .values(**values)
    )


def _act_as(work: UnitOfWork, invitation: Invitation) -> None:
    """From here on the trail names her, without any role or capability."""
    proof = Authentication(Method.TOKEN, frozenset({"otp"}), work.now)
    work.actor = replace(
        Actor(kind=ActorKind.PERSON, user_id=invitation.user_id), authentication=proof
    )


async def _speaker(work: UnitOfWork, invitation: Invitation, definition: Definition) -> Speaker:
    seats = [seat for stage in definition.stages for seat in stage.seats]
    capabilities = frozenset(one.capability for one in seats if one.name == invitation.seat)
    person = await get_user(work, invitation.user_id)
    taken = await snapshot(work, person.id)
    signer = Signer(person.display_name, ("otp",), work.now, taken)
    return Speaker(person.id, None, capabilities, signer)


def _registration_of(who: Speaker) -> str:
    known = who.guest.registration if who.guest is not None else {}
    return str(known.get("registration", ""))
