"""Who is told while a text is under review: whose turn it is, who was given it, what is late."""

from sqlalchemy import select

from cms.kernel.hooks import Hooks
from cms.kernel.notices import ID, POST, Fact, NoticeKind, Words
from cms.kernel.work import ReadableWork, Work
from cms.notices.telling import tell
from plugins.medical_review.messages import TO_REVIEW
from plugins.medical_review.reviewing import rounds
from plugins.medical_review.reviewing.claim_events import (
    DecisionEscalated,
    DecisionOverdue,
    DelegationMade,
    ReviewClaimed,
)
from plugins.medical_review.reviewing.claims import ASSIGN, in_hand
from plugins.medical_review.reviewing.course_models import Absence, Round
from plugins.medical_review.reviewing.events import ReviewAdvanced
from plugins.medical_review.reviewing.involved import involved
from plugins.medical_review.reviewing.reviews import get
from plugins.medical_review.workflows.choosing import definition_of
from plugins.professional_registry.permissions import holders

_LINK = "/api/v1/reviews/{review_id}"


def _kind(
    slug: str, pt: Words, en: Words, *, about: str = "review", link: str = _LINK
) -> NoticeKind:
    facts: dict[str, Fact] = {f"{about}_id": ID}
    if about == "review":
        facts["post_id"] = POST
    return NoticeKind(
        slug=f"reviewing.{slug}",
        words={"pt": pt, "en": en},
        facts=facts,
        about=about,
        about_fact=f"{about}_id",
        link=link,
    )


ASSIGNED = _kind(
    "assigned",
    Words(
        "A revisão do texto {post_id} foi dada a você",
        "Leia o texto e decida, ou passe a revisão a outra pessoa.",
        "Quando alguém lhe dá uma revisão",
    ),
    Words(
        "The review of text {post_id} was given to you",
        "Read the text and decide, or pass the review on.",
        "When somebody gives you a review",
    ),
)
LATE = _kind(
    "late",
    Words(
        "A revisão do texto {post_id} está atrasada",
        "O prazo desta etapa acabou e ninguém decidiu. Decida, ou passe a revisão adiante.",
        "Quando uma revisão que espera por você passa do prazo",
    ),
    Words(
        "The review of text {post_id} is overdue",
        "The time of this stage is over, and nobody has decided. Decide, or pass it on.",
        "When a review that waits for you is overdue",
    ),
)
ESCALATED = _kind(
    "escalated",
    Words(
        "Ninguém decidiu sobre o texto {post_id}",
        "A revisão está atrasada. Dê-a a alguém que possa decidir.",
        "Quando uma revisão atrasada precisa de quem distribui as revisões",
    ),
    Words(
        "Nobody has decided on text {post_id}",
        "The review is overdue. Give it to somebody who can decide.",
        "When an overdue review needs those who assign reviews",
    ),
)
DELEGATED = _kind(
    "delegated",
    Words(
        "Alguém pediu que você decida em seu lugar",
        "Suas decisões ficam registradas com o seu nome e por quem você decide.",
        "Quando alguém lhe delega as suas revisões",
    ),
    Words(
        "Somebody asks you to decide for her",
        "Your decisions are kept under your name, and say for whom you decide.",
        "When somebody delegates her reviews to you",
    ),
    about="delegation",
    link="/api/v1/reviews/delegations",
)
COURSE_NOTICES = (ASSIGNED, LATE, ESCALATED, DELEGATED)


def connect(hooks: Hooks) -> None:
    """Each of them follows an event."""
    hooks.observe(ReviewAdvanced, tell_next)
    hooks.observe(ReviewClaimed, tell_assigned)
    hooks.observe(DecisionOverdue, tell_late)
    hooks.observe(DecisionEscalated, tell_escalated)
    hooks.observe(DelegationMade, tell_delegated)


async def tell_next(work: Work, event: ReviewAdvanced) -> None:
    """Those whose stage a text has come to."""
    way = await rounds.of(work, event.review_id)
    people = await _able(work, way) - {work.actor.user_id}
    key = f"{event.review_id} {way.stage}"
    await tell(work, TO_REVIEW.slug, people, _facts(event), key=key)


async def tell_assigned(work: Work, event: ReviewClaimed) -> None:
    """Whoever got a review that she has not taken herself."""
    if event.user_id != work.actor.user_id:
        await tell(work, ASSIGNED.slug, [event.user_id], await _of_review(work, event.review_id))


async def tell_late(work: Work, event: DecisionOverdue) -> None:
    """Who has it in hand; if nobody has, everybody whose turn it could be."""
    held = {one.user_id for one in (await in_hand(work, [event.review_id]))[event.review_id]}
    people = held or await _able(work, await rounds.of(work, event.review_id))
    await tell(work, LATE.slug, people, _facts(event))


async def tell_escalated(work: Work, event: DecisionEscalated) -> None:
    """Those who assign reviews."""
    people = {one.user_id for one in await holders(work, [ASSIGN])}
    await tell(work, ESCALATED.slug, people, _facts(event))


async def tell_delegated(work: Work, event: DelegationMade) -> None:
    """Whoever is to decide for another."""
    facts = {"delegation_id": event.delegation_id}
    await tell(work, DELEGATED.slug, [event.to_user_id], facts)


async def _able(work: ReadableWork, way: Round) -> set[int]:
    """Whose role decides in the stage, without those who are away or have a part in the text."""
    definition = await definition_of(work, way.workflow, way.version)
    stage = definition.stage(way.stage) or definition.stages[0]
    found = await holders(work, sorted({seat.capability for seat in stage.seats}))
    known = await involved(work, await get(work, way.review_id))
    away = await work.all(
        select(Absence.user_id).where(
            Absence.tenant_id == work.tenant_id,
            Absence.ended_at.is_(None),
            Absence.from_at <= work.now,
            Absence.to_at > work.now,
        )
    )
    people = {one.user_id for one in found} - {row.user_id for row in away}
    return {person for person in people if not known.parts_of(person)}


async def _of_review(work: ReadableWork, review_id: int) -> dict[str, int]:
    return {"review_id": review_id, "post_id": (await get(work, review_id)).post_id}


def _facts(event: ReviewAdvanced | DecisionOverdue | DecisionEscalated) -> dict[str, int]:
    return {"review_id": event.review_id, "post_id": event.post_id}
