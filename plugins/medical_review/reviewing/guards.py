"""What stands between a text and its readers: the approval, the article's own duties, the name of
somebody who may answer for it today."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import and_, select

from cms.content.events import Inherited, PostErased, Transition
from cms.content.models import Post, Revision
from cms.kernel.actors import IMPORTER
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.duties import statement_objections
from plugins.medical_review.articles.kinds import PART, reviewed_types
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.quorum.engine import Outcome
from plugins.medical_review.reviewing import rounds
from plugins.medical_review.reviewing.approvals import Course, course
from plugins.medical_review.reviewing.models import Review
from plugins.medical_review.reviewing.voices import in_words, verdicts
from plugins.professional_registry.guards import responsible_may_sign


@dataclass(frozen=True)
class Text:
    """What the guards look at of a revision."""

    title: str
    content: str
    medical: Mapping[str, Any]


async def may_go_on(work: ReadableWork, move: Transition) -> AsyncIterator[Objection]:
    """Every reason why this text may not be submitted, or not be published, yet. Taking a text
    back, or away from readers, is always possible."""
    text = await _text(work, move) if move.publishes or move.submits else None
    if text is None:
        return
    if isinstance(move, Inherited):
        for objection in inherited_objections(work):
            yield objection
        return
    if move.publishes:
        found = await course(work, move.post_id)
        for objection in approval_objections(found, move.content_hash):
            yield objection
        for objection in await quorum_objections(work, found, move.content_hash):
            yield objection
    for objection in _own_objections(text, move):
        yield objection
    for objection in await _responsible(work, text):
        yield objection


def inherited_objections(work: ReadableWork) -> Iterator[Objection]:
    """A text that was public before it came here stays public, marked as not reviewed and listed
    for review; the import alone may say that it was. It owes here what it could not owe there only
    from its first change on: that one is a text like any other."""
    if work.actor is not IMPORTER:
        yield Objection(
            "review.not_inherited",
            "Only an import can say that a text was published elsewhere before.",
            "Submit the text (status pending) and wait for the approval.",
        )


async def _text(work: ReadableWork, move: Transition) -> Text | None:
    """The text that would move; None when its type is not reviewed here."""
    row = await work.one(
        select(Revision.title, Revision.content, Revision.parts)
        .join(Post, and_(Post.tenant_id == Revision.tenant_id, Post.id == Revision.post_id))
        .where(
            Revision.tenant_id == work.tenant_id,
            Revision.post_id == move.post_id,
            Revision.id == move.revision_id,
            Post.post_type.in_(reviewed_types(work)),
        )
    )
    return Text(row.title, row.content, row.parts.get(PART, {})) if row else None


def approval_objections(course: Course, content_hash: str) -> Iterator[Objection]:
    """The approval must be for exactly this text."""
    digest = bytes.fromhex(content_hash)
    if course.approval(digest) is not None:
        return
    earlier = course.last_approval()
    if earlier is not None:
        yield Objection(
            "review.stale",
            f"The approval of {earlier.decided_at:%Y-%m-%d} is for another text: approved was "
            f"{earlier.content_hash.hex()[:12]}…, the text now is {content_hash[:12]}….",
            "Submit the text as it is now; a reviewer has to read and approve it.",
        )
    elif course.under_review == digest:
        yield Objection(
            "review.missing", "The review of this text is not finished.", "Wait for the reviewer."
        )
    else:
        yield Objection(
            "review.missing",
            "No reviewer has approved this text.",
            "Submit it (status pending) and wait for the approval.",
        )


async def quorum_objections(
    work: ReadableWork, course: Course, content_hash: str
) -> list[Objection]:
    """The approval is judged again by its own workflow and the registrations of this minute: who
    has lost her licence since has not agreed."""
    given = course.approval(bytes.fromhex(content_hash))
    if given is None:
        return []
    found = await verdicts(work, await rounds.of(work, given.review_id))
    if found.outcome is Outcome.APPROVED:
        return []
    return [
        Objection(
            "quorum.lost",
            f"The approval of {given.decided_at:%Y-%m-%d} has lost its quorum: there are now "
            f"{in_words(found.missing)}.",
            "Submit the text again, and let somebody approve it whose registration is in order.",
        )
    ]


def _own_objections(text: Text, move: Transition) -> Iterator[Objection]:
    yield from _emptiness(text)
    if move.publishes:
        yield from _missing(text.medical)
        yield from _patient_data(text.medical)
        yield from statement_objections(text.medical)
    if text.medical.get(RESPONSIBLE) is None:
        yield Objection(
            "article.responsible_missing",
            "Nobody answers for this text.",
            "Name the professional who does in responsible_professional.",
        )


def _emptiness(text: Text) -> Iterator[Objection]:
    parts = {"title": text.title, "content": text.content}
    empty = [name for name, html in parts.items() if not _words(html)]
    if empty:
        yield Objection(
            "article.empty",
            f"There are no words in: {', '.join(empty)}.",
            "Write the text before you hand it over.",
        )


def _words(html: str) -> str:
    body = LexborHTMLParser(html).body if html else None
    return body.text().strip() if body is not None else ""


_DUTIES = (
    (
        "medical_disclaimer",
        Objection(
            "article.disclaimer_missing",
            "The text does not say that it replaces no consultation.",
            "Write the notice into medical_disclaimer.",
        ),
    ),
    (
        "evidence_level",
        Objection(
            "article.evidence_missing",
            "The level of evidence is not stated.",
            "Set evidence_level to I, II, III or IV.",
        ),
    ),
    (
        "scientific_references",
        Objection(
            "article.references_missing",
            "The text names no reference.",
            "Add at least one to scientific_references, with DOI, PubMed id or title.",
        ),
    ),
    (
        "target_audience",
        Objection(
            "article.audience_missing",
            "It is not stated for whom the text is.",
            "Set target_audience to professionals, patients or general.",
        ),
    ),
)


def _missing(medical: Mapping[str, Any]) -> Iterator[Objection]:
    for name, objection in _DUTIES:
        value = medical.get(name)
        if not (_words(value) if isinstance(value, str) else value):
            yield objection


def _patient_data(medical: Mapping[str, Any]) -> Iterator[Objection]:
    """Consent alone never releases an identifiable case (Code of Medical Ethics, CFM 2.217/2018,
    art. 75), so both are asked for."""
    duties = ("anonymization_applied", "consent_for_publication")
    undone = [name for name in duties if not medical.get(name)]
    if medical.get("contains_patient_data") and undone:
        yield Objection(
            "article.patient_data",
            f"The text holds data of a patient, and this is not confirmed: {', '.join(undone)}.",
            "Take out all that identifies the patient, obtain the written consent, and confirm "
            "both; or take the case out of the text.",
        )


async def _responsible(work: ReadableWork, text: Text) -> list[Objection]:
    person = text.medical.get(RESPONSIBLE)
    return [] if person is None else await responsible_may_sign(work, person)


async def reviews_stay(work: ReadableWork, erased: PostErased) -> AsyncIterator[Objection]:
    """A text that was handed over for review is what a decision names, also one that readers never
    had."""
    found = await work.one(
        select(Review.id)
        .where(Review.tenant_id == work.tenant_id, Review.post_id == erased.post_id)
        .limit(1)
    )
    if found is not None:
        yield Objection(
            "review.evidence",
            "This text was submitted for review, and what a review names is kept.",
            "Leave out 'force' to keep it in the bin, where readers do not find it.",
        )
