"""What people are told of texts after publication, in the language of who reads it."""

from cms.kernel.notices import COUNT, DAY, ID, Mailing, NoticeKind, Words, word

_LINK = "/api/v1/reviews/of-post/{post_id}/due"

_REASONS = word(
    {
        "overdue": {"pt": "a revisão periódica venceu", "en": "its periodic review is overdue"},
        "licence": {
            "pt": "um registro profissional perdeu a validade",
            "en": "a professional registration is no longer valid",
        },
        "reference": {"pt": "uma referência foi retratada", "en": "a reference was retracted"},
        "asked": {"pt": "alguém pediu nova revisão", "en": "somebody asked for a new review"},
        "planned": {
            "pt": "a primeira revisão aqui foi planejada",
            "en": "its first review here was planned",
        },
    }
)

DUE_SOON = NoticeKind(
    slug="medical_review.due_soon",
    words={
        "pt": Words(
            "Um texto precisa de nova revisão até {due_on}",
            "{days, plural, one {Falta # dia} other {Faltam # dias}} para vencer a revisão médica "
            "de um texto publicado. Peça a revisão, ou atualize o texto antes.",
            "Quando a revisão de um texto seu está para vencer",
        ),
        "en": Words(
            "A text has to be reviewed by {due_on}",
            "The medical review of a published text runs out in {days, plural, one {# day} other "
            "{# days}}. Have it reviewed, or bring the text up to date first.",
            "When the review of a text of yours is about to run out",
        ),
    },
    facts={"post_id": ID, "due_on": DAY, "days": COUNT},
    about="post",
    about_fact="post_id",
    link=_LINK,
    mail=Mailing.DIGEST,
)
REOPENED = NoticeKind(
    slug="medical_review.reopened",
    words={
        "pt": Words(
            "A revisão de um texto publicado foi reaberta",
            "Motivo: {reason}. O texto está na fila de revisão.",
            "Quando a revisão de um texto seu é reaberta",
        ),
        "en": Words(
            "The review of a published text was reopened",
            "Reason: {reason}. The text stands in the queue of reviews.",
            "When the review of a text of yours is reopened",
        ),
    },
    facts={"post_id": ID, "reason": _REASONS},
    about="post",
    about_fact="post_id",
    link=_LINK,
)
ESCALATED = NoticeKind(
    slug="medical_review.escalated",
    words={
        "pt": Words(
            "Ninguém revisou um texto vencido",
            "A revisão de um texto publicado venceu em {due_on} e ninguém a fez.",
            "Quando ninguém revisa um texto vencido",
        ),
        "en": Words(
            "Nobody has reviewed an overdue text",
            "The review of a published text ran out on {due_on} and nobody has done it.",
            "When nobody reviews an overdue text",
        ),
    },
    facts={"post_id": ID, "due_on": DAY},
    about="post",
    about_fact="post_id",
    link=_LINK,
    is_mandatory=True,
)
NOTICES = (DUE_SOON, REOPENED, ESCALATED)
