"""What a review refuses, with the facts that a person needs to go on."""

from collections.abc import Sequence

from cms.errors import Conflict, Forbidden
from cms.kernel.objections import Objection


class OwnText(Forbidden):
    """Nobody decides on a text that she has a part in."""

    slug = "review-self"

    def __init__(self, parts: Sequence[str]) -> None:
        self.objection = Objection(
            "review.self",
            f"You have a part in this text ({', '.join(parts)}), so you cannot decide on it.",
            "Ask a reviewer who has none.",
        )
        super().__init__(
            in_one(self.objection),
            action="review.decide",
            code=self.objection.code,
            parts=list(parts),
        )


class ApproverMayNotSign(Forbidden):
    """An approval is a signature, and this reviewer may not sign today."""

    slug = "approver-may-not-sign"

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__(
            " ".join(map(in_one, objections)),
            action="review.decide",
            code=objections[0].code,
            reasons=[one.code for one in objections],
        )


class ReviewStale(Conflict):
    """The text is not the one that the reviewer has read."""

    slug = "review-stale"

    def __init__(self, sent: str, reviewed: str, working: str) -> None:
        super().__init__(
            f"You decided on {sent[:12]}…; under review is {reviewed[:12]}…, and the text now is "
            f"{working[:12]}…. Read the text again and decide on what you then have before you.",
            code="review.stale",
            sent=sent,
            reviewed=reviewed,
            working=working,
        )


class ReviewClosed(Conflict):
    """The review has ended; its text must be submitted again to be decided on."""

    slug = "review-closed"

    def __init__(self, state: str) -> None:
        super().__init__(
            f"This review has ended ({state.replace('_', ' ')}) and cannot be decided on any more.",
            code="review.closed",
            state=state,
        )


class NothingToReview(Conflict):
    """There is no text here that waits for a review."""

    slug = "nothing-to-review"


class CountedAlready(Conflict):
    """People are counted, so nobody speaks twice in a review."""

    slug = "counted-already"

    def __init__(self) -> None:
        self.objection = Objection(
            "review.counted",
            "You, or the person you speak for, have decided in this review already.",
            "The quorum counts people, not roles: let somebody else take the seat that is open.",
        )
        super().__init__(in_one(self.objection), code=self.objection.code)


class OtherStage(Conflict):
    """The review waits for somebody else."""

    slug = "other-stage"

    def __init__(self, stage: str, seats: Sequence[str]) -> None:
        self.objection = Objection(
            "review.other_stage",
            f"The text is in the stage {stage!r}, which waits for: {', '.join(seats)}. Your roles "
            "decide in another stage, or not yet.",
            "Wait until the text comes to you.",
        )
        super().__init__(
            in_one(self.objection), code=self.objection.code, stage=stage, seats=list(seats)
        )


class InOtherHands(Conflict):
    """As many people as are needed have the review in hand."""

    slug = "in-other-hands"

    def __init__(self, people: Sequence[int]) -> None:
        self.objection = Objection(
            "review.claimed",
            f"The review is in hand of: {', '.join(map(str, people))}.",
            "Ask them to release it, or whoever assigns reviews to reassign it.",
        )
        super().__init__(in_one(self.objection), code=self.objection.code, people=list(people))


def in_one(objection: Objection) -> str:
    """What stands in the way and what to do about it, in one text."""
    return f"{objection.message} {objection.remedy}"
