"""The files themselves: public ones below /wp-content/uploads, private originals for few."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from litestar import Request
from litestar.response import Response, Stream

from cms.api.routing import get
from cms.content import attachment_reading, attachments
from cms.content.attachment_reading import may_read_media
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.actors import ANONYMOUS
from cms.media.names import read_back
from cms.rest.shape import UPLOADS

Asked = Request[Any, Any, Any]

PUBLIC_CACHE = "public, max-age=604800"
"""A week: an address means one picture for ever, but what was deleted should not stay for long."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_SHOWN = ("image/", "video/", "audio/")

# Whatever a browser takes the file for, it may do nothing.
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Accept-Ranges": "bytes",
}


@get(f"{UPLOADS}/{{path:path}}", action="media.serve", resource="media", include_in_schema=False)
async def serve_upload(request: Asked, work: UnitOfWork, path: str) -> Response[Any]:
    """A public file, to whoever may read its attachment. Everything else is not found: what exists
    is nobody's business."""
    asked = read_back(path.lstrip("/"))
    found = await attachment_reading.by_path(work, asked[0]) if asked else None
    file = found[0].file(asked[1]) if found and asked else None
    if found is None or file is None:
        raise NotFound("file", "at this address")
    record, post, parent = found
    if not may_read_media(work, post, parent):
        raise NotFound("file", "at this address")
    is_public = may_read_media(work, post, parent, ANONYMOUS)
    return _answer(
        request,
        work,
        _Served(
            record.key(file["name"]),
            str(file["mime_type"]),
            int(file["bytes"]),
            str(file["sha256"]),
            record.created_at,
            PUBLIC_CACHE if is_public else "private, no-store",
        ),
    )


@get("/media/{post_id:int}/original", action="media.original", resource="media", tags=["media"])
async def serve_original(request: Asked, work: UnitOfWork, post_id: int) -> Response[Any]:
    """The file as it was sent, with what it tells of people; for administrators."""
    require(
        work.actor.has("manage_options"),
        "media.original",
        "Originals are for administrators.",
    )
    record = await attachments.record_of(work, post_id)
    if record.original is None:
        raise NotFound("original of the medium", post_id)
    await work.decide("media.original", "media", post_id)
    original = record.original
    return _answer(
        request,
        work,
        _Served(
            str(original["key"]),
            "application/octet-stream",
            int(original["bytes"]),
            str(original["sha256"]),
            record.created_at,
            "private, no-store",
        ),
    )


@dataclass(frozen=True)
class _Served:
    key: str
    mime_type: str
    bytes: int
    sha256: str
    changed: datetime
    cache: str

    @property
    def etag(self) -> str:
        return f'"{self.sha256[:32]}"'

    @property
    def last_modified(self) -> str:
        return format_datetime(self.changed.astimezone(UTC), usegmt=True)

    def headers(self) -> dict[str, str]:
        is_shown = self.mime_type.startswith(_SHOWN)
        disposition = {} if is_shown else {"Content-Disposition": "attachment"}
        return {
            **_SAFE,
            **disposition,
            "ETag": self.etag,
            "Last-Modified": self.last_modified,
            "Cache-Control": self.cache,
        }


def _answer(request: Asked, work: UnitOfWork, served: _Served) -> Response[Any]:
    """The whole file, the part that was asked for, or that the reader has it already (RFC 9110)."""
    headers = served.headers()
    if _is_known(request, served):
        return Response(b"", status_code=304, headers=headers, media_type=served.mime_type)
    start, end, status = 0, served.bytes, 200
    asked = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is not None and _is_same(request, served):
        part = _part(asked[1], asked[2], served.bytes)
        if part is None:
            headers["Content-Range"] = f"bytes */{served.bytes}"
            return Response(b"", status_code=416, headers=headers, media_type=served.mime_type)
        (start, end), status = part, 206
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{served.bytes}"
    headers["Content-Length"] = str(end - start)
    chunks: AsyncIterator[bytes] = work.shop.storage.read(served.key, start, end)
    return Stream(chunks, status_code=status, headers=headers, media_type=served.mime_type)


def _is_known(request: Asked, served: _Served) -> bool:
    tags = request.headers.get("if-none-match")
    if tags is not None:
        listed = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in listed or served.etag in listed
    since = _date(request.headers.get("if-modified-since"))
    return since is not None and served.changed.replace(microsecond=0) <= since


def _is_same(request: Asked, served: _Served) -> bool:
    """Whether a part fits to what the reader has of the file (If-Range)."""
    wanted = request.headers.get("if-range")
    return wanted is None or wanted in {served.etag, served.last_modified}


def _date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def _part(first: str, last: str, size: int) -> tuple[int, int] | None:
    """(start, end) of one range; None when it is outside of the file."""
    if not first:
        start, end = max(0, size - int(last or 0)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
    return (start, end) if start < end else None
