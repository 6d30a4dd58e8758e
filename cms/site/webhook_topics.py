"""What readers notice of what happened: the topic of a message, or nothing. Drafts, comments that
wait and pictures of what is not published are nobody's news."""

from typing import Any

from cms.content.comment_events import (
    CommentAdded,
    CommentDeleted,
    CommentEdited,
    CommentModerated,
)
from cms.content.comment_models import Comment
from cms.content.events import PostErased, PropertiesChanged, RevisionSaved, Transition
from cms.content.models import Post
from cms.content.posts import ATTACHMENT
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.events import Event
from cms.media.events import MediaRemoved, MediaRenewed, MediaUploaded
from cms.site.redirects import is_open

# What can be subscribed to, by the subject of an audit tag.
KINDS = frozenset({"post", "term", "menu", "media", "comment", "redirect", "option"})
# What readers never notice: only a subscription that names it gets it, `*` does not.
INWARD = frozenset({"audit", "notice"})
_SUBJECTS = {"nav_menu": "menu", "menu_item": "menu"}
_DONE = {"create": "created", "add": "created", "delete": "deleted", "remove": "deleted",
         "merge": "deleted"}  # fmt: skip
_MEDIA = {MediaUploaded: "media.created", MediaRenewed: "media.updated",
          MediaRemoved: "media.deleted"}  # fmt: skip
_APPROVED = "approved"

Topic = tuple[str, str, int | None]
_NONE: Topic = ("", "", None)


async def topic_of(work: UnitOfWork, event: Event) -> Topic:
    """The topic (`kind.what-happened`), its kind and the id of the thing; an empty topic for what
    readers do not notice."""
    match event:
        case Transition() | PostErased():
            told = _moved(event) if isinstance(event, Transition) else _erased(event)
            return told, "post", event.post_id
        case RevisionSaved() | PropertiesChanged():
            return await _edited(work, event)
        case MediaUploaded() | MediaRenewed() | MediaRemoved():
            return await _of_media(work, event)
        case CommentAdded() | CommentEdited() | CommentModerated() | CommentDeleted():
            return await _of_comment(work, event)
    _, subject, action = event.tag.split(":")
    kind = _SUBJECTS.get(subject, subject)
    if kind not in KINDS - {"post", "media", "comment"}:
        return _NONE
    return f"{kind}.{_DONE.get(action, 'updated')}", kind, event.subject().id


def _moved(move: Transition) -> str:
    """What readers notice of a move; nothing when they saw no change."""
    was, is_now = move.from_status is Status.PUBLISH, move.to_status is Status.PUBLISH
    if is_now:
        return "post.updated" if was else "post.published"
    if not was or move.before == move.after:
        return ""
    return "post.trashed" if move.to_status is Status.TRASH else "post.unpublished"


def _erased(event: PostErased) -> str:
    """From the bin nobody notices it."""
    return "post.deleted" if _said(event.before, "status") == Status.PUBLISH else ""


async def _edited(work: UnitOfWork, event: RevisionSaved | PropertiesChanged) -> Topic:
    post = await _post(work, event.post_id)
    if post is None:
        return _NONE
    is_saved = isinstance(event, RevisionSaved)
    if post.post_type == ATTACHMENT:
        is_new = is_saved and event.before is None
        is_seen = not is_new and await _is_seen(work, post, post.status)
        return ("media.updated", "media", post.id) if is_seen else _NONE
    is_seen = post.status == Status.PUBLISH.value
    if isinstance(event, RevisionSaved):
        is_seen = is_seen and post.live_revision_id == event.revision_id
    return ("post.updated", "post", post.id) if is_seen else _NONE


async def _of_media(work: UnitOfWork, event: MediaUploaded | MediaRenewed | MediaRemoved) -> Topic:
    post = await _post(work, event.post_id)
    if post is None:
        return _NONE
    status = _said(event.before, "status") if isinstance(event, MediaRemoved) else post.status
    if not await _is_seen(work, post, status):
        return _NONE
    return _MEDIA[type(event)], "media", post.id


async def _is_seen(work: UnitOfWork, media: Post, status: str) -> bool:
    """Whether everybody may see an attachment that has (or had) this status."""
    if status != Status.INHERIT.value:
        return False
    parent = await _post(work, media.parent_id) if media.parent_id is not None else None
    return media.parent_id is None or (parent is not None and is_open(work, parent))


async def _of_comment(
    work: UnitOfWork, event: CommentAdded | CommentEdited | CommentModerated | CommentDeleted
) -> Topic:
    topic = await _comment_topic(work, event)
    post = await _post(work, event.post_id) if topic else None
    if post is None or not is_open(work, post) or post.password:
        return _NONE
    return topic, "comment", event.comment_id


async def _comment_topic(work: UnitOfWork, event: Event) -> str:
    was, is_now = (_said(one, "status") == _APPROVED for one in (event.before, event.after))
    match event:
        case CommentAdded():
            return "comment.created" if is_now else ""
        case CommentDeleted():
            return "comment.deleted" if was else ""
        case CommentModerated() if was is not is_now:
            return "comment.approved" if is_now else "comment.withdrawn"
        case CommentEdited():
            comment = await work.session.get(Comment, (work.tenant_id, event.comment_id))
            is_approved = comment is not None and comment.status == _APPROVED
            return "comment.updated" if is_approved else ""
    return ""


def _said(values: dict[str, Any] | None, name: str) -> str:
    return str((values or {}).get(name, ""))


async def _post(work: UnitOfWork, post_id: int) -> Post | None:
    return await work.session.get(Post, (work.tenant_id, post_id))
