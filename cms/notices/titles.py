"""Titles of the texts that notices are about, for those who may read them today."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import aliased

from cms.content.attachments import plain
from cms.content.models import Post, Revision
from cms.content.permissions import may_edit, may_read
from cms.database.work import UnitOfWork
from cms.kernel.actors import Actor
from cms.kernel.notices import FactType
from cms.notices.models import Notice

Titles = dict[int, str]


async def titles_of(work: UnitOfWork, notices: Iterable[Notice], reader: Actor) -> Titles:
    """By id of the post, for all of these notices in one query: editors know a text by its working
    title, readers by the live one. Of what the reader may not read, or not any more, there is
    none."""
    wanted = {one for notice in notices for one in _posts_of(work, notice)}
    if not wanted:
        return {}
    working, live = aliased(Revision), aliased(Revision)
    rows = await work.all(
        select(Post, working.title, live.title)
        .outerjoin(
            working,
            (working.tenant_id == Post.tenant_id) & (working.id == Post.working_revision_id),
        )
        .outerjoin(live, (live.tenant_id == Post.tenant_id) & (live.id == Post.live_revision_id))
        .where(Post.tenant_id == work.tenant_id, Post.id.in_(wanted))
    )
    shown = {post.id: _title(work, reader, post, *titles) for post, *titles in rows}
    return {number: title for number, title in shown.items() if title}


def _posts_of(work: UnitOfWork, notice: Notice) -> Iterable[int]:
    kind = work.registry.notices.get(notice.kind)
    facts = kind.facts.items() if kind is not None else ()
    return [
        notice.facts[name]
        for name, fact in facts
        if fact.type is FactType.POST and name in notice.facts
    ]


def _title(
    work: UnitOfWork, reader: Actor, post: Post, working: str | None, live: str | None
) -> str:
    post_type = work.registry.post_types.get(post.post_type)
    if post_type is None:
        return ""
    if may_edit(reader, post_type, post):
        return plain(working or live or "")
    return plain(live or "") if may_read(reader, post_type, post) else ""
