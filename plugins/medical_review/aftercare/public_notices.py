"""What readers are told beside a live text, in its language, until it is lifted."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from cms.kernel.work import Work
from plugins.medical_review.aftercare.events import (
    NoticeKind,
    PublicNoticeLifted,
    PublicNoticePlaced,
    Reason,
)
from plugins.medical_review.aftercare.models import PublicNotice

# Placed by an officer in a case of the registry, and lifted there.
REGISTRATION = NoticeKind.REGISTRATION

# Neutral on purpose: a notice says how the text stands, and accuses nobody.
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "pt": {
        Reason.OVERDUE: "A revisão médica periódica deste texto está atrasada. Ele pode não "
        "refletir o conhecimento mais recente.",
        Reason.LICENCE: "A revisão deste texto foi reaberta, porque o registro de um profissional "
        "ligado a ele está em verificação.",
        Reason.REFERENCE: "A revisão deste texto foi reaberta, porque uma de suas referências foi "
        "retratada.",
        REGISTRATION: "O registro profissional de quem responde por este texto está em "
        "verificação junto ao conselho.",
    },
    "en": {
        Reason.OVERDUE: "The periodic medical review of this text is overdue. It may not reflect "
        "the newest knowledge.",
        Reason.LICENCE: "The review of this text was reopened, because the registration of a "
        "professional connected with it is being verified.",
        Reason.REFERENCE: "The review of this text was reopened, because one of its references was "
        "retracted.",
        REGISTRATION: "The professional registration of who answers for this text is being "
        "verified with the council.",
    },
}
KINDS = tuple(_TEXTS["pt"])


def is_portuguese(language: str) -> bool:
    """Notices are in Portuguese for texts in it, in English beside all others."""
    return language.lower().startswith("pt")


def said(kinds: Iterable[str], language: str) -> str:
    """What readers are told for these kinds of notices, as plain text."""
    texts = _TEXTS["pt" if is_portuguese(language) else "en"]
    wanted = set(kinds)
    return " ".join(texts[kind] for kind in KINDS if kind in wanted)


def rendered(text: str, language: str) -> str:
    """A plain text as the note that a page shows above the article."""
    spoken = "pt-BR" if is_portuguese(language) else "en"
    return f'<aside class="review-notice" role="note" lang="{spoken}"><p>{escape(text)}</p></aside>'


async def place(work: Work, post_id: int, kind: str) -> bool:
    """Tell readers; once, however often it is asked for. False when they are told already."""
    placed = await work.execute(
        insert(PublicNotice)
        .values(
            tenant_id=work.tenant_id,
            id=await work.next_id("public_notice"),
            post_id=post_id,
            kind=str(kind),
            placed_at=work.now,
            placed_by=work.actor.user_id,
        )
        .on_conflict_do_nothing()
        .returning(PublicNotice.id)
    )
    if placed.one_or_none() is None:
        return False
    after = {"notice": str(kind)}
    await work.emit(PublicNoticePlaced(post_id=post_id, kind=NoticeKind(kind), after=after))
    return True


async def lift(work: Work, post_id: int, kinds: Sequence[str] = KINDS) -> None:
    """Tell readers no more of it."""
    this = (
        PublicNotice.tenant_id == work.tenant_id,
        PublicNotice.post_id == post_id,
        PublicNotice.kind.in_([str(kind) for kind in kinds]),
        PublicNotice.lifted_at.is_(None),
    )
    found = [row.kind for row in await work.all(select(PublicNotice.kind).where(*this))]
    if not found:
        return
    await work.execute(
        update(PublicNotice).where(*this).values(lifted_at=work.now, lifted_by=work.actor.user_id)
    )
    before: dict[str, object] = {"notices": sorted(found)}
    await work.emit(PublicNoticeLifted(post_id=post_id, before=before, after={"notices": []}))
