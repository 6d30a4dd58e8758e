"""What a discussion refuses, with the facts that a person needs to go on."""

from typing import Any

from cms.errors import Conflict, Forbidden
from plugins.medical_review.discussion.models import Thread, ThreadState


class ThreadSettledAlready(Conflict):
    """The thread is not in the state that the step begins from."""

    slug = "thread-settled"

    def __init__(self, thread: Thread, done: str) -> None:
        is_open = thread.state == ThreadState.OPEN
        remedy = "It is open." if is_open else "Reopen it first."
        super().__init__(
            f"Thread {thread.id} is {thread.state}, so it cannot be {done}. {remedy}",
            code="discussion.settled",
            thread=thread.id,
            state=thread.state,
        )


class PassageGone(Conflict):
    """The words that should be replaced are not there any more."""

    slug = "passage-gone"

    def __init__(self, thread: Thread, found: str, now: str, revision_id: int) -> None:
        stands = "something else stands there" if now else "nothing stands there"
        super().__init__(
            f"The passage that suggestion {thread.id} would replace is {found}: {stands} now. "
            "Make the change by hand, or reject the suggestion.",
            code="suggestion.passage_gone",
            thread=thread.id,
            found=found,
            was=thread.quote,
            now=now,
            revision_id=revision_id,
        )


class SuggestionsOverlap(Conflict):
    """Two suggestions would replace the same words."""

    slug = "suggestions-overlap"

    def __init__(self, threads: list[int]) -> None:
        super().__init__(
            f"Suggestions {threads[0]} and {threads[1]} replace the same words. Accept one of them "
            "and reject the other.",
            code="suggestion.overlap",
            threads=threads,
        )


class NotReplaceable(Conflict):
    """The words cannot be replaced without breaking the markup that holds them."""

    slug = "not-replaceable"

    def __init__(self, thread_id: int | None, reason: str, remedy: str) -> None:
        facts: dict[str, Any] = {"thread": thread_id} if thread_id else {}
        super().__init__(
            f"This cannot be replaced: {reason}. To go on, {remedy}.",
            code="suggestion.not_replaceable",
            reason=reason,
            **facts,
        )


class NotYours(Forbidden):
    """Another person wrote this."""

    slug = "comment-of-another"


class NotYoursToSettle(Forbidden):
    """What must be fixed is settled by who asked for it, or by another reviewer without a part in
    the text."""

    slug = "thread-not-yours"
