"""Approving a text, or sending it back: by somebody who has no part in it, on words she read."""

import re
from dataclasses import dataclass

from sqlalchemy import text

from cms.content import posts
from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing import reviews
from plugins.medical_review.reviewing.approvers import refuse_unable
from plugins.medical_review.reviewing.errors import OwnText, ReviewClosed, ReviewStale
from plugins.medical_review.reviewing.events import ReviewDecided
from plugins.medical_review.reviewing.models import DecisionRecord, Review, State, Verdict
from plugins.medical_review.signing.decisions import sign

APPROVE = "approve_medical_content"
LONGEST_COMMENT = 5000

_HASH = re.compile(r"[0-9a-f]{64}")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

# Back from the text under review to the last one that somebody else approved: whoever changed
# anything since then has a part in what is to be judged.
_CHAIN = text(
    """
    with recursive chain as (
      select r.id, r.base_revision_id, r.editor_id, r.author_id, r.parts
      from cms.revisions r
      where r.tenant_id = :tenant and r.post_id = :post and r.id = :revision
      union all
      select r.id, r.base_revision_id, r.editor_id, r.author_id, r.parts
      from chain c
      join cms.revisions r
        on r.tenant_id = :tenant and r.post_id = :post and r.id = c.base_revision_id
      where not exists (
        select from medical_review.decisions d
        where d.tenant_id = :tenant and d.post_id = :post and d.content_hash = r.content_hash
          and d.verdict = 'approve')
    )
    select bool_or(editor_id = :person) as edited, bool_or(author_id = :person) as wrote,
           bool_or((parts -> :part ->> :responsible)::bigint = :person) as answers,
           exists (
             select from medical_review.threads t
             where t.tenant_id = :tenant and t.post_id = :post and t.opened_by = :person
               and t.made_revision_id in (select id from chain)) as suggested
    from chain
    """
)


@dataclass(frozen=True)
class Judgement:
    """What the reviewer says, and the text she says it of."""

    verdict: Verdict
    comment: str
    content_hash: str


async def decide(
    work: UnitOfWork, review_id: int, verdict: str, comment: str, content_hash: str
) -> DecisionRecord:
    """Approve the text with this SHA-256, or send it back with a comment that says why.

    Raises OwnText, ReviewClosed, ReviewStale, ApproverMayNotSign; InvalidInput names every fault
    of the request.
    """
    found = await reviews.get(work, review_id)
    if not work.actor.has(APPROVE) or work.actor.user_id is None:
        raise CapabilityMissing(
            "Sorry, you are not allowed to decide on medical content.", action="review.decide"
        )
    post = await posts.lock(work, found.post_id)
    review = await reviews.get(work, review_id, lock=True)
    await _refuse_own(work, review, work.actor.user_id)
    facts = {**posts.facts(post), "medical_context": True}
    await work.decide("review.decide", "review", review.id, facts)
    judgement = _judgement(verdict, comment, content_hash)
    await _refuse_stale(work, post, review, judgement.content_hash)
    if judgement.verdict is Verdict.APPROVE:
        await refuse_unable(work, work.actor.user_id)
    decision = await sign(work, review, judgement.verdict, judgement.comment, work.actor.user_id)
    await _conclude(work, review, decision)
    return decision


async def _refuse_own(work: ReadableWork, review: Review, person: int) -> None:
    row = await work.one(
        _CHAIN,
        {
            "tenant": work.tenant_id,
            "post": review.post_id,
            "revision": review.revision_id,
            "person": person,
            "part": PART,
            "responsible": RESPONSIBLE,
        },
    )
    parts = {
        "its author": row.wrote,
        "an editor of it": row.edited,
        "who suggested words of it": row.suggested,
        "the professional who answers for it": row.answers,
        "who submitted it": review.submitted_by == person,
    }
    has_part = [name for name, is_so in parts.items() if is_so]
    if has_part:
        raise OwnText(has_part)


def _judgement(verdict: str, comment: str, content_hash: str) -> Judgement:
    said, digest = comment.strip(), content_hash.strip().lower()
    known = [v.value for v in Verdict]
    faults: dict[str, str] = {}
    if verdict not in known:
        faults["verdict"] = f"{verdict[:40]!r} must be one of {', '.join(known)}"
    if verdict == Verdict.SEND_BACK and not said:
        faults["comment"] = "must say what has to change, when a text is sent back"
    if len(said) > LONGEST_COMMENT or _UNSTORABLE.search(said):
        faults["comment"] = f"must be plain text of at most {LONGEST_COMMENT} characters"
    if not _HASH.fullmatch(digest):
        faults["content_hash"] = (
            "must be the SHA-256 of the text you have read, 64 hexadecimal digits; "
            "the review shows it as content_hash"
        )
    if faults:
        raise InvalidInput(faults)
    return Judgement(Verdict(verdict), said, digest)


async def _refuse_stale(work: UnitOfWork, post: Post, review: Review, sent: str) -> None:
    """What the reviewer read, what was submitted and what would go live are one text."""
    if review.state != State.OPEN:
        raise ReviewClosed(review.state)
    working = await posts.revision(work, post.id, post.working_revision_id or 0)
    if not sent == review.content_hash.hex() == working.content_hash.hex():
        raise ReviewStale(sent, review.content_hash.hex(), working.content_hash.hex())


async def _conclude(work: UnitOfWork, review: Review, decision: DecisionRecord) -> None:
    verdict = Verdict(decision.verdict)
    await reviews.close(work, review, verdict.closes_as)
    content_hash = decision.content_hash.hex()
    await work.emit(
        ReviewDecided(
            review_id=review.id,
            decision_id=decision.id,
            post_id=review.post_id,
            revision_id=review.revision_id,
            content_hash=content_hash,
            verdict=verdict,
            before={"state": State.OPEN.value},
            after={"state": verdict.closes_as.value, "signed": decision.decision_hash.hex()},
        )
    )
    if verdict is Verdict.SEND_BACK:
        await reviews.return_to_draft(work, review.post_id, review.revision_id, content_hash)
