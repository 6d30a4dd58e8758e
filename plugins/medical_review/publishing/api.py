"""/api/v1/reviews: what a text points to, and sets of texts that go live at once."""

import msgspec

from cms.api.routing import get, post
from cms.content import posts
from cms.content.permissions import may_read
from cms.database.work import UnitOfWork
from plugins.medical_review.publishing.targets import Target, look
from plugins.medical_review.publishing.together import publish_set
from plugins.medical_review.reviewing.reading import reviewed_post
from plugins.medical_review.settings import ReviewSettings


class TargetOut(msgspec.Struct, frozen=True):
    """Something that a text points to and readers cannot get. `title` is empty where the asker may
    not read it either."""

    kind: str
    post_id: int
    post_type: str
    status: str
    title: str


class TargetsOut(msgspec.Struct, frozen=True):
    """`severity` says what publishing the text would meet: block, warn or ignore. `changed_media`
    are attachments whose file is another one than the text has noted; they always stand in the
    way."""

    post_id: int
    revision_id: int
    severity: str
    unpublished: list[TargetOut]
    changed_media: list[int]


class PublishSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The posts that go live at once, at most twenty."""

    post_ids: list[int]


class PublishedOut(msgspec.Struct, frozen=True):
    """A post that readers have now."""

    post_id: int
    status: str
    live_revision_id: int | None


@get("/targets/{post_id:int}", action="article.targets", resource="review")
async def list_targets(post_id: int, work: UnitOfWork) -> TargetsOut:
    """What the working text of a post points to and readers cannot get."""
    found = await reviewed_post(work, post_id)
    revision_id = found.working_revision_id or 0
    seen = await look(work, post_id, revision_id)
    titles = await _titles(work, seen.unpublished)
    listed = [
        TargetOut(
            one.kind.value, one.post_id, one.post_type, one.status, titles.get(one.post_id, "")
        )
        for one in seen.unpublished
    ]
    severity = work.settings(ReviewSettings).unpublished_targets
    return TargetsOut(post_id, revision_id, severity, listed, list(seen.changed))


@post("/publish-set", action="article.publish_set", resource="review", status_code=200)
async def publish_together(data: PublishSet, work: UnitOfWork) -> list[PublishedOut]:
    """Publish several posts in one transaction: all of them, or, when anything stands in the way of
    one, none. Links among them count as published."""
    found = await publish_set(work, data.post_ids)
    return [PublishedOut(one.id, one.status, one.live_revision_id) for one in found]


async def _titles(work: UnitOfWork, targets: tuple[Target, ...]) -> dict[int, str]:
    titles = {}
    for row in await posts.some(work, [one.post_id for one in targets]):
        post_type = work.registry.post_types.get(row.post_type)
        if post_type is not None and may_read(work.actor, post_type, row):
            titles[row.id] = row.title
    return titles


routes = [list_targets, publish_together]
