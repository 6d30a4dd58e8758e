"""What a reviewer has before her: one review, its text, who has spoken, and what she may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.content import posts
from cms.content.permissions import may_edit
from cms.database.work import UnitOfWork
from cms.kernel.objections import Objection
from plugins.medical_review.quorum.engine import Tally
from plugins.medical_review.quorum.rules import Definition
from plugins.medical_review.reviewing import people, reading, rounds, voices
from plugins.medical_review.reviewing.blockers import blockers
from plugins.medical_review.reviewing.claims import in_hand
from plugins.medical_review.reviewing.course_models import Round
from plugins.medical_review.reviewing.models import State
from plugins.medical_review.reviewing.names import names_of
from plugins.medical_review.reviewing.next_steps import while_open
from plugins.medical_review.reviewing.reading import ReviewedText
from plugins.medical_review.signing.levels import SIMPLE, needed_level
from plugins.medical_review.signing.signatures import MEANING, is_intact
from plugins.medical_review.workflows.choosing import definition_of


@dataclass(frozen=True)
class Standing:
    """One review. `steps` are those of an open one, each with what stands in the actor's way;
    `publish` what stands in the way of readers, of one that was approved and is not live;
    `delegated` are the people for whom the actor may decide now."""

    text: ReviewedText
    way: Round
    definition: Definition
    tallies: Sequence[Tally]
    steps: Mapping[str, Sequence[Objection]]
    publish: Sequence[Objection] | None
    held_by: Sequence[int]
    delegated: Sequence[int]
    names: Mapping[int, str]
    may_edit: bool
    needs_key: bool

    @property
    def is_open(self) -> bool:
        return self.text.review.state == State.OPEN

    @property
    def is_current(self) -> bool:
        """Whether the post's working text is still this one."""
        return self.text.post.working_revision_id == self.text.revision.id

    @property
    def is_live(self) -> bool:
        return self.text.post.live_revision_id == self.text.revision.id

    @property
    def content_hash(self) -> str:
        return self.text.review.content_hash.hex()

    @property
    def decisions(self) -> Sequence[tuple[Any, bool]]:
        """Each decision, and whether its row says what was signed."""
        return [(one, is_intact(one)) for one in self.text.decisions]


async def standing(work: UnitOfWork, review_id: int) -> Standing:
    """The review with all this, for whoever may read it; NotFound where there is none."""
    text = await reading.one(work, review_id)
    review, post = text.review, text.post
    way = await rounds.of(work, review_id)
    is_open = review.state == State.OPEN
    held = [c.user_id for c in (await in_hand(work, [review_id]))[review_id]] if is_open else []
    behalf = await _delegated(work) if is_open else []
    known = {text.revision.author_id, review.submitted_by or 0, *held, *behalf}
    known |= {one.on_behalf_of for one in text.decisions if one.on_behalf_of}
    return Standing(
        text=text,
        way=way,
        definition=await definition_of(work, way.workflow, way.version),
        tallies=await voices.tallies(work, way),
        steps=await while_open(work, post, review, way) if is_open else {},
        publish=await _publish(work, text),
        held_by=held,
        delegated=behalf,
        names=await names_of(work, known),
        may_edit=may_edit(work.actor, posts.type_of(work, post), post),
        needs_key=any(needed_level(work, "decision", m) != SIMPLE for m in MEANING.values()),
    )


async def _publish(work: UnitOfWork, text: ReviewedText) -> Sequence[Objection] | None:
    post, revision = text.post, text.revision
    is_next = post.working_revision_id == revision.id != post.live_revision_id
    if text.review.state != State.APPROVED or not is_next:
        return None
    return (await blockers(work, post.id)).publish


async def _delegated(work: UnitOfWork) -> list[int]:
    """The people whose reviews the actor may decide today."""
    if not work.actor.has(reading.VIEW):
        return []
    return [
        one.from_user_id
        for one in await people.delegations(work)
        if one.to_user_id == work.actor.user_id and one.starts_at <= work.now
    ]
