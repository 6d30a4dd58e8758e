"""Bytes in a folder and in a bucket: the same promises, kept by real storage."""

import pytest

from cms.errors import SetupError
from cms.media.storage import LocalStorage, open_storage
from cms.settings import Settings, load
from tests.support.bucket import serving_bucket


@pytest.fixture(scope="module")
def bucket():
    with serving_bucket() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def storage(request, tmp_path):
    if request.param == "folder":
        return LocalStorage(tmp_path / "media")
    return open_storage(Settings(media_storage=request.getfixturevalue("bucket")))


async def read(storage, key, start, end):
    return b"".join([chunk async for chunk in storage.read(key, start, end)])


async def test_what_is_put_is_read_in_parts_and_deleted(storage, tmp_path):
    data = bytes(range(256)) * 4000
    source = tmp_path / "source"
    source.write_bytes(data)
    await storage.put("7/uploads/2026/11/a.jpg", source, "image/jpeg")
    assert await read(storage, "7/uploads/2026/11/a.jpg", 0, len(data)) == data
    assert await read(storage, "7/uploads/2026/11/a.jpg", 10, 20) == data[10:20]
    assert await read(storage, "7/uploads/2026/11/a.jpg", 5, 5) == b""
    source.write_bytes(b"new")
    await storage.put("7/uploads/2026/11/a.jpg", source, "image/jpeg")
    assert await read(storage, "7/uploads/2026/11/a.jpg", 0, 3) == b"new"
    await storage.delete(["7/uploads/2026/11/a.jpg", "7/uploads/2026/11/never.jpg"])
    with pytest.raises(FileNotFoundError):
        await read(storage, "7/uploads/2026/11/a.jpg", 0, 3)


async def test_a_folder_keeps_files_whole_and_to_itself(tmp_path):
    storage = LocalStorage(tmp_path / "media")
    for key in ("../x", "/etc/passwd", "7/../../x", ""):
        with pytest.raises(ValueError, match="stays within"):
            storage.path(key)
    with pytest.raises(FileNotFoundError):
        await storage.put("7/a.jpg", tmp_path / "absent", "image/jpeg")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("CMS_MEDIA_STORAGE", "ftp://x/y", "must be a folder or look like s3"),
        ("CMS_MEDIA_STORAGE", "s3://key:secret@bucket", "must hold no credentials"),
        ("CMS_MEDIA_URL", "cdn.example", "must begin with https"),
        ("CMS_MEDIA_MAX_BYTES", "0", "must be 1 or more"),
        ("CMS_MEDIA_FORMATS", "webp,jxl", "knows webp and avif"),
    ],
)
def test_wrong_settings_say_what_to_write(name, value, fault, tmp_path):
    with pytest.raises(SetupError, match=fault):
        load({name: value}, tmp_path / "none.toml")
