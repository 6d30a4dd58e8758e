"""Getting the files: parts, caches, and who may."""

import pytest

from cms.jobs.worker import build_queue
from tests.rest.test_media import MEDIA, send
from tests.support.pictures import document, photo, telling_photo

V2 = "/wp-json/wp/v2"


@pytest.fixture
async def author(cms):
    return await cms.person("ana.autora")


def files_of(cms):
    root = cms.host.settings.data / "media"
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


async def test_a_file_comes_with_its_validators(cms, author):
    data = photo(60, 40)
    address = (await send(author, data)).json()["source_url"]
    got = await cms.http.get(address)
    assert got.headers["cache-control"] == "public, max-age=604800"
    assert got.headers["content-length"] == str(len(data))
    assert "content-disposition" not in got.headers
    for known in (
        {"If-None-Match": got.headers["etag"]},
        {"If-None-Match": f'W/{got.headers["etag"]}, "x"'},
        {"If-Modified-Since": got.headers["last-modified"]},
    ):
        again = await cms.http.get(address, headers=known)
        assert (again.status_code, again.content) == (304, b"")
    other = {"If-None-Match": '"x"', "If-Modified-Since": got.headers["last-modified"]}
    assert (await cms.http.get(address, headers=other)).status_code == 200
    head = await cms.http.head(address)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=3-99999999", 3, None),
    ],
)
async def test_a_part_is_a_part(cms, author, asked, first, last):
    data = photo(60, 40)
    address = (await send(author, data)).json()["source_url"]
    got = await cms.http.get(address, headers={"Range": asked})
    wanted = data[first:] if last is None else data[first : last + 1]
    assert (got.status_code, got.content) == (206, wanted)
    assert got.headers["content-range"].endswith(f"/{len(data)}")


async def test_parts_that_are_none(cms, author):
    data = photo(60, 40)
    address = (await send(author, data)).json()["source_url"]
    beyond = await cms.http.get(address, headers={"Range": f"bytes={len(data)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(data)}")
    for asked in ("bytes=1-2,4-5", "lines=1-2", "bytes=x"):
        assert (await cms.http.get(address, headers={"Range": asked})).content == data
    stale = {"Range": "bytes=0-9", "If-Range": '"x"'}
    assert (await cms.http.get(address, headers=stale)).content == data


async def test_documents_are_downloaded_not_shown(cms, author):
    address = (await send(author, document(), "bula.pdf")).json()["source_url"]
    got = await cms.http.get(address)
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"] == "attachment"


OTHER_PATHS = [
    "",
    "2026",
    "2026/11/",
    "../../secret-key",
    "2026/11/../../x.jpg",
    "%2e%2e/secret-key",
    "1/uploads/2026/11/raio-x.jpg",
    "2026/11/raio-x.jpg%00",
    "originals/1",
]


async def test_no_other_path_leads_to_a_file(cms, author):
    await send(author, telling_photo())
    for path in OTHER_PATHS:
        got = await cms.http.get(f"/wp-content/uploads/{path}")
        assert got.status_code in {404, 405}, path


async def test_tenants_do_not_meet(cms, author):
    made = (await send(author, telling_photo(60, 40))).json()
    path = made["source_url"].removeprefix("http://clinica.example")
    async with cms.other() as other:
        admin = await other.person("outra.admin", ["administrator"])
        assert (await other.http.get(path)).status_code == 404
        assert (await admin.get(f"{MEDIA}/{made['id']}")).status_code == 404
        assert (await admin.get(f"/api/v1/media/{made['id']}/original")).status_code == 404
        assert (await admin.delete(f"{MEDIA}/{made['id']}?force=true")).status_code == 404
        assert (await admin.get(MEDIA)).json() == []
        theirs = (await send(admin, photo(60, 40))).json()
        assert theirs["source_url"].endswith("/raio-x.jpg"), "names are each tenant's own"
        assert (await other.http.get(path)).content == photo(60, 40)
    assert (await cms.http.get(path)).content != photo(60, 40)


async def test_files_of_a_draft_are_for_those_who_may_read_it(cms, author):
    stranger = await cms.person("bia.outra")
    editor = await cms.person("edu.editor", ["editor"])
    draft = await cms.draft(author)
    made = (await send(author, photo(60, 40), post=str(draft["id"]))).json()
    assert made["post"] == draft["id"]
    item, address = f"{MEDIA}/{made['id']}", made["source_url"]
    refused = await cms.http.get(item)
    assert (refused.status_code, refused.json()["code"]) == (401, "rest_forbidden")
    assert (await stranger.get(item)).status_code == 403
    assert (await cms.http.get(address)).status_code == 404
    assert (await stranger.get(address)).status_code == 404
    for person in (author, editor):
        got = await person.get(address)
        assert (got.status_code, got.headers["cache-control"]) == (200, "private, no-store")
        assert (await person.get(item)).status_code == 200
    assert (await cms.http.get(MEDIA)).json() == []
    assert len((await author.get(MEDIA)).json()) == 1
    await author.post(f"{V2}/posts/{draft['id']}", {"status": "publish"})
    assert (await cms.http.get(item)).status_code == 200
    assert (await cms.http.get(address)).headers["cache-control"].startswith("public")
    assert len((await cms.http.get(MEDIA)).json()) == 1


async def test_deleted_means_deleted(cms, author):
    made = (await send(author, telling_photo())).json()
    item, address = f"{MEDIA}/{made['id']}", made["source_url"]
    kept = await author.delete(item)
    assert (kept.status_code, kept.json()["code"]) == (501, "rest_trash_not_supported")
    assert len(files_of(cms)) > 4
    gone = await author.delete(f"{item}?force=true")
    assert (gone.status_code, gone.json()["deleted"]) == (200, True)
    assert gone.json()["previous"]["id"] == made["id"]
    assert (await cms.http.get(address)).status_code == 404
    assert (await author.get(item)).status_code == 404
    assert (await author.delete(f"{item}?force=true")).status_code == 404
    assert (await author.get(f"{MEDIA}?status=trash,inherit&context=edit")).json() == []
    async with build_queue(cms.host).open_async() as queue:
        await queue.run_worker_async(wait=False, install_signal_handlers=False)
    assert files_of(cms) == []
    async with cms.as_system() as work:
        rows = await work.all("select files, removed_at, erased_at from cms.media_files")
    assert rows[0].erased_at is not None
    assert rows[0].files[0]["sha256"], "the hash stays as evidence"
    again = (await send(author, photo(60, 40))).json()
    assert again["source_url"] != address, "an address is never given out twice"


async def test_a_refused_upload_leaves_no_bytes(cms, author, monkeypatch):
    from cms.content import attachments

    async def fail(*_):
        raise ZeroDivisionError

    original = attachments._store

    async def store_and_fail(*given):
        await original(*given)
        await fail()

    monkeypatch.setattr(attachments, "_store", store_and_fail)
    assert (await send(author, photo(400, 300))).status_code == 500
    assert files_of(cms) == []
    assert (await author.get(MEDIA)).json() == []
