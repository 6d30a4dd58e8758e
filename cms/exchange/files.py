"""Where the bytes of attachments come from, and which file of the old site is which one here."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

from cms.content.models import Post
from cms.content.posts import ATTACHMENT
from cms.exchange.errors import NoFile
from cms.exchange.fetching import fetch
from cms.exchange.ledger import FILE, POST
from cms.exchange.plan import Batch
from cms.exchange.pointing import named_in
from cms.exchange.rewriting import UPLOADS
from cms.exchange.wxr import Item
from cms.media.models import MediaRecord
from cms.media.preparing import Limits

ATTACHED = "_wp_attached_file"
_SIZE = re.compile(r"-(\d+)x(\d+)(?=\.[A-Za-z0-9]+$)")
_SCALED = re.compile(r"-(?:scaled|rotated)(?=\.[A-Za-z0-9]+$)")
_FOLDER = re.compile(r"(\d{4}/\d{2})/[^/]+")
_DATE = re.compile(r"(\d{4})-(\d{2})-\d{2}")


@dataclass(frozen=True)
class Files:
    """A copy of the old uploads, and whether what is not in it may be fetched from the old site.
    `networks` are private ones that may be reached."""

    folder: Path | None = None
    is_downloading: bool = False
    networks: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)
    most_bytes: int = 100_000_000
    seconds: float = 60

    @asynccontextmanager
    async def taken(self, item: Item) -> AsyncIterator[tuple[Path, str, Path]]:
        """(the file, its name, a folder to work in that is gone afterwards). NoFile without it."""
        with tempfile.TemporaryDirectory(prefix="cms-import-") as made:
            work = Path(made)
            found = await asyncio.to_thread(self._local, item)
            if found is None and self.is_downloading:
                found = work / "received"
                await fetch(
                    item.attachment_url or item.guid,
                    found,
                    most_bytes=self.most_bytes,
                    seconds=self.seconds,
                    networks=self.networks,
                )
            if found is None:
                wanted = uploaded_path(item) or item.attachment_url
                raise NoFile(f"its file {wanted[:200]!r} is not in the folder")
            if found.stat().st_size > self.most_bytes:
                raise NoFile(
                    f"its file is larger than {self.most_bytes} bytes (CMS_MEDIA_MAX_BYTES)"
                )
            yield found, _unscaled(uploaded_path(item) or found.name), work

    def _local(self, item: Item) -> Path | None:
        """The file in the folder, the one before scaling if it is there; never one outside."""
        if self.folder is None:
            return None
        home = self.folder.resolve()
        path = uploaded_path(item)
        for candidate in dict.fromkeys((_unscaled(path), path)):
            if not candidate or "\0" in candidate:
                continue
            found = (home / candidate).resolve()
            if found.is_relative_to(home) and found.is_file():
                return found
        return None


def uploaded_path(item: Item) -> str:
    """The path of the item's file below the old uploads; empty when the file does not say it."""
    said = item.first(ATTACHED) or ""
    if said and not said.startswith("/") and "://" not in said:
        return said
    path = unquote(item.attachment_url.partition("?")[0])
    return path.partition(UPLOADS)[2]


def _unscaled(path: str) -> str:
    return _SCALED.sub("", path)


def folder_of(path: str, item: Item) -> str | None:
    """Year and month, as the old site sorted its uploads: most addresses stay what they were."""
    found = _FOLDER.fullmatch(path)
    if found is not None:
        return found[1]
    dated = _DATE.match(item.date)
    return f"{dated[1]}/{dated[2]}" if dated is not None and dated[1] > "0000" else None


def file_keys(item: Item) -> list[str]:
    """The names under which texts may speak of the item's file."""
    path = uploaded_path(item)
    address = urlsplit(item.attachment_url).path if item.attachment_url.isascii() else ""
    told = unquote(address).partition(UPLOADS)[2]
    found = (path, _unscaled(path), told, _unscaled(told))
    return [key for key in dict.fromkeys(found) if key]


async def ready(batch: Batch, things: Sequence[object]) -> None:
    """Learn which files that the items name are here, with a few statements for all of them."""
    await _learn_numbers(batch, [one for one in things if isinstance(one, Item)])
    texts = [
        text
        for one in things
        if isinstance(one, Item)
        for text in (one.content, one.excerpt, *(pair.value for pair in one.meta))
    ]
    wanted = batch.rewrite.uploads_in(*texts)
    if not wanted:
        return
    keys = {path: _candidates(path) for path in wanted}
    await batch.ledger.load((FILE, key) for found in keys.values() for key in found)
    ids = {path: await _id_of(batch, found) for path, found in keys.items()}
    rows = await batch.work.all(
        select(MediaRecord).where(
            MediaRecord.tenant_id == batch.work.tenant_id,
            MediaRecord.post_id.in_({one for one in ids.values() if one is not None}),
            MediaRecord.removed_at.is_(None),
        )
    )
    records = {row[0].post_id: row[0] for row in rows}
    batch.rewrite.files |= {
        path: _path_here(records[post_id], path)
        for path, post_id in ids.items()
        if post_id in records
    }


async def _learn_numbers(batch: Batch, items: Sequence[Item]) -> None:
    """Which files that the texts name by their numbers have other ones here."""
    named = named_in(*(text for item in items for text in (item.content, item.excerpt)))
    await batch.ledger.load((POST, str(old)) for old in named)
    found = {old: await batch.ledger.find(POST, str(old)) for old in named}
    moved = {old: one.new_id for old, one in found.items() if one and one.new_id != old}
    if not moved:
        return
    rows = await batch.work.all(
        select(Post.id).where(
            Post.tenant_id == batch.work.tenant_id,
            Post.id.in_(set(moved.values())),
            Post.post_type == ATTACHMENT,
        )
    )
    here = {row.id for row in rows}
    batch.numbers |= {old: new for old, new in moved.items() if new in here}


def _candidates(path: str) -> list[str]:
    """A file may be called like a size of another one: its own name counts first."""
    plain = _SIZE.sub("", path)
    return list(dict.fromkeys((path, plain, _unscaled(plain))))


async def _id_of(batch: Batch, keys: Sequence[str]) -> int | None:
    for key in keys:
        known = await batch.ledger.find(FILE, key)
        if known is not None:
            return known.new_id
    return None


def _path_here(record: MediaRecord, old: str) -> str:
    """The file here that shows what the old one did: of its size, else the next larger one."""
    full = record.full
    size = _SIZE.search(old)
    chosen = full
    if size is not None and record.is_image:
        width, height = int(size[1]), int(size[2])
        known = [one for one in record.files if not one["variant"] and one["size"] != "upload"]
        fitting = [one for one in known if one["width"] >= width and one["height"] >= height]
        chosen = min(fitting, key=lambda one: one["width"] * one["height"], default=full)
    return f"{record.folder}/{chosen['name']}"
