"""What lists find medical texts by beside what their authors state: how far the approval has come.

It stands in the index of fields with everything else, written before the commit of whatever moved
it; `Course.status` alone knows what it is.
"""

from dataclasses import replace

from sqlalchemy import select

from cms.content.events import RevisionSaved
from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.fields.indexing import BATCH, Compared, index_again
from cms.fields.models import FieldIndexRow
from cms.kernel.declarations import Job
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.articles.fields import APPROVAL_STATUS
from plugins.medical_review.articles.kinds import is_reviewed, reviewed_types
from plugins.medical_review.reviewing.approvals import course
from plugins.medical_review.reviewing.events import ReviewDecided, ReviewOpened, ReviewWithdrawn


async def add_status(work: ReadableWork, found: Compared) -> Compared:
    """The approval of each of the texts that are indexed."""
    if not is_reviewed(work, found.post.post_type):
        return found
    known = await course(work, found.post.id)
    path = APPROVAL_STATUS.index_path
    values = [
        (*own, (path, known.status(revision.content_hash).value))
        for own, revision in zip(found.values, found.revisions, strict=True)
    ]
    return replace(found, values=values)


async def index_missing(work: UnitOfWork) -> None:
    """Index texts that were saved before lists could be filtered, or before their type was
    reviewed; a batch each time, until none is left."""
    indexed = select(FieldIndexRow.post_id).where(
        FieldIndexRow.tenant_id == Post.tenant_id,
        FieldIndexRow.post_id == Post.id,
        FieldIndexRow.field == APPROVAL_STATUS.index_path,
    )
    rows = await work.all(
        select(Post.id)
        .where(
            Post.tenant_id == work.tenant_id,
            Post.post_type.in_(reviewed_types(work)),
            ~indexed.exists(),
        )
        .order_by(Post.id)
        .limit(BATCH)
    )
    for row in rows:
        await index_again(work, row.id)


async def follow_review(
    work: Work, event: ReviewOpened | ReviewDecided | ReviewWithdrawn | RevisionSaved
) -> None:
    """The status may be another one now."""
    await index_again(work, event.post_id)


ARTICLE_JOBS = (Job("index_reviewed_texts", index_missing, cron="*/10 * * * *"),)
