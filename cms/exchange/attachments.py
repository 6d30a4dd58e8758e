"""Attachments: bytes from a copy of the old uploads, through the same door as every upload."""

from functools import partial
from typing import Any

from cms.content import attachments, posts
from cms.content.attachments import Arrival, Details
from cms.content.models import Post
from cms.content.posts import ATTACHMENT
from cms.content.saving import IMPORTED
from cms.content.statuses import Status
from cms.exchange import custom_fields, items
from cms.exchange.drafting import Drafted, draft
from cms.exchange.errors import NoFile
from cms.exchange.files import Files, file_keys, folder_of, uploaded_path
from cms.exchange.ledger import FILE, POST, Known, digest_of
from cms.exchange.plan import Batch
from cms.exchange.report import Line, Outcome
from cms.exchange.wxr import Item
from cms.fields.values import GIVEN_PART
from cms.media.pieces import Unfit
from cms.media.preparing import beside, prepare

# Raised when the same item would become something else than before.
VERSION = 1
ALT_TEXT = "_wp_attachment_image_alt"

_NO_SOURCE = "give --media FOLDER, a copy of wp-content/uploads, or --download"


async def bring(batch: Batch, item: Item) -> Line:
    """The attachment with its file; without the file it has no place here."""
    digest = digest_of(VERSION, items.facts_of(item), *custom_fields.digest_facts(batch.work, item))
    known = await batch.ledger.find(POST, item.key)
    if known is not None and known.digest == digest:
        return _line(item, Outcome.UNCHANGED, known.new_id)
    if known is not None:
        return await _changed(batch, item, known, digest)
    twin = await items.twin_of(batch, attachments.type_of_media(batch.work), item)
    if twin is None:
        return await _new(batch, item, digest)
    await _remember(batch, item, twin, digest)
    await batch.ledger.put(POST, item.key, twin, digest)
    return _line(item, Outcome.SKIPPED, twin, "here already: same title, date and type")


async def _new(batch: Batch, item: Item, digest: bytes) -> Line:
    """A file that is not here yet, if it is to be had and may be taken."""
    if batch.files is None:
        batch.left_out["items of type attachment"] += 1
        return _line(item, Outcome.NOT_IMPORTED, None, _NO_SOURCE)
    try:
        return await _created(batch, batch.files, item, digest)
    except NoFile as missing:
        batch.left_out["attachments without their file"] += 1
        return _line(item, Outcome.NOT_IMPORTED, None, str(missing))
    except Unfit as refused:
        return _line(item, Outcome.REFUSED, None, str(refused))


async def _created(batch: Batch, files: Files, item: Item, digest: bytes) -> Line:
    drafted = await draft(batch, attachments.type_of_media(batch.work), item)
    path = uploaded_path(item)
    async with files.taken(item) as (source, name, folder):
        prepared = await beside(partial(prepare, source, name, folder, files.limits))
        kept = await items.kept_id(batch, item)
        arrival = Arrival(kept, folder_of(path, item), IMPORTED)
        parent = await items.parent_of(batch, drafted)
        post = await attachments.upload(
            batch.work, prepared, _details(item, drafted, parent), arrival
        )
    if item.id and kept is None:
        drafted.notes.append(f"its id {item.id} is taken here: it is {post.id} now")
    if prepared.original is not None:
        drafted.notes.append("what the file told of people was taken away")
    await _settle(batch, post, item, drafted, digest)
    await _remember(batch, item, post.id, digest)
    return _line(item, Outcome.CREATED, post.id, *drafted.notes)


async def _remember(batch: Batch, item: Item, post_id: int, digest: bytes) -> None:
    """Which file here is meant when a text names the old one."""
    for key in file_keys(item):
        await batch.ledger.put(FILE, key, post_id, digest)


async def _changed(batch: Batch, item: Item, known: Known, digest: bytes) -> Line:
    """A newer export's words over the older one's; the file itself stays what it is."""
    if known.revision_id is None:
        return _line(item, Outcome.SKIPPED, known.new_id, "it was here before the import: kept")
    post = await posts.lock(batch.work, known.new_id)
    if post.working_revision_id != known.revision_id:
        return _line(item, Outcome.SKIPPED, post.id, "it was edited here since: kept as it is here")
    if Status(post.status) is Status.TRASH:
        return _line(item, Outcome.SKIPPED, post.id, "it was deleted here: left so")
    drafted = await draft(batch, attachments.type_of_media(batch.work), item)
    parent = await items.parent_of(batch, drafted)
    await attachments.change(batch.work, post, _details(item, drafted, parent))
    await _settle(batch, post, item, drafted, digest)
    return _line(item, Outcome.CHANGED, post.id, *drafted.notes)


async def _settle(batch: Batch, post: Post, item: Item, drafted: Drafted, digest: bytes) -> None:
    # The upload has given it its status; another one a file cannot have.
    drafted.status = Status.INHERIT
    await items.settle(batch, post, item, drafted, digest)


def _details(item: Item, drafted: Drafted, parent: int | None) -> Details:
    said = drafted.changes
    immediate: dict[str, Any] = {
        name: value
        for name, value in said.immediate.items()
        if name not in {"password", "is_sticky", "menu_order"}
    }
    if drafted.status is Status.PRIVATE:
        immediate["status"] = Status.PRIVATE.value
    return Details(
        said.versioned,
        immediate,
        alt_text=item.first(ALT_TEXT) or "",
        parent_id=parent,
        meta=said.meta,
        parts={name: part for name, part in said.parts.items() if name == GIVEN_PART},
    )


def _line(item: Item, outcome: Outcome, new_id: int | None, *notes: str) -> Line:
    return Line(ATTACHMENT, item.key, outcome, item.title, new_id, notes)
