"""An old revision brought back: its words and its fields become those of a new one."""

from typing import Any

from cms.content import posts, saving
from cms.content.models import Post, Revision
from cms.content.permissions import may_edit, require
from cms.content.saving import Changes
from cms.database.work import UnitOfWork
from cms.fields.sensitive import in_clear
from cms.fields.values import GROUPS_PART, PART, parts_of, stored

_WORDS = ("title", "content", "excerpt")


async def restore(work: UnitOfWork, post_id: int, revision_id: int) -> Post:
    """Save what the revision says again. It goes through every check of today: InvalidFields names
    values that do not fit the groups as they are now, and then nothing has changed."""
    post = await posts.lock(work, post_id)
    require(
        may_edit(work.actor, posts.type_of(work, post), post),
        "post.edit",
        "Sorry, you are not allowed to edit this post.",
    )
    old = await posts.revision(work, post.id, revision_id)
    now = await posts.revision(work, post.id, post.working_revision_id or 0)
    words = {name: getattr(old, name) for name in _WORDS}
    parts = await _parts(work, old, now)
    # A key that the old text did not have goes, as one of a later attribute.
    whole = frozenset(parts).intersection(old.parts)
    return await saving.edit(work, post, Changes(words, parts=parts, whole=whole))


async def _parts(work: UnitOfWork, old: Revision, now: Revision) -> dict[str, dict[str, Any]]:
    """Those of plugins as they were; of the fields only what differs, for the right to change the
    others is not asked for."""
    parts = {
        name: dict(part) for name, part in old.parts.items() if name not in {PART, GROUPS_PART}
    }
    was, is_now = stored(old.parts.get(PART, {})), stored(now.parts.get(PART, {}))
    names = [name for name in {**was, **is_now} if was.get(name) != is_now.get(name)]
    clear = await in_clear(work, {name: was[name] for name in names if name in was})
    return {**parts, **parts_of({name: clear.get(name) for name in names})}
