"""In whose name a person decides, and for which seats: her own roles, or those of somebody who has
made her her delegate."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Forbidden
from cms.kernel.work import ReadableWork
from plugins.medical_review.quorum.engine import Voice, open_seats
from plugins.medical_review.quorum.rules import Definition, Stage
from plugins.medical_review.reviewing.errors import CountedAlready, OtherStage, OwnText
from plugins.medical_review.reviewing.involved import involved
from plugins.medical_review.reviewing.models import Review
from plugins.medical_review.reviewing.reading import VIEW
from plugins.medical_review.signing.signing import Guest

# What the person who is away may do is asked now: a role that she has lost is nobody's delegate's.
_DELEGATED = text(
    """
    select coalesce(array_agg(distinct c), '{}') as capabilities
    from medical_review.delegations d
    join cms.users u on u.tenant_id = d.tenant_id and u.id = d.from_user_id and u.is_active
    join cms.user_roles ur on ur.tenant_id = u.tenant_id and ur.user_id = u.id
      and (ur.expires_at is null or ur.expires_at > :now)
    join cms.roles r on r.tenant_id = ur.tenant_id and r.name = ur.role_name
    cross join unnest(r.capabilities) c
    where d.tenant_id = :tenant and d.from_user_id = :behalf and d.to_user_id = :person
      and d.ended_at is null and d.starts_at <= :now and d.ends_at > :now
    """
)


@dataclass(frozen=True)
class Speaker:
    """Who decides, for whom, and what of; `guest` is how somebody without an account has proved who
    she is."""

    person: int
    behalf: int | None
    capabilities: frozenset[str]
    guest: Guest | None = None

    @property
    def people(self) -> Sequence[int]:
        """Everybody who must have no part in the text."""
        return [self.person] if self.behalf is None else [self.person, self.behalf]


class NotDelegated(Forbidden):
    """Nobody speaks for another who has not asked her to."""

    slug = "not-delegated"

    def __init__(self, person: int) -> None:
        super().__init__(
            f"Person {person} has not delegated her reviews to you, or the delegation has ended. "
            "Decide in your own name, or ask her for one.",
            action="review.decide",
            code="review.not_delegated",
        )


async def speaker(work: UnitOfWork, definition: Definition, on_behalf_of: int | None) -> Speaker:
    """The actor as she may decide here. CapabilityMissing when no seat of the workflow is hers,
    NotDelegated when she speaks for somebody who has not asked her to."""
    person = work.actor.user_id
    if person is None or (on_behalf_of is not None and not work.actor.has(VIEW)):
        raise _missing()
    if on_behalf_of is not None:
        capabilities = await delegated(work, on_behalf_of, person)
        if not capabilities:
            raise NotDelegated(on_behalf_of)
    else:
        capabilities = frozenset(work.actor.capabilities)
    if not capabilities & definition.capabilities:
        raise _missing()
    return Speaker(person, on_behalf_of, capabilities)


async def delegated(work: ReadableWork, behalf: int, person: int) -> frozenset[str]:
    """What somebody may do who has delegated to this person and is bound by it now; else empty."""
    values = {"tenant": work.tenant_id, "behalf": behalf, "person": person, "now": work.now}
    row = await work.one(_DELEGATED, values)
    return frozenset(row.capabilities)


def seats_for(speaker: Speaker, stage: Stage, voices: Sequence[Voice]) -> frozenset[str]:
    """The seats of this stage that she can fill now. CountedAlready when she, or whom she speaks
    for, has spoken in this review; OtherStage when none of the stage's open seats is hers."""
    if any(voice.people & set(speaker.people) for voice in voices):
        raise CountedAlready
    able = [s for s in open_seats(stage, voices) if s.capability in speaker.capabilities]
    if not able:
        raise OtherStage(stage.name, [seat.name for seat in open_seats(stage, voices)])
    return frozenset(seat.name for seat in able)


async def refuse_own(work: ReadableWork, review: Review, people: Sequence[int]) -> None:
    """OwnText when one of them has a part in the text: nobody judges her own, or has it judged in
    her name."""
    known = await involved(work, review)
    for person in people:
        if parts := known.parts_of(person):
            raise OwnText(parts)


def _missing() -> CapabilityMissing:
    return CapabilityMissing(
        "Sorry, you are not allowed to decide on medical content.", action="review.decide"
    )
