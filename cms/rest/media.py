"""Media: uploading, listing, changing and deleting attachments."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, patch, post, put
from cms.content import attachment_reading, attachments, posts, reading
from cms.content.attachment_reading import MediaView, may_read_media
from cms.content.attachments import Details, type_of_media
from cms.content.models import Post
from cms.content.permissions import may_edit, require
from cms.content.reading import PostQuery
from cms.database.work import UnitOfWork
from cms.host import Host
from cms.kernel.registry import Registry
from cms.media.files import Prepared
from cms.media.kinds import WrongType
from cms.media.models import MediaRecord
from cms.media.pieces import Unfit
from cms.media.preparing import Limits, beside, prepare
from cms.rest import acf, acf_writing, arguments, media_arguments
from cms.rest.errors import RestError
from cms.rest.media_arguments import SCHEMA
from cms.rest.media_body import BASE, MediaPresenter
from cms.rest.post_arguments import DELETE
from cms.rest.post_query import dates_of, list_order, list_statuses, require_context
from cms.rest.posts import date_of
from cms.rest.receiving import receive, working_folder
from cms.rest.shape import answer, paging, rest_url

Asked = Request[Any, Any, Any]
ITEM = f"{BASE}/{{post_id:int}}"

_VERSIONED = {
    "title": "title",
    "description": "content",
    "caption": "excerpt",
    "slug": "slug",
    "author": "author_id",
    "template": "template",
}
_IMMEDIATE = ("comment_status", "ping_status", "status")


def settings_of(request: Asked) -> Any:
    host: Host = request.app.state.host
    return host.settings


def limits_of(request: Asked) -> Limits:
    settings = settings_of(request)
    return Limits(settings.media_max_pixels, settings.media_formats)


def presenter(request: Asked, work: UnitOfWork) -> MediaPresenter:
    return MediaPresenter(request, work, work.registry.meta_keys("attachment"))


async def prepared(
    request: Asked, source: Path, name: str, focus: tuple[float, float] = (50, 50)
) -> Prepared:
    """The file made ready, off the event loop; a refusal in WordPress's words."""
    step = partial(prepare, source, name, source.parent, limits_of(request), focus)
    try:
        return await beside(step)
    except WrongType as refused:
        raise _unfit(refused, 415) from refused
    except Unfit as refused:
        raise _unfit(refused, 400) from refused


def _unfit(refused: Unfit, status: int) -> RestError:
    """The trail keeps it: what somebody tried to bring in may have been an attack."""
    error = RestError("rest_upload_sideload_error", str(refused), status)
    error.is_refusal = True
    return error


async def collection(request: Asked, work: UnitOfWork) -> Response[bytes]:
    table = acf_writing.reads(work, acf.MEDIA, media_arguments.MEDIA_LIST)
    wanted = await arguments.read(request, table)
    query = _query(work, wanted)
    narrowed = attachment_reading.narrowed(
        work,
        query,
        mime_type=wanted.get("mime_type"),
        media_type=wanted.get("media_type"),
        parents=wanted["parent"],
        parents_exclude=wanted["parent_exclude"],
    )
    views, total = await reading.page(work, narrowed)
    page, per_page = wanted["page"], wanted["per_page"]
    address = rest_url(request, BASE)
    headers = paging(request, address, total=total, page=page, per_page=per_page)
    shown = presenter(request, work)
    body = await shown.bodies(await attachment_reading.with_files(work, views), wanted["context"])
    return answer(request, body, headers=headers, allow=shown.allow())


def _query(work: UnitOfWork, wanted: dict[str, Any]) -> PostQuery:
    media = type_of_media(work)
    edits = not work.actor.is_anonymous and work.actor.has(media.capability("edit"))
    require_context(edits, wanted["context"])
    offset = wanted.get("offset")
    statuses = list_statuses(work, media, wanted["status"], edits, free=frozenset({"inherit"}))
    return PostQuery(
        media,
        statuses=statuses,
        search=wanted.get("search", ""),
        authors=wanted["author"],
        authors_exclude=wanted["author_exclude"],
        include=wanted["include"],
        exclude=wanted["exclude"],
        slugs=wanted.get("slug", ()),
        order_by=list_order(wanted),
        descending=wanted["order"] == "desc",
        limit=wanted["per_page"],
        offset=offset if offset is not None else (wanted["page"] - 1) * wanted["per_page"],
        working=wanted["context"] == "edit",
        **dates_of(work, wanted),
    )


async def read(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
    table = acf_writing.reads(work, acf.MEDIA, media_arguments.ITEM)
    wanted = await arguments.read(request, table)
    context = wanted["context"]
    media = await attachment_reading.one(work, post_id, working=context == "edit")
    edits = may_edit(work.actor, type_of_media(work), media.post)
    require(edits or context != "edit", "post.item_context", "")
    require_readable(work, media)
    await work.decide("media.read", "media", post_id, posts.facts(media.post))
    shown = presenter(request, work)
    body = await shown.body(media, context)
    headers = {"Link": f'<{body["link"]}>; rel="alternate"; type=text/html'}
    return answer(request, body, allow=shown.allow(media), headers=headers)


def require_readable(work: UnitOfWork, media: MediaView) -> None:
    require(
        may_read_media(work, media.post, media.parent),
        "post.read",
        "Sorry, you are not allowed to do that.",
    )


async def upload(request: Asked, work: UnitOfWork) -> Response[bytes]:
    attachments.require_upload(work)
    # A slow sender holds no connection: what follows is a transaction of its own.
    await work.commit()
    settings = settings_of(request)
    async with working_folder(settings) as folder:
        received = await receive(request, folder, settings.media_max_bytes)
        table = media_arguments.write_table(work.registry.meta_keys("attachment"))
        wanted = await acf_writing.sifted(work, acf.MEDIA, received.fields, table)
        made = await prepared(request, received.path, received.name, _focus(wanted))
        saved = await attachments.upload(work, made, details_of(work, wanted))
        return await created(request, work, saved)


async def created(request: Asked, work: UnitOfWork, saved: Post) -> Response[bytes]:
    await work.session.flush()
    media = await attachment_reading.one(work, saved.id, working=True)
    shown = presenter(request, work)
    body = await shown.body(media, "edit")
    headers = {"Location": rest_url(request, f"{BASE}/{saved.id}")}
    return answer(request, body, status=201, allow=shown.allow(), headers=headers)


def details_of(work: UnitOfWork, wanted: Mapping[str, Any]) -> Details:
    versioned = {field: wanted[name] for name, field in _VERSIONED.items() if name in wanted}
    immediate = {name: wanted[name] for name in _IMMEDIATE if name in wanted}
    focal_point = (wanted["focal_point"] or {}) if "focal_point" in wanted else None
    given_dates = {name: wanted[name] for name in ("date", "date_gmt") if wanted.get(name)}
    return Details(
        versioned,
        {**immediate, **date_of(work, given_dates)},
        alt_text=wanted.get("alt_text"),
        focal_point=focal_point,
        parent_id=wanted.get("post"),
        meta=wanted.get("meta", {}),
        parts=acf_writing.parts(work, acf.MEDIA, wanted),
    )


def _focus(wanted: Mapping[str, Any]) -> tuple[float, float]:
    point = wanted.get("focal_point") or {}
    return point.get("x", 50), point.get("y", 50)


async def update(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
    table = media_arguments.write_table(work.registry.meta_keys("attachment"))
    wanted = await acf_writing.read(request, work, acf.MEDIA, table)
    media = await attachment_reading.one(work, post_id, working=True)
    require_edit(work, media)
    before = media.view.part("media").get("focal_point") or None
    moves = "focal_point" in wanted and (wanted["focal_point"] or None) != before
    if not (moves and media.record.is_image):
        return await _updated(request, work, post_id, wanted, None)
    async with working_folder(settings_of(request)) as folder:
        made = await remade(request, work, media.record, folder, _focus(wanted))
        return await _updated(request, work, post_id, wanted, made)


def require_edit(work: UnitOfWork, media: MediaView) -> None:
    require(
        may_edit(work.actor, type_of_media(work), media.post),
        "media.edit",
        "Sorry, you are not allowed to edit this post.",
    )


async def remade(
    request: Asked,
    work: UnitOfWork,
    record: MediaRecord,
    folder: Path,
    focus: tuple[float, float],
) -> Prepared:
    """All sizes of a stored picture once more. The transaction ends before they are made."""
    await work.commit()
    source = await fetched(work, record, folder)
    return await prepared(request, source, source_of(record)["name"], focus)


def source_of(record: MediaRecord) -> dict[str, Any]:
    """The public picture in its own size: that before it was scaled, where it was."""
    is_scaled = "-scaled." in record.full["name"]
    uploads = (one for one in record.files if is_scaled and one["size"] == "upload")
    return next(uploads, record.full)


async def fetched(work: UnitOfWork, record: MediaRecord, folder: Path) -> Path:
    """The public picture as a file of this machine."""
    one = source_of(record)
    path = folder / "stored"
    with path.open("wb") as file:
        async for chunk in work.shop.storage.read(record.key(one["name"]), 0, one["bytes"]):
            file.write(chunk)
    return path


async def _updated(
    request: Asked,
    work: UnitOfWork,
    post_id: int,
    wanted: Mapping[str, Any],
    made: Prepared | None,
) -> Response[bytes]:
    found = await posts.lock(work, post_id, type_of_media(work))
    await attachments.change(work, found, details_of(work, wanted))
    if made is not None:
        await attachments.renew(work, found, made.files)
    return await written(request, work, found)


async def written(request: Asked, work: UnitOfWork, found: Post) -> Response[bytes]:
    await work.session.flush()
    media = await attachment_reading.one(work, found.id, working=True)
    shown = presenter(request, work)
    return answer(request, await shown.body(media, "edit"), allow=shown.allow(media))


async def remove(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
    wanted = await arguments.read(request, DELETE)
    found = await posts.lock(work, post_id, type_of_media(work))
    media = await attachment_reading.one(work, post_id, working=True)
    shown = presenter(request, work)
    allow = shown.allow(media)
    require(
        "DELETE" in allow,
        "media.delete",
        "Sorry, you are not allowed to delete this post.",
    )
    if not wanted["force"]:
        raise RestError(
            "rest_trash_not_supported",
            "The post does not support trashing. Set 'force=true' to delete.",
            501,
        )
    previous = await shown.body(media, "edit")
    previous.pop("_links")
    await attachments.remove(work, found)
    return answer(request, {"deleted": True, "previous": previous}, allow=allow)


def media_routes(registry: Registry) -> list[HTTPRouteHandler]:
    """The six handlers of media."""
    table = media_arguments.write_table(registry.meta_keys("attachment"))

    @get(
        BASE,
        action="media.list",
        resource="media",
        arguments=media_arguments.MEDIA_LIST,
        schema=SCHEMA,
        fields=acf.MEDIA,
    )
    async def list_media(request: Asked, work: UnitOfWork) -> Response[bytes]:
        return await collection(request, work)

    # Its own limit is counted while the file is streamed to disk.
    @post(
        BASE,
        action="media.upload",
        resource="media",
        status_code=201,
        request_max_body_size=None,
        arguments=table,
        schema=SCHEMA,
        fields=acf.MEDIA,
    )
    async def upload_media(request: Asked, work: UnitOfWork) -> Response[bytes]:
        return await upload(request, work)

    @get(
        ITEM,
        action="media.read",
        resource="media",
        arguments=media_arguments.ITEM,
        schema=SCHEMA,
        fields=acf.MEDIA,
    )
    async def read_media(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        return await read(request, work, post_id)

    async def update_media(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        return await update(request, work, post_id)

    declared: dict[str, Any] = {
        "action": "media.edit",
        "resource": "media",
        "status_code": 200,
        "arguments": table,
        "schema": SCHEMA,
        "fields": acf.MEDIA,
    }
    writes = [kind(ITEM, **declared)(update_media) for kind in (post, put, patch)]

    @delete(
        ITEM,
        action="media.delete",
        resource="media",
        status_code=200,
        arguments=DELETE,
        schema=SCHEMA,
        fields=acf.MEDIA,
    )
    async def delete_media(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        return await remove(request, work, post_id)

    return [list_media, upload_media, read_media, *writes, delete_media]
