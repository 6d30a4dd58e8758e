"""Asking somebody to join: a link by mail, or shown once; the role is given when she accepts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text, update

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.identity import links
from cms.identity.granting import (
    capabilities_by_role,
    refuse_unknown_roles,
    require_capability,
    require_grantable,
)
from cms.identity.link_events import MemberInvitationEnded, MemberInvited, MemberJoined
from cms.identity.link_models import Invitation
from cms.identity.links import LinkRefused
from cms.identity.models import User
from cms.identity.secrets import weakness_of
from cms.identity.standing import standing_of
from cms.identity.users import EMAIL, add_user, taken_names
from cms.kernel.declarations import Job

MAIL_INVITATION = "mail_invitation"
SHORTEST, LONGEST, USUAL = 1, 30, 7
"""Days that a link may be valid."""
_HOLD = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")
_CREATES, _PROMOTES = "create_users", "promote_users"


@dataclass(frozen=True)
class Invited:
    """`token` is empty where the link goes by mail; else it is shown this once."""

    invitation: Invitation
    token: str


async def invite(
    work: UnitOfWork, email: str, roles: Sequence[str], *, days: int = USUAL, language: str = ""
) -> Invited:
    """Ask the holder of this address to join with these roles. InvalidInput names every fault;
    Conflict when she has a link that is still good."""
    email = email.strip().lower()
    await _require_grant(work, roles)
    await _refuse_faults(work, email, roles, days)
    await _refuse_second(work, email)
    invitation = Invitation(
        tenant_id=work.tenant_id,
        id=await work.next_id("invitation"),
        email=email,
        roles=sorted(set(roles)),
        language=language,
        invited_by=work.actor.user_id,
        invited_at=work.now,
        sent_at=work.now,
        expires_at=work.now + timedelta(days=days),
        mail="none" if work.shop.mailer is None else "waiting",
    )
    work.session.add(invitation)
    await work.session.flush()
    return await _sent(work, invitation)


async def send_again(work: UnitOfWork, invitation_id: int) -> Invited:
    """A new link for as long as the first one was valid; the old one is worth nothing."""
    invitation = await _open(work, invitation_id, "account_invitation.make")
    await _require_grant(work, invitation.roles)
    lasts = invitation.expires_at - invitation.sent_at
    invitation.sent_at, invitation.expires_at = work.now, work.now + lasts
    invitation.mail = "none" if work.shop.mailer is None else "waiting"
    return await _sent(work, invitation)


async def _sent(work: UnitOfWork, invitation: Invitation) -> Invited:
    await work.emit(
        MemberInvited(
            invitation_id=invitation.id,
            after={"roles": invitation.roles},
            personal={"email": invitation.email},
        )
    )
    if work.shop.mailer is None:
        return Invited(invitation, token_of(work, invitation))
    await work.session.flush()
    await work.shop.enqueue(work, MAIL_INVITATION, {"invitation_id": invitation.id})
    return Invited(invitation, "")


def token_of(work: UnitOfWork, invitation: Invitation) -> str:
    """What stands in the link."""
    return links.token(work, links.INVITATION, invitation.id, invitation.sent_at)


async def _require_grant(work: UnitOfWork, roles: Sequence[str]) -> None:
    require_capability(work, _CREATES, "account_invitation.make")
    if roles:
        require_capability(work, _PROMOTES, "account_invitation.make")
    granted = await capabilities_by_role(work)
    refuse_unknown_roles(roles, granted)
    require_grantable(work, roles, granted)


async def _refuse_faults(work: UnitOfWork, email: str, roles: Sequence[str], days: int) -> None:
    faults: dict[str, str] = {}
    if not EMAIL.fullmatch(email):
        faults["email"] = "must be an e-mail address"
    elif await taken_names(work, email, email):
        faults["email"] = "belongs to somebody who is here already; give her a role instead"
    if not roles:
        faults["roles"] = "choose at least one role"
    if not SHORTEST <= days <= LONGEST:
        faults["days"] = f"must be {SHORTEST} to {LONGEST}"
    if faults:
        raise InvalidInput(faults)


async def _refuse_second(work: UnitOfWork, email: str) -> None:
    """Conflict when the holder of the address has a link that is good; one that is too old ends.
    Two who invite her at once are asked one after the other."""
    await work.execute(_HOLD, {"name": f"{work.tenant_id}/invitations/{email}"})
    row = await work.one(
        select(Invitation).where(
            Invitation.tenant_id == work.tenant_id,
            Invitation.email == email,
            Invitation.ended_at.is_(None),
        )
    )
    if row is None:
        return
    if row[0].expires_at > work.now:
        raise Conflict(
            "Somebody with this address is invited already. Send her a new link, or take the "
            "invitation back first."
        )
    await _end(work, row[0], "lapsed")


async def _end(work: UnitOfWork, invitation: Invitation, how: str) -> None:
    """The link is worth nothing from now on, and the address is forgotten (LGPD, art. 16)."""
    invitation.ended_at, invitation.ended_as, invitation.email = work.now, how, ""
    await work.session.flush()
    await work.emit(MemberInvitationEnded(invitation_id=invitation.id, after={"ended_as": how}))


async def listed(
    work: UnitOfWork, *, limit: int = 50, after: int | None = None
) -> list[tuple[Invitation, str]]:
    """Invitations with the name of who made each, the newest first."""
    require_capability(work, _CREATES, "account_invitation.list")
    wanted = [Invitation.tenant_id == work.tenant_id]
    if after is not None:
        wanted.append(Invitation.id < after)
    rows = await work.all(
        select(Invitation, User.display_name)
        .join(User, (User.tenant_id == Invitation.tenant_id) & (User.id == Invitation.invited_by))
        .where(*wanted)
        .order_by(Invitation.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


async def take_back(work: UnitOfWork, invitation_id: int) -> None:
    """The link is worth nothing from now on. Conflict when the invitation has ended."""
    require_capability(work, _CREATES, "account_invitation.end")
    await _end(work, await _open(work, invitation_id, "account_invitation.end"), "taken_back")


async def _open(work: UnitOfWork, invitation_id: int, action: str) -> Invitation:
    require_capability(work, _CREATES, action)
    found = await _locked(work, invitation_id)
    if found is None:
        raise NotFound("invitation", invitation_id)
    if found.ended_at is not None:
        raise Conflict("This invitation has ended. Invite her anew.")
    return found


async def _locked(work: UnitOfWork, invitation_id: int) -> Invitation | None:
    found: Invitation | None = await work.entity(
        select(Invitation)
        .where(Invitation.tenant_id == work.tenant_id, Invitation.id == invitation_id)
        .with_for_update()
    )
    return found


# -- by the holder of the link


async def opened(work: UnitOfWork, token: str) -> Invitation:
    """The invitation that a link is for, held; LinkRefused when it is not good. Whoever invited
    must still be able to give the roles: else the link would outlive her right."""
    invitation = await _locked(work, links.named(links.INVITATION, token))
    if invitation is None or not links.is_same(token_of(work, invitation), token):
        raise LinkRefused
    if invitation.ended_at is not None or invitation.expires_at <= work.now:
        raise LinkRefused
    await _refuse_lost_right(work, invitation)
    return invitation


async def _refuse_lost_right(work: UnitOfWork, invitation: Invitation) -> None:
    inviter = await standing_of(work, invitation.invited_by)
    granted = await capabilities_by_role(work)
    wanted = {_CREATES, _PROMOTES}.union(*(granted.get(name, ()) for name in invitation.roles))
    if inviter is None or not wanted <= inviter.capabilities:
        raise LinkRefused


async def accept(
    work: UnitOfWork, token: str, *, login: str, display_name: str, password: str
) -> User:
    """Join: an account with the roles of the invitation, and this password. The link is used up."""
    invitation = await opened(work, token)
    faults: dict[str, str] = {}
    if not display_name.strip():
        faults["display_name"] = "is required: it stands at what you write"
    if fault := weakness_of(password, login, invitation.email):
        faults["password"] = fault
    if faults:
        raise InvalidInput(faults)
    user = await add_user(
        work,
        login.strip().lower(),
        email=invitation.email,
        display_name=" ".join(display_name.split()),
        roles=invitation.roles,
        password=password,
    )
    invitation.ended_at, invitation.ended_as, invitation.email = work.now, "accepted", ""
    invitation.user_id = user.id
    await work.emit(MemberJoined(invitation_id=invitation.id, user_id=user.id))
    return user


# -- what nobody answered


async def forget_lapsed(work: UnitOfWork) -> None:
    """The job that ends invitations whose time is over, and forgets their addresses."""
    rows = await work.execute(
        update(Invitation)
        .where(
            Invitation.tenant_id == work.tenant_id,
            Invitation.ended_at.is_(None),
            Invitation.expires_at <= work.now,
        )
        .values(ended_at=work.now, ended_as="lapsed", email="")
        .returning(Invitation.id)
    )
    for row in rows.all():
        await work.emit(MemberInvitationEnded(invitation_id=row.id, after={"ended_as": "lapsed"}))


INVITATION_JOBS = (Job("forget_invitations", forget_lapsed, cron="41 3 * * *"),)
