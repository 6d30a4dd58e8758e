"""Two letters to people who cannot sign in yet, or not any more: each holds one link."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import structlog

from cms.database.work import UnitOfWork
from cms.errors import Unavailable
from cms.identity import invitations, lost_passwords
from cms.identity.link_events import MemberInvitationMailed, PasswordLinkMailed
from cms.identity.link_models import Invitation, PasswordLink
from cms.identity.models import User
from cms.kernel.declarations import Job
from cms.kernel.events import Outcome
from cms.mail.smtp import Letter, MailRefused

log = structlog.get_logger()

_INVITATION = {
    "en": (
        "[{site}] You are invited",
        """{site} invites you to join.

{link}

The link is for you alone and until {until} ({zone}). There you choose your password. If you did
not expect this letter, do nothing.
""",
    ),
    "pt": (
        "[{site}] Você foi convidado",
        """{site} convida você a participar.

{link}

O link é só para você e vale até {until} ({zone}). Nele você escolhe sua senha. Se não esperava
esta mensagem, não faça nada.
""",
    ),
}
_PASSWORD = {
    "en": (
        "[{site}] A new password",
        """Somebody, likely you, asked {site} for a new password.

{link}

The link works once and until {until} ({zone}). If it was not you, do nothing: your password stays
as it is.
""",
    ),
    "pt": (
        "[{site}] Nova senha",
        """Alguém, provavelmente você, pediu uma nova senha em {site}.

{link}

O link funciona uma vez e até {until} ({zone}). Se não foi você, não faça nada: sua senha continua
como está.
""",
    ),
}


class _Link(NamedTuple):
    """Where a link leads, until when it works, and the key of the letter that it stands in."""

    path: str
    until: datetime
    key: str


async def mail_invitation(work: UnitOfWork, invitation_id: int) -> None:
    """Send the newest link of an invitation; the queue repeats what failed for now."""
    invitation = await work.session.get(Invitation, (work.tenant_id, invitation_id))
    if invitation is None or invitation.ended_at is not None:
        return
    link = _Link(
        f"/admin/join?token={invitations.token_of(work, invitation)}",
        invitation.expires_at,
        f"invitation-{work.tenant_id}-{invitation.id}-{invitation.sent_at:%Y%m%d%H%M%S}",
    )
    letter = _letter(work, _INVITATION, invitation.email, invitation.language, link)
    outcome = await _handed_over(work, letter)
    invitation.mail = "sent" if outcome is Outcome.SUCCESS else "refused"
    await work.emit(MemberInvitationMailed(invitation_id=invitation_id, outcome=outcome))


async def mail_password_link(work: UnitOfWork, link_id: int) -> None:
    """Send a link to a new password."""
    link = await work.session.get(PasswordLink, (work.tenant_id, link_id))
    if link is None or link.ended_at is not None or link.expires_at <= work.now:
        return
    user = await work.session.get(User, (work.tenant_id, link.user_id))
    if user is None or not user.is_active:
        return
    sent = _Link(
        f"/admin/password?token={lost_passwords.token_of(work, link)}",
        link.expires_at,
        f"password-{work.tenant_id}-{link.id}",
    )
    letter = _letter(work, _PASSWORD, user.email, user.locale, sent)
    outcome = await _handed_over(work, letter)
    link.mail = "sent" if outcome is Outcome.SUCCESS else "refused"
    await work.emit(PasswordLinkMailed(user_id=link.user_id, outcome=outcome))


async def _handed_over(work: UnitOfWork, letter: Letter) -> Outcome:
    """Give the letter to the mail server. Unavailable is left to the queue, which repeats it."""
    mailer = work.shop.mailer
    if mailer is None:
        raise Unavailable("There is no mail server; set CMS_SMTP_URL.")
    # The mail server may take its time; no transaction and no connection waits for it.
    await work.commit()
    try:
        await mailer.send(letter)
    except MailRefused as refusal:
        log.warning("a letter with a link was refused", letter=letter.key, reason=str(refusal))
        return Outcome.FAILED
    return Outcome.SUCCESS


def _letter(
    work: UnitOfWork, texts: Mapping[str, tuple[str, str]], to: str, locale: str, link: _Link
) -> Letter:
    """In the language of who gets it, or the site's."""
    tongue = "pt" if (locale or work.tenant.language).lower().startswith("pt") else "en"
    said = {
        "site": work.tenant.site.title or work.tenant.name,
        "link": f"{work.tenant.address}{link.path}",
        "until": f"{link.until.astimezone(work.tenant.zone):%Y-%m-%d %H:%M}",
        "zone": work.tenant.timezone,
    }
    subject, body = (text.format(**said) for text in texts[tongue])
    return Letter(to, subject, body, link.key, "pt-BR" if tongue == "pt" else "en")


JOBS = (
    Job(invitations.MAIL_INVITATION, mail_invitation, retries=8),
    Job(lost_passwords.MAIL_PASSWORD_LINK, mail_password_link, retries=5),
)
