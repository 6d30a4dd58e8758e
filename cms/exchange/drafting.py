"""An item of the file as the changes that make it a post here, and what of it has no place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cms.content import seo
from cms.content.models import Post
from cms.content.naming import without_trashed
from cms.content.posts import ATTACHMENT
from cms.content.saving import IMPORTED, Changes
from cms.content.statuses import Status
from cms.exchange import authors, custom_fields, moments, own_fields, terms
from cms.exchange.errors import PhpFault
from cms.exchange.ledger import POST
from cms.exchange.old_addresses import OLD_SLUG
from cms.exchange.php import looks_serialized, unserialize
from cms.exchange.plan import Batch
from cms.exchange.seo import READ, part_of
from cms.exchange.wxr import Item
from cms.fields.values import parts_of
from cms.kernel.declarations import PostType

# What WordPress notes for itself, and what this import reads in another way.
_HOUSEKEEPING = frozenset(
    {"_edit_last", "_edit_lock", "_encloseme", "_pingme", "_thumbnail_id", "_wp_page_template"}
    | {"_wp_trash_meta_status", "_wp_trash_meta_time", "_wp_desired_post_slug", OLD_SLUG}
    | {"_wp_attached_file", "_wp_attachment_metadata", "_wp_attachment_image_alt"}
    | {"_wp_attachment_backup_sizes", "_wp_old_date"}
)
_UNDATED = {Status.DRAFT, Status.PENDING, Status.AUTO_DRAFT}


@dataclass
class Drafted:
    """What is to be saved, the text it was made from, and remarks for the report."""

    changes: Changes
    status: Status
    sources: Mapping[str, str]
    homeless: list[tuple[str, str]]
    modified: tuple[Any, Any] | None
    wall: Any
    waiting: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


async def draft(batch: Batch, post_type: PostType, item: Item) -> Drafted:
    """The item in the words of this house."""
    notes: list[str] = []
    author_id = await authors.id_of(batch, item.creator)
    texts = _texts(batch, item, notes)
    fields = await custom_fields.bring(batch, post_type, item, notes)
    meta, homeless = _meta(batch, post_type, item, notes, fields.used)
    status = _status(batch, item, notes)
    taxonomies = [
        taxonomy
        for taxonomy in batch.work.registry.taxonomies.values()
        if taxonomy.name in post_type.taxonomies or post_type.name in taxonomy.post_types
    ]
    found, left_out = await terms.ids_of(batch, item.terms, taxonomies)
    notes += left_out
    template = item.first("_wp_page_template") or ""
    versioned = {
        **texts,
        "slug": without_trashed(item.slug),
        "author_id": author_id,
        "template": "" if template == "default" else template,
        # A taxonomy that is not named keeps its terms; here the file says them all.
        "terms": {taxonomy.name: found.get(taxonomy.name, []) for taxonomy in taxonomies},
    }
    said = part_of(item, batch.rewrite)
    own = await own_fields.parts_of(batch, post_type, item, notes)
    immediate, wall = _immediate(batch, item, status, notes)
    if post_type.is_reviewed:
        # What was said of it comes in; new words wait for somebody who opens it by hand.
        immediate["comment_status"] = "closed"
    changes = Changes(
        versioned,
        parts={**({seo.PART: said} if said else {}), **own, **parts_of(fields.values)},
        immediate=immediate,
        meta=meta,
        kind=IMPORTED,
    )
    waiting = {**_waiting(item), **({"fields": fields.waiting} if fields.waiting else {})}
    image = await _image(batch, waiting.get("thumbnail"))
    if image is not None:
        del waiting["thumbnail"]
        versioned["featured_media"] = image
    zone = batch.work.tenant.zone
    modified = moments.read(item.modified or item.date, item.modified_gmt or item.date_gmt, zone)
    return Drafted(changes, status, texts, homeless, modified, wall, waiting, notes)


def _texts(batch: Batch, item: Item, notes: list[str]) -> dict[str, str]:
    content, done, left = batch.rewrite.counted(item.content)
    excerpt, more, also = batch.rewrite.counted(item.excerpt)
    if done + more:
        notes.append(f"{done + more} addresses of the old site lead here now")
    if left + also:
        notes.append(f"{left + also} addresses of files still lead to the old site")
    return {"title": item.title, "content": content, "excerpt": excerpt}


def _meta(
    batch: Batch, post_type: PostType, item: Item, notes: list[str], used: set[str]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Values of registered keys, and the pairs that have no home here."""
    registered = {key.name: key for key in batch.work.registry.meta_keys(post_type.name)}
    values: dict[str, Any] = {}
    homeless = []
    for pair in item.meta:
        is_own = pair.key in own_fields.keys_of(batch.work, post_type)
        if pair.key in _HOUSEKEEPING or pair.key in READ or pair.key in used or is_own:
            continue
        if pair.key not in registered:
            homeless.append((pair.key, pair.value))
            continue
        try:
            values[pair.key] = _typed(pair.value, registered[pair.key].schema)
        except ValueError as fault:
            homeless.append((pair.key, pair.value))
            notes.append(f"meta {pair.key!r} {fault}; it was put away as it is")
    if homeless:
        names = ", ".join(sorted({key for key, _ in homeless})[:10])
        notes.append(f"meta without a place here, put away: {names}")
    return values, homeless


def _typed(written: str, schema: Mapping[str, Any]) -> Any:
    """The value as the key's schema wants it. ValueError when it is another."""
    value = unserialize(written) if looks_serialized(written) else written
    wanted = schema.get("type", "string")
    if wanted == "string" and not isinstance(value, str):
        raise PhpFault("is no text")
    if wanted in {"integer", "number"} and isinstance(value, str):
        return int(value) if wanted == "integer" else float(value)
    if wanted == "boolean":
        return value not in ("", "0", 0, False, None, "false")
    kinds = {"array": list, "object": dict, "integer": int, "number": int | float}
    if wanted in kinds and not isinstance(value, kinds[wanted]):
        raise PhpFault(f"is no {wanted}")
    return value


def _status(batch: Batch, item: Item, notes: list[str]) -> Status:
    try:
        status = Status(item.status or "draft")
    except ValueError:
        notes.append(f"status {item.status!r:.40} is unknown here: it comes in as a draft")
        return Status.DRAFT
    if status is not Status.FUTURE:
        return status
    dated = moments.read(item.date, item.date_gmt, batch.work.tenant.zone)
    instant = dated and (dated[1] or moments.instant_of(dated[0], batch.work.tenant.zone))
    if not instant or instant <= batch.work.now:
        notes.append("it was scheduled for a day that has passed: published")
        return Status.PUBLISH
    return status


def _immediate(
    batch: Batch, item: Item, status: Status, notes: list[str]
) -> tuple[dict[str, Any], Any]:
    zone = batch.work.tenant.zone
    found: dict[str, Any] = {
        "password": item.password,
        "is_sticky": item.is_sticky and not item.password,
        "comment_status": "open" if item.comment_status == "open" else "closed",
        "ping_status": "open" if item.ping_status == "open" else "closed",
        "menu_order": max(-(2**31), min(item.menu_order, 2**31 - 1)),
    }
    if item.is_sticky and item.password:
        notes.append("it is not sticky any more: a post with a password cannot be")
    dated = moments.read(item.date, item.date_gmt, zone)
    if dated is None:
        if item.date or status not in _UNDATED:
            notes.append("its date cannot be read: it has the date of the import")
        return found, None
    wall, instant = dated
    if instant is None and status in _UNDATED:
        return {**found, "is_date_floating": True}, wall
    instant = instant or moments.instant_of(wall, zone)
    return {**found, "is_date_floating": False, "date_local": wall, "date_gmt": instant}, None


def _waiting(item: Item) -> dict[str, Any]:
    """References to other items, which may come later."""
    waiting: dict[str, Any] = {}
    if item.parent:
        waiting["parent"] = item.parent
    thumbnail = (item.first("_thumbnail_id") or "").strip()
    if thumbnail.isascii() and thumbnail.isdigit() and int(thumbnail):
        waiting["thumbnail"] = int(thumbnail)
    return waiting


async def _image(batch: Batch, old_id: int | None) -> int | None:
    """The featured image, if it is here by now."""
    known = await batch.ledger.find(POST, str(old_id)) if old_id else None
    if known is None:
        return None
    found = await batch.work.session.get(Post, (batch.work.tenant_id, known.new_id))
    if found is None or found.post_type != ATTACHMENT or found.status == Status.TRASH:
        return None
    batch.held.append(found)
    return found.id


def homeless_json(pairs: list[tuple[str, str]]) -> str:
    """Pairs without a home, as they are put away."""
    return msgspec.json.encode([{"key": key, "value": value} for key, value in pairs]).decode()
