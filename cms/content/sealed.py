"""What of a post is kept sealed: values that a filter of drafts seals are kept with the revision
that refers to them; registered meta that is sensitive is sealed here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select

from cms.content.draft import Draft
from cms.content.events import PostErased, RevisionSaved
from cms.content.models import Post, Revision
from cms.database.work import UnitOfWork
from cms.kernel.actors import Actor
from cms.kernel.declarations import MetaKey
from cms.kernel.hooks import LAST, Hooks
from cms.kernel.work import ReadableWork, Work
from cms.sealing.events import OwnerKind
from cms.sealing.values import (
    Owner,
    SealedRow,
    commitment_of,
    erase,
    is_sealed,
    keep,
    reference,
    tell_opened,
)

READ_SENSITIVE = "read_sensitive_fields"

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
        await keep(work, mine)  # type: ignore[arg-type]


async def seal_meta(work: ReadableWork, draft: Draft) -> Draft:
    """The draft with its sensitive meta sealed. A value that is what it was keeps its reference."""
    registry: Any = work
    sensitive = [k.name for k in registry.registry.meta_keys(draft.post_type) if k.is_sensitive]
    clear = {
        name: draft.meta[name]
        for name in sensitive
        if name in draft.meta and not is_sealed(draft.meta[name])
    }
    if not clear:
        return draft
    post_id = draft.immediate["id"]
    before = await _sealed_before(work, post_id, clear)
    cipher = registry.shop.cipher
    known = await cipher.open(work, (commitment_of(one) for one in before.values()))
    same = {
        name: one
        for name, one in before.items()
        if commitment_of(one) in known and known[commitment_of(one)].value == clear[name]
    }
    fields = {f"meta:{name}": value for name, value in clear.items() if name not in same}
    rows = await cipher.seal(work, owner_of(post_id), fields)
    keep_with_revision(work, list(rows.values()))
    sealed = {field.removeprefix("meta:"): reference(row.commitment) for field, row in rows.items()}
    return replace(draft, meta={**draft.meta, **same, **sealed})


async def _sealed_before(
    work: ReadableWork, post_id: int, names: Mapping[str, Any]
) -> dict[str, Any]:
    """The references in the working revision, of these names."""
    row = await work.one(
        select(Revision.meta)
        .join(
            Post,
            (Post.tenant_id == Revision.tenant_id) & (Post.working_revision_id == Revision.id),
        )
        .where(Post.tenant_id == work.tenant_id, Post.id == post_id)
    )
    meta = row.meta if row is not None else {}
    return {name: meta[name] for name in names if is_sealed(meta.get(name))}


async def readable_meta(
    work: UnitOfWork, keys: Sequence[MetaKey], revisions: Sequence[Any]
) -> list[dict[str, Any]]:
    """The meta of each revision as this actor sees it: sensitive values only with the right to
    them, which is recorded."""
    names = {key.name for key in keys if key.is_sensitive}
    if not names:
        return [revision.meta for revision in revisions]
    wanted = [
        {name: commitment_of(revision.meta[name]) for name in names if _has(revision, name)}
        for revision in revisions
        if may_read_sensitive(work.actor)
    ] or [{} for _ in revisions]
    known = await work.shop.cipher.open(work, {key for one in wanted for key in one.values()})
    shown = []
    for revision, sealed in zip(revisions, wanted, strict=True):
        seen = {name: known[key].value for name, key in sealed.items() if key in known}
        if seen:
            fields = (f"meta:{name}" for name in seen)
            await tell_opened(work, owner_of(revision.post_id), fields)
        plain = {name: value for name, value in revision.meta.items() if name not in names}
        shown.append({**plain, **seen})
    return shown


async def erase_with_post(work: Work, event: PostErased) -> None:
    """A post is deleted for good, and so is what was sealed for it."""
    await erase(work, owner_of(event.post_id))  # type: ignore[arg-type]


def _has(revision: Any, name: str) -> bool:
    return is_sealed(revision.meta.get(name))


def may_read_sensitive(actor: Actor) -> bool:
    """Whether somebody may see sensitive values at all; strangers never may."""
    return not actor.is_anonymous and actor.has(READ_SENSITIVE)


def connect(hooks: Hooks) -> None:
    # Last: what the filters of plugins look at is in clear.
    hooks.filter(Draft, seal_meta, order=LAST)
    hooks.observe(RevisionSaved, keep_waiting)
    hooks.observe(PostErased, erase_with_post)
