"""The files of one upload, ready to be stored."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cms.media.kinds import Kind


@dataclass(frozen=True)
class MediaFile:
    """One file of an upload. `size` is WordPress's name for it: `full`, `thumbnail`, or `upload`
    for the picture before it was scaled; `suffix` stands between the stem and the extension."""

    size: str
    suffix: str
    extension: str
    path: Path
    mime_type: str
    bytes: int
    sha256: str
    width: int = 0
    height: int = 0
    variant: bool = False

    def name(self, stem: str) -> str:
        return f"{stem}{self.suffix}.{self.extension}"


def hashed(path: Path) -> tuple[int, str]:
    """(bytes, SHA-256 in hex) of a file."""
    digest, count = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            count += len(chunk)
    return count, digest.hexdigest()


def file_of(
    size: str, suffix: str, extension: str, path: Path, mime: str, **more: Any
) -> MediaFile:
    count, digest = hashed(path)
    return MediaFile(size, suffix, extension, path, mime, count, digest, **more)


@dataclass(frozen=True)
class Prepared:
    """An upload that may be published. `original` is there when something was taken away from it:
    it is kept, and shown to administrators only."""

    stem: str
    kind: Kind
    files: tuple[MediaFile, ...]
    original: MediaFile | None
    width: int = 0
    height: int = 0

    @property
    def full(self) -> MediaFile:
        return next(file for file in self.files if file.size == "full" and not file.variant)
