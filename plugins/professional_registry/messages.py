"""What people are told of registrations and cases, in the language of who reads it."""

from cms.kernel.notices import ID, Mailing, NoticeKind, Words, word
from plugins.professional_registry.statuses import Status, Validation

CASE_LINK = "/api/v1/medical/cases/{case_id}"


def _of_case(slug: str, pt: Words, en: Words, *, is_urgent: bool) -> NoticeKind:
    # Who is suspended, and who has to see to it, must have been told (LGPD, art. 20).
    return NoticeKind(
        slug=f"registry.{slug}",
        words={"pt": pt, "en": en},
        facts={"case_id": ID},
        about="case",
        about_fact="case_id",
        link=CASE_LINK,
        is_urgent=is_urgent,
        is_mandatory=True,
    )


SUSPENDED = _of_case(
    "suspended",
    Words(
        "Sua assinatura profissional está suspensa",
        "A verificação do seu registro profissional não permite mais assinar. O caso mostra a "
        "fonte, a data e a regra. Se houver engano (um homônimo, por exemplo), conteste: uma "
        "pessoa vai revisar a decisão automática (LGPD, art. 20).",
        "Quando o seu registro não permite mais assinar",
    ),
    Words(
        "Your professional signature is suspended",
        "The verification of your registration no longer lets you sign. The case shows source, "
        "day and rule. If it is wrong (a namesake, for one), contest it: a person will review "
        "the automatic decision (LGPD, art. 20).",
        "When your registration no longer lets you sign",
    ),
    is_urgent=True,
)
OPENED = _of_case(
    "opened",
    Words(
        "Um registro profissional perdeu a validade",
        "Veja no caso os textos publicados, as revisões e as aprovações que levam o nome, e "
        "decida o que fazer com cada um.",
        "Quando o registro de alguém perde a validade e há textos a decidir",
    ),
    Words(
        "A professional registration is no longer valid",
        "The case lists the live texts, reviews and approvals that carry the name; decide what "
        "is to be done with each.",
        "When somebody's registration is no longer valid and texts have to be decided on",
    ),
    is_urgent=True,
)
CONTESTED = _of_case(
    "contested",
    Words(
        "Uma suspensão foi contestada",
        "A pessoa apresentou suas razões. Quem cuida dos registros profissionais precisa revisar o "
        "caso.",
        "Quando alguém contesta a sua suspensão",
    ),
    Words(
        "A suspension was contested",
        "The person has stated her reasons. Somebody who manages registrations has to review "
        "the case.",
        "When somebody contests her suspension",
    ),
    is_urgent=False,
)
REVIEWED = _of_case(
    "reviewed",
    Words(
        "Sua contestação foi revisada",
        "O caso mostra o resultado e o motivo. Uma suspensão revertida ainda precisa de nova "
        "verificação do registro.",
        "Quando a sua contestação foi revisada",
    ),
    Words(
        "Your contest was reviewed",
        "The case shows outcome and reason. An overturned suspension still needs a new "
        "verification of the registration.",
        "When your contest was reviewed",
    ),
    is_urgent=False,
)
CLOSED = _of_case(
    "closed",
    Words(
        "Seu caso foi encerrado",
        "O caso mostra o resultado e o que foi feito.",
        "Quando o seu caso foi encerrado",
    ),
    Words(
        "Your case was closed",
        "The case shows its outcome and what was done.",
        "When your case was closed",
    ),
    is_urgent=False,
)
CASE_NOTICES = (SUSPENDED, OPENED, CONTESTED, REVIEWED, CLOSED)

_STATUS = word(
    {
        Status.ACTIVE: {"pt": "ativo", "en": "active"},
        Status.RESTRICTED: {"pt": "com restrição", "en": "restricted"},
        Status.SUSPENDED: {"pt": "suspenso", "en": "suspended"},
        Status.INACTIVE: {"pt": "inativo", "en": "inactive"},
        Status.REVOKED: {"pt": "cassado", "en": "revoked"},
        Status.DECEASED: {"pt": "de pessoa falecida", "en": "of somebody deceased"},
        Status.TRANSFERRED: {"pt": "transferido", "en": "transferred"},
        Status.NOT_FOUND: {"pt": "não encontrado", "en": "not found"},
        Status.UNVERIFIED: {"pt": "a verificar por uma pessoa", "en": "for a person to look at"},
        Status.SOURCE_UNAVAILABLE: {"pt": "sem resposta da fonte", "en": "without an answer"},
    }
)
_VALIDATION = word(
    {
        Validation.PENDING: {"pt": "pendente", "en": "pending"},
        Validation.VERIFIED: {"pt": "válida", "en": "valid"},
        Validation.EXPIRED: {"pt": "vencida", "en": "expired"},
        Validation.REVOKED: {"pt": "revogada", "en": "revoked"},
    }
)


def _of_change(slug: str, pt: Words, en: Words, mail: Mailing) -> NoticeKind:
    return NoticeKind(
        slug=f"registry.{slug}",
        words={"pt": pt, "en": en},
        facts={"professional_id": ID, "status": _STATUS, "validation": _VALIDATION},
        about="registration",
        about_fact="professional_id",
        link="/api/v1/medical/professionals/{professional_id}/validation-status",
        mail=mail,
    )


CHANGED = _of_change(
    "changed",
    Words(
        "Seu registro profissional mudou",
        "O seu registro agora consta como {status}, e a sua verificação está {validation}.",
        "Quando o seu registro profissional muda",
    ),
    Words(
        "Your professional registration has changed",
        "Your registration is now {status}, and its verification is {validation}.",
        "When your professional registration changes",
    ),
    Mailing.AT_ONCE,
)
CHANGED_OF_OTHER = _of_change(
    "changed_of_other",
    Words(
        "O registro {professional_id} mudou",
        "Ele agora consta como {status}, e a sua verificação está {validation}.",
        "Quando o registro profissional de alguém muda",
    ),
    Words(
        "Registration {professional_id} has changed",
        "It is now {status}, and its verification is {validation}.",
        "When somebody's professional registration changes",
    ),
    Mailing.DIGEST,
)
NOTICES = (*CASE_NOTICES, CHANGED, CHANGED_OF_OTHER)
