"""What reviews show on others' pages: what waits for one, what is due, and beside a text that is
being written where its review stands and what its readers said."""

from collections.abc import Sequence
from typing import Any

from cms.admin.page import Page
from cms.content.models import Post, Revision
from cms.database.work import UnitOfWork
from plugins.medical_review.aftercare import due
from plugins.medical_review.aftercare.cursors import FIRST_DAY
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.discussion import reading as discussion
from plugins.medical_review.discussion.models import Kind, ThreadState
from plugins.medical_review.discussion.shapes import DiscussionOut
from plugins.medical_review.quorum.rules import Stage
from plugins.medical_review.reviewing import board, people, reading, rounds
from plugins.medical_review.reviewing.claims import in_hand
from plugins.medical_review.reviewing.models import State
from plugins.medical_review.reviewing.names import names_of
from plugins.medical_review.reviewing.reading import may_oversee
from plugins.medical_review.screens.said import draw
from plugins.medical_review.screens.suggestions import suggestions_of
from plugins.medical_review.workflows.choosing import definition_of, matter_of

FEW, WITHIN_DAYS, MOST_THREADS = 6, 30, 50


async def waiting_for_me(page: Page, **_: Any) -> str:
    """The first reviews that are the reader's to decide on."""
    if not page.may("review.list"):
        return ""
    cards, _more = await board.mine(page.work, None, FEW)
    if not cards:
        return ""
    names = await names_of(page.work, {one for card in cards for one in card.in_hand_of})
    return draw(page, "panels/waiting", cards=cards, people=names)


async def due_again(page: Page, **_: Any) -> str:
    """Published texts whose review stops to count soon."""
    if not page.may("upkeep.list") or not may_oversee(page.work):
        return ""
    found = await due.due(page.work, within_days=WITHIN_DAYS, limit=FEW, after=FIRST_DAY)
    return draw(page, "panels/due", texts=found) if found else ""


async def my_absences(page: Page, **_: Any) -> str:
    """When the reader is noted as away."""
    if not page.may("review.claim"):
        return ""
    own = [one for one in await people.absences(page.work) if one.user_id == page.reader.id]
    return draw(page, "panels/absences", absences=own) if own else ""


async def review_of_post(page: Page, *, post: Post, revision: Revision, **_: Any) -> str:
    """Where the review of the text stands, what was said of it, and who is to read it."""
    work = page.work
    if not is_reviewed(work, post.post_type):
        return ""
    course = await reading.of_post(work, post.id)
    said = await discussion.of_post(work, post.id, state=ThreadState.OPEN.value, limit=MOST_THREADS)
    newest = course[0][0] if course else None
    threads = DiscussionOut.of(said, MOST_THREADS).threads
    is_open = newest is not None and newest.state == State.OPEN
    return draw(
        page,
        "panels/review",
        post=post,
        course=course,
        newest=newest,
        is_open=is_open,
        threads=[one for one in threads if one.kind != Kind.SUGGESTION],
        suggestions=suggestions_of(threads, page.reader.id),
        readers=await _readers(work, newest.id) if newest and is_open else [],
        way=[] if is_open else await _way(work, post, revision),
    )


async def _readers(work: UnitOfWork, review_id: int) -> list[str]:
    """Who has the text in hand, by name."""
    held = (await in_hand(work, [review_id]))[review_id]
    return list((await names_of(work, [one.user_id for one in held])).values())


async def _way(work: UnitOfWork, post: Post, revision: Revision) -> Sequence[Stage]:
    """The stages that the text would pass if it were handed over now."""
    matter = matter_of(revision.parts.get(PART, {}))
    plan = await rounds.planned(work, post.post_type, matter)
    return (await definition_of(work, plan.slug, plan.version)).way(matter.risk)
