"""A file on its way in: streamed to disk and bounded, as a form or as the body itself."""

import asyncio
import hashlib
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from litestar import Request
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from cms.rest import arguments
from cms.rest.errors import RestError
from cms.settings import Settings

Asked = Request[Any, Any, Any]

MOST_FORM_BYTES = 1_000_000
"""Of everything in a form that is not the file."""

_EXTENDED = re.compile(r"filename\*\s*=\s*(?:UTF-8|utf-8)''([^;\s]+)")
_NAMED = re.compile(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', re.IGNORECASE)


@dataclass
class Received:
    """A file as it came, and the arguments that came with it."""

    path: Path
    name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


@asynccontextmanager
async def working_folder(settings: Settings) -> AsyncIterator[Path]:
    """A folder that is gone afterwards, whatever happens."""
    home = settings.data / "incoming"
    await asyncio.to_thread(home.mkdir, parents=True, exist_ok=True, mode=0o700)
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=home))
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def receive(request: Asked, folder: Path, most: int) -> Received:
    """The file of the request. RestError in WordPress's words when there is none, when it is too
    large, or when it is not what its Content-MD5 says."""
    received = Received(folder / "received")
    sink = _Sink(await asyncio.to_thread(received.path.open, "wb"), most)
    try:
        kind, options = request.content_type
        if kind == "multipart/form-data":
            await _read_form(request, options.get("boundary", ""), received, sink)
        else:
            await _read_body(request, received, sink)
    finally:
        sink.file.close()
    wanted = request.headers.get("content-md5", "").strip().lower()
    if wanted and wanted != sink.md5.hexdigest():
        raise RestError("rest_upload_hash_mismatch", "Content hash did not match expected.", 412)
    received.fields = {
        **arguments.query_values(request.query_params.items()),
        **received.fields,
    }
    return received


class _Sink:
    """Takes bytes until there are too many."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.file, self.most, self.count = file, most, 0
        self.md5 = hashlib.md5(usedforsecurity=False)

    def take(self, chunk: bytes | bytearray) -> None:
        self.count += len(chunk)
        if self.count > self.most:
            raise too_large(self.most)
        self.md5.update(chunk)
        self.file.write(chunk)


def too_large(most: int) -> RestError:
    return RestError(
        "rest_upload_file_too_big",
        f"This file is too big. Files must be less than {most // 1000} KB in size.",
        413,
    )


def no_data() -> RestError:
    return RestError("rest_upload_no_data", "No data supplied.", 400)


async def _read_body(request: Asked, received: Received, sink: _Sink) -> None:
    """The body is the file; its name stands in Content-Disposition."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > sink.most:
        raise too_large(sink.most)
    async for chunk in request.stream():
        if not chunk:
            continue
        if not received.name:
            received.name = _disposed(request)
        sink.take(chunk)
    if not sink.count:
        raise no_data()


def _disposed(request: Asked) -> str:
    if not request.headers.get("content-type"):
        raise RestError("rest_upload_no_content_type", "No Content-Type supplied.", 400)
    disposition = request.headers.get("content-disposition", "")
    if not disposition:
        raise RestError(
            "rest_upload_no_content_disposition", "No Content-Disposition supplied.", 400
        )
    name = file_name(disposition)
    if not name:
        raise RestError(
            "rest_upload_invalid_disposition",
            "Invalid Content-Disposition supplied. Content-Disposition needs to be formatted as "
            '`attachment; filename="image.png"` or similar.',
            400,
        )
    return name


def file_name(disposition: str) -> str:
    """The name in a Content-Disposition (RFC 6266); the extended form counts before the plain."""
    extended = _EXTENDED.search(disposition)
    if extended is not None:
        return unquote(extended[1])
    plain = _NAMED.search(disposition)
    if plain is None:
        return ""
    return re.sub(r"\\(.)", r"\1", plain[1]) if plain[1] is not None else plain[2]


async def _read_form(request: Asked, boundary: str, received: Received, sink: _Sink) -> None:
    if not boundary:
        raise no_data()
    pairs: list[tuple[str, str]] = []
    reader = _FormReader(received, sink, pairs)
    try:
        with PushMultipartParser(boundary.encode(), max_segment_count=200) as parser:
            async for chunk in request.stream():
                for part in parser.parse(chunk):
                    reader.take(part)
            if not parser.closed:
                parser.close()
    except MultipartError as error:
        raise RestError(
            "rest_upload_no_data", "The form is damaged; send it again.", 400
        ) from error
    if not received.name:
        raise no_data()
    received.fields = arguments.query_values(pairs)


class _FormReader:
    """Sorts what the parser finds: the part `file` goes to disk, words become arguments."""

    def __init__(self, received: Received, sink: _Sink, pairs: list[tuple[str, str]]) -> None:
        self._received, self._sink, self._pairs = received, sink, pairs
        self._segment: MultipartSegment | None = None
        self._words = bytearray()
        self._form_bytes = 0

    def take(self, part: Any) -> None:
        if isinstance(part, MultipartSegment):
            self._begin(part)
        elif part is None:
            self._end()
        elif self._is_file:
            self._sink.take(part)
        else:
            self._form_bytes += len(part)
            if self._form_bytes > MOST_FORM_BYTES:
                raise too_large(MOST_FORM_BYTES)
            if self._segment is not None and not self._segment.filename:
                self._words += part

    def _begin(self, segment: MultipartSegment) -> None:
        self._segment, self._words = segment, bytearray()
        self._is_file = (
            bool(segment.filename) and segment.name == "file" and not self._received.name
        )
        if self._is_file:
            self._received.name = segment.filename

    def _end(self) -> None:
        if self._segment is not None and not self._segment.filename:
            self._pairs.append((self._segment.name, self._words.decode(errors="replace")))
        self._segment = None
