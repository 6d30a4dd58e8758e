"""A new picture in a text: chosen, dropped or pasted, described, uploaded, and put where one is."""

import re
from typing import Any

import pytest
from playwright.async_api import Page

from tests.admin.conftest import Visiting
from tests.admin.test_posts_editor import paragraph, raw, saved
from tests.support.chromium import Site
from tests.support.clinic import Clinic
from tests.support.pictures import photo

PHOTO: Any = {"name": "pulmao.jpg", "mimeType": "image/jpeg", "buffer": photo(1400, 900)}
PATH = "/admin/media/for-text"

_PASTE = """async () => {
    const canvas = new OffscreenCanvas(40, 30)
    canvas.getContext('2d').fillRect(0, 0, 40, 30)
    const picture = await canvas.convertToBlob({ type: 'image/png' })
    const { view } = document.querySelector('cms-editor')
    const data = new DataTransfer()
    data.items.add(new File([picture], 'colado.png', { type: 'image/png' }))
    view.dom.dispatchEvent(new ClipboardEvent('paste',
        { clipboardData: data, bubbles: true, cancelable: true }))
}"""


async def writing(site: Site, cms: Clinic, language: str = "en") -> tuple[Page, Any, Any]:
    ana = await cms.person("ana")
    made = await cms.draft(ana, content=paragraph("Um"))
    page = await site.page(ana, language=language)
    await page.goto(f"/admin/posts/{made['id']}")
    await page.locator("cms-editor .ProseMirror p", has_text="Um").click()
    await page.keyboard.press("End")
    return page, ana, made


async def test_a_picture_is_uploaded_while_writing(site: Site, cms: Clinic) -> None:
    page, ana, made = await writing(site, cms)
    await page.keyboard.type(" e meio")
    await page.get_by_role("button", name="Image", exact=True).click()
    await page.get_by_label("File of the picture").set_input_files(PHOTO)
    await page.get_by_role("button", name="Upload and put it into the text").click()
    # What it shows has to be said first, as the library asks for it.
    await page.get_by_text("say what the picture shows, or that it is decoration").wait_for()
    await page.get_by_label("What the picture shows").fill("Um pulmão desenhado")
    await page.get_by_label("Caption").fill("O pulmão")
    await page.get_by_text("Focal point").click()
    await page.get_by_label("From the left").fill("20")
    await page.get_by_role("button", name="Upload and put it into the text").click()
    await page.locator("cms-editor .ProseMirror figure img").wait_for()
    await saved(page)
    text = await raw(ana, made)
    assert text.startswith(paragraph("Um e meio"))
    assert re.search(
        r'<img src="[^"]*pulmao[^"]*" class="wp-image-\d+" alt="Um pulmão desenh', text
    )
    assert "object-position:20% 50%" in text
    assert ">O pulmão</figcaption>" in text
    media = (await ana.get("/wp-json/wp/v2/media?context=edit")).json()
    assert [one["alt_text"] for one in media] == ["Um pulmão desenhado"]


async def test_a_lost_line_loses_nothing(site: Site, cms: Clinic) -> None:
    page, ana, made = await writing(site, cms, "pt-BR")
    await page.route(f"**{PATH}", lambda route: route.abort())
    await page.evaluate(_PASTE)
    # The browser itself complains of a request that did not arrive.
    shown = page.get_by_label("O que a imagem mostra")
    await shown.fill("Um ponto")
    send = page.get_by_role("button", name="Enviar e pôr no texto")
    await send.click()
    await page.get_by_text("Nada se perdeu").wait_for()
    site.complaints[:] = [one for one in site.complaints if "ERR_FAILED" not in one]
    assert await shown.input_value() == "Um ponto"
    await page.unroute(f"**{PATH}")
    await send.click()
    await page.locator("cms-editor .ProseMirror figure img").wait_for()
    await saved(page)
    assert 'alt="Um ponto"' in await raw(ana, made)


@pytest.mark.parametrize(
    ("file", "said", "reason"),
    [
        (None, {"alt_text": "x"}, "choose a picture"),
        (("a.pdf", b"%PDF-1.4", "application/pdf"), {"alt_text": "x"}, "is no picture"),
        (("a.jpg", b"MZ" + bytes(200), "image/jpeg"), {"alt_text": "x"}, ""),
        (("a.jpg", photo(40, 30), "image/jpeg"), {"alt_text": " "}, "say what the picture shows"),
        (("a.jpg", photo(40, 30), "image/jpeg"), {"alt_text": "x", "focus_x": "101"}, "0 to 100"),
    ],
)
async def test_what_cannot_be_taken_is_told_by_field(
    visitor: Visiting, file: Any, said: dict[str, str], reason: str
) -> None:
    ana = await visitor("ana")
    sent = {"focus_x": "50", "focus_y": "50", **said}
    seen = await ana.send(PATH, sent, files={"file": file} if file else None)
    assert seen.status == 422, seen.response.text
    assert reason in " ".join(seen.response.json()["faults"].values())


async def test_who_may_not_upload_brings_nothing_in(visitor: Visiting) -> None:
    rui = await visitor("rui", ["contributor"])
    sent = {"alt_text": "x", "focus_x": "50", "focus_y": "50"}
    seen = await rui.send(PATH, sent, files={"file": ("a.jpg", photo(40, 30), "image/jpeg")})
    assert seen.status == 403


async def test_decoration_is_said_by_an_empty_description(visitor: Visiting) -> None:
    ana = await visitor("ana")
    sent = {"decorative": "1", "focus_x": "50", "focus_y": "50"}
    seen = await ana.send(PATH, sent, files={"file": ("a.jpg", photo(40, 30), "image/jpeg")})
    assert seen.status == 201
    told = seen.response.json()
    assert (told["alt"], told["focus"]) == ("", None)
    assert told["url"].endswith(".jpg")
