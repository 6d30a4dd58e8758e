"""Posts of every type that is declared here: brought in, brought up to date, or left alone."""

from datetime import UTC
from typing import Any

import msgspec
from sqlalchemy import insert, select

from cms.content import posts, saving, transitions
from cms.content.models import Post, Revision
from cms.content.naming import without_trashed
from cms.content.statuses import Status
from cms.errors import InvalidInput, TransitionRefused
from cms.exchange import custom_fields, moments, old_addresses, own_fields
from cms.exchange.drafting import Drafted, draft, homeless_json
from cms.exchange.events import OriginalKept
from cms.exchange.ledger import POST, Known, digest_of
from cms.exchange.models import ImportItem, ImportOriginal
from cms.exchange.plan import Batch
from cms.exchange.report import Line, Outcome
from cms.exchange.wxr import Item
from cms.fields.values import GIVEN_PART
from cms.kernel.declarations import PostType

# Raised when the same item would become something else than before.
VERSION = 1

# A file without its bytes is no file, and a menu's line points to what has another id here.
_MORE_THAN_TEXT = {posts.ATTACHMENT, "nav_menu_item"}
_NEVER = {"revision": "old versions are not imported", "auto-draft": "it was never saved"}


async def bring(batch: Batch, item: Item) -> Line:
    """The post that this item is here."""
    reason = _NEVER.get(item.type) or _NEVER.get(item.status)
    if reason is not None:
        return _line(item, Outcome.SKIPPED, None, reason)
    post_type = type_of(batch, item)
    if post_type is None:
        batch.left_out[f"items of type {item.type}"] += 1
        return _line(item, Outcome.NOT_IMPORTED, None, _homeless(item))
    digest = _digest(batch, post_type, item)
    known = await batch.ledger.find(POST, item.key)
    if known is not None and known.digest == digest:
        return _line(item, Outcome.UNCHANGED, known.new_id)
    if known is not None:
        return await _changed(batch, item, known, digest)
    twin = await twin_of(batch, post_type, item)
    if twin is not None:
        await batch.ledger.put(POST, item.key, twin, digest)
        return _line(item, Outcome.SKIPPED, twin, "here already: same title, date and type")
    return await _created(batch, post_type, item, digest)


def _homeless(item: Item) -> str:
    return (
        f"there is no type {item.type!r} here; enable what declares it, or give --map-type "
        f"{item.type}=NAME"
    )


def type_of(batch: Batch, item: Item) -> PostType | None:
    """The declared type that the item's type is here."""
    wanted = batch.plan.types.get(item.type, item.type)
    return None if wanted in _MORE_THAN_TEXT else batch.work.registry.post_types.get(wanted)


async def _created(batch: Batch, post_type: PostType, item: Item, digest: bytes) -> Line:
    drafted = await draft(batch, post_type, item)
    parent = await parent_of(batch, drafted)
    immediate = {**drafted.changes.immediate, **({"parent_id": parent} if parent else {})}
    changes = _with_immediate(drafted, immediate)
    kept = await kept_id(batch, item)
    try:
        post = await saving.create(batch.work, post_type, changes, post_id=kept)
    except InvalidInput as refused:
        lesser = _lesser(changes, refused, drafted)
        post = await saving.create(batch.work, post_type, lesser, post_id=kept)
    batch.taken = {*(batch.taken or ()), post.id} if kept else batch.taken
    if item.id and kept is None:
        drafted.notes.append(f"its id {item.id} is taken here: it is {post.id} now")
    await settle(batch, post, item, drafted, digest)
    return _line(item, Outcome.CREATED, post.id, *drafted.notes)


async def _changed(batch: Batch, item: Item, known: Known, digest: bytes) -> Line:
    """Bring a newer export's text over the older one's, never over what somebody wrote here."""
    if known.revision_id is None:
        return _line(item, Outcome.SKIPPED, known.new_id, "it was here before the import: kept")
    post = await posts.lock(batch.work, known.new_id)
    if post.working_revision_id != known.revision_id:
        return _line(item, Outcome.SKIPPED, post.id, "it was edited here since: kept as it is here")
    post_type = posts.type_of(batch.work, post)
    if Status(post.status) is Status.TRASH:
        return _line(item, Outcome.SKIPPED, post.id, "it is in the bin here: left there")
    drafted = await draft(batch, post_type, item)
    try:
        await saving.edit(batch.work, post, drafted.changes)
    except InvalidInput as refused:
        await saving.edit(batch.work, post, _lesser(drafted.changes, refused, drafted))
    await settle(batch, post, item, drafted, digest)
    return _line(item, Outcome.CHANGED, post.id, *drafted.notes)


def _lesser(changes: saving.Changes, refused: InvalidInput, drafted: Drafted) -> saving.Changes:
    """The same without fields of plugins that say what they may not say here; the text comes in."""
    kept, named = own_fields.without(changes, refused.faults)
    if not named:
        raise refused
    drafted.notes.append(f"left out, because they do not stand here: {', '.join(named)}")
    custom = changes.parts.get(GIVEN_PART, {})
    drafted.homeless += [
        (name, msgspec.json.encode(custom[name]).decode()) for name in named if name in custom
    ]
    return kept


def _with_immediate(drafted: Drafted, immediate: dict[str, Any]) -> saving.Changes:
    changes = drafted.changes
    return saving.Changes(
        changes.versioned, changes.parts, immediate, changes.meta, kind=changes.kind
    )


async def settle(batch: Batch, post: Post, item: Item, drafted: Drafted, digest: bytes) -> None:
    """What follows the save: status, dates, what cleaning changed, what still has to come."""
    # Read first and held: a session forgets what nobody holds, and every step below wants it.
    revision = await posts.revision(batch.work, post.id, post.working_revision_id or 0)
    await _move(batch, post, drafted)
    await _keep_originals(batch, post, revision, item, drafted)
    wanted = without_trashed(item.slug)
    if wanted and revision.slug and revision.slug != wanted and not drafted.waiting.get("parent"):
        drafted.notes.append(f"its slug {wanted[:60]!r} became {revision.slug[:60]!r}")
    if not drafted.waiting.get("parent"):
        await old_addresses.keep(batch, post, item)
    elif wanted and revision.slug != wanted:
        drafted.waiting["slug"] = wanted
    _stamp(batch, post, drafted)
    await batch.ledger.put(
        POST, item.key, post.id, digest, revision_id=revision.id, waiting=drafted.waiting
    )


async def _move(batch: Batch, post: Post, drafted: Drafted) -> None:
    wanted, post_type = drafted.status, posts.type_of(batch.work, post)
    if wanted is Status.TRASH:
        await transitions.trash(batch.work, post)
        return
    if wanted is Status.INHERIT or not await transitions.needs_move(batch.work, post, wanted):
        return
    try:
        if post_type.is_reviewed and wanted.shows_revision:
            await transitions.inherit(batch.work, post, wanted)
            drafted.notes.append("inherited: live, and to be reviewed here")
        else:
            await transitions.move(batch.work, post, wanted)
    except TransitionRefused as refused:
        reasons = "; ".join(f"{o.code}: {o.message}" for o in refused.objections)
        drafted.notes.append(f"stays {post.status} instead of {wanted.value}: {reasons}")
    except InvalidInput as refused:
        drafted.notes.append(f"stays {post.status} instead of {wanted.value}: {refused.message}")


def _stamp(batch: Batch, post: Post, drafted: Drafted) -> None:
    """The dates of the old site: saving and publishing have written today's."""
    zone = batch.work.tenant.zone
    if drafted.modified is not None:
        wall, instant = drafted.modified
        post.modified_local = wall
        post.modified_gmt = instant or wall.replace(tzinfo=zone).astimezone(UTC)
    if drafted.wall is not None and post.is_date_floating:
        post.date_local = drafted.wall


async def _keep_originals(
    batch: Batch, post: Post, revision: Revision, item: Item, drafted: Drafted
) -> None:
    """Put away what the old system had where something else is stored here."""
    old = {"title": item.title, "content": item.content, "excerpt": item.excerpt}
    altered = {
        name: old[name]
        for name, source in drafted.sources.items()
        if getattr(revision, name).strip() != source.strip()
    }
    if altered:
        drafted.notes.append(f"cleaned: {', '.join(altered)}; the original is kept")
    if drafted.homeless:
        altered["meta"] = homeless_json(drafted.homeless)
    if not altered:
        return
    rows = [
        {
            "tenant_id": batch.work.tenant_id,
            "run_id": batch.ledger.run_id,
            "kind": POST,
            "object_id": post.id,
            "field": name,
            "original": text,
            "kept_at": batch.work.now,
        }
        for name, text in altered.items()
    ]
    await batch.work.execute(insert(ImportOriginal), rows)
    told = {"fields": sorted(altered)}
    await batch.work.emit(OriginalKept(run_id=batch.ledger.run_id, post_id=post.id, after=told))


async def kept_id(batch: Batch, item: Item) -> int | None:
    if not batch.may_keep("post", item.id):
        return None
    return None if item.id in await _taken(batch, item) else item.id


async def _taken(batch: Batch, item: Item) -> set[int]:
    """Which of the batch's ids posts have here already; a repeated item must not meet its own."""
    if batch.taken is None:
        wanted = {*batch.wanted_ids, item.id}
        rows = await batch.work.all(
            select(Post.id).where(Post.tenant_id == batch.work.tenant_id, Post.id.in_(wanted))
        )
        batch.taken = {row.id for row in rows}
    return batch.taken


async def parent_of(batch: Batch, drafted: Drafted) -> int | None:
    """The parent, if it is here already: then the post has its address at once."""
    old = drafted.waiting.get("parent")
    known = await batch.ledger.find(POST, str(old)) if old else None
    if known is None:
        return None
    del drafted.waiting["parent"]
    return known.new_id


async def twin_of(batch: Batch, post_type: PostType, item: Item) -> int | None:
    """A post of the same title, date and type, which WordPress's own importer takes for the same;
    not one that another item of the file has become."""
    dated = moments.read(item.date, "", UTC)
    if dated is None or not item.title.strip():
        return None
    row = await batch.work.one(
        select(Post.id)
        .where(
            Post.tenant_id == batch.work.tenant_id,
            Post.post_type == post_type.name,
            Post.title == item.title.strip(),
            Post.date_local == dated[0],
            Post.id.not_in(_brought(batch)),
        )
        .order_by(Post.id)
        .limit(1)
    )
    return row.id if row is not None else None


def _brought(batch: Batch) -> Any:
    return select(ImportItem.new_id).where(
        ImportItem.tenant_id == batch.work.tenant_id,
        ImportItem.source == batch.ledger.source,
        ImportItem.kind == POST,
        ImportItem.new_id == Post.id,
    )


def _digest(batch: Batch, post_type: PostType, item: Item) -> bytes:
    facts = custom_fields.digest_facts(batch.work, item)
    return digest_of(VERSION, post_type.name, facts_of(item), *facts)


def facts_of(item: Item) -> dict[str, Any]:
    """What of an item may change with a newer export; its comments are things of their own."""
    return {name: getattr(item, name) for name in item.__struct_fields__ if name != "comments"}


def _line(item: Item, outcome: Outcome, new_id: int | None, *notes: str) -> Line:
    return Line(item.type, item.key, outcome, item.title, new_id, notes)
