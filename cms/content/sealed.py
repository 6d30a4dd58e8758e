"""What of a post is kept sealed beside its revisions: rows that a filter of drafts made, stored
with the revision that refers to them, and erased with the post; and of people, with their account.
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from cms.content.events import PostErased, RevisionSaved
from cms.identity.events import PersonRemoved
from cms.kernel.actors import Actor
from cms.kernel.hooks import Hooks
from cms.kernel.work import Work
from cms.sealing.events import OwnerKind
from cms.sealing.values import Owner, SealedRow, erase, keep

READ_SENSITIVE = "read_sensitive_fields"
EDIT_SENSITIVE = "edit_sensitive_fields"

# Sealed by a filter, which may not write; kept once the revision is.
_waiting: WeakKeyDictionary[Any, list[SealedRow]] = WeakKeyDictionary()


def owner_of(post_id: int) -> Owner:
    """The owner of what is sealed for a post."""
    return Owner(OwnerKind.POST, post_id)


def keep_with_revision(work: Any, rows: Sequence[SealedRow]) -> None:
    """Have rows kept when this unit of work saves the revision that refers to them."""
    if rows:
        _waiting.setdefault(work, []).extend(rows)


async def keep_waiting(work: Work, event: RevisionSaved) -> None:
    """A revision was saved: what was sealed for its post is kept with it."""
    waiting = _waiting.get(work, [])
    mine = [row for row in waiting if row.owner == owner_of(event.post_id)]
    if mine:
        _waiting[work] = [row for row in waiting if row not in mine]
        await keep(work, mine)


async def erase_with_post(work: Work, event: PostErased) -> None:
    """A post is deleted for good, and so is what was sealed for it."""
    await erase(work, owner_of(event.post_id))


async def erase_with_person(work: Work, event: PersonRemoved) -> None:
    """Somebody has left, and so has what was sealed for her."""
    await erase(work, Owner(OwnerKind.USER, event.user_id))


def may_read_sensitive(actor: Actor) -> bool:
    """Whether somebody may see sensitive values at all; strangers never may."""
    return not actor.is_anonymous and actor.has(READ_SENSITIVE)


def may_edit_sensitive(actor: Actor) -> bool:
    """Whether somebody may change sensitive values: never without reading them."""
    return may_read_sensitive(actor) and actor.has(EDIT_SENSITIVE)


def connect(hooks: Hooks) -> None:
    hooks.observe(RevisionSaved, keep_waiting)
    hooks.observe(PostErased, erase_with_post)
    hooks.observe(PersonRemoved, erase_with_person)
