"""What a review refuses, with the facts that a person needs to go on."""

from collections.abc import Sequence

from cms.errors import Conflict, Forbidden
from cms.kernel.objections import Objection


class OwnText(Forbidden):
    """Nobody decides on a text that she has a part in."""

    slug = "review-self"

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__(
            f"You have a part in this text ({', '.join(parts)}), so you cannot decide on it. "
            "Ask a reviewer who has none.",
            action="review.decide",
            code="review.self",
            parts=list(parts),
        )


class ApproverMayNotSign(Forbidden):
    """An approval is a signature, and this reviewer may not sign today."""

    slug = "approver-may-not-sign"

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__(
            " ".join(f"{one.message} {one.remedy}" for one in objections),
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
