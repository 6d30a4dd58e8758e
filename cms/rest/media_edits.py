"""Crops and turns of a picture, which become media of their own, and sizes made anew."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import post
from cms.content import attachment_reading, attachments, posts
from cms.content.attachment_reading import MediaView
from cms.content.attachments import Details, type_of_media
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.media.pieces import Unfit
from cms.media.preparing import beside
from cms.media.renditions import edited
from cms.media.sizes import Box
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.media import (
    ITEM,
    created,
    fetched,
    prepared,
    remade,
    require_edit,
    settings_of,
    source_of,
    written,
)
from cms.rest.media_arguments import EDIT, POST_PROCESS, SCHEMA
from cms.rest.receiving import working_folder
from cms.rest.shape import uploads_url

Asked = Request[Any, Any, Any]


@dataclass
class Edit:
    """What is done to a picture: turned first, in degrees clockwise, then cut, in per cent of the
    turned one."""

    rotation: int = 0
    crop: tuple[float, float, float, float] | None = None

    def box(self, width: int, height: int) -> Box | None:
        """The cut in pixels; None when it leaves the whole picture."""
        if self.crop is None:
            return None
        if self.rotation % 180 == 90:
            width, height = height, width
        left, top, across, down = self.crop
        x, y = round(width * left / 100), round(height * top / 100)
        right = min(width, x + max(1, round(width * across / 100)))
        bottom = min(height, y + max(1, round(height * down / 100)))
        return (min(x, right - 1), min(y, bottom - 1), right, bottom)


def edit_of(wanted: dict[str, Any]) -> Edit:
    """The edit that a request asks for: by `modifiers`, or by WordPress's older arguments."""
    edit = Edit()
    for modifier in wanted.get("modifiers") or _older(wanted):
        values = modifier.get("args") or {}
        if modifier.get("type") == "rotate":
            edit.rotation = (edit.rotation + int(_per(values, "angle", 360))) % 360
        elif modifier.get("type") == "crop":
            left, top = _per(values, "left"), _per(values, "top")
            edit.crop = (left, top, _per(values, "width"), _per(values, "height"))
    if edit.crop is not None and (edit.crop[:2] == (0, 0) and edit.crop[2:] == (100, 100)):
        edit.crop = None
    if not edit.rotation and edit.crop is None:
        raise RestError(
            "rest_image_not_edited",
            "The image was not edited. Edit the image before applying the changes.",
            400,
        )
    return edit


def _older(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    modifiers: list[dict[str, Any]] = []
    if wanted.get("rotation"):
        modifiers.append({"type": "rotate", "args": {"angle": wanted["rotation"]}})
    cut = {
        "left": wanted.get("x", 0),
        "top": wanted.get("y", 0),
        "width": wanted.get("width", 100),
        "height": wanted.get("height", 100),
    }
    if any(name in wanted for name in ("x", "y", "width", "height")):
        modifiers.append({"type": "crop", "args": cut})
    return modifiers


def _per(values: Any, name: str, most: float = 100) -> float:
    value = values.get(name) if isinstance(values, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        fault = arguments.Fault(
            "rest_invalid_param", f"modifiers: {name} must be a number up to {most}."
        )
        raise arguments.invalid({"modifiers": fault})
    return float(value) if name == "angle" else max(0.0, float(value))


async def edit_picture(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
    require(
        work.actor.has("upload_files"),
        "media.edit_image",
        "Sorry, you are not allowed to upload media on this site.",
    )
    wanted = await arguments.read(request, EDIT)
    media = await attachment_reading.one(work, post_id, working=True)
    require_edit(work, media)
    _refuse_other_source(request, media, wanted["src"])
    if not media.record.is_image:
        message = "This type of file cannot be edited."
        raise RestError("rest_cannot_edit_file_type", message, 400)
    edit = edit_of(wanted)
    await work.commit()
    async with working_folder(settings_of(request)) as folder:
        target = await _edited(work, media, edit, folder)
        made = await prepared(request, target, _name(media))
        saved = await attachments.upload(work, made, _details(media))
        return await created(request, work, saved)


def _refuse_other_source(request: Asked, media: MediaView, source: str) -> None:
    """The address must be one of this very picture's."""
    names = {one["name"] for one in media.record.files if not one["variant"]}
    base = f"{uploads_url(request)}/{media.record.folder}/"
    if not source.startswith(base) or source.removeprefix(base) not in names:
        raise RestError("rest_unknown_attachment", "Unable to get meta information for file.", 404)


async def _edited(work: UnitOfWork, media: MediaView, edit: Edit, folder: Path) -> Path:
    source = await fetched(work, media.record, folder)
    one = source_of(media.record)
    target = folder / "edited"
    step = partial(
        edited,
        source,
        target,
        one["mime_type"],
        rotation=edit.rotation,
        crop=edit.box(one["width"], one["height"]),
    )
    try:
        await beside(step)
    except (Unfit, OSError) as error:
        raise RestError("rest_image_crop_failed", "Unable to crop this image.", 400) from error
    return target


def _name(media: MediaView) -> str:
    """`pulmao.jpg` becomes `pulmao-edited.jpg`, once."""
    stem = media.record.stem.rpartition("/")[2]
    head, edited_mark, number = stem.rpartition("-edited")
    is_edited = bool(edited_mark) and not number.strip("-0123456789")
    extension = media.record.full["name"].rpartition(".")[2]
    return f"{head if is_edited else stem}-edited.{extension}"


def _details(media: MediaView) -> Details:
    """A copy says of itself what its source says."""
    revision, part = media.view.revision, media.view.part("media")
    versioned = {
        "title": revision.title,
        "content": revision.content,
        "excerpt": revision.excerpt,
    }
    return Details(versioned, {}, alt_text=part.get("alt_text", ""))


async def process_again(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
    await arguments.read(request, POST_PROCESS)
    media = await attachment_reading.one(work, post_id, working=True)
    require_edit(work, media)
    if not media.record.is_image:
        return await written(request, work, await posts.get(work, post_id))
    point = media.view.part("media").get("focal_point") or {}
    async with working_folder(settings_of(request)) as folder:
        focus = (point.get("x", 50), point.get("y", 50))
        made = await remade(request, work, media.record, folder, focus)
        found = await posts.lock(work, post_id, type_of_media(work))
        await attachments.renew(work, found, made.files)
        return await written(request, work, found)


def media_edit_routes() -> list[HTTPRouteHandler]:
    """The two handlers that work on a picture."""

    @post(
        f"{ITEM}/edit",
        action="media.upload",
        resource="media",
        status_code=201,
        arguments=EDIT,
        schema=SCHEMA,
    )
    async def edit_media(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        return await edit_picture(request, work, post_id)

    @post(
        f"{ITEM}/post-process",
        action="media.edit",
        resource="media",
        status_code=200,
        arguments=POST_PROCESS,
        schema=SCHEMA,
    )
    async def process_media(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        return await process_again(request, work, post_id)

    return [edit_media, process_media]
