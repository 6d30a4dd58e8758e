"""What people are told of reviews, in the language of who reads it."""

from cms.kernel.notices import ID, POST, Mailing, NoticeKind, Words

_POST, _REVIEW = "/api/v1/reviews/of-post/{post_id}", "/api/v1/reviews/{review_id}"


def _of_review(
    slug: str,
    pt: Words,
    en: Words,
    link: str = _POST,
    mail: Mailing = Mailing.AT_ONCE,
    *,
    is_urgent: bool = False,
) -> NoticeKind:
    return NoticeKind(
        slug=f"medical_review.{slug}",
        words={"pt": pt, "en": en},
        facts={"review_id": ID, "post_id": POST},
        about="review",
        about_fact="review_id",
        link=link,
        mail=mail,
        is_urgent=is_urgent,
        is_mandatory=is_urgent,
    )


TO_REVIEW = _of_review(
    "to_review",
    Words(
        "O texto {post_id} espera uma revisão",
        "Alguém entregou um texto que você pode revisar. Veja o que mudou e decida.",
        "Quando chega um texto que você pode revisar",
    ),
    Words(
        "Text {post_id} waits for a review",
        "Somebody has handed over a text that you may review. Read what changed, and decide.",
        "When a text comes that you may review",
    ),
    link=_REVIEW,
)
APPROVED = _of_review(
    "approved",
    Words(
        "O texto {post_id} foi aprovado",
        "A aprovação vale para exatamente este texto. Qualquer alteração pede uma nova revisão.",
        "Quando um texto seu é aprovado",
    ),
    Words(
        "Text {post_id} was approved",
        "The approval is for exactly this text. Any change needs another review.",
        "When a text of yours is approved",
    ),
)
SENT_BACK = _of_review(
    "sent_back",
    Words(
        "O texto {post_id} voltou para correção",
        "Quem revisou disse por quê. Corrija o texto e entregue de novo.",
        "Quando um texto seu volta para correção",
    ),
    Words(
        "Text {post_id} was sent back",
        "The reviewer has said why. Mend the text, and hand it over again.",
        "When a text of yours is sent back",
    ),
)
ADVANCED = _of_review(
    "advanced",
    Words(
        "O texto {post_id} passou para a próxima etapa",
        "Uma etapa da revisão terminou bem; o texto espera na seguinte.",
        "Quando um texto seu passa de uma etapa da revisão para outra",
    ),
    Words(
        "Text {post_id} has passed a stage",
        "One stage of the review has ended well; the text waits in the next.",
        "When a text of yours passes from one stage of its review to another",
    ),
    mail=Mailing.DIGEST,
)
IN_HAND = _of_review(
    "in_hand",
    Words(
        "Alguém está revisando o texto {post_id}",
        "A revisão tem quem cuide dela. Alterar o texto agora faz a revisão recomeçar.",
        "Quando alguém assume a revisão de um texto seu",
    ),
    Words(
        "Somebody is reviewing text {post_id}",
        "The review has somebody who sees to it. To change the text now is to begin again.",
        "When somebody takes up the review of a text of yours",
    ),
    mail=Mailing.DIGEST,
)
GIVEN = _of_review(
    "given",
    Words(
        "A revisão do texto {post_id} foi passada a você",
        "Decida dentro do prazo, ou devolva a revisão para que outra pessoa a assuma.",
        "Quando alguém passa uma revisão a você",
    ),
    Words(
        "The review of text {post_id} was given to you",
        "Decide within its time, or give the review back so that somebody else takes it up.",
        "When somebody gives you a review",
    ),
    link=_REVIEW,
)
OVERDUE = _of_review(
    "overdue",
    Words(
        "A revisão do texto {post_id} passou do prazo",
        "Ninguém decidiu ainda. O texto continua esperando por você.",
        "Quando uma revisão que é sua, ou de ninguém, passa do prazo",
    ),
    Words(
        "The review of text {post_id} is overdue",
        "Nobody has decided yet. The text still waits for you.",
        "When a review that is yours, or nobody's, is overdue",
    ),
    link=_REVIEW,
)
STEP_IN = _of_review(
    "step_in",
    Words(
        "A revisão do texto {post_id} precisa de você",
        "O prazo passou e ninguém decidiu. Passe a revisão a outra pessoa ou altere o prazo.",
        "Quando ninguém decide uma revisão e quem distribui precisa intervir",
    ),
    Words(
        "The review of text {post_id} needs you",
        "Its time is over and nobody has decided. Give the review to somebody, or move its time.",
        "When nobody decides on a review, and whoever assigns has to step in",
    ),
    link=_REVIEW,
    is_urgent=True,
)
DELEGATED = NoticeKind(
    slug="medical_review.delegated",
    words={
        "pt": Words(
            "Alguém pediu que você decida em seu lugar",
            "Suas decisões ficam registradas com o seu nome e por quem você decide.",
            "Quando alguém lhe delega as suas revisões",
        ),
        "en": Words(
            "Somebody asks you to decide for her",
            "Your decisions are kept under your name, and say for whom you decide.",
            "When somebody delegates her reviews to you",
        ),
    },
    facts={"delegation_id": ID},
    about="delegation",
    about_fact="delegation_id",
    link="/api/v1/reviews/delegations",
)
NOTICES = (
    DELEGATED,
    TO_REVIEW,
    APPROVED,
    SENT_BACK,
    ADVANCED,
    IN_HAND,
    GIVEN,
    OVERDUE,
    STEP_IN,
)
