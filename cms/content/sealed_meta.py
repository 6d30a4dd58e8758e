"""Registered meta that is sensitive: of posts in their revisions, of people in their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from cms.content.draft import Draft
from cms.content.sealed import (
    keep_with_revision,
    may_edit_sensitive,
    may_read_sensitive,
    owner_of,
)
from cms.database.work import UnitOfWork
from cms.errors import ValueForbidden
from cms.kernel.actors import Actor
from cms.kernel.hooks import LAST, Hooks
from cms.kernel.work import ReadableWork
from cms.sealing.values import (
    Owner,
    SealedRow,
    commitment_of,
    is_sealed,
    keep,
    reference,
    tell_opened,
)

_PREFIX = "meta:"


class Key(Protocol):
    """A registered key, of posts or of other things."""

    @property
    def name(self) -> str: ...
    @property
    def is_sensitive(self) -> bool: ...
    @property
    def unset(self) -> Any: ...


Meta = Mapping[str, Any]


def sensitive(keys: Sequence[Key]) -> frozenset[str]:
    """The names of the sensitive ones."""
    return frozenset(key.name for key in keys if key.is_sensitive)


def allowed(actor: Actor, keys: Sequence[Key], given: Meta) -> dict[str, Any]:
    """What is given, without what somebody sends back as she was shown it in place of a value that
    she may not see. ValueForbidden for another value of hers."""
    if may_edit_sensitive(actor):
        return dict(given)
    shut = {key.name: key.unset for key in keys if key.is_sensitive and key.name in given}
    for name, unset in shut.items():
        if given[name] not in (unset, None):
            raise ValueForbidden(
                f"You are not allowed to change the sensitive meta value {name}. Leave it out, or "
                "ask somebody who may.",
                [f"meta.{name}"],
            )
    return {name: value for name, value in given.items() if name not in shut}


async def seal_draft(work: ReadableWork, draft: Draft) -> Draft:
    """The draft of a post with its sensitive meta sealed."""
    shop: Any = work
    names = sensitive(shop.registry.meta_keys(draft.post_type))
    if not names & draft.meta.keys():
        return draft
    owner = owner_of(draft.immediate["id"])
    meta, rows = await _sealed(shop, owner, names, draft.was_meta, draft.meta)
    keep_with_revision(work, rows)
    return replace(draft, meta=meta)


async def seal(
    work: UnitOfWork, owner: Owner, keys: Sequence[Key], before: Meta, after: Meta
) -> dict[str, Any]:
    """What is stored of the meta of something that has no revisions."""
    meta, rows = await _sealed(work, owner, sensitive(keys), before, after)
    await keep(work, rows)
    return meta


async def _sealed(
    work: UnitOfWork, owner: Owner, names: frozenset[str], before: Meta, after: Meta
) -> tuple[dict[str, Any], list[SealedRow]]:
    """A value that is what it was keeps its reference, so that saving the same changes nothing."""
    clear = {name: after[name] for name in names if name in after and not is_sealed(after[name])}
    old = {name: before[name] for name in clear if is_sealed(before.get(name))}
    known = await work.shop.cipher.open(work, [commitment_of(one) for one in old.values()])
    same = {
        name: one
        for name, one in old.items()
        if commitment_of(one) in known and known[commitment_of(one)].value == clear[name]
    }
    fields = {f"{_PREFIX}{name}": value for name, value in clear.items() if name not in same}
    rows = await work.shop.cipher.seal(work, owner, fields)
    new = {field.removeprefix(_PREFIX): reference(row.commitment) for field, row in rows.items()}
    return {**after, **same, **new}, list(rows.values())


async def readable(
    work: UnitOfWork, keys: Sequence[Key], metas: Sequence[Meta]
) -> list[dict[str, Any]]:
    """Each of these meta as this actor sees it: sensitive values only with the right to them, and
    each look is recorded."""
    names = sensitive(keys)
    if not names:
        return [dict(meta) for meta in metas]
    wanted: list[dict[str, bytes]] = [{} for _ in metas]
    if may_read_sensitive(work.actor):
        wanted = [
            {name: commitment_of(meta[name]) for name in names if is_sealed(meta.get(name))}
            for meta in metas
        ]
    known = await work.shop.cipher.open(work, {key for one in wanted for key in one.values()})
    shown, seen = [], dict[Owner, set[str]]()
    for meta, sealed in zip(metas, wanted, strict=True):
        clear = {name: known[key].value for name, key in sealed.items() if key in known}
        for name in clear:
            opened = known[sealed[name]]
            seen.setdefault(opened.owner, set()).add(opened.field)
        plain = {name: value for name, value in meta.items() if name not in names}
        shown.append({**plain, **clear})
    for owner, fields in seen.items():
        await tell_opened(work, owner, fields)
    return shown


def connect(hooks: Hooks) -> None:
    # Last: what the filters of plugins look at is in clear.
    hooks.filter(Draft, seal_draft, order=LAST)
