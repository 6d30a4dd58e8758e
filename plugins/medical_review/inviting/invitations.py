"""Asking somebody from outside: she is known by her registration, and has no way to sign in."""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex

from sqlalchemy import insert, select, update

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.identity.models import User
from cms.identity.users import EMAIL, add_user, get_user
from cms.jobs.queue import enqueue
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork
from plugins.medical_review.inviting.events import InvitationEnded, ReviewerInvited
from plugins.medical_review.inviting.letters import MAIL_LINK
from plugins.medical_review.quorum.rules import Seat
from plugins.medical_review.reviewing import reviews, rounds
from plugins.medical_review.reviewing.claims import ASSIGN, give
from plugins.medical_review.reviewing.course_models import Ended, Invitation
from plugins.medical_review.reviewing.errors import OwnText, ReviewClosed, in_one
from plugins.medical_review.reviewing.involved import involved
from plugins.medical_review.reviewing.models import Review, State
from plugins.medical_review.workflows.choosing import definition_of
from plugins.professional_registry import registrations
from plugins.professional_registry.guards import responsible_may_sign
from plugins.professional_registry.models import Professional
from plugins.professional_registry.permissions import require_manage

SHORTEST, LONGEST = 1, 30
# Nobody can choose a login that begins so, and nobody signs in with one.
_GUEST = "guest-"


class GuestNotVerified(Conflict):
    """Her registration does not let her sign, so her word would not count."""

    slug = "guest-not-verified"

    def __init__(self, objections: list[Objection]) -> None:
        super().__init__(
            " ".join(map(in_one, objections)),
            code=objections[0].code,
            reasons=[one.code for one in objections],
        )


@dataclass(frozen=True)
class Guest:
    """Whom one wants to ask: her printed name, her registration as she writes it, her address."""

    name: str
    registration: str
    email: str


async def invite(
    work: UnitOfWork, review_id: int, guest: Guest, seat_name: str, days: int
) -> Invitation:
    """Send somebody without an account a link to the one text of this review. Her registration is
    looked up now, and again when she decides; it is stated by somebody else than herself, so the
    capability to manage registrations is needed too."""
    require(work.actor.has(ASSIGN), "review.assign", "Sorry, you are not allowed to ask reviewers.")
    require_manage(work, "registration.create")
    if work.shop.mailer is None:
        raise Conflict("There is no mail server to send the link with. Set CMS_SMTP_URL first.")
    review = await reviews.get(work, review_id, lock=True)
    if review.state != State.OPEN:
        raise ReviewClosed(review.state)
    way = await rounds.of(work, review_id)
    seat = await _seat(work, review, seat_name)
    _refuse_faults(guest, days)
    person = await _known(work, guest) or await _new(work, guest)
    if parts := (await involved(work, review)).parts_of(person):
        raise OwnText(parts)
    objections = await responsible_may_sign(work, person)
    if objections:
        raise GuestNotVerified(objections)
    invitation_id = await _insert(work, review, person, seat, days)
    await give(work, way, person)
    await work.emit(
        ReviewerInvited(invitation_id=invitation_id, review_id=review_id, user_id=person)
    )
    await enqueue(work, MAIL_LINK, {"invitation_id": invitation_id})
    return await get(work, invitation_id)


async def _seat(work: UnitOfWork, review: Review, name: str) -> Seat:
    way = await rounds.of(work, review.id)
    definition = await definition_of(work, way.workflow, way.version)
    stage = definition.stage(way.stage) or definition.stages[0]
    seat = stage.seat(name) if name else stage.seats[0]
    if seat is None:
        known = ", ".join(one.name for one in stage.seats)
        raise InvalidInput({"seat": f"{name[:40]!r} is no seat of {stage.name!r}; use: {known}"})
    return seat


def _refuse_faults(guest: Guest, days: int) -> None:
    faults: dict[str, str] = {}
    if not EMAIL.fullmatch(guest.email):
        faults["email"] = "must be an e-mail address"
    if len(guest.name.split()) < 2:
        faults["name"] = "must be first and last name in full, as the register has them"
    if not SHORTEST <= days <= LONGEST:
        faults["days"] = f"{days} must be {SHORTEST} to {LONGEST}"
    if faults:
        raise InvalidInput(faults)


async def _known(work: UnitOfWork, guest: Guest) -> int | None:
    """Somebody who was asked before. Who has an account is given the review there."""
    try:
        found = await registrations.find(work, guest.registration)
    except NotFound:
        return None
    person = await get_user(work, found.user_id)
    if not person.login.startswith(_GUEST):
        raise InvalidInput(
            {"registration": "belongs to somebody with an account here; assign the review to her"}
        )
    if person.email != guest.email.lower():
        raise InvalidInput(
            {"email": "is not the one that she was asked under before; use that one"}
        )
    await registrations.verify(work, found.id)
    return person.id


async def _new(work: UnitOfWork, guest: Guest) -> int:
    person = await add_user(
        work,
        f"{_GUEST}{token_hex(8)}",
        email=guest.email,
        display_name=" ".join(guest.name.split()),
        roles=[],
    )
    # She is a name under a decision, no account: nothing can ever sign in as her.
    person.is_active = False
    held: Professional = await registrations.register(
        work, person.id, guest.registration, guest.name
    )
    await registrations.verify(work, held.id)
    return person.id


async def _insert(work: UnitOfWork, review: Review, person: int, seat: Seat, days: int) -> int:
    open_one = await work.one(
        select(Invitation.id).where(
            Invitation.tenant_id == work.tenant_id,
            Invitation.review_id == review.id,
            Invitation.user_id == person,
            Invitation.ended_at.is_(None),
        )
    )
    if open_one is not None:
        raise Conflict("She has a link to this text already. Take it back to send another.")
    invitation_id = await work.next_id("review_invitation")
    await work.execute(
        insert(Invitation).values(
            tenant_id=work.tenant_id,
            id=invitation_id,
            review_id=review.id,
            content_hash=review.content_hash,
            user_id=person,
            seat=seat.name,
            invited_by=work.actor.user_id,
            invited_at=work.now,
            expires_at=work.now + timedelta(days=days),
            codes_sent=0,
            tries=0,
        )
    )
    return invitation_id


async def get(work: ReadableWork, invitation_id: int, *, lock: bool = False) -> Invitation:
    """The invitation, or NotFound; held until the end of the transaction with `lock`."""
    statement = (
        select(Invitation)
        .where(Invitation.tenant_id == work.tenant_id, Invitation.id == invitation_id)
        .execution_options(populate_existing=True)
    )
    row = await work.one(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound("invitation", invitation_id)
    found: Invitation = row[0]
    return found


async def listed(work: UnitOfWork, review_id: int) -> list[tuple[Invitation, str]]:
    """Who was asked from outside about this review, with the printed name."""
    require(work.actor.has(ASSIGN), "review.assign", "Sorry, you are not allowed to see this.")
    rows = await work.all(
        select(Invitation, User.display_name)
        .join(User, (User.tenant_id == Invitation.tenant_id) & (User.id == Invitation.user_id))
        .where(Invitation.tenant_id == work.tenant_id, Invitation.review_id == review_id)
        .order_by(Invitation.invited_at, Invitation.id)
    )
    return [(row[0], row[1]) for row in rows]


async def take_back(work: UnitOfWork, invitation_id: int) -> None:
    """The link is worth nothing from now on."""
    require(work.actor.has(ASSIGN), "review.assign", "Sorry, you are not allowed to do this.")
    await end(work, await get(work, invitation_id, lock=True))


async def end(work: UnitOfWork, invitation: Invitation) -> None:
    """End an invitation, and free the place that was kept for its holder."""
    await work.execute(
        update(Invitation)
        .where(Invitation.tenant_id == work.tenant_id, Invitation.id == invitation.id)
        .values(ended_at=work.now)
    )
    await rounds.end_claims(work, invitation.review_id, Ended.RELEASED, invitation.user_id)
    await work.emit(InvitationEnded(invitation_id=invitation.id))
