"""An attachment as WordPress shows it: keys in its order, by context, with its links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from litestar import Request

from cms.content import permalinks
from cms.content.attachment_reading import MediaView, many, may_read_media
from cms.content.attachments import MEDIA, type_of_media
from cms.content.permissions import may_delete, may_edit
from cms.content.responsive import Responsive, responsive_of
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.declarations import MetaKey
from cms.markup.slugs import slug_of
from cms.media.models import MediaRecord
from cms.media.sizes import SIZES, fit
from cms.rest import acf
from cms.rest.embedding import Embeddable
from cms.rest.errors import RestError
from cms.rest.shape import CURIES, front_url, rest_url, uploads_url

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/media"

# What WordPress reads from a photograph. Ours are stripped, so it is empty, and clients find it.
_IMAGE_META: dict[str, Any] = {
    "aperture": "0",
    "credit": "",
    "camera": "",
    "caption": "",
    "created_timestamp": "0",
    "copyright": "",
    "focal_length": "0",
    "iso": "0",
    "shutter_speed": "0",
    "title": "",
    "orientation": "0",
    "keywords": [],
}


def _wall(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S")


def _utc(value: datetime | None) -> str | None:
    return _wall(value.astimezone(UTC)) if value else None


@dataclass(frozen=True)
class MediaPresenter:
    """Presents attachments for one request."""

    request: Asked
    work: UnitOfWork
    meta_keys: list[MetaKey]

    async def bodies(self, views: Sequence[MediaView], context: str) -> list[dict[str, Any]]:
        paths = await self._paths(views)
        added = await acf.of_media(self.request, self.work, views)
        return [
            self._body(view, context, paths[view.post.id], fields)
            for view, fields in zip(views, added, strict=True)
        ]

    async def body(self, view: MediaView, context: str) -> dict[str, Any]:
        return (await self.bodies([view], context))[0]

    async def _paths(self, views: Sequence[MediaView]) -> dict[int, str]:
        """An attachment's page hangs below that of its post, if that has one."""
        parents = [view.parent for view in views if view.parent is not None]
        above = await permalinks.paths(self.work, parents) if parents else {}
        return {
            view.post.id: permalinks.attachment_path(
                view.post, above.get(view.post.parent_id or 0, "/")
            )
            for view in views
        }

    def _body(self, media: MediaView, context: str, path: str, added: acf.Custom) -> dict[str, Any]:
        post, revision, rendering = media.post, media.view.revision, media.view.rendering
        record, part = media.record, media.view.part(MEDIA)
        source = self.url(record, record.full["name"])
        shows = {"view": "v", "edit": "e", "embed": "m"}[context]
        site = front_url(self.request, self.work.tenant.site)
        title = rendering.title
        if post.status == Status.PRIVATE.value:
            title = f"Private: {title}"
        fields: list[tuple[str, str, Any]] = [
            ("id", "vem", post.id),
            ("date", "vem", _wall(post.date_local)),
            ("date_gmt", "ve", _utc(post.date_gmt)),
            ("guid", "ve", _words(source, source, context, raw_last=True)),
            ("modified", "ve", _wall(post.modified_local)),
            ("modified_gmt", "ve", _utc(post.modified_gmt)),
            ("slug", "vem", post.slug),
            ("status", "ve", post.status),
            ("type", "vem", post.post_type),
            ("link", "vem", f"{site}{path}"),
            ("title", "vem", _words(revision.title, title, context)),
            ("author", "vem", revision.author_id),
            ("comment_status", "ve", post.comment_status),
            ("ping_status", "ve", post.ping_status),
            ("template", "ve", revision.template),
            ("meta", "ve", self._meta(media)),
            ("permalink_template", "e", f"{site}/?attachment_id={post.id}"),
            ("generated_slug", "e", post.slug or slug_of(revision.title)),
            ("description", "ve", _words(revision.content, self._described(media), context)),
            ("caption", "vem", _words(revision.excerpt, rendering.excerpt, context)),
            ("alt_text", "vem", part.get("alt_text", "")),
            ("media_type", "vem", "image" if record.is_image else "file"),
            ("mime_type", "vem", record.mime_type),
            ("media_details", "vem", self.details(record)),
            ("post", "ve", post.parent_id),
            ("source_url", "vem", source),
            ("missing_image_sizes", "e", _missing(record)),
            ("focal_point", "ve", part.get("focal_point")),
        ]
        body = {name: value for name, contexts, value in fields if shows in contexts}
        return {**body, **added.fields, "_links": added.beside(self._links(media, context))}

    def _meta(self, media: MediaView) -> Any:
        stored = media.view.revision.meta
        return {key.name: stored.get(key.name, key.default) for key in self.meta_keys} or []

    def url(self, record: MediaRecord, name: str) -> str:
        return f"{uploads_url(self.request)}/{record.folder}/{name}"

    def details(self, record: MediaRecord) -> dict[str, Any]:
        """`media_details`: the sizes in WordPress's form, `full` last. Newer formats stand in a key
        `sources` of each size, which other clients do not look at."""
        full = record.full
        if not record.is_image:
            return {"filesize": full["bytes"], "sizes": {}}
        sizes = {
            one["size"]: self._size(record, one)
            for one in record.files
            if not one["variant"] and one["size"] not in {"full", "upload"}
        }
        if sizes:
            sizes["full"] = {
                "file": full["name"],
                "width": full["width"],
                "height": full["height"],
                "mime_type": full["mime_type"],
                "source_url": self.url(record, full["name"]),
            }
        upload = next((one for one in record.files if one["size"] == "upload"), None)
        return {
            "width": full["width"],
            "height": full["height"],
            "file": f"{record.folder}/{full['name']}",
            "filesize": full["bytes"],
            "sizes": sizes,
            "image_meta": _IMAGE_META,
            **({"original_image": upload["name"]} if upload is not None else {}),
        }

    def _size(self, record: MediaRecord, one: dict[str, Any]) -> dict[str, Any]:
        sources = {
            other["mime_type"]: {
                "file": other["name"],
                "filesize": other["bytes"],
                "source_url": self.url(record, other["name"]),
            }
            for other in record.files
            if other["variant"] and other["size"] == one["size"]
        }
        return {
            "file": one["name"],
            "width": one["width"],
            "height": one["height"],
            "filesize": one["bytes"],
            "mime_type": one["mime_type"],
            "source_url": self.url(record, one["name"]),
            **({"sources": sources} if sources else {}),
        }

    def _described(self, media: MediaView) -> str:
        """WordPress puts the medium itself before its description."""
        record = media.record
        source = escape(self.url(record, record.full["name"]))
        if not record.is_image:
            shown = media.view.rendering.title
        else:
            shown = _image(responsive_of(media, uploads_url(self.request), "medium"))
        link = f"<p class=\"attachment\"><a href='{source}'>{shown}</a></p>\n"
        return link + media.view.rendering.content

    def _links(self, media: MediaView, context: str) -> dict[str, Any]:
        post = media.post
        own = rest_url(self.request, f"{BASE}/{post.id}")
        author = rest_url(self.request, f"/wp/v2/users/{media.view.author_id}")
        replies = rest_url(self.request, f"/wp/v2/comments?post={post.id}")
        links: dict[str, Any] = {
            "self": [{"href": own}],
            "collection": [{"href": rest_url(self.request, BASE)}],
            "about": [{"href": rest_url(self.request, f"/wp/v2/types/{post.post_type}")}],
            "author": [{"embeddable": True, "href": author}],
            "replies": [{"embeddable": True, "href": replies}],
        }
        if context == "edit":
            actor, own_type = self.work.actor, type_of_media(self.work)
            if actor.has(own_type.capability("edit_others")):
                links["wp:action-assign-author"] = [{"href": own}]
            return {**links, "curies": CURIES}
        return links

    def allow(self, media: MediaView | None = None) -> list[str]:
        """The methods of this address for this person."""
        actor, own_type = self.work.actor, type_of_media(self.work)
        if media is None:
            may = not actor.is_anonymous and actor.has("upload_files")
            return ["GET", "POST"] if may else ["GET"]
        writes = ["POST", "PUT", "PATCH"] if may_edit(actor, own_type, media.post) else []
        deletes = ["DELETE"] if may_delete(actor, own_type, media.post) else []
        return ["GET", *writes, *deletes]


def _words(raw: str, rendered: str, context: str, *, raw_last: bool = False) -> dict[str, str]:
    if context != "edit":
        return {"rendered": rendered}
    return {"rendered": rendered, "raw": raw} if raw_last else {"raw": raw, "rendered": rendered}


def _missing(record: MediaRecord) -> list[str]:
    if not record.is_image:
        return []
    made = {one["size"] for one in record.files}
    wanted = (size for size in SIZES if fit(size, record.width, record.height) is not None)
    return [size.name for size in wanted if size.name not in made]


def _image(shown: Responsive) -> str:
    name = shown.size
    rest = "".join(
        f' {attribute}="{escape(value)}"'
        for attribute, value in (("srcset", shown.srcset), ("sizes", shown.sizes))
        if value
    )
    return (
        f'<img width="{shown.width}" height="{shown.height}" src="{escape(shown.src)}" '
        f'class="attachment-{name} size-{name}" alt="{escape(shown.alt)}" decoding="async" '
        f'loading="lazy"{rest} />'
    )


async def load_embedded(
    request: Asked, work: UnitOfWork, ids: Sequence[int]
) -> dict[int, dict[str, Any] | RestError]:
    """Media for `_embed`, of a whole answer by two statements."""
    found = {media.post.id: media for media in await many(work, ids)}
    readable = [m for m in found.values() if may_read_media(work, m.post, m.parent)]
    presenter = MediaPresenter(request, work, work.registry.meta_keys("attachment"))
    bodies = await presenter.bodies(readable, "embed")
    shown: dict[int, dict[str, Any] | RestError] = {body["id"]: body for body in bodies}
    for wanted in ids:
        if wanted not in found:
            shown[wanted] = RestError("rest_post_invalid_id", "Invalid post ID.", 404)
        elif wanted not in shown:
            message = "Sorry, you are not allowed to do that."
            shown[wanted] = RestError("rest_forbidden", message, 403)
    return shown


EMBEDS = (Embeddable(BASE + "/{id}", load_embedded),)
