"""Comments beside the text: their anchors, and where they are after the text has changed."""

from tests.editor.texts import document, paragraph

TEXT = document(paragraph("Tome até 5 mg ao dia."), paragraph("Nunca mais de 10 mg."))


async def _anchor(at):
    await at.at("p")
    await at.select("p", 5, 13)
    return await at.call("anchor")


async def _marked(at) -> list[str]:
    found: list[str] = await at.page.locator(".cms-comment").all_inner_texts()
    return found


async def test_the_anchor_of_a_selection_is_a_quote(write):
    at = await write(TEXT)
    assert await _anchor(at) == {
        "block": {"path": [0]},
        "quote": "até 5 mg",
        "prefix": "Tome ",
        "suffix": " ao dia.",
        "start": 5,
    }


async def test_a_comment_is_asked_for_with_its_anchor(write):
    at = await write(TEXT)
    await at.page.evaluate(
        """() => document.addEventListener('cms-editor:comment',
            (event) => document.body.dataset.quote = event.detail.anchor.quote)"""
    )
    await _anchor(at)
    await at.press("Control+Alt+m")
    assert await at.page.get_attribute("body", "data-quote") == "até 5 mg"


async def test_comments_follow_their_text_and_come_back_with_it(write):
    at = await write(TEXT)
    anchor = await _anchor(at)
    assert await at.call("showComments", [{"id": "7", "anchor": anchor}]) == []
    assert await _marked(at) == ["até 5 mg"]
    await at.at("p", end=False)
    await at.type("Atenção: ")
    assert await _marked(at) == ["até 5 mg"]
    await at.press("Control+a", "Delete")
    assert await at.call("orphans") == ["7"]
    await at.press("Control+z")
    assert await _marked(at) == ["até 5 mg"]


async def test_a_quote_is_found_where_its_surroundings_are(write):
    at = await write(document(paragraph("a 5 mg b"), paragraph("c 5 mg d"), paragraph("5 mg")))
    anchor = {"block": {"path": [9]}, "quote": "5 mg", "prefix": "c ", "suffix": " d", "start": 2}
    lost = {**anchor, "quote": "7 mg"}
    shown = [{"id": "1", "anchor": anchor}, {"id": "2", "anchor": lost}]
    assert await at.call("showComments", shown) == ["2"]
    assert await at.page.locator("p:nth-of-type(2) .cms-comment").count() == 1


async def test_a_comment_is_opened_by_its_text(write):
    at = await write(TEXT)
    anchor = await _anchor(at)
    await at.call("showComments", [{"id": "7", "anchor": anchor, "isActive": True}])
    await at.page.evaluate(
        """() => document.addEventListener('cms-editor:comment-open',
            (event) => document.body.dataset.opened = event.detail.id)"""
    )
    await at.page.click(".cms-comment.is-active")
    assert await at.page.get_attribute("body", "data-opened") == "7"


async def test_letters_of_two_marks_count_as_one(write):
    at = await write(paragraph("Dose de cafe\u0301 e 5 mg"))
    anchor = {"block": {"path": [0]}, "quote": "café e", "prefix": "", "suffix": "", "start": 8}
    assert await at.call("showComments", [{"id": "1", "anchor": anchor}]) == []
    assert await _marked(at) == ["cafe\u0301 e"]
