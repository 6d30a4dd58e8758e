"""Uploads that mean harm, or are only broken."""

import io
import struct
import zlib

import pytest
from PIL import Image

from tests.rest.test_media import MEDIA, raw, send
from tests.support.pictures import photo, saved

SCRIPT = b"<script>alert(1)</script>"


@pytest.fixture
async def author(cms):
    return await cms.person("ana.autora")


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb(width=60_000, height=60_000):
    """A PNG of a few bytes that says it is gigantic."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packed = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


OTHERS = [
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"),
    ("a.html", b"<!doctype html>" + SCRIPT),
    ("a.php", b"<?php phpinfo();"),
    ("a.php.jpg", b"<?php phpinfo();"),
    ("a.txt", SCRIPT),
    ("a.txt", b"\x7fELF\x02\x01\x01\x00"),
    ("a.csv", "nome\0".encode("utf-16")),
    ("a.jpg", b"MZ\x90\x00" + bytes(200)),
    ("a.js", b"alert(1)"),
    ("a.zip", b"PK\x03\x04" + bytes(100)),
    ("a.pptx", b"PK\x03\x04" + bytes(100)),
    ("a.heic", b"\x00\x00\x00\x18ftypheic" + bytes(100)),
    ("a.pdf", photo(40, 30)),
    ("a.mp3", photo(40, 30)),
    ("a", b"words without an extension"),
    ("", photo(40, 30)),
]


async def test_other_types_are_refused(author):
    for name, data in OTHERS:
        response = await send(author, data, name)
        told = response.json()
        if name:
            assert (response.status_code, told["code"]) == (415, "rest_upload_sideload_error"), name
            assert told["message"].startswith(
                "Sorry, you are not allowed to upload this file type."
            )
        else:
            assert (response.status_code, told["code"]) == (400, "rest_upload_no_data")
        assert (await author.get(MEDIA)).json() == [], name


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bomb(),
        photo(60, 40)[:-30],
        photo(60, 40, "PNG")[:-30],
        b"GIF89a" + bytes(6),
        b"\xff\xd8\xff\xe0",
    ],
    ids=["empty", "bomb", "cut jpeg", "cut png", "cut gif", "only a head"],
)
async def test_broken_and_gigantic_pictures_are_refused(author, data):
    response = await send(author, data, "a.png")
    told = response.json()
    assert (response.status_code, told["code"]) == (400, "rest_upload_sideload_error")
    assert len(told["message"]) > 20


async def test_too_many_frames_are_refused(author):
    frame = Image.new("1", (9000, 7000))
    other = Image.new("1", (9000, 7000), 1)
    data = saved(frame, "GIF", save_all=True, append_images=[other, frame] * 12, duration=50)
    assert len(data) < 2_000_000
    response = await send(author, data, "a.gif")
    assert (response.status_code, "pictures in it" in response.text) == (400, True)


async def test_a_polyglot_is_cut_to_the_picture_that_it_is(author, cms):
    for name, data in (
        ("a.jpg", photo(60, 40) + SCRIPT),
        ("a.png", photo(60, 40, "PNG") + b"PK\x03\x04" + SCRIPT),
        ("a.gif", photo(60, 40, "GIF") + SCRIPT),
    ):
        made = (await send(author, data, name)).json()
        got = await cms.http.get(made["source_url"])
        assert SCRIPT not in got.content
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in got.headers["content-security-policy"]


async def test_a_picture_with_another_pictures_name_is_renamed(author):
    made = (await send(author, photo(60, 40, "PNG"), "a.jpg")).json()
    assert made["source_url"].endswith("/a.png")
    assert made["mime_type"] == "image/png"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("..\\..\\boot.jpg", "boot.jpg"),
        ("/abs/olute.jpg", "olute.jpg"),
        ("a.php.jpg", "a-php.jpg"),
        (".htaccess.jpg", "htaccess.jpg"),
        ("Raio X do tórax (ção).JPEG", "Raio-X-do-torax-cao.jpeg"),
        ("日本.jpg", "unnamed-file.jpg"),
        ("x-300x200.jpg", "x-300x200-1.jpg"),
        ("x-scaled.jpg", "x-scaled-1.jpg"),
        ("a" * 300 + ".jpg", "a" * 100 + ".jpg"),
        ("a\r\nSet-Cookie: x.jpg", "a-Set-Cookie-x.jpg"),
        ("con%00.jpg", "con-00.jpg"),
    ],
)
async def test_names_are_cleaned(author, given, kept):
    from urllib.parse import quote

    disposition = f"attachment; filename*=UTF-8''{quote(given)}"
    response = await raw(author, photo(20, 10), disposition)
    assert response.status_code == 201, response.text
    assert response.json()["source_url"].rpartition("/")[2] == kept


async def test_the_same_name_is_numbered_whatever_the_extension(author):
    names = []
    for name in ("a.jpg", "a.jpg", "a.png"):
        kind = "PNG" if name.endswith("png") else "JPEG"
        made = (await send(author, photo(20, 10, kind), name)).json()
        names.append(made["source_url"].rpartition("/")[2])
    assert names == ["a.jpg", "a-1.jpg", "a-2.png"]


async def test_what_is_too_large_is_refused_before_it_is_kept(cms, author, monkeypatch):
    import msgspec

    settings = cms.host.settings
    monkeypatch.setattr(
        cms.host, "settings", msgspec.structs.replace(settings, media_max_bytes=999)
    )
    for response in (await send(author, photo(400, 300)), await raw(author, photo(400, 300))):
        assert (response.status_code, response.json()["code"]) == (413, "rest_upload_file_too_big")
    assert list((settings.data / "incoming").iterdir()) == []


async def test_large_files_pass_where_others_are_bounded(author):
    """Ten megabytes are the most of any other request; a film may be larger."""
    from tests.support.pictures import box, film

    data = film() + box(b"mdat", bytes(12_000_000))
    made = await send(author, data, "a.mp4")
    assert made.status_code == 201, made.text
    assert made.json()["media_details"]["filesize"] == len(data)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16", "CMYK"])
async def test_every_kind_of_pixels_can_be_resized(author, mode):
    image = Image.linear_gradient("L").resize((400, 300))
    picture = image.convert(mode) if mode != "I;16" else Image.new("I;16", (400, 300), 40_000)
    kind, name = ("JPEG", "a.jpg") if mode == "CMYK" else ("PNG", "a.png")
    response = await send(author, saved(picture, kind), name)
    assert response.status_code == 201, response.text
    assert "medium" in response.json()["media_details"]["sizes"]


async def test_a_form_that_is_damaged_is_refused(cms, author):
    for content in (b"", b"--x\r\nnonsense", b"--x--\r\n", b"--x\r\n" + bytes(50)):
        response = await cms.http.post(
            MEDIA,
            content=content,
            headers={**author.bearer, "Content-Type": "multipart/form-data; boundary=x"},
        )
        assert (response.status_code, response.json()["code"]) == (400, "rest_upload_no_data")
    # A field of another name is no file.
    response = await cms.http.post(
        MEDIA, files={"foto": ("a.jpg", io.BytesIO(photo(20, 10)))}, headers=author.bearer
    )
    assert response.json()["code"] == "rest_upload_no_data"
