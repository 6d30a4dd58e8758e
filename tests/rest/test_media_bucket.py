"""The same with a bucket and a delivery network in front: nothing of it is on this machine."""

import pytest

from cms.jobs.worker import build_queue
from cms.settings import Settings
from tests.rest.test_media import MEDIA, send
from tests.support.bucket import serving_bucket
from tests.support.pictures import OWNER, telling_photo


@pytest.fixture
def settings(tmp_path):
    with serving_bucket() as bucket:
        yield Settings(
            data_dir=str(tmp_path / "var"),
            media_storage=bucket,
            media_url="https://cdn.example/f/",
            media_formats=(),
        )


async def test_a_picture_lives_and_dies_in_a_bucket(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    data = telling_photo(400, 300)
    made = (await send(admin, data)).json()
    assert made["source_url"].startswith("https://cdn.example/f/2")
    small = made["media_details"]["sizes"]["thumbnail"]
    assert small["source_url"].startswith("https://cdn.example/f/2")
    assert "sources" not in small
    path = made["source_url"].removeprefix("https://cdn.example/f")
    got = await cms.http.get(f"/wp-content/uploads{path}")
    assert (got.status_code, OWNER.encode() in got.content) == (200, False)
    part = await cms.http.get(f"/wp-content/uploads{path}", headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, b"\xff\xd8")
    item = f"{MEDIA}/{made['id']}"
    edited = await admin.post(f"{item}/edit", {"src": made["source_url"], "rotation": 90})
    assert edited.status_code == 201
    assert (await admin.get(f"/api/v1/media/{made['id']}/original")).content == data
    assert not (cms.host.settings.data / "media").exists()
    await admin.delete(f"{item}?force=true")
    async with build_queue(cms.host).open_async() as queue:
        await queue.run_worker_async(wait=False, install_signal_handlers=False)
    storage = cms.host.storage
    for key in (f"{cms.tenant.id}/uploads{path}", f"{cms.tenant.id}/originals/{made['id']}"):
        with pytest.raises(FileNotFoundError):
            [chunk async for chunk in storage.read(key, 0, 1)]
