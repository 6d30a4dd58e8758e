"""Attachments: posts that stand for a file. Saved like every post, so they have revisions and a
trail; the hash of the file belongs to what is hashed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from typing import Any

from sqlalchemy import or_, select

from cms.content import alternatives, posts, saving
from cms.content.dates import at_site
from cms.content.events import Transition
from cms.content.models import Post
from cms.content.naming import free_slug, hold
from cms.content.permissions import may_delete, may_edit, may_publish, require
from cms.content.posts import ATTACHMENT
from cms.content.saving import Changes
from cms.content.showing import unlist
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.kernel.declarations import PostType, RevisionPart
from cms.kernel.hooks import Hooks
from cms.markup.slugs import slug_of
from cms.markup.tokens import MARKUP
from cms.media.events import MediaErased, MediaRemoved, MediaRenewed, MediaUploaded
from cms.media.files import MediaFile, Prepared
from cms.media.models import MediaRecord
from cms.media.names import numbered

MEDIA = "media"
PART = RevisionPart(MEDIA, (ATTACHMENT,), {"alt_text": "", "focal_point": None, "sha256": ""})
"""What of an attachment is versioned beside title (its title), excerpt (caption) and content
(description). The focal point is in per cent from the left and from the top."""


@dataclass(frozen=True)
class Details:
    """What a request says about an attachment; None is not said. `parts` are those of others."""

    versioned: Mapping[str, Any]
    immediate: Mapping[str, Any]
    alt_text: str | None = None
    focal_point: Mapping[str, Any] | None = None
    parent_id: int | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def part(self) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if self.alt_text is not None:
            said["alt_text"] = plain(self.alt_text)
        if self.focal_point is not None:
            said["focal_point"] = dict(self.focal_point) or None
        return said


@dataclass(frozen=True)
class Arrival:
    """How an attachment comes in by an import: with the id and the folder (year and month) that it
    had, if they are free, and with a revision of that kind."""

    post_id: int | None = None
    folder: str | None = None
    kind: str = saving.SAVED


def plain(text: str) -> str:
    """Words without markup, in one line."""
    return " ".join(unescape(MARKUP.sub("", text)).split())


def type_of_media(work: UnitOfWork) -> PostType:
    return work.registry.post_types[ATTACHMENT]


def require_upload(work: UnitOfWork) -> None:
    """Ask the capability before a single byte is taken."""
    require(
        not work.actor.is_anonymous and work.actor.has("upload_files"),
        "media.upload",
        "Sorry, you are not allowed to create posts as this user.",
    )


async def upload(
    work: UnitOfWork, prepared: Prepared, details: Details, arrival: Arrival | None = None
) -> Post:
    """A new attachment with its files, which lie in the storage before the commit. Should the work
    be refused after all, they are removed again."""
    require_upload(work)
    await require_parent(work, details.parent_id)
    arrival = arrival or Arrival()
    stem = await _free_stem(work, prepared.stem, arrival.folder)
    name = stem.rpartition("/")[2]
    given = dict(details.versioned)
    title = given.get("title") or name
    given |= {"title": title, "slug": given.get("slug") or slug_of(title)}
    now = work.now
    immediate = {
        "ping_status": "closed",
        "comment_status": work.tenant.site.default_comment_status,
        "date_gmt": now,
        "date_local": at_site(now, work.tenant.zone),
        "is_date_floating": False,
        **{n: v for n, v in details.immediate.items() if n != "status"},
        "parent_id": details.parent_id or None,
    }
    full = prepared.full
    parts = {**details.parts, MEDIA: {**details.part(), "sha256": full.sha256}}
    changes = Changes(given, parts, immediate, details.meta, kind=arrival.kind)
    post = await saving.create(work, type_of_media(work), changes, post_id=arrival.post_id)
    post.status = _status(work, details.immediate.get("status"), Status.INHERIT).value
    post.live_revision_id = post.working_revision_id
    record = _record(work, post, stem, prepared)
    work.session.add(record)
    after = {"mime_type": record.mime_type, "path": f"{record.folder}/{record.full['name']}"}
    await work.emit(MediaUploaded(post_id=post.id, content_hash=full.sha256, after=after))
    await _store(work, record, prepared.files, prepared.original)
    return post


async def require_parent(work: UnitOfWork, parent_id: int | None) -> None:
    """A file is uploaded to a post only by those who may edit the post."""
    if not parent_id:
        return
    parent = await work.session.get(Post, (work.tenant_id, parent_id))
    if parent is None:
        raise NotFound("post", parent_id)
    if parent.post_type == ATTACHMENT:
        raise InvalidInput({"post": "Invalid parent type."})
    require(
        may_edit(work.actor, posts.type_of(work, parent), parent),
        "media.attach",
        "Sorry, you are not allowed to upload media to this post.",
    )


async def _free_stem(work: UnitOfWork, wanted: str, folder: str | None) -> str:
    folder = folder or at_site(work.now, work.tenant.zone).strftime("%Y/%m")
    stem = f"{folder}/{wanted}"
    await hold(work, MEDIA, stem)
    rows = await work.all(
        select(MediaRecord.stem).where(
            MediaRecord.tenant_id == work.tenant_id,
            or_(
                MediaRecord.stem == stem,
                MediaRecord.stem.startswith(f"{stem}-", autoescape=True),
            ),
        )
    )
    return numbered(stem, {row.stem for row in rows})


def _record(work: UnitOfWork, post: Post, stem: str, prepared: Prepared) -> MediaRecord:
    folder, _, name = stem.rpartition("/")
    original = prepared.original
    key = f"{work.tenant_id}/originals/{post.id}"
    return MediaRecord(
        tenant_id=work.tenant_id,
        post_id=post.id,
        stem=f"{folder}/{name}",
        mime_type=prepared.kind.mime_type,
        width=prepared.width,
        height=prepared.height,
        files=[_said(one, name) for one in prepared.files],
        original=None
        if original is None
        else {
            "key": key,
            "name": original.name(name),
            "bytes": original.bytes,
            "sha256": original.sha256,
        },
        created_at=work.now,
        removed_at=None,
        erased_at=None,
    )


def _said(file: MediaFile, name: str) -> dict[str, Any]:
    return {
        "size": file.size,
        "name": file.name(name),
        "mime_type": file.mime_type,
        "bytes": file.bytes,
        "sha256": file.sha256,
        "width": file.width,
        "height": file.height,
        "variant": file.variant,
    }


async def _store(
    work: UnitOfWork, record: MediaRecord, files: Sequence[MediaFile], original: MediaFile | None
) -> None:
    name = record.stem.rpartition("/")[2]
    keys = {record.key(one.name(name)): one for one in files}
    if original is not None and record.original is not None:
        keys[str(record.original["key"])] = original
    work.even_if_refused(f"media:{record.post_id}", partial(_forget, keys=list(keys)))
    for key, file in keys.items():
        await work.shop.storage.put(key, file.path, file.mime_type)


async def _forget(work: Any, keys: list[str]) -> None:
    await work.shop.storage.delete(keys)


async def record_of(work: UnitOfWork, post_id: int) -> MediaRecord:
    """The files of an attachment that was not deleted, or NotFound."""
    record = await work.session.get(MediaRecord, (work.tenant_id, post_id))
    if record is None or record.removed_at is not None:
        raise NotFound("post", post_id)
    return record


async def change(work: UnitOfWork, post: Post, details: Details) -> Post:
    """Save what a person says about a locked attachment."""
    await record_of(work, post.id)
    immediate = dict(details.immediate)
    if "status" in immediate:
        immediate["status"] = _status(work, immediate["status"], Status(post.status)).value
    if details.parent_id is not None and (details.parent_id or None) != post.parent_id:
        await require_parent(work, details.parent_id)
        immediate |= await _moved(work, post, details.parent_id or None)
    part = details.part()
    parts = {**details.parts, **({MEDIA: part} if part else {})}
    changes = Changes(details.versioned, parts, immediate, details.meta)
    return await saving.edit(work, post, changes)


async def _moved(work: UnitOfWork, post: Post, parent_id: int | None) -> dict[str, Any]:
    """The properties of a post below another parent, where its slug may be taken."""
    before = post.parent_id
    with work.session.no_autoflush:
        post.parent_id = parent_id
        slug = await free_slug(work, post, post.slug)
        post.parent_id = before
    return {"parent_id": parent_id, **({"slug": slug} if slug != post.slug else {})}


def _status(work: UnitOfWork, wanted: str | None, current: Status) -> Status:
    """An attachment is private, or what its parent is: WordPress knows no other status of one."""
    if wanted is None:
        return current
    if wanted in {Status.PRIVATE, Status.PUBLISH, Status.FUTURE}:
        require(
            may_publish(work.actor, type_of_media(work)),
            "post.publish",
            "Sorry, you are not allowed to publish posts in this post type.",
        )
    return Status.PRIVATE if wanted == Status.PRIVATE else Status.INHERIT


async def renew(work: UnitOfWork, post: Post, files: Sequence[MediaFile]) -> MediaRecord:
    """Put newly made sizes in place of those there were; the picture itself stays."""
    require(
        may_edit(work.actor, type_of_media(work), post),
        "post.edit",
        "Sorry, you are not allowed to edit this post.",
    )
    record = await record_of(work, post.id)
    name = record.stem.rpartition("/")[2]
    kept = [one for one in record.files if one["size"] in {"full", "upload"}]
    made = [one for one in files if one.size not in {"full", "upload"}]
    for file in made:
        await work.shop.storage.put(record.key(file.name(name)), file.path, file.mime_type)
    before = {one["name"] for one in record.files}
    record.files = [*kept, *(_said(one, name) for one in made)]
    added = sorted({one["name"] for one in record.files} - before)
    content_hash = str(record.full["sha256"])
    told = MediaRenewed(post_id=post.id, content_hash=content_hash, after={"added": added})
    await work.emit(told)
    return record


async def remove(work: UnitOfWork, post: Post) -> None:
    """Delete a locked attachment: nobody finds it any more from the commit on, and its bytes are
    erased by a job. The row, its revisions and the trail stay, and say what it was."""
    require(
        may_delete(work.actor, type_of_media(work), post),
        "post.delete",
        "Sorry, you are not allowed to delete this post.",
    )
    record = await record_of(work, post.id)
    await work.decide("post.delete", "post", post.id, posts.facts(post))
    before = {"status": post.status, "path": f"{record.folder}/{record.full['name']}"}
    post.trashed_status, post.status, post.slug = post.status, Status.TRASH.value, ""
    posts.touch(work, post)
    record.removed_at = work.now
    await unlist(work, post)
    content_hash = str(record.full["sha256"])
    await work.emit(MediaRemoved(post_id=post.id, content_hash=content_hash, before=before))


async def erase(work: Any, event: MediaRemoved) -> None:
    """Remove the bytes of a deleted attachment from the storage, its private original too."""
    record = await work.session.get(MediaRecord, (work.tenant_id, event.post_id))
    if record is None or record.removed_at is None or record.erased_at is not None:
        return
    await work.shop.storage.delete(record.keys())
    record.erased_at = work.now
    await work.emit(MediaErased(post_id=event.post_id, content_hash=event.content_hash))


def connect(hooks: Hooks) -> None:
    hooks.after_commit(MediaRemoved, erase)
    hooks.guard(Transition, alternatives.pictures_have_words)
