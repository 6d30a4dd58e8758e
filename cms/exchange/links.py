"""After the pass: parents and featured images that came later in the file than what names them."""

from typing import Any

from cms.content import posts, saving, transitions
from cms.content.models import Post
from cms.content.posts import ATTACHMENT
from cms.content.saving import IMPORTED, Changes
from cms.content.statuses import Status
from cms.exchange import custom_fields
from cms.exchange.ledger import POST, settle
from cms.exchange.models import ImportItem
from cms.exchange.plan import Batch
from cms.exchange.report import Line, Outcome
from cms.fields.values import parts_of


async def join(batch: Batch, item: ImportItem) -> Line | None:
    """Give the post what it waits for, as far as it is here now; None when nothing has come."""
    waiting = dict(item.waiting or {})
    post = await posts.lock(batch.work, item.new_id)
    if item.revision_id != post.working_revision_id:
        # Somebody has edited it here: her word counts, and nothing waits any more.
        await settle(batch.work, item, {}, item.revision_id)
        return None
    versioned, immediate, notes = await _come(batch, post, waiting)
    post_type = posts.type_of(batch.work, post)
    fields, more = await custom_fields.come(batch, post_type, waiting.pop("fields", {}))
    notes += more
    if versioned or immediate or fields:
        modified = post.modified_gmt, post.modified_local
        parts = parts_of(fields)
        await _save(batch, post, Changes(versioned, parts, immediate=immediate, kind=IMPORTED))
        post.modified_gmt, post.modified_local = modified
        await settle(batch.work, item, waiting, post.working_revision_id)
        return Line("reference", item.key, Outcome.CHANGED, post.title, post.id, tuple(notes))
    names = ", ".join(f"{name} {old}" for name, old in waiting.items() if name != "slug")
    note = f"it names what is not in the file, or has no place here yet: {names}"
    return Line("reference", item.key, Outcome.NOT_IMPORTED, post.title, post.id, (note,))


async def _come(
    batch: Batch, post: Post, waiting: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """What has come by now, taken out of `waiting`."""
    versioned: dict[str, Any] = {}
    immediate: dict[str, Any] = {}
    notes = []
    is_file = post.post_type == ATTACHMENT
    parent = await _here(batch, waiting.get("parent"), None if is_file else post.post_type)
    if parent is not None and parent != post.id:
        del waiting["parent"]
        if "slug" in waiting:
            # Its name was taken where it stood without its parent.
            versioned["slug"] = waiting.pop("slug")
        immediate["parent_id"] = parent
        notes.append(f"its parent is {parent}")
    image = await _here(batch, waiting.get("thumbnail"), ATTACHMENT)
    if image is not None:
        del waiting["thumbnail"]
        versioned["featured_media"] = image
        notes.append(f"its featured image is {image}")
    return versioned, immediate, notes


async def _here(batch: Batch, old_id: int | None, post_type: str | None) -> int | None:
    """The post that the old one is here, if it is of the type; None takes all but files."""
    known = await batch.ledger.find(POST, str(old_id)) if old_id else None
    if known is None:
        return None
    found = await batch.work.session.get(Post, (batch.work.tenant_id, known.new_id))
    if found is None or (post_type is None and found.post_type == ATTACHMENT):
        return None
    return known.new_id if post_type in {None, found.post_type} else None


async def _save(batch: Batch, post: Post, changes: Changes) -> None:
    was_live = post.live_revision_id == post.working_revision_id
    await saving.edit(batch.work, post, changes)
    is_behind = was_live and post.live_revision_id != post.working_revision_id
    if is_behind and posts.type_of(batch.work, post).is_reviewed:
        await transitions.inherit(batch.work, post, Status(post.status))
