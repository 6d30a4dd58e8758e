"""Files that are dropped or pasted into the text: the page is asked to bring them in."""

import pytest

from tests.editor.texts import document, paragraph

TEXT = document(paragraph("Um"), paragraph("Dois"))

# A file arrives as a browser gives it: by the clipboard, or over a place of the text.
_GIVE = """([way, name, kind]) => {
    const { view } = document.querySelector('cms-editor')
    const data = new DataTransfer()
    data.items.add(new File(['x'], name, { type: kind }))
    const { left, top, bottom } = view.dom.querySelector('p').getBoundingClientRect()
    const common = { bubbles: true, cancelable: true }
    const event = way === 'paste'
        ? new ClipboardEvent('paste', { ...common, clipboardData: data })
        : new DragEvent('drop', { ...common, dataTransfer: data, clientX: left + 2,
                                  clientY: (top + bottom) / 2 })
    view.dom.dispatchEvent(event)
}"""
_TAKE = """() => document.addEventListener('cms-editor:files', (event) => {
    event.preventDefault()
    document.body.dataset.files = event.detail.files.map((one) => one.name).join()
    const { selection } = document.querySelector('cms-editor').view.state
    document.body.dataset.at = selection.$from.parent.textContent
})"""


@pytest.mark.parametrize(("way", "place"), [("paste", "Dois"), ("drop", "Um")])
async def test_the_page_is_asked_to_bring_a_picture_in(write, way, place):
    at = await write(TEXT)
    await at.at("p:nth-of-type(2)")
    await at.page.evaluate(_TAKE)
    await at.page.evaluate(_GIVE, [way, "a.png", "image/png"])
    assert await at.page.get_attribute("body", "data-files") == "a.png"
    assert await at.page.get_attribute("body", "data-at") == place
    assert await at.value() == TEXT


async def test_other_files_are_said_to_belong_into_the_library(write):
    at = await write(TEXT)
    await at.page.evaluate(_TAKE)
    await at.page.evaluate(_GIVE, ["paste", "a.pdf", "application/pdf"])
    await at.said("biblioteca")
    assert await at.page.get_attribute("body", "data-files") is None
    assert await at.value() == TEXT


async def test_nothing_is_put_into_a_text_that_is_read_only(write):
    at = await write(TEXT)
    await at.call("setReadOnly", "Bia escreve.")
    assert await at.call("insertBlock", "image", {"url": "/a.png", "alt": ""}) is False
    assert await at.value() == TEXT
