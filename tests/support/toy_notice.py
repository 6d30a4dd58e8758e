"""What the toy plugin tells people."""

from cms.kernel.notices import ID, NoticeKind, Words

LOOKED = NoticeKind(
    slug="second_look.given",
    words={
        "pt": Words("Um colega leu o texto {post_id}", "", "Quando um colega lê um texto seu"),
        "en": Words("A colleague has read text {post_id}", "", "When a colleague reads your text"),
    },
    facts={"post_id": ID},
    about="post",
    about_fact="post_id",
)
