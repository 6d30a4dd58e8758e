"""/api/v1/reviews/references/of-post: what a text rests on, for those who write and review it."""

from typing import Any

import msgspec

from cms.api.routing import get
from cms.content import posts
from cms.database.work import UnitOfWork
from plugins.medical_review.references.bibliography import (
    locale_of,
    shown,
)
from plugins.medical_review.references.checks import Finding
from plugins.medical_review.references.citations import Order, order_of
from plugins.medical_review.references.entries import csl_of_entry, key_of_entry
from plugins.medical_review.references.guarding import Examined, examined
from plugins.medical_review.references.models import CitationStyle, LibraryEntry
from plugins.medical_review.references.style_option import style_of
from plugins.medical_review.reviewing.reading import reviewed_post


class FindingOut(msgspec.Struct, frozen=True):
    """`severity` is blocker, warning or note; `place` is that in the list of the post, from 0."""

    severity: str
    code: str
    message: str
    remedy: str
    place: int | None

    @classmethod
    def of(cls, found: Finding) -> "FindingOut":
        said = found.objection
        return cls(found.severity.value, said.code, said.message, said.remedy, found.place)


class ListedOut(msgspec.Struct, frozen=True):
    """A reference of the text. `key` is what a citation names it by, `number` the one that readers
    see, `shown` HTML. `reference_id` and `newest` are those of the library, if it knows it."""

    key: str
    number: int
    is_cited: bool
    shown: str
    entry: dict[str, Any]
    reference_id: int | None
    newest: int | None
    notice: str | None


class OfPostOut(msgspec.Struct, frozen=True):
    """The references of a post's working text in the order of their numbers."""

    post_id: int
    style: str
    references: list[ListedOut]
    findings: list[FindingOut]


@get("/references/of-post/{post_id:int}", action="review.history", resource="review")
async def read_of_post(post_id: int, work: UnitOfWork) -> OfPostOut:
    """What the working text rests on, as it will be listed, and what is wrong with it."""
    return await of_post(work, post_id)


async def of_post(work: UnitOfWork, post_id: int) -> OfPostOut:
    """The references of a reviewed post's working text; NotFound for any other post."""
    post = await reviewed_post(work, post_id)
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    found, style = await examined(work, post.id, revision.id), await style_of(work)
    order = order_of(found.marks, found.entries)
    listed = listed_of(found, order, style, locale_of(revision.language))
    said = [FindingOut.of(one) for one in found.findings]
    return OfPostOut(post.id, style.value, listed, said)


def listed_of(found: Examined, order: Order, style: CitationStyle, locale: str) -> list[ListedOut]:
    """The references of a text that was examined, in the order of their numbers."""
    return [
        _one(entry, number, found.known.get(key_of_entry(entry)), order, (style, locale))
        for number, entry in enumerate(order.entries, start=1)
    ]


def _one(
    entry: Any,
    number: int,
    known: LibraryEntry | None,
    order: Order,
    form: tuple[CitationStyle, str],
) -> ListedOut:
    return ListedOut(
        key_of_entry(entry),
        number,
        number <= order.cited,
        shown(csl_of_entry(entry), *form).listed,
        dict(entry),
        known.id if known else None,
        known.version if known else None,
        known.notice if known else None,
    )


routes = [read_of_post]
