"""What several fields of a page of posts ask for, one after the other; asked of the database once.
The page is known again by being the same object."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from cms.content.reading import PostView
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing.approvals import Course, courses
from plugins.professional_registry.bylines import Byline, bylines

F = TypeVar("F")
Facts = Callable[[ReadableWork, Sequence[PostView]], Awaitable[F]]


def once_for_a_page(ask: Facts[F]) -> Facts[F]:
    """The same question, which is asked again only for another page."""
    known: WeakKeyDictionary[Any, tuple[Sequence[PostView], F]] = WeakKeyDictionary()

    async def asked(work: ReadableWork, views: Sequence[PostView]) -> F:
        found = known.get(work)
        if found is None or found[0] is not views:
            found = (views, await ask(work, views))
            known[work] = found
        return found[1]

    return asked


@once_for_a_page
async def courses_of(work: ReadableWork, views: Sequence[PostView]) -> dict[int, Course]:
    """The courses of the posts of a page."""
    return await courses(work, [view.id for view in views])


@once_for_a_page
async def bylines_of(work: ReadableWork, views: Sequence[PostView]) -> dict[int, Byline]:
    """The bylines of who answers for the texts of a page; who may not sign is not in it."""
    people = {view.part(PART).get(RESPONSIBLE) for view in views}
    wanted = sorted(person for person in people if person is not None)
    return await bylines(work, wanted) if wanted else {}
