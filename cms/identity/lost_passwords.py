"""A lost password: a link by mail that works once and for half an hour."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.identity import links
from cms.identity.granting import require_capability, require_reach
from cms.identity.link_events import PasswordChosen, PasswordLinkAsked
from cms.identity.link_models import PasswordLink
from cms.identity.links import LinkRefused
from cms.identity.models import User
from cms.identity.proofs import end_sessions
from cms.identity.secrets import hash_password, weakness_of
from cms.identity.users import present_user

MAIL_PASSWORD_LINK = "mail_password_link"  # noqa: S105 - the name of a job
LASTS = timedelta(minutes=30)
MOST_IN_AN_HOUR = 3


@dataclass(frozen=True)
class Issued:
    """`token` is empty where the link goes by mail; else it is shown this once."""

    link: PasswordLink
    token: str


async def ask(work: UnitOfWork, login: str) -> None:
    """Send a link to whoever has this login or address. Nobody is told whether there is somebody:
    strangers would learn who works here. Three an hour at most, so that nobody's mail is flooded.
    """
    # PostgreSQL keeps no NUL, so nobody's login holds one.
    wanted = login.strip().lower().replace("\0", "\ufffd")
    user: User | None = await work.entity(
        select(User)
        .where(
            User.tenant_id == work.tenant_id,
            (User.login == wanted) | (User.email == wanted),
            User.is_active,
        )
        .with_for_update()
    )
    if user is None or work.shop.mailer is None or await _was_asked_often(work, user.id):
        return
    await _make(work, user.id, None)


async def _was_asked_often(work: UnitOfWork, user_id: int) -> bool:
    row = await work.one(
        select(func.count())
        .select_from(PasswordLink)
        .where(
            PasswordLink.tenant_id == work.tenant_id,
            PasswordLink.user_id == user_id,
            PasswordLink.asked_at > work.now - timedelta(hours=1),
        )
    )
    return bool(row[0] >= MOST_IN_AN_HOUR)


async def issue(work: UnitOfWork, user_id: int) -> Issued:
    """A link for somebody else, by mail or to be handed over. Nobody makes one for a person who may
    do what she may not herself: with the password she could act as her."""
    require_capability(work, "edit_users", "password.issue")
    user = await present_user(work, user_id)
    await require_reach(work, user_id)
    await work.decide("password.issue", "user", user_id)
    if not user.is_active:
        raise Conflict("This account is closed; nobody signs in with it.")
    link = await _make(work, user_id, work.actor.user_id)
    return Issued(link, "" if work.shop.mailer is not None else token_of(work, link))


async def _make(work: UnitOfWork, user_id: int, issued_by: int | None) -> PasswordLink:
    link = PasswordLink(
        tenant_id=work.tenant_id,
        id=await work.next_id("password_link"),
        user_id=user_id,
        issued_by=issued_by,
        asked_at=work.now,
        expires_at=work.now + LASTS,
        mail="none" if work.shop.mailer is None else "waiting",
    )
    work.session.add(link)
    await work.session.flush()
    await work.emit(PasswordLinkAsked(user_id=user_id))
    if work.shop.mailer is not None:
        await work.shop.enqueue(work, MAIL_PASSWORD_LINK, {"link_id": link.id})
    return link


def token_of(work: UnitOfWork, link: PasswordLink) -> str:
    """What stands in the link."""
    return links.token(work, links.PASSWORD, link.id, link.asked_at)


async def opened(work: UnitOfWork, token: str) -> User:
    """The person whose link it is, held; LinkRefused when it is not good."""
    link = await work.session.get(
        PasswordLink, (work.tenant_id, links.named(links.PASSWORD, token))
    )
    if link is None or not links.is_same(token_of(work, link), token):
        raise LinkRefused
    # The person is held first, by everybody who ends her links: two who use one come in turn.
    user: User | None = await work.entity(
        select(User)
        .where(User.tenant_id == work.tenant_id, User.id == link.user_id)
        .with_for_update()
    )
    await work.session.refresh(link)
    is_over = link.ended_at is not None or link.expires_at <= work.now
    if user is None or not user.is_active or is_over:
        raise LinkRefused
    return user


async def choose(work: UnitOfWork, token: str, password: str) -> User:
    """The new password. Every session and token of the person ends, and so do her other links."""
    user = await opened(work, token)
    if fault := weakness_of(password, user.login, user.email):
        raise InvalidInput({"password": fault})
    user.password_hash = await hash_password(password)
    user.failed_login_attempts, user.account_locked_until = 0, None
    user.updated_at = work.now
    await end_links(work, user.id)
    await end_sessions(work, user.id)
    await work.emit(PasswordChosen(user_id=user.id))
    return user


async def end_links(work: UnitOfWork, user_id: int) -> None:
    """No link of the person works any more. The caller emits an event that covers it."""
    await work.execute(
        update(PasswordLink)
        .where(
            PasswordLink.tenant_id == work.tenant_id,
            PasswordLink.user_id == user_id,
            PasswordLink.ended_at.is_(None),
        )
        .values(ended_at=work.now)
    )
