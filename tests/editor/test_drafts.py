"""Nothing typed is lost: drafts in the browser, and what the server answers to a save."""

import asyncio

from tests.editor.conftest import opened
from tests.editor.texts import FOREIGN, document, paragraph


async def _kept(at, text: str | None, key: str = "1/2/17/pt") -> None:
    for _ in range(400):
        if await at.draft(key) == text:
            return
        await at.page.wait_for_timeout(50)
    assert await at.draft(key) == text


async def test_a_draft_is_offered_after_the_tab_crashed(write, context, site):
    at = await write(document(paragraph("um"), FOREIGN))
    await at.at("p")
    await at.type(" e dois")
    text = document(paragraph("um e dois"), FOREIGN)
    await _kept(at, text)
    async with at.page.expect_event("crash"):
        crasher = await context.new_cdp_session(at.page)
        # The answer never comes: who would give it is gone.
        crashing = asyncio.ensure_future(crasher.send("Page.crash"))
    crashing.cancel()
    await at.page.close()
    again = await opened(context, site)
    bar = again.page.get_by_role("region", name="Rascunho não salvo")
    await bar.wait_for()
    assert "que não foi salvo." in await bar.inner_text()
    assert await again.value() == document(paragraph("um"), FOREIGN)
    await again.page.click("text=Continuar o rascunho")
    assert await again.value() == text
    await again.press("Control+z")
    assert await again.value() == document(paragraph("um"), FOREIGN)


async def test_a_draft_of_another_text_says_so_and_can_be_discarded(write, context, site):
    at = await write(paragraph("um"))
    await at.at("p")
    await at.type("!")
    await _kept(at, paragraph("um!"))
    await at.page.close()
    again = await write(paragraph("outro"), base="b2")
    bar = again.page.get_by_role("region", name="Rascunho não salvo")
    await bar.wait_for()
    assert "mudou desde então" in await bar.inner_text()
    await again.page.click("text=Descartar")
    await _kept(again, None)
    assert await again.value() == paragraph("outro")


async def test_who_types_on_loses_neither_draft(write, context, site):
    at = await write(paragraph("um"))
    await at.at("p")
    await at.type(" antes")
    await _kept(at, paragraph("um antes"))
    await at.page.close()
    again = await write(paragraph("um"))
    await again.page.wait_for_selector(".cms-editor-draft")
    await again.at("p")
    await again.type(" agora")
    await _kept(again, paragraph("um agora"))
    await again.page.click("text=Continuar o rascunho")
    assert await again.value() == paragraph("um antes")
    await again.press("Control+z")
    assert await again.value() == paragraph("um agora")


async def test_a_saved_text_leaves_no_draft(write):
    at = await write(paragraph("um"))
    await at.at("p")
    await at.type("!")
    await _kept(at, paragraph("um!"))
    await at.call("markSaved", {"content": await at.value(), "hash": "b2"})
    await _kept(at, None)


async def test_leaving_the_page_keeps_what_was_just_typed(write, context, site):
    at = await write(paragraph("um"))
    await at.at("p")
    await at.type("?")
    await at.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    await _kept(at, paragraph("um?"))


async def test_what_the_server_cleaned_is_taken_over_around_the_cursor(write):
    at = await write(document(paragraph("um"), paragraph("dois"), FOREIGN))
    await at.at("p:nth-of-type(2)")
    await at.type("!")
    sent = await at.value()
    answer = sent.replace("acme/map", "acme/mapa")
    await at.call("markSaved", {"content": answer, "hash": "b2"})
    await at.said("O servidor limpou")
    await at.type("?")
    assert await at.value() == answer.replace("dois!", "dois!?")
    await at.press("Control+z")
    assert (await at.value()).count("acme/mapa") == 1


async def test_what_was_typed_during_a_save_stays(write):
    at = await write(paragraph("um"))
    await at.at("p")
    await at.type("!")
    sent = await at.value()
    await at.type("?")
    await at.call("markSaved", {"content": sent, "hash": "b2"})
    assert await at.value() == paragraph("um!?")
    await _kept(at, paragraph("um!?"))


async def test_a_second_tab_is_told(write, context, site):
    at = await write(paragraph("um"))
    await opened(context, site)
    await at.said("aberto em outra aba")


async def test_screens_hear_of_a_draft_and_of_changes(write, context, site):
    at = await write(paragraph("um"))
    await at.page.evaluate(
        """() => document.addEventListener('cms-editor:change',
            (event) => document.body.dataset.value = event.target.value)"""
    )
    await at.at("p")
    await at.type("!")
    await at.page.wait_for_selector("body[data-value]")
    assert await at.page.get_attribute("body", "data-value") == paragraph("um!")


async def test_the_draft_of_a_new_text_goes_once_it_has_a_number(write, context, site):
    site.key = "1/2/new-post/pt"
    at = await write()
    await at.at("p")
    await at.type("um")
    await _kept(at, paragraph("um"), site.key)
    await at.page.close()
    site.key = "1/2/18/pt"
    again = await write(paragraph("um"), base="b2")
    await _kept(again, None, "1/2/new-post/pt")
