"""Two letters to a reviewer from outside: the link, and the code. They name no text."""

from typing import Any

import structlog

from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.kernel.declarations import Job
from cms.kernel.events import Outcome
from cms.mail.smtp import Letter, MailRefused
from plugins.medical_review.inviting import secrets
from plugins.medical_review.inviting.events import InvitationMailed
from plugins.medical_review.reviewing.course_models import Invitation

log = structlog.get_logger()

MAIL_LINK, MAIL_CODE = "mail_review_invitation", "mail_review_code"

_SUBJECTS = {
    MAIL_LINK: {"en": "[{site}] A text for you to review", "pt": "[{site}] Um texto para revisar"},
    MAIL_CODE: {"en": "[{site}] Your code", "pt": "[{site}] Seu código"},
}
_BODIES = {
    MAIL_LINK: {
        "en": """{site} asks you to review one text as a professional.

{link}

The link is for you alone, for this text as it is now, and until {until} ({zone}). Before you
decide you will be sent a code. If you did not expect this letter, do nothing.
""",
        "pt": """{site} pede que você revise um texto como profissional.

{link}

O link é só para você, para este texto como está agora, e vale até {until} ({zone}). Antes de
decidir, você receberá um código. Se não esperava esta mensagem, não faça nada.
""",
    },
    MAIL_CODE: {
        "en": """Your code to decide on the text: {code}

It is valid for ten minutes. Nobody from {site} will ask you for it.
""",
        "pt": """Seu código para decidir sobre o texto: {code}

Ele vale por dez minutos. Ninguém de {site} vai pedi-lo a você.
""",
    },
}


async def mail_link(work: UnitOfWork, invitation_id: int) -> None:
    """Send the link; the queue repeats what failed for now."""
    await _mail(work, invitation_id, MAIL_LINK)


async def mail_code(work: UnitOfWork, invitation_id: int) -> None:
    """Send the newest code."""
    await _mail(work, invitation_id, MAIL_CODE)


async def _mail(work: UnitOfWork, invitation_id: int, kind: str) -> None:
    mailer = work.shop.mailer
    invitation = await work.session.get(Invitation, (work.tenant_id, invitation_id))
    if mailer is None or invitation is None or invitation.ended_at is not None:
        return
    person = await work.session.get(User, (work.tenant_id, invitation.user_id))
    if person is None:
        return
    letter = written(work, invitation, person.email, kind)
    # The mail server may take its time; no transaction and no connection waits for it.
    await work.commit()
    outcome = Outcome.SUCCESS
    try:
        await mailer.send(letter)
    except MailRefused as refusal:
        log.warning("a letter was refused", invitation=invitation_id, reason=str(refusal))
        outcome = Outcome.FAILED
    await work.emit(InvitationMailed(invitation_id=invitation_id, outcome=outcome))


def written(work: UnitOfWork, invitation: Invitation, to: str, kind: str) -> Letter:
    """The letter in the site's language. The link's secret stands behind a #: browsers do not send
    it, so no log between them and us has it."""
    tongue = "pt" if work.tenant.language.lower().startswith("pt") else "en"
    until = invitation.expires_at.astimezone(work.tenant.zone)
    address = work.tenant.site.front_end_url or work.tenant.address
    said: dict[str, Any] = {
        "site": work.tenant.site.title or work.tenant.name,
        "link": f"{address.rstrip('/')}/review-invitation#{secrets.token(work, invitation)}",
        "code": secrets.code(work, invitation),
        "until": f"{until:%Y-%m-%d %H:%M}",
        "zone": work.tenant.timezone,
    }
    subject, body = (texts[kind][tongue].format(**said) for texts in (_SUBJECTS, _BODIES))
    key = f"review-{work.tenant_id}-{invitation.id}-{kind[-4:]}-{invitation.codes_sent}"
    return Letter(to, subject, body, key, "pt-BR" if tongue == "pt" else "en")


LETTER_JOBS = (Job(MAIL_LINK, mail_link, retries=8), Job(MAIL_CODE, mail_code, retries=3))
