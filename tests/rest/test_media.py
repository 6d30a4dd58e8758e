"""Uploading, reading, changing and deleting media through REST."""

import hashlib

import pytest

from tests.support.pictures import OWNER, photo, telling_photo
from tests.support.wordpress import fields, flat

V2 = "/wp-json/wp/v2"
MEDIA = f"{V2}/media"
DEEP = frozenset({"guid", "title", "caption", "description"})


async def send(person, data, name="raio-x.jpg", **fields):
    """Upload by form."""
    return await person.clinic.http.post(
        MEDIA, files={"file": (name, data)}, data=fields, headers=person.bearer
    )


async def raw(person, data, disposition='attachment; filename="raio-x.jpg"', **headers):
    """Upload by body."""
    sent = {"Content-Type": "image/jpeg", "Content-Disposition": disposition, **headers}
    sent = {name: value for name, value in sent.items() if value is not None}
    return await person.clinic.http.post(MEDIA, content=data, headers={**person.bearer, **sent})


async def test_a_picture_is_uploaded_with_its_sizes(cms):
    author = await cms.person("ana.autora")
    data = photo(1200, 800)
    response = await send(author, data, "Tórax (perfil).JPG", alt_text="Tórax em perfil")
    assert response.status_code == 201, response.text
    made = response.json()
    assert response.headers["Location"] == f"http://clinica.example{MEDIA}/{made['id']}"
    details = made["media_details"]
    folder = details["file"].rpartition("/")[0]
    assert details["file"] == f"{folder}/Torax-perfil.jpg"
    assert (details["width"], details["height"]) == (1200, 800)
    sizes = {name: (s["width"], s["height"]) for name, s in details["sizes"].items()}
    assert sizes == {
        "medium": (300, 200),
        "large": (1024, 683),
        "thumbnail": (150, 150),
        "medium_large": (768, 512),
        "full": (1200, 800),
    }
    assert list(details["sizes"])[-1] == "full"
    assert details["sizes"]["medium"]["file"] == "Torax-perfil-300x200.jpg"
    assert made["status"] == "inherit"
    assert (made["title"]["raw"], made["slug"]) == ("Torax-perfil", "torax-perfil")
    assert (made["alt_text"], made["post"], made["author"]) == ("Tórax em perfil", None, author.id)
    got = await cms.http.get(made["source_url"])
    assert (got.status_code, got.content) == (200, data)
    small = details["sizes"]["thumbnail"]
    got = await cms.http.get(small["source_url"])
    assert (got.headers["content-type"], len(got.content)) == ("image/jpeg", small["filesize"])
    modern = details["sizes"]["large"]["sources"]["image/webp"]
    got = await cms.http.get(modern["source_url"])
    assert got.headers["content-type"] == "image/webp"
    read = (await cms.http.get(f"{MEDIA}/{made['id']}")).json()
    assert read["media_details"] == details


@pytest.mark.parametrize("context", ["view", "edit", "embed"])
async def test_an_item_has_the_fields_of_wordpress(cms, context):
    author = await cms.person("ana.autora")
    made = (await send(author, photo(400, 300))).json()
    body = (await author.get(f"{MEDIA}/{made['id']}?context={context}")).json()
    ours = {"focal_point"} & set(body)
    assert flat(body, deep=DEEP) - ours == set(fields("wp_v2_media", context))


async def test_what_tells_of_people_is_kept_from_readers(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    author = await cms.person("ana.autora")
    data = telling_photo(orientation=6)
    made = (await send(author, data)).json()
    details = made["media_details"]
    assert (details["width"], details["height"]) == (800, 1200)
    assert details["file"].endswith("/raio-x-rotated.jpg")
    names = [details["original_image"]] + [s["file"] for s in details["sizes"].values()]
    folder = made["source_url"].rpartition("/")[0]
    for name in names:
        got = await cms.http.get(f"{folder}/{name}")
        assert got.status_code == 200
        assert OWNER.encode() not in got.content
    original = f"/api/v1/media/{made['id']}/original"
    assert (await admin.get(original)).content == data
    assert (await author.get(original)).status_code == 403
    assert (await cms.http.get(original)).status_code == 401


async def test_a_raw_body_needs_its_name(cms):
    author = await cms.person("ana.autora")
    for headers, code in (
        ({"disposition": None}, "rest_upload_no_content_disposition"),
        ({"disposition": "attachment"}, "rest_upload_invalid_disposition"),
        ({"Content-Type": None}, "rest_upload_no_content_type"),
    ):
        response = await raw(author, photo(60, 40), **headers)
        assert (response.status_code, response.json()["code"]) == (400, code)
    empty = await raw(author, b"")
    assert (empty.status_code, empty.json()["code"]) == (400, "rest_upload_no_data")
    nothing = await author.post(MEDIA)
    assert (nothing.status_code, nothing.json()["code"]) == (400, "rest_upload_no_data")


async def test_a_raw_body_is_checked_against_its_hash(cms):
    author = await cms.person("ana.autora")
    data = photo(60, 40)
    wrong = await raw(author, data, **{"Content-MD5": "0" * 32})
    assert (wrong.status_code, wrong.json()["code"]) == (412, "rest_upload_hash_mismatch")
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    good = await raw(author, data, **{"Content-MD5": digest})
    assert good.status_code == 201
