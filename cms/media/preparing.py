"""A file that came in, on its way to readers: looked into, stripped, and made into sizes.

All of it is work for a thread: nothing here waits for anybody.
"""

import asyncio
import mmap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cms.media import jpeg, kinds, names
from cms.media.files import MediaFile, Prepared, file_of
from cms.media.kinds import Kind
from cms.media.pieces import Data, Piece, Unfit, is_whole, write
from cms.media.renditions import Recipe, is_sideways, look, make

T = TypeVar("T")

# Pictures are large once they are decoded: few at a time, however many are sent.
_HANDS = ThreadPoolExecutor(2, thread_name_prefix="media")

MOST_FRAMES = 2000
MOST_PICTURE_BYTES = 40_000_000
MOST_PIXELS_OF_ALL_FRAMES = 20


@dataclass(frozen=True)
class Limits:
    """What is taken. `pixels` of one picture; all frames of a moving one have twenty times it."""

    pixels: int = 64_000_000
    formats: tuple[str, ...] = ("webp",)


async def beside(step: Callable[[], T]) -> T:
    """Run a step off the event loop, when a hand is free."""
    return await asyncio.get_running_loop().run_in_executor(_HANDS, step)


@dataclass(frozen=True)
class _Incoming:
    source: Path
    data: Data
    stem: str
    extension: str
    kind: Kind
    folder: Path


def prepare(
    source: Path,
    given_name: str,
    folder: Path,
    limits: Limits,
    focus: tuple[float, float] = (50, 50),
) -> Prepared:
    """Everything that will be kept of the file, in the folder. Unfit says why it is not taken."""
    if source.stat().st_size == 0:
        raise Unfit("File is empty. Please upload something more substantial.")
    stem, extension = names.clean(given_name)
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        kind = kinds.detect(data, extension)
        if extension not in kind.extensions:
            extension = kind.extensions[0]
        incoming = _Incoming(source, data, stem, extension, kind, folder)
        if kind.is_image:
            return _picture(incoming, limits, focus)
        published, original = _stripped(incoming, kind.pieces(data))
    full = file_of("full", "", extension, published, kind.mime_type)
    return Prepared(stem, kind, (full,), original)


def _picture(incoming: _Incoming, limits: Limits, focus: tuple[float, float]) -> Prepared:
    kind, data, extension = incoming.kind, incoming.data, incoming.extension
    if len(data) > MOST_PICTURE_BYTES:
        raise Unfit(
            f"The image has {len(data) // 1_000_000} MB, and {MOST_PICTURE_BYTES // 1_000_000} MB "
            "is the most that is taken. Make it smaller and upload that."
        )
    looks = look(incoming.source, kind.mime_type, limits.pixels)
    kept = jpeg.pieces(data, looks.orientation) if kind is kinds.JPEG else kind.pieces(data)
    _refuse_bomb(kind, data, looks.width * looks.height, limits)
    published, original = _stripped(incoming, kept)
    # Of the others the orientation went with the Exif.
    orientation = looks.orientation
    recipe = Recipe(kind.mime_type, extension, limits.formats, focus, orientation)
    made = make(published, incoming.folder, recipe)
    sides = (looks.width, looks.height)
    width, height = sides[::-1] if is_sideways(orientation) else sides
    is_replaced = any(file.size == "full" for file in made)
    upload = file_of(
        "upload" if is_replaced else "full", "", extension, published, kind.mime_type,
        width=width, height=height,
    )  # fmt: skip
    full = next((file for file in made if file.size == "full"), upload)
    return Prepared(incoming.stem, kind, (upload, *made), original, full.width, full.height)


def _stripped(incoming: _Incoming, kept: list[Piece]) -> tuple[Path, MediaFile | None]:
    """(what is published, the original if that is another file)."""
    source, data, extension = incoming.source, incoming.data, incoming.extension
    if is_whole(kept, data):
        return source, None
    published = incoming.folder / f"published.{extension}"
    write(kept, data, published)
    return published, file_of("original", "", extension, source, incoming.kind.mime_type)


def _refuse_bomb(kind: Kind, data: Data, pixels: int, limits: Limits) -> None:
    frames = kind.frames(data) if kind.frames is not None else 1
    if frames > MOST_FRAMES or frames * pixels > limits.pixels * MOST_PIXELS_OF_ALL_FRAMES:
        raise Unfit(
            f"The image has {frames} pictures in it, which is more than readers' devices can "
            "show. Shorten it, or upload it as a film."
        )
