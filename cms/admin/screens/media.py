"""The media library: finding, uploading, describing and deleting files."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from litestar import Response
from litestar.datastructures import UploadFile

from cms.admin.media import KINDS, Shown, page_of, shown_of, uses_of
from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.content import attachment_reading, attachments, posts
from cms.content.attachments import Details, type_of_media
from cms.content.permissions import may_delete, may_edit
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput, NotFound
from cms.rest.media import prepared, remade, require_edit, require_readable, settings_of
from cms.rest.receiving import working_folder

LARGEST_FORM = 400_000_000
"""Bytes of all files that are sent at once; each has the limit of the installation besides."""

_HOME = "/admin/media"


@screen(_HOME, action="media.list", resource="media")
async def list_media(
    work: UnitOfWork, page: Page, q: str = "", kind: str = "", after: int | None = None
) -> Response[bytes]:
    """All files, the newest first."""
    attachments.require_upload(work)
    return page.render("media/list.html", **await _listed(work, page, q, kind, after))


@screen(f"{_HOME}/pick", action="media.list", resource="media")
async def pick_media(
    work: UnitOfWork, page: Page, q: str = "", kind: str = "image", after: int | None = None
) -> Response[bytes]:
    """A part of a page, from which a picture is chosen for a text."""
    attachments.require_upload(work)
    return page.render("media/pick.html", **await _listed(work, page, q, kind, after))


async def _listed(
    work: UnitOfWork, page: Page, q: str, kind: str, after: int | None
) -> dict[str, Any]:
    found, following = await page_of(work, page.request, words=q, kind=kind, after=after)
    return {"files": found, "q": q, "kind": kind, "kinds": KINDS, "next": following, "after": after}


@form(_HOME, action="media.upload", resource="media", request_max_body_size=LARGEST_FORM)
async def upload_media(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Take every file that was chosen. Those that cannot be used are named with the reason; the
    others are kept."""
    attachments.require_upload(work)
    files = page.form.files("files")
    if not files:
        raise InvalidInput({"files": "choose at least one file"})
    taken, refused = [], {}
    for file in files:
        try:
            taken.append(await taken_in(work, page, file))
        except CmsError as error:
            refused[file.filename] = error.message
    if page.form.has("pick") and taken:
        shown = await shown_of(work, page.request, [taken[0]])
        return page.render("media/picked.html", files=shown)
    if not refused:
        said = page.words.ngettext("One file was added.", "%(num)d files were added.", len(taken))
        return page.redirect(_HOME, said % {"num": len(taken)})
    listed = await _listed(work, page, "", "", None)
    return page.render("media/list.html", status=422, refused=refused, **listed)


async def taken_in(
    work: UnitOfWork,
    page: Page,
    file: UploadFile,
    details: Details | None = None,
    focus: tuple[float, float] = (50, 50),
) -> int:
    """One file, in a transaction of its own: making its sizes holds no connection. `focus` in per
    cent from the left and from the top."""
    settings = settings_of(page.request)
    await work.commit()
    async with working_folder(settings) as folder:
        source = folder / "received"
        if await asyncio.to_thread(_copy, file, source) > settings.media_max_bytes:
            most = f"has more than {settings.media_max_bytes} bytes; make it smaller"
            raise InvalidInput({"files": most})
        made = await prepared(page.request, source, file.filename, focus)
        saved = await attachments.upload(work, made, details or Details({}, {}))
        await work.commit()
        return int(saved.id)


def _copy(file: UploadFile, target: Path) -> int:
    with target.open("wb") as out:
        file.file.seek(0)
        shutil.copyfileobj(file.file, out)
    return target.stat().st_size


@screen(f"{_HOME}/{{media_id:int}}", action="media.read", resource="media")
async def show_media(work: UnitOfWork, page: Page, media_id: int) -> Response[bytes]:
    """One file: what it is called, what it shows, where it is used."""
    return await _shown_again(work, page, await _one(work, page, media_id))


async def _one(work: UnitOfWork, page: Page, media_id: int) -> Shown:
    found = await shown_of(work, page.request, [media_id])
    if not found:
        raise NotFound("file", media_id)
    require_readable(work, found[0].view)
    return found[0]


async def _shown_again(work: UnitOfWork, page: Page, file: Shown, **more: Any) -> Response[bytes]:
    media = type_of_media(work)
    return page.render(
        "media/file.html",
        file=file,
        revision=file.view.view.revision,
        focus=file.view.view.part("media").get("focal_point") or {"x": 50, "y": 50},
        uses=await uses_of(work, file.id),
        may_edit=may_edit(work.actor, media, file.view.post),
        may_delete=may_delete(work.actor, media, file.view.post),
        **{"faults": {}, "status": 200, **more},
    )


@form(f"{_HOME}/{{media_id:int}}", action="media.edit", resource="media")
async def save_media(work: UnitOfWork, page: Page, media_id: int) -> Response[bytes]:
    """Keep what was said of the file. Another focal point cuts its small sizes anew."""
    faults: dict[str, str] = {}
    focus = {axis: page.form.read(f"focus_{axis}", per_cent, faults) for axis in ("x", "y")}
    if faults:
        return await _shown_again(
            work, page, await _one(work, page, media_id), faults=faults, status=422
        )
    media = await attachment_reading.one(work, media_id, working=True)
    require_edit(work, media)
    before = media.view.part("media").get("focal_point") or {"x": 50, "y": 50}
    said = Details(
        {
            "title": page.form.text("title"),
            "excerpt": page.form.text("caption"),
            "content": page.form.raw("description"),
        },
        {},
        alt_text=page.form.text("alt_text"),
        focal_point=focus,
    )
    if focus == before or not media.record.is_image:
        await attachments.change(work, await posts.lock(work, media_id, type_of_media(work)), said)
    else:
        await _cut_anew(work, page, media_id, said, media)
    return page.redirect(f"{_HOME}/{media_id}", page.say("The file is saved."))


async def _cut_anew(
    work: UnitOfWork,
    page: Page,
    media_id: int,
    said: Details,
    media: attachment_reading.MediaView,
) -> None:
    point = said.focal_point or {}
    async with working_folder(settings_of(page.request)) as folder:
        made = await remade(page.request, work, media.record, folder, (point["x"], point["y"]))
        found = await posts.lock(work, media_id, type_of_media(work))
        await attachments.change(work, found, said)
        await attachments.renew(work, found, made.files)


def per_cent(text: str) -> float:
    """A number from 0 to 100 as people write it; ValueError for any other."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        raise ValueError("must be a number from 0 to 100") from None
    if not 0 <= number <= 100:
        raise ValueError("must be a number from 0 to 100")
    return number


@screen(f"{_HOME}/{{media_id:int}}/delete", action="media.read", resource="media")
async def ask_delete(work: UnitOfWork, page: Page, media_id: int) -> Response[bytes]:
    """What deleting would do."""
    file = await _one(work, page, media_id)
    return page.render("media/delete.html", file=file, uses=await uses_of(work, media_id))


@form(f"{_HOME}/{{media_id:int}}/delete", action="media.delete", resource="media")
async def delete_media(work: UnitOfWork, page: Page, media_id: int) -> Response[bytes]:
    """Take it from readers at once, and its bytes from the storage a little later."""
    await attachments.remove(work, await posts.lock(work, media_id, type_of_media(work)))
    return page.redirect(_HOME, page.say("The file is deleted."))


MEDIA_SCREENS: list[Any] = [
    list_media,
    pick_media,
    upload_media,
    show_media,
    save_media,
    ask_delete,
    delete_media,
]
