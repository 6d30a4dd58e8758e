"""The forms that the API gives threads and comments."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from plugins.medical_review.discussion.accepting import Accepted
from plugins.medical_review.discussion.models import CommentVersion, Thread, ThreadAct
from plugins.medical_review.discussion.places import Today
from plugins.medical_review.discussion.reading import Discussed, Discussion, Said, is_deleted

People = Mapping[int, str]


class PersonOut(msgspec.Struct, frozen=True):
    """A person by number and name."""

    id: int
    name: str

    @classmethod
    def of(cls, user_id: int, people: People) -> "PersonOut":
        return cls(user_id, people.get(user_id, ""))


class PlaceOut(msgspec.Struct, frozen=True):
    """The place as it was when the thread was opened: `target` is post, field, block or passage;
    `start` counts characters of what people read."""

    target: str
    field: str
    quote: str
    prefix: str
    suffix: str
    start: int
    block: list[int]
    block_name: str

    @classmethod
    def of(cls, thread: Thread) -> "PlaceOut":
        return cls(
            thread.target,
            thread.field,
            thread.quote,
            thread.prefix,
            thread.suffix,
            thread.position,
            list(thread.block),
            thread.block_name,
        )


class TodayOut(msgspec.Struct, frozen=True):
    """The place in the revision that was asked for. `found` is exact, moved, changed or orphaned;
    `text` is what stands there now."""

    found: str
    start: int
    end: int
    block: list[int]
    text: str

    @classmethod
    def of(cls, today: Today) -> "TodayOut":
        place = today.place
        return cls(place.found.value, place.start, place.end, list(today.block), today.text)


class CommentOut(msgspec.Struct, frozen=True):
    """A comment as it is now; `version` counts how often it was written."""

    id: int
    author: PersonOut
    body: str
    version: int
    is_deleted: bool
    mentioned: list[PersonOut]
    written_at: datetime
    changed_at: datetime | None

    @classmethod
    def of(cls, said: Said, people: People) -> "CommentOut":
        version = said.version
        return cls(
            said.comment.id,
            PersonOut.of(said.comment.author_id, people),
            version.body,
            version.number,
            is_deleted(said),
            [PersonOut.of(one, people) for one in version.mentioned],
            said.comment.written_at,
            version.written_at if version.number > 1 else None,
        )


class ActOut(msgspec.Struct, frozen=True):
    """A step of a thread, and the revision that was worked on then."""

    act: str
    by: PersonOut
    at: datetime
    reason: str
    revision_id: int

    @classmethod
    def of(cls, act: ThreadAct, people: People) -> "ActOut":
        by = PersonOut.of(act.taken_by, people)
        return cls(act.act, by, act.taken_at, act.reason, act.revision_id)


class ThreadOut(msgspec.Struct, frozen=True):
    """A thread; `history` is told where one is read by itself."""

    id: int
    post_id: int
    revision_id: int
    kind: str
    severity: str
    state: str
    place: PlaceOut
    today: TodayOut
    replacement: str | None
    opened_by: PersonOut
    opened_at: datetime
    settled_by: PersonOut | None
    settled_at: datetime | None
    made_revision_id: int | None
    comments: list[CommentOut]
    history: list[ActOut]

    @classmethod
    def of(cls, found: Discussed, people: People) -> "ThreadOut":
        thread = found.thread
        settled_by = thread.settled_by
        return cls(
            id=thread.id,
            post_id=thread.post_id,
            revision_id=thread.revision_id,
            kind=thread.kind,
            severity=thread.severity,
            state=thread.state,
            place=PlaceOut.of(thread),
            today=TodayOut.of(found.today),
            replacement=thread.replacement,
            opened_by=PersonOut.of(thread.opened_by, people),
            opened_at=thread.opened_at,
            settled_by=PersonOut.of(settled_by, people) if settled_by else None,
            settled_at=thread.settled_at,
            made_revision_id=thread.made_revision_id,
            comments=[CommentOut.of(said, people) for said in found.comments],
            history=[ActOut.of(act, people) for act in found.acts],
        )


class DiscussionOut(msgspec.Struct, frozen=True):
    """A page of threads; `next` is the value of `after` that continues it."""

    post_id: int
    revision_id: int
    threads: list[ThreadOut]
    next: int | None

    @classmethod
    def of(cls, found: Discussion, limit: int) -> "DiscussionOut":
        threads = [ThreadOut.of(one, found.people) for one in found.threads]
        more = threads[-1].id if len(threads) == limit else None
        return cls(found.post_id, found.revision_id, threads, more)


class VersionOut(msgspec.Struct, frozen=True):
    """What a comment said at a time: written, edited or deleted."""

    number: int
    act: str
    body: str
    written_at: datetime

    @classmethod
    def of(cls, version: CommentVersion) -> "VersionOut":
        return cls(version.number, version.act, version.body, version.written_at)


class AcceptedOut(msgspec.Struct, frozen=True):
    """The new working text; whoever suggested words of it cannot approve it."""

    post_id: int
    revision_id: int
    content_hash: str
    threads: list[int]

    @classmethod
    def of(cls, accepted: Accepted) -> "AcceptedOut":
        return cls(accepted.post_id, accepted.revision_id, accepted.content_hash, accepted.threads)
