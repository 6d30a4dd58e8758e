"""Reading attachments: who may see them follows from the post that they hang on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from cms.content import reading
from cms.content.models import Post
from cms.content.permissions import may_edit, may_read
from cms.content.posts import ATTACHMENT
from cms.content.reading import PostQuery, PostView
from cms.content.statuses import Status
from cms.content.visibility import editable, readable
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.actors import Actor
from cms.media.models import MediaRecord

_PARENT = aliased(Post)


@dataclass(frozen=True)
class MediaView:
    """An attachment with its files and the post that it hangs on, if any."""

    view: PostView
    record: MediaRecord
    parent: Post | None

    @property
    def post(self) -> Post:
        return self.view.post


def narrowed(
    work: UnitOfWork,
    query: PostQuery,
    *,
    mime_type: str | None = None,
    media_type: str | None = None,
    parents: Sequence[int] = (),
    parents_exclude: Sequence[int] = (),
) -> PostQuery:
    """The query narrowed to attachments that exist for this reader."""
    conditions: list[ColumnElement[bool]] = [_exists(mime_type, media_type)]
    if parents:
        none = [Post.parent_id.is_(None)] if 0 in parents else []
        conditions.append(or_(Post.parent_id.in_(parents), *none))
    if parents_exclude:
        conditions.append(
            or_(Post.parent_id.is_(None), Post.parent_id.not_in(parents_exclude))
            if 0 not in parents_exclude
            else Post.parent_id.not_in(parents_exclude)
        )
    return replace(query, conditions=conditions, visible=visible(work))


def _exists(mime_type: str | None, media_type: str | None) -> ColumnElement[bool]:
    wanted = [
        MediaRecord.tenant_id == Post.tenant_id,
        MediaRecord.post_id == Post.id,
        MediaRecord.removed_at.is_(None),
    ]
    if media_type:
        wanted.append(MediaRecord.mime_type.startswith(f"{media_type}/"))
    if mime_type:
        wanted.append(MediaRecord.mime_type == mime_type)
    return exists().where(*wanted)


def visible(work: UnitOfWork) -> ColumnElement[bool]:
    """The rows for which `may_read_media` says yes."""
    actor, own_type = work.actor, work.registry.post_types[ATTACHMENT]
    hangs = (
        select(_PARENT.id)
        .where(
            _PARENT.tenant_id == Post.tenant_id,
            _PARENT.id == Post.parent_id,
            or_(*(_readable_parent(actor, work, name) for name in work.registry.post_types)),
        )
        .exists()
    )
    inherits = and_(Post.status == Status.INHERIT.value, or_(Post.parent_id.is_(None), hangs))
    own = and_(Post.author_id == actor.user_id, Post.status != Status.TRASH.value)
    mine = [] if actor.is_anonymous else [own]
    return or_(inherits, *mine, editable(actor, own_type), readable(actor, own_type))


def _readable_parent(actor: Actor, work: UnitOfWork, name: str) -> ColumnElement[bool]:
    post_type = work.registry.post_types[name]
    return and_(_PARENT.post_type == name, readable(actor, post_type, _PARENT))


def may_read_media(
    work: UnitOfWork, post: Post, parent: Post | None, reader: Actor | None = None
) -> bool:
    """An unattached file is for everyone, an attached one for who may read its post; and always for
    its author and those who may edit it. Without a reader, the actor of the work is asked for."""
    actor, own_type = reader or work.actor, work.registry.post_types[ATTACHMENT]
    if Status(post.status) is Status.INHERIT:
        if post.parent_id is None:
            return True
        parent_type = work.registry.post_types.get(parent.post_type) if parent else None
        if parent is not None and parent_type and may_read(actor, parent_type, parent):
            return True
    is_own = not actor.is_anonymous and post.author_id == actor.user_id
    is_there = Status(post.status) is not Status.TRASH
    return (
        (is_there and is_own) or may_read(actor, own_type, post) or may_edit(actor, own_type, post)
    )


async def with_files(work: UnitOfWork, views: Sequence[PostView]) -> list[MediaView]:
    """The views with their files and parents, by one statement."""
    found = await _files(work, [view.id for view in views])
    return [MediaView(view, *found[view.id]) for view in views if view.id in found]


async def _files(
    work: UnitOfWork, ids: Sequence[int]
) -> Mapping[int, tuple[MediaRecord, Post | None]]:
    if not ids:
        return {}
    rows = await work.all(
        select(MediaRecord, _PARENT)
        .join(Post, and_(Post.tenant_id == MediaRecord.tenant_id, Post.id == MediaRecord.post_id))
        .outerjoin(_PARENT, and_(_PARENT.tenant_id == Post.tenant_id, _PARENT.id == Post.parent_id))
        .where(
            MediaRecord.tenant_id == work.tenant_id,
            MediaRecord.post_id.in_(ids),
            MediaRecord.removed_at.is_(None),
        )
    )
    return {row[0].post_id: (row[0], row[1]) for row in rows}


async def one(work: UnitOfWork, post_id: int, *, working: bool = False) -> MediaView:
    """One attachment, not yet checked for this reader; NotFound for a deleted one."""
    own_type = work.registry.post_types[ATTACHMENT]
    view = await reading.one(work, own_type, post_id, working=working)
    found = await with_files(work, [view])
    if not found:
        raise NotFound("post", post_id)
    return found[0]


async def many(work: UnitOfWork, ids: Sequence[int]) -> list[MediaView]:
    """Those of the attachments that exist, not yet checked for this reader, by two statements."""
    views = await reading.some(work, work.registry.post_types[ATTACHMENT], ids)
    return await with_files(work, views)


async def by_path(work: UnitOfWork, stem: str) -> tuple[MediaRecord, Post, Post | None] | None:
    """The files of an address that exists, with their attachment and its parent."""
    row = await work.one(
        select(MediaRecord, Post, _PARENT)
        .join(Post, and_(Post.tenant_id == MediaRecord.tenant_id, Post.id == MediaRecord.post_id))
        .outerjoin(_PARENT, and_(_PARENT.tenant_id == Post.tenant_id, _PARENT.id == Post.parent_id))
        .where(
            MediaRecord.tenant_id == work.tenant_id,
            MediaRecord.stem == stem,
            MediaRecord.removed_at.is_(None),
        )
    )
    return (row[0], row[1], row[2]) if row is not None else None
