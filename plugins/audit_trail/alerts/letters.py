"""Alerts by mail: one letter a person, in her language, that names the rule and nobody."""

from typing import Any

import structlog
from sqlalchemy import select

from cms.database.work import UnitOfWork
from cms.identity.models import User, UserRole
from cms.jobs.queue import enqueue
from cms.kernel.declarations import Job
from cms.kernel.events import Outcome
from cms.mail.smtp import Letter, MailRefused
from plugins.audit_trail.alerts.models import Alert, AlertRule
from plugins.audit_trail.alerts.rules import DEFAULTS, Terms
from plugins.audit_trail.events import AlertMailed

log = structlog.get_logger()

MAIL = "mail_audit_alert"
MOST_PEOPLE = 50

_SUBJECTS = {
    "en": "[{site}] Audit alert {id}: {rule}",
    "pt": "[{site}] Alerta de auditoria {id}: {rule}",
}
_BODIES = {
    "en": """A rule of the audit trail of {site} has found something.

Rule: {rule}
Alert: {id}
Raised: {at} ({zone})
Events: {count}

Look at the events and acknowledge the alert:
{link}

This letter names no person and no content on purpose.
""",
    "pt": """Uma regra da trilha de auditoria de {site} encontrou algo.

Regra: {rule}
Alerta: {id}
Emitido em: {at} ({zone})
Eventos: {count}

Veja os eventos e tome ciência do alerta:
{link}

Esta mensagem não cita pessoas nem conteúdo, de propósito.
""",
}
_NAMES_IN_PORTUGUESE = (
    "Cinco entradas recusadas de uma conta",
    "Cinco entradas recusadas de um endereço",
    "Exportação de conteúdo em massa",
    "Download da trilha em massa",
    "Valores sensíveis lidos fora do horário",
    "Alarme do log de auditoria",
)
_DEFAULT_NAMES = dict(zip((terms.name for terms in DEFAULTS), _NAMES_IN_PORTUGUESE, strict=True))


async def send_later(work: UnitOfWork, alert_id: int, terms: Terms) -> None:
    """A job for each reader, in this transaction. Jobs hold ids, never addresses."""
    if work.shop.mailer is None:
        return
    for person_id in await _people(work, terms.roles):
        await enqueue(work, MAIL, {"alert_id": alert_id, "person_id": person_id})
    for place in range(len(terms.emails)):
        await enqueue(work, MAIL, {"alert_id": alert_id, "place": place})


async def _people(work: UnitOfWork, roles: list[str]) -> list[int]:
    rows = await work.all(
        select(User.id)
        .join(UserRole, (UserRole.tenant_id == User.tenant_id) & (UserRole.user_id == User.id))
        .where(
            User.tenant_id == work.tenant_id, User.is_active, UserRole.role_name.in_(list(roles))
        )
        .distinct()
        .order_by(User.id)
        .limit(MOST_PEOPLE)
    )
    return [row.id for row in rows]


async def mail(
    work: UnitOfWork, alert_id: int, person_id: int | None = None, place: int | None = None
) -> None:
    """Send one letter; the queue repeats what failed for now. Who is gone meanwhile gets none."""
    mailer = work.shop.mailer
    reader = await _reader(work, alert_id, person_id, place)
    if mailer is None or reader is None:
        return
    alert, address, language = reader
    who = f"p{person_id}" if person_id is not None else f"a{place}"
    letter = written(work, alert, address, language, f"alert-{work.tenant_id}-{alert_id}-{who}")
    # The mail server may take its time; no transaction and no connection waits for it.
    await work.commit()
    outcome = Outcome.SUCCESS
    try:
        await mailer.send(letter)
    except MailRefused as refusal:
        log.warning("an alert could not be mailed", alert=alert_id, reason=str(refusal))
        outcome = Outcome.FAILED
    await work.emit(AlertMailed(alert_id=alert_id, people=1, outcome=outcome))


async def _reader(
    work: UnitOfWork, alert_id: int, person_id: int | None, place: int | None
) -> tuple[Alert, str, str] | None:
    alert = await work.session.get(Alert, (work.tenant_id, alert_id))
    if alert is None:
        return None
    if person_id is not None:
        person = await work.session.get(User, (work.tenant_id, person_id))
        if person is None or not person.is_active or not person.email:
            return None
        return alert, person.email, person.locale or work.tenant.language
    rule = await work.session.get(AlertRule, (work.tenant_id, alert.rule_id))
    if rule is None or place is None or place >= len(rule.emails):
        return None
    return alert, rule.emails[place], work.tenant.language


def written(work: UnitOfWork, alert: Alert, to: str, language: str, key: str) -> Letter:
    """The letter: which rule, when, how many events, and where to look."""
    tongue = "pt" if language.lower().startswith("pt") else "en"
    rule = alert.rule_name
    if tongue == "pt":
        rule = _DEFAULT_NAMES.get(rule, rule)
    said: dict[str, Any] = {
        "site": work.tenant.site.title or work.tenant.name,
        "id": alert.id,
        "rule": rule,
        "at": alert.raised_at.astimezone(work.tenant.zone).strftime("%Y-%m-%d %H:%M"),
        "zone": work.tenant.timezone,
        "count": len(alert.events),
        "link": f"{work.tenant.address}/api/v1/audit/alerts/{alert.id}",
    }
    subject, body = (texts[tongue].format(**said) for texts in (_SUBJECTS, _BODIES))
    return Letter(to, subject, body, key, "pt-BR" if tongue == "pt" else "en")


JOBS = (Job(MAIL, mail, retries=8),)
