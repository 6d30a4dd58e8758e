"""Changing what is said about media, and pictures made of pictures."""

import io

import pytest
from PIL import Image

from tests.rest.test_media import MEDIA, send
from tests.support.pictures import document, photo, saved


@pytest.fixture
async def author(cms):
    return await cms.person("ana.autora")


def halves(width=600, height=300):
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), (255, 0, 0))
    picture.paste((0, 0, 255), (width // 2, 0, width, height))
    return saved(picture, "PNG")


async def pixels(cms, address):
    return Image.open(io.BytesIO((await cms.http.get(address)).content)).convert("RGB")


async def test_what_is_said_about_a_medium_is_changed_and_kept(cms, author):
    made = (await send(author, photo(40, 30))).json()
    item = f"{MEDIA}/{made['id']}"
    body = {
        "title": "Rim",
        "alt_text": "Um  <i>rim</i>\n",
        "caption": "<b>Corte</b>",
        "description": {"raw": "<p>Longa</p><script>x</script>"},
        "comment_status": "closed",
        "slug": "um rim",
    }
    changed = (await author.post(item, body)).json()
    assert changed["title"] == {"raw": "Rim", "rendered": "Rim"}
    assert changed["alt_text"] == "Um rim"
    assert changed["caption"]["rendered"] == "<p><b>Corte</b></p>\n"
    assert changed["description"]["raw"] == "<p>Longa</p>"
    described = changed["description"]["rendered"]
    assert described.startswith('<p class="attachment"><a href=')
    assert described.endswith("<p>Longa</p>\n")
    assert (changed["comment_status"], changed["slug"]) == ("closed", "um-rim")
    assert changed["link"] == "http://clinica.example/um-rim/"
    assert (await cms.http.get(item)).json()["alt_text"] == "Um rim"
    async with cms.as_system() as work:
        rows = await work.all("select parts, content_hash from cms.revisions order by created_at")
    assert len(rows) == 2, "each change of words is a revision"
    assert rows[0].parts["media"]["sha256"] == rows[1].parts["media"]["sha256"] != ""
    assert rows[0].content_hash != rows[1].content_hash


async def test_a_medium_moves_to_another_post_though_its_name_is_taken_there(cms, author):
    post = await cms.draft(author, status="publish")
    there = (await send(author, photo(40, 30), post=str(post["id"]))).json()
    free = (await send(author, photo(40, 30), "b.jpg", slug=there["slug"])).json()
    assert free["slug"] == there["slug"]
    moved = (await author.post(f"{MEDIA}/{free['id']}", {"post": post["id"]})).json()
    assert (moved["post"], moved["slug"]) == (post["id"], f"{there['slug']}-2")
    assert moved["link"].endswith(f"/{post['slug']}/{there['slug']}-2/")
    back = (await author.post(f"{MEDIA}/{free['id']}", {"post": 0})).json()
    assert back["post"] is None


async def test_a_medium_may_be_without_words(author):
    made = (await send(author, photo(40, 30))).json()
    emptied = await author.post(f"{MEDIA}/{made['id']}", {"title": ""})
    assert (emptied.status_code, emptied.json()["title"]["raw"]) == (200, "")


async def test_a_crop_becomes_a_medium_of_its_own(cms, author):
    made = (await send(author, halves(), "rim.png", alt_text="Rins", caption="C")).json()
    edit = f"{MEDIA}/{made['id']}/edit"
    cut = {"src": made["source_url"], "x": 50, "y": 0, "width": 50, "height": 100}
    response = await author.post(edit, cut)
    assert response.status_code == 201, response.text
    new = response.json()
    assert new["id"] != made["id"]
    assert response.headers["location"].endswith(f"/media/{new['id']}")
    assert new["source_url"].endswith("/rim-edited.png")
    assert (new["media_details"]["width"], new["media_details"]["height"]) == (300, 300)
    assert (new["alt_text"], new["caption"]["raw"]) == ("Rins", "C")
    picture = await pixels(cms, new["source_url"])
    assert picture.getpixel((10, 10)) == (0, 0, 255)
    turned = {"src": made["source_url"], "modifiers": [
        {"type": "rotate", "args": {"angle": 90}},
        {"type": "crop", "args": {"left": 0, "top": 0, "width": 100, "height": 50}},
    ]}  # fmt: skip
    new = (await author.post(f"{MEDIA}/{made['id']}/edit", turned)).json()
    assert new["source_url"].endswith("/rim-edited-1.png")
    picture = await pixels(cms, new["source_url"])
    assert picture.size == (300, 300)
    assert picture.getpixel((10, 10)) == (255, 0, 0), "clockwise: the left is on top"
    again = {"src": new["source_url"], "rotation": 180}
    new = (await author.post(f"{MEDIA}/{new['id']}/edit", again)).json()
    assert new["source_url"].endswith("/rim-edited-2.png")


async def test_edits_that_are_none(author):
    made = (await send(author, photo(40, 30))).json()
    other = (await send(author, photo(40, 30), "outro.jpg")).json()
    edit, source = f"{MEDIA}/{made['id']}/edit", made["source_url"]
    for body, status, code in (
        ({}, 400, "rest_missing_callback_param"),
        ({"src": source}, 400, "rest_image_not_edited"),
        ({"src": other["source_url"], "rotation": 90}, 404, "rest_unknown_attachment"),
        ({"src": "http://169.254.0.1/x.jpg", "rotation": 90}, 404, "rest_unknown_attachment"),
        ({"src": source, "rotation": 361}, 400, "rest_invalid_param"),
        ({"src": source, "x": "a"}, 400, "rest_invalid_param"),
        ({"src": source, "modifiers": [{"type": "crop", "args": {}}]}, 400, "rest_invalid_param"),
    ):
        response = await author.post(edit, body)
        assert (response.status_code, response.json()["code"]) == (status, code), body
    pdf = (await send(author, document(), "a.pdf")).json()
    no = await author.post(f"{MEDIA}/{pdf['id']}/edit", {"src": pdf["source_url"], "rotation": 90})
    assert (no.status_code, no.json()["code"]) == (400, "rest_cannot_edit_file_type")


async def test_the_focal_point_stays_in_the_thumbnail(cms, author):
    made = (await send(author, halves(), "rim.png")).json()
    thumbnail = made["media_details"]["sizes"]["thumbnail"]["source_url"]
    before = await cms.http.get(thumbnail)
    item = f"{MEDIA}/{made['id']}"
    moved = await author.post(item, {"focal_point": {"x": 100, "y": 50}})
    assert moved.json()["focal_point"] == {"x": 100, "y": 50}
    assert (await pixels(cms, thumbnail)).getpixel((5, 75)) == (0, 0, 255)
    assert (await cms.http.get(thumbnail)).headers["etag"] != before.headers["etag"]
    back = await author.post(item, {"focal_point": None})
    assert back.json()["focal_point"] is None
    assert (await pixels(cms, thumbnail)).getpixel((5, 75)) == (255, 0, 0)
    wrong = await author.post(item, {"focal_point": {"x": 101, "y": 0}})
    assert wrong.status_code == 400
    at_once = await send(
        author, halves(), "rim.png", **{"focal_point[x]": "100", "focal_point[y]": "0"}
    )
    small = at_once.json()["media_details"]["sizes"]["thumbnail"]["source_url"]
    assert (await pixels(cms, small)).getpixel((5, 75)) == (0, 0, 255)


async def test_sizes_that_are_missing_are_told_and_made(cms, author):
    made = (await send(author, photo(1200, 800))).json()
    item = f"{MEDIA}/{made['id']}"
    assert made["missing_image_sizes"] == []
    async with cms.as_system() as work:
        from cms.content.attachments import record_of
        from cms.media.events import MediaRenewed

        record = await record_of(work, made["id"])
        record.files = [one for one in record.files if one["size"] != "medium"]
        await work.emit(MediaRenewed(post_id=made["id"], content_hash=record.full["sha256"]))
    assert (await author.get(f"{item}?context=edit")).json()["missing_image_sizes"] == ["medium"]
    done = await author.post(f"{item}/post-process", {"action": "create-image-subsizes"})
    assert done.json()["missing_image_sizes"] == []
    assert done.json()["media_details"]["sizes"] == made["media_details"]["sizes"]


async def test_a_large_photograph_is_scaled_and_the_upload_kept(cms, author):
    data = photo(2700, 1800)
    made = (await send(author, data, "grande.jpg")).json()
    details = made["media_details"]
    assert (details["width"], details["height"]) == (2560, 1707)
    assert details["file"].endswith("/grande-scaled.jpg")
    assert details["original_image"] == "grande.jpg"
    assert set(details["sizes"]) == {
        "medium", "large", "thumbnail", "medium_large", "1536x1536", "2048x2048", "full",
    }  # fmt: skip
    folder = made["source_url"].rpartition("/")[0]
    assert (await cms.http.get(f"{folder}/grande.jpg")).content == data
