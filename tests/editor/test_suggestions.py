"""Words that readers suggest, shown in the text at their passages and never part of it."""

import json

from tests.editor.texts import document, paragraph

TEXT = document(paragraph("Tome até 5 mg ao dia."), paragraph("Repouso <strong>e</strong> água."))
CITED = paragraph('Como se viu<sup data-cms-ref="doi:10.5555/a">12</sup> antes,<br>ou não.')


def suggestion(quote, replacement="", *, prefix="", suffix="", number="7", **more):
    anchor = {"block": {"path": [0]}, "quote": quote, "prefix": prefix, "suffix": suffix}
    anchor["start"] = 0
    return {"id": number, "anchor": anchor, "replacement": replacement, "by": "Bia", **more}


DOSE = suggestion("até 5 mg", "no máximo 5 mg", prefix="Tome ", suffix=" ao dia.")
REST = suggestion("Repouso e", "Descanso e", suffix=" água.", number="8")

_LISTEN = """() => document.addEventListener('cms-editor:suggestion',
    (event) => document.body.dataset.told = JSON.stringify(event.detail))"""


async def told(at):
    """What the page was told last."""
    await at.page.wait_for_function("document.body.dataset.told")
    return json.loads(await at.page.get_attribute("body", "data-told"))


async def shown(at):
    struck = await at.page.locator(".cms-suggestion-old").all_inner_texts()
    return "".join(struck), await at.page.locator(".cms-suggestion ins").all_inner_texts()


async def test_suggested_words_stand_beside_those_that_they_are_for(write, site):
    at = await write(TEXT)
    assert await at.call("showSuggestions", [DOSE, REST]) == []
    assert await shown(at) == ("até 5 mgRepouso e", ["no máximo 5 mg", "Descanso e"])
    # Nothing of it is in the text, nor in what is sent.
    assert await at.value() == TEXT
    await at.page.click("#after")
    await at.page.wait_for_url("**/save")
    assert [text.replace("\r\n", "\n") for text in site.saved] == [TEXT]


async def test_they_follow_their_passage_and_come_back_with_it(write):
    at = await write(TEXT)
    await at.call("showSuggestions", [DOSE, REST])
    await at.at("p", end=False)
    await at.type("Atenção: ")
    assert (await shown(at))[0] == "até 5 mgRepouso e"
    await at.select("p", 16, 16)
    await at.type("x")
    # Its passage reads otherwise now: nobody could take the words over.
    assert await at.call("lostSuggestions") == ["7"]
    assert await shown(at) == ("Repouso e", ["Descanso e"])
    await at.press("Backspace")
    assert await at.call("lostSuggestions") == []
    await at.press("Control+a", "Delete")
    assert await at.call("lostSuggestions") == ["7", "8"]
    await at.press("Control+z")
    assert await at.call("lostSuggestions") == []
    assert (await shown(at))[0] == "até 5 mgRepouso e"


async def test_one_whose_words_are_gone_is_told_as_such(write):
    at = await write(TEXT)
    gone = suggestion("outra dose", "dose", number="9")
    assert await at.call("showSuggestions", [gone, DOSE]) == ["9"]
    assert (await shown(at))[1] == ["no máximo 5 mg"]


async def test_a_quote_reads_over_citations_and_breaks(write):
    at = await write(CITED)
    over = suggestion("viu12 antes, ou", "sabe, ou")
    assert await at.call("showSuggestions", [over]) == []
    assert await at.value() == CITED


async def test_it_is_accepted_by_its_button(write):
    at = await write(TEXT)
    await at.call("showSuggestions", [DOSE])
    await at.page.evaluate(_LISTEN)
    await at.page.click("button[aria-label='Aceitar a sugestão de Bia']")
    assert await told(at) == {"id": "7", "verdict": "accept"}
    assert await at.value() == TEXT


async def test_keys_go_to_it_and_decline_it_with_a_reason(write):
    at = await write(TEXT)
    await at.call("showSuggestions", [DOSE, REST])
    await at.page.evaluate(_LISTEN)
    await at.at("p", end=False)
    await at.press("Control+Alt+n")
    await at.said("Bia sugere, em vez de “até 5 mg”: “no máximo 5 mg”")
    await at.press("Control+Alt+n", "Control+Alt+u")
    await at.type("Assim se diz.")
    await at.answer(button="ok")
    assert await told(at) == {"id": "8", "verdict": "decline", "reason": "Assim se diz."}


async def test_the_cursor_has_to_be_in_it(write):
    at = await write(TEXT)
    await at.call("showSuggestions", [DOSE])
    await at.page.evaluate(_LISTEN)
    await at.at("p:nth-of-type(2)")
    await at.press("Control+Alt+y")
    assert await at.page.get_attribute("body", "data-told") is None
    assert await at.call("selectSuggestion", "7") is True
    await at.press("Control+Alt+y")
    assert await told(at) == {"id": "7", "verdict": "accept"}


async def test_what_the_server_made_of_it_is_taken_over(write):
    at = await write(TEXT)
    made = TEXT.replace("até 5 mg", "no máximo 5 mg")
    assert await at.value() == TEXT
    assert await at.call("takeOver", {"content": made, "hash": "b2"}, "Pronto.") is True
    await at.said("Pronto.")
    assert await at.value() == made
    await at.at("p")
    await at.type(" E mais.")
    # Something was typed since: nothing of it may be lost.
    assert await at.call("takeOver", {"content": TEXT, "hash": "c3"}, "Pronto.") is False
    assert "no máximo 5 mg ao dia. E mais." in await at.value()
