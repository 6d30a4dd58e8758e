"""Files that are hashed while they are written; their draft becomes the export by one rename."""

import os
import shutil
import zipfile
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

SUMS = "SHA256SUMS"
_BUFFER = 1 << 20
# The oldest moment that the format knows: the same files give the same archive.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class HashedFile:
    """One file of an export; what it holds is known when it is closed."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = path.open("xb", buffering=_BUFFER)
        self._hash, self.size = sha256(), 0

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def close(self) -> str:
        """Put it on the disk; the SHA-256 in hexadecimal."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._hash.hexdigest()


class Draft:
    """The folder that an export grows in. Left by an error it is gone, and no half export shows;
    one of an earlier run that was killed is cleared away."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.folder = target.with_name(f".{target.name}.draft")
        self._open: dict[str, HashedFile] = {}
        self.files: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        if self.target.exists():
            raise FileExistsError(f"{self.target} is there already: name another one")
        self._clear()
        self.folder.mkdir(parents=True, mode=0o700)
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._clear()

    def file(self, name: str) -> HashedFile:
        """Begin a file, or go on with one."""
        if name not in self._open:
            self._open[name] = HashedFile(self.folder / name)
        return self._open[name]

    def put(self, name: str, content: bytes) -> str:
        """A whole file at once; its SHA-256."""
        self.file(name).write(content)
        return self.close(name)

    def close(self, name: str) -> str:
        """End a file; its SHA-256."""
        file = self._open.pop(name)
        digest = file.close()
        self.files[name] = {"name": name, "bytes": file.size, "sha256": digest}
        return digest

    def close_all(self) -> None:
        for name in sorted(self._open):
            self.close(name)

    def publish(self) -> None:
        """Name the sums of all files, and show the export whole under its name: as a folder, or as
        an archive when the name ends with .zip."""
        self.close_all()
        sums = "".join(f"{self.files[name]['sha256']}  {name}\n" for name in sorted(self.files))
        self.put(SUMS, sums.encode())
        if self.target.suffix == ".zip":
            self._archive()
        else:
            self.folder.rename(self.target)
        _sync(self.target.parent)

    def _archive(self) -> None:
        draft = self.folder / ".zip"
        with zipfile.ZipFile(draft, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in sorted(self.files):
                told = zipfile.ZipInfo(f"{self.target.stem}/{name}", _ZIP_EPOCH)
                told.compress_type, told.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                told.create_system = 3
                told.file_size = self.files[name]["bytes"]
                with (self.folder / name).open("rb") as source, archive.open(told, "w") as to:
                    shutil.copyfileobj(source, to, _BUFFER)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(self.target)

    def _clear(self) -> None:
        for file in self._open.values():
            file.close()
        self._open = {}
        if self.folder.exists():
            shutil.rmtree(self.folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
