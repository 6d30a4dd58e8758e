"""What people are told of reviews, in the language of who reads it."""

from cms.kernel.notices import ID, POST, NoticeKind, Words

_POST, _REVIEW = "/api/v1/reviews/of-post/{post_id}", "/api/v1/reviews/{review_id}"
_THREADS = "/api/v1/reviews/threads/of-post/{post_id}"


def _of_review(slug: str, pt: Words, en: Words, link: str = _POST) -> NoticeKind:
    return NoticeKind(
        slug=f"medical_review.{slug}",
        words={"pt": pt, "en": en},
        facts={"review_id": ID, "post_id": POST},
        about="review",
        about_fact="review_id",
        link=link,
    )


def _of_comment(slug: str, pt: Words, en: Words) -> NoticeKind:
    return NoticeKind(
        slug=f"medical_review.{slug}",
        words={"pt": pt, "en": en},
        facts={"comment_id": ID, "post_id": POST},
        about="review_comment",
        about_fact="comment_id",
        link=_THREADS,
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
        "A aprovação vale para exatamente este texto. Qualquer mudança pede uma nova revisão.",
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
MENTIONED = _of_comment(
    "mentioned",
    Words(
        "Alguém chamou você em um comentário",
        "O comentário está na discussão do texto {post_id}.",
        "Quando alguém chama você em um comentário",
    ),
    Words(
        "Somebody called you in a comment",
        "The comment stands in the discussion of text {post_id}.",
        "When somebody calls you in a comment",
    ),
)
REMARKED = _of_comment(
    "remarked",
    Words(
        "Há um comentário novo sobre o texto {post_id}",
        "Leia a discussão, responda ou corrija o texto.",
        "Quando alguém comenta um texto seu",
    ),
    Words(
        "There is a new comment on text {post_id}",
        "Read the discussion; answer, or mend the text.",
        "When somebody comments on a text of yours",
    ),
)
NOTICES = (TO_REVIEW, APPROVED, SENT_BACK, MENTIONED, REMARKED)
