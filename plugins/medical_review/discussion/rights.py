"""Who may speak about a text, and who may settle what."""

from typing import Any

from cms.content import posts
from cms.content.models import Post
from cms.content.permissions import may_edit
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.discussion.errors import NotYoursToSettle
from plugins.medical_review.discussion.models import Severity, Thread
from plugins.medical_review.reviewing.reading import facts, reviewed_post
from plugins.medical_review.roles import CAPABILITIES

_JUDGES = tuple(name for name in CAPABILITIES if name.startswith("approve_"))


async def discussed_post(work: UnitOfWork, post_id: int, action: str) -> Post:
    """A post that the actor may discuss: whoever may read its reviews. NotFound for one of a type
    that is not reviewed."""
    post = await reviewed_post(work, post_id)
    await work.decide(action, "review", post_id, facts(post))
    return post


def person_of(work: UnitOfWork, action: str) -> int:
    """Who speaks; nobody speaks here without a name."""
    if work.actor.user_id is None:
        raise CapabilityMissing("Only people discuss a text.", action=action)
    return work.actor.user_id


def is_reviewer(work: UnitOfWork) -> bool:
    """Whether the actor may judge texts of any kind."""
    return any(work.actor.has(name) for name in _JUDGES)


def require_severity(work: UnitOfWork, severity: Severity) -> None:
    """Only reviewers say that something must be fixed: it stands in the way of publication."""
    if severity is Severity.MUST_FIX and not is_reviewer(work):
        raise CapabilityMissing(
            "Only a reviewer can say that something must be fixed. Leave severity at note.",
            action="thread.open",
        )


async def hold_back(work: UnitOfWork, post_id: int, severity: Severity) -> None:
    """Before something must be fixed: whoever publishes the post at this moment comes first, or
    waits and is told of it."""
    if severity is Severity.MUST_FIX:
        await posts.lock(work, post_id)


async def require_settling(work: UnitOfWork, post: Post, thread: Thread) -> None:
    """A note is settled by everybody who discusses the text; what must be fixed by who asked for
    it, or by another reviewer who has no part in the text."""
    person = work.actor.user_id
    if thread.severity != Severity.MUST_FIX or thread.opened_by == person:
        return
    if not is_reviewer(work) or person in await _authors(work, post):
        raise NotYoursToSettle(
            "This must be fixed: who asked for it resolves it, or another reviewer who has no part "
            "in the text. Mend the text, and ask one of them.",
            action="thread.resolve",
            code="discussion.must_fix",
        )


def require_editor(work: UnitOfWork, post: Post, action: str) -> None:
    """Words get into a text by who may edit it."""
    if not may_edit(work.actor, posts.type_of(work, post), post):
        raise CapabilityMissing("Sorry, you are not allowed to edit this post.", action=action)


async def _authors(work: UnitOfWork, post: Post) -> set[Any]:
    working = await posts.revision(work, post.id, post.working_revision_id or 0)
    answers = working.parts.get(PART, {}).get(RESPONSIBLE)
    return {post.author_id, working.author_id, working.editor_id, answers}
