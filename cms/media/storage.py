"""Where bytes lie: a folder on this machine, or a bucket (see `s3`). Keys begin with the tenant."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from cms.settings import Settings

CHUNK = 256 * 1024


class Storage(Protocol):
    """Files by key. Both kinds keep a file whole or not at all."""

    async def put(self, key: str, source: Path, mime_type: str) -> None:
        """Keep the file durably before returning. An older one of the key is replaced."""
        ...

    def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`. FileNotFoundError without them."""
        ...

    async def delete(self, keys: Sequence[str]) -> None:
        """Remove files; those that are gone already are no fault."""
        ...


class LocalStorage:
    """Files under one folder; written beside, synced, then renamed into place."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def path(self, key: str) -> Path:
        """The file of a key; ValueError for a key that leads out of the folder."""
        found = (self._root / key).resolve()
        if not found.is_relative_to(self._root) or found == self._root:
            raise ValueError("a key stays within the media folder")
        return found

    async def put(self, key: str, source: Path, mime_type: str) -> None:  # noqa: ARG002
        await asyncio.to_thread(self._put, self.path(key), source)

    def _put(self, target: Path, source: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as file, source.open("rb") as given:
                while chunk := given.read(CHUNK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        # The rename itself must survive a power cut too.
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread(self.path(key).open, "rb")
        try:
            await asyncio.to_thread(file.seek, start)
            left = end - start
            while left > 0:
                chunk = await asyncio.to_thread(file.read, min(CHUNK, left))
                if not chunk:
                    return
                left -= len(chunk)
                yield chunk
        finally:
            file.close()

    async def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            await asyncio.to_thread(self.path(key).unlink, missing_ok=True)


def open_storage(settings: Settings) -> Storage:
    """The storage that CMS_MEDIA_STORAGE names; without it a folder of the data directory."""
    where = settings.media_storage
    if not where:
        return LocalStorage(settings.data / "media")
    if urlsplit(where).scheme == "s3":
        from cms.media.s3 import S3Storage

        return S3Storage(where)
    return LocalStorage(Path(where))
