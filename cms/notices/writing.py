"""The letter of one notice, and that of many."""

from collections.abc import Sequence

from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.identity.standing import standing_of
from cms.kernel.actors import ANONYMOUS
from cms.kernel.notices import filled
from cms.mail.smtp import Letter
from cms.notices.models import Notice
from cms.notices.titles import titles_of
from cms.notices.words import Reading, Said, said

MOST_IN_A_LETTER = 50

_COUNTED = {
    "pt": "{notices, plural, one {# aviso novo} other {# avisos novos}}",
    "en": "{notices, plural, one {# new notice} other {# new notices}}",
}
_MORE = {
    "pt": "… e mais {notices, plural, one {# aviso} other {# avisos}}: ",
    "en": "… and {notices, plural, one {# more notice} other {# more notices}}: ",
}
_FOOT = {
    "pt": "Diga como e quando quer ser avisado: ",
    "en": "Say how and when you want to be told: ",
}
_LANGUAGES = {"pt": "pt-BR", "en": "en"}


async def written(work: UnitOfWork, reader: User, notices: Sequence[Notice]) -> Letter:
    """One letter in the reader's language. It says what the notices say, which is no more than she
    may read, and links to where the rest stands."""
    locale = reader.locale or work.tenant.language
    language = "pt" if locale.lower().startswith("pt") else "en"
    shown = notices[:MOST_IN_A_LETTER]
    titles = await titles_of(work, shown, await standing_of(work, reader.id) or ANONYMOUS)
    reading = Reading(locale, work.tenant.zone, titles)
    words = [
        said(work.registry.notices.get(one.kind), one.kind, one.facts, reading) for one in shown
    ]
    site = work.tenant.site.title or work.tenant.name
    is_digest = len(notices) > 1
    subject = _counted(_COUNTED, language, len(notices)) if is_digest else words[0].title
    parts = [_paragraph(work, one, has_title=is_digest) for one in words]
    if len(notices) > MOST_IN_A_LETTER:
        more = _counted(_MORE, language, len(notices) - MOST_IN_A_LETTER)
        parts.append(f"{more}{work.tenant.address}/api/v1/notices")
    parts.append(f"{_FOOT[language]}{work.tenant.address}/api/v1/notices/preferences")
    # The same notices are the same letter, also when it is sent twice.
    key = f"notice-{work.tenant_id}-{notices[0].id}-{notices[-1].id}-{len(notices)}"
    body = "\n\n".join(parts) + "\n"
    return Letter(reader.email, f"[{site}] {subject}", body, key, _LANGUAGES[language])


def _counted(templates: dict[str, str], language: str, count: int) -> str:
    return filled(templates[language], language, {"notices": str(count)}, {"notices": count})


def _paragraph(work: UnitOfWork, one: Said, *, has_title: bool) -> str:
    lines = [one.title] if has_title else []
    lines += [one.text] if one.text else []
    lines += [f"{work.tenant.address}{one.link}"] if one.link else []
    return "\n".join(lines)
