"""Files that are on the disk, whole, before anybody is told of them."""

import os
from pathlib import Path


def create(path: Path, content: bytes) -> None:
    """Make a new file appear whole, on the disk, or not at all; never over another one."""
    draft = _draft(path, content)
    try:
        # As O_EXCL, a link refuses an existing name; unlike it, no kill leaves half a file there.
        os.link(draft, path)
    finally:
        os.unlink(draft)
    sync_folder(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Exchange a file's content in one step, on the disk before this returns."""
    os.replace(_draft(path, content), path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """The names in it, not the files, reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)  # of a process that was killed: the caller holds the lock
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
