"""The editor without a mouse, for those who hear it, and for dead keys."""

from axe_playwright_python.async_playwright import Axe

from tests.editor.texts import FOREIGN, IMAGE, document, paragraph

EVERYTHING = document(
    paragraph('Um <a href="/x">link</a> e <strong>mais</strong>.'),
    "<!-- wp:heading -->\n<h2>Dose</h2>\n<!-- /wp:heading -->",
    '<!-- wp:cms/callout {"kind":"warning","title":"Atenção"} -->\n'
    '<div class="wp-block-cms-callout is-warning" role="note">'
    f'<p class="wp-block-cms-callout__title">Atenção</p>{paragraph("Cuidado")}</div>\n'
    "<!-- /wp:cms/callout -->",
    '<!-- wp:table -->\n<figure class="wp-block-table"><table><thead><tr><th>a</th></tr></thead>'
    "<tbody><tr><td>b</td></tr></tbody></table></figure>\n<!-- /wp:table -->",
    '<!-- wp:group -->\n<div class="wp-block-group">'
    f"{paragraph('dentro')}</div>\n<!-- /wp:group -->",
    paragraph('Fim<sup class="cms-citation" data-cms-ref="doi:10.5555/a">1</sup>.'),
    IMAGE,
    FOREIGN,
)


async def _focused(at) -> str:
    found: str = await at.page.evaluate(
        "document.activeElement.id || document.activeElement.dataset.action"
        " || document.activeElement.className"
    )
    return found


async def test_tab_leaves_the_text_and_the_toolbar_is_one_stop(write):
    at = await write(paragraph("um"))
    await at.page.focus("#before")
    await at.press("Tab")
    assert await _focused(at) == "undo"
    await at.press("Tab")
    assert "ProseMirror" in await _focused(at)
    await at.press("Tab")
    assert await _focused(at) == "after"


async def test_escape_and_tab_leave_a_list(write):
    at = await write("<!-- wp:list -->\n<ul><li>a</li><li>b</li></ul>\n<!-- /wp:list -->")
    await at.at("li:last-child p")
    await at.press("Tab")
    assert "ProseMirror" in await _focused(at)
    await at.press("Escape", "Tab")
    assert await _focused(at) == "after"


async def test_the_toolbar_is_reached_walked_and_left(write):
    at = await write(paragraph("um"))
    await at.at("p")
    await at.press("Control+a", "Alt+F10", "ArrowRight", "ArrowRight")
    assert await _focused(at) == "strong"
    await at.press("Enter")
    assert "ProseMirror" in await _focused(at)
    assert await at.value() == paragraph("<strong>um</strong>")
    await at.page.wait_for_selector("[data-action=strong][aria-pressed=true]")
    await at.press("Alt+F10", "End")
    assert await _focused(at) == "palette"
    await at.press("Escape")
    assert "ProseMirror" in await _focused(at)


async def test_the_text_is_a_named_field_in_its_language(write):
    at = await write(paragraph("um"))
    field = at.page.get_by_role("textbox", name="Texto do artigo")
    assert await field.get_attribute("lang") == "pt-BR"
    assert await field.get_attribute("aria-multiline") == "true"
    described = await field.get_attribute("aria-describedby")
    assert "Alt+F10" in await at.page.inner_text(f"#{described}")


async def test_axe_finds_nothing_in_either_theme(write, site):
    for theme in ("light", "dark"):
        site.theme = theme
        at = await write(EVERYTHING)
        await _assert_accessible(at, theme)
        await at.at("p")
        await at.press("Control+/")
        await _assert_accessible(at, f"{theme}, palette")
        await at.answer("Escape")
        await at.page.click(".ProseMirror img")
        await at.press("Enter")
        await _assert_accessible(at, f"{theme}, dialog")
        await at.page.close()


async def _assert_accessible(at, where: str) -> None:
    found = await Axe().run(at.page)
    told = [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in found.response["violations"]
    ]
    assert told == [], where


async def test_dead_keys_compose_and_can_be_undone(write, context):
    at = await write(paragraph("caf"))
    await at.at("p")
    keys = await context.new_cdp_session(at.page)
    for text in ("´", "´"):
        await keys.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1}
        )
    await keys.send("Input.insertText", {"text": "é"})
    await at.type("!")
    assert await at.value() == paragraph("café!")
    await at.press("Control+z", "Control+z")
    assert await at.value() in {paragraph("caf"), paragraph("café")}


async def test_nobody_is_told_while_a_word_is_composed(write, context):
    at = await write(paragraph("a"))
    await at.at("p")
    await at.page.evaluate(
        """() => {
            window.told = []
            const element = document.querySelector('cms-editor')
            element.addEventListener('cms-editor:change', () => told.push(element.value))
        }"""
    )
    keys = await context.new_cdp_session(at.page)
    for text in ("に", "にほ", "にほん"):
        await keys.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    await at.page.wait_for_timeout(900)
    assert await at.page.evaluate("told") == []
    await keys.send("Input.insertText", {"text": "日本"})
    await at.page.wait_for_function("() => told.length > 0")
    assert await at.page.evaluate("told.at(-1)") == paragraph("a日本")
