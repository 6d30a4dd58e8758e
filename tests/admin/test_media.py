"""The media library, by HTTP and with a real picture in a real browser."""

from pathlib import Path

from tests.admin.conftest import Visiting
from tests.support.chromium import Site
from tests.support.clinic import Clinic
from tests.support.pictures import telling_photo
from tests.support.visiting import Visitor

PHOTO = ("pulmao.jpg", telling_photo(), "image/jpeg")


async def uploaded(visitor: Visitor) -> str:
    """The address of the screen of a picture that was just uploaded."""
    done = await visitor.send("/admin/media", files={"files": PHOTO})
    seen = await visitor.follow(done)
    return next(link for link in seen.links if link.rpartition("/")[2].isdigit())


async def test_a_picture_is_uploaded_described_and_deleted(visitor: Visiting) -> None:
    ana = await visitor("ana")
    empty = await ana.get("/admin/media")
    assert "There are no files yet" in empty.words
    address = await uploaded(ana)
    form = (await ana.get(address)).fields(address)
    assert form["title"] == "pulmao"
    said = {**form, "alt_text": "Um pulmão desenhado", "focus_x": "20", "focus_y": "80,5"}
    again = await ana.follow(await ana.send(address, said))
    assert "The file is saved." in again.words
    kept = again.fields(address)
    assert kept["alt_text"] == "Um pulmão desenhado"
    assert (kept["focus_x"], kept["focus_y"]) == ("20.0", "80.5")
    asked = await ana.get(f"{address}/delete")
    assert "No text that you may edit shows it." in asked.words
    gone = await ana.follow(await ana.send(f"{address}/delete"))
    assert "There are no files yet" in gone.words


async def test_what_cannot_be_used_is_named_and_the_rest_is_kept(visitor: Visiting) -> None:
    ana = await visitor("ana")
    files = [("files", PHOTO), ("files", ("x.exe", b"MZ" + bytes(200), "image/png"))]
    seen = await ana.send("/admin/media", files=files)
    assert seen.status == 422
    assert "x.exe" in seen.words
    assert "pulmao" in seen.words
    assert (await ana.send("/admin/media")).status == 400


async def test_a_focal_point_outside_of_the_picture_is_refused_at_its_field(
    visitor: Visiting,
) -> None:
    ana = await visitor("ana")
    address = await uploaded(ana)
    form = (await ana.get(address)).fields(address)
    seen = await ana.send(address, {**form, "focus_x": "101"})
    assert seen.status == 422
    assert "must be a number from 0 to 100" in seen.tree.css_first("#focus_x-fault").text()


async def test_a_file_says_which_texts_show_it(visitor: Visiting, cms: Clinic) -> None:
    ana = await visitor("ana")
    address = await uploaded(ana)
    number = int(address.rpartition("/")[2])
    post = await cms.draft(await cms.person("ana"), title="O pulmão", featured_media=number)
    seen = await ana.get(address)
    assert "O pulmão" in seen.words
    assert f"/admin/posts/{post['id']}" in seen.links


async def test_nobody_who_may_not_upload_sees_the_library(visitor: Visiting) -> None:
    reader = await visitor("rui", roles=["subscriber"])
    assert (await reader.get("/admin/media")).status == 403
    assert "/admin/media" not in (await reader.get("/admin")).links


async def test_search_finds_by_title_and_by_kind(visitor: Visiting) -> None:
    ana = await visitor("ana")
    await uploaded(ana)
    assert "pulmao" in (await ana.get("/admin/media?q=PULM")).words
    assert "No file is like that" in (await ana.get("/admin/media?q=figado")).words
    assert "No file is like that" in (await ana.get("/admin/media?kind=video")).words


async def test_a_file_is_the_same_for_nobody_of_another_site(
    visitor: Visiting, cms: Clinic
) -> None:
    address = await uploaded(await visitor("ana"))
    async with cms.other() as other:
        person = await other.person("eva", ["administrator"])
        eva = await Visitor.of(other, person)
        assert (await eva.get(address)).status == 404
        await eva.http.aclose()


async def test_a_focal_point_is_set_on_the_picture(site: Site, cms: Clinic, tmp_path: Path) -> None:
    (tmp_path / "pulmao.jpg").write_bytes(telling_photo())
    page = await site.page(await cms.person("ana"))
    await page.goto("/admin/media")
    await page.set_input_files("#files", tmp_path / "pulmao.jpg")
    await page.get_by_role("button", name="Upload").click()
    await page.get_by_role("link", name="pulmao").click()
    await page.fill("#alt_text", "Um pulmão desenhado")
    mark = page.get_by_role("button", name="Focal point")
    await mark.focus()
    for _ in range(10):
        await page.keyboard.press("ArrowLeft")
    assert await page.input_value("#focus_x") == "40"
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("The file is saved.").wait_for()
    assert await page.input_value("#focus_x") == "40.0"
