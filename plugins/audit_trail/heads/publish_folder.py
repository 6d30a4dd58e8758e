"""Published heads in a folder: a mounted share, best one that lets nobody delete (WORM)."""

import asyncio
import errno
import os
from collections.abc import Sequence
from pathlib import Path

from plugins.audit_trail.heads.disk import replace, sync_folder
from plugins.audit_trail.heads.publishers import (
    File,
    LogReader,
    Publication,
    PublicationConflict,
    PublicationFailed,
    files_of,
    folder_of,
)

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS}


class FolderTarget:
    """Creates files and never changes one, but for `checkpoint`, which names the newest head; where
    a share refuses even that, readers take the last file of `heads`."""

    def __init__(self, folder: Path, *, tiles: bool) -> None:
        self._folder = folder
        self._tiles = tiles

    @property
    def name(self) -> str:
        return f"folder:{self._folder}"

    async def publish(self, publication: Publication, log: LogReader) -> str:
        if not self._folder.is_dir():
            # A share that is not mounted must not be mistaken for an empty one.
            raise PublicationFailed(f"{self._folder} is no folder: mount or make it")
        try:
            if self._tiles:
                async for tile in log.tiles(publication):
                    await asyncio.to_thread(self._create, tile)
            for file in files_of(publication):
                await asyncio.to_thread(self._create, file)
            return await asyncio.to_thread(self._point, publication)
        except OSError as fault:
            raise PublicationFailed(f"{self._folder}: {fault}") from fault

    async def keep(self, files: Sequence[File]) -> None:
        try:
            for file in files:
                await asyncio.to_thread(self._create, file)
        except OSError as fault:
            raise PublicationFailed(f"{self._folder}: {fault}") from fault

    def _create(self, file: File) -> None:
        path = self._folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            self._write(path, file.content)
        if path.read_bytes() != file.content:
            raise PublicationConflict(f"{path} is there already, with another content")

    def _write(self, path: Path, content: bytes) -> None:
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
            draft.unlink()
        except FileExistsError:
            draft.unlink()
        except OSError as fault:
            if fault.errno not in _NO_LINKS:
                raise
            # Not every share can link; only one publisher writes here.
            draft.rename(path)
        sync_folder(path.parent)

    def _point(self, publication: Publication) -> str:
        path = self._folder / folder_of(publication.epoch) / "checkpoint"
        try:
            replace(path, publication.note)
        except PermissionError:
            return "checkpoint cannot be replaced there: the newest head is the last file of heads"
        return ""
