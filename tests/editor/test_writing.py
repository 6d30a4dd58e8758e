"""Writing with the keys, in a real browser: what is typed, and what is sent."""

from tests.editor.texts import FOREIGN, IMAGE, document, paragraph


async def test_an_untouched_text_is_sent_as_it_came(write, site):
    source = document("<!-- wp:verse -->\n<pre>a\n  b</pre>\n<!-- /wp:verse -->", FOREIGN, "\n")
    at = await write(source)
    assert await at.value() == source
    await at.page.click("#after")
    await at.page.wait_for_url("**/save")
    assert [text.replace("\r\n", "\n") for text in site.saved] == [source]


async def test_without_scripts_the_textarea_is_the_editor(browser, site):
    site.source = paragraph("Antes")
    page = await browser.new_page(base_url=site.url, java_script_enabled=False)
    await page.goto("/")
    await page.fill("textarea", paragraph("Depois"))
    await page.click("#after")
    assert [text.replace("\r\n", "\n") for text in site.saved] == [paragraph("Depois")]


async def test_only_the_paragraph_that_was_edited_is_written_anew(write):
    odd = "<!-- wp:paragraph   -->\n\n<p>Um</p>\n <!-- /wp:paragraph -->"
    at = await write(document(odd, paragraph("Dois"), FOREIGN))
    await at.at("p:nth-of-type(2)")
    await at.type(" e mais")
    assert await at.value() == document(odd, paragraph("Dois e mais"), FOREIGN)
    await at.press(*["Backspace"] * 7)
    assert await at.value() == document(odd, paragraph("Dois"), FOREIGN)


async def test_paragraphs_bold_and_undo(write):
    at = await write()
    await at.at("p")
    await at.type("Tome ")
    await at.press("Control+b")
    await at.type("uma")
    await at.press("Control+b")
    await at.type(" vez.")
    await at.press("Enter")
    await at.type("Espere <1 h & repita.")
    first = paragraph("Tome <strong>uma</strong> vez.")
    assert await at.value() == document(first, paragraph("Espere &lt;1 h &amp; repita."))
    await at.press(*["Control+z"] * 8)
    assert await at.value() == ""


async def test_a_list_is_typed_nested_and_left(write):
    at = await write()
    await at.at("p")
    await at.type("- um")
    await at.press("Enter")
    await at.type("dentro")
    await at.press("Tab", "Enter", "Shift+Tab")
    await at.type("dois")
    await at.press("Enter", "Enter")
    await at.type("fim")
    inner = (
        "<!-- wp:list -->\n<ul><!-- wp:list-item -->\n<li>dentro</li>\n<!-- /wp:list-item -->"
        "</ul>\n<!-- /wp:list -->"
    )
    first = f"<!-- wp:list-item -->\n<li>um{inner}</li>\n<!-- /wp:list-item -->"
    second = "<!-- wp:list-item -->\n<li>dois</li>\n<!-- /wp:list-item -->"
    made = f"<!-- wp:list -->\n<ul>{first}\n\n{second}</ul>\n<!-- /wp:list -->"
    assert await at.value() == document(made, paragraph("fim"))


async def test_headings_change_their_level_and_keep_the_rest(write):
    at = await write(
        '<!-- wp:heading {"level":3,"anchor":"a"} -->\n<h3 id="a">Dose</h3>\n<!-- /wp:heading -->'
    )
    await at.at("h3")
    await at.press("Control+Alt+2")
    assert await at.value() == (
        '<!-- wp:heading {"anchor":"a"} -->\n<h2 id="a">Dose</h2>\n<!-- /wp:heading -->'
    )


async def test_a_table_is_filled_with_the_tab_key(write):
    at = await write()
    await at.at("p")
    await at.call("insertBlock", "table", {"rows": 2, "columns": 2})
    for text in ("Idade", "Dose", "Adulto", "5 mg"):
        await at.type(text)
        await at.press("Tab")
    await at.page.click(".ProseMirror figcaption")
    await at.type("Doses")
    assert await at.value() == (
        '<!-- wp:table -->\n<figure class="wp-block-table"><table><thead><tr><th>Idade</th>'
        "<th>Dose</th></tr></thead><tbody><tr><td>Adulto</td><td>5 mg</td></tr></tbody></table>"
        '<figcaption class="wp-element-caption">Doses</figcaption></figure>\n<!-- /wp:table -->'
    )


async def test_rows_and_columns_are_added_from_the_palette(write):
    at = await write()
    await at.at("p")
    await at.call("insertBlock", "table", {"rows": 2, "columns": 1})
    await at.type("a")
    for command in ("coluna à direita", "linha abaixo"):
        await at.press("Control+/")
        await at.type(command)
        await at.answer("Enter")
    html = await at.value()
    assert (html.count("<th>"), html.count("<td>")) == (2, 4)


async def test_a_callout_from_the_slash_menu(write):
    at = await write()
    await at.at("p")
    await at.type("/")
    await at.type("posologia")
    await at.answer("Enter")
    await at.type('Dose "usual"')
    await at.press("Enter")
    await at.type("5 mg")
    made = await at.value()
    assert made == (
        '<!-- wp:cms/callout {"kind":"dosage","title":"Dose \\u0022usual\\u0022"} -->\n'
        '<div class="wp-block-cms-callout is-dosage" role="note">'
        '<p class="wp-block-cms-callout__title">Dose "usual"</p>'
        f"{paragraph('5 mg')}</div>\n<!-- /wp:cms/callout -->"
    )


async def test_a_citation_is_put_in_heard_and_passed(write):
    at = await write(paragraph("É seguro."))
    await at.select("p", 8, 8)
    await at.call("insertCitation", {"ref": "doi:10.5555/dor.2021.7", "label": "1"})
    mark = '<sup class="cms-citation" data-cms-ref="doi:10.5555/dor.2021.7">1</sup>'
    assert await at.value() == paragraph(f"É seguro{mark}.")
    await at.press("ArrowLeft")
    await at.said("referência 1: doi:10.5555/dor.2021.7")
    await at.press("ArrowLeft")
    await at.type("!")
    assert await at.value() == paragraph(f"É seguro!{mark}.")


async def test_the_page_may_bring_its_own_pickers(write):
    at = await write(paragraph("Texto"))
    await at.page.evaluate(
        """() => ['cite', 'media'].forEach((name) => document.addEventListener(
            `cms-editor:${name}`, (event) => {
                event.preventDefault()
                event.target.dataset[name] = 'asked'
            }))"""
    )
    await at.page.click("[data-action=citation]")
    await at.page.click("[data-action=image]")
    found = await at.page.evaluate("({ ...document.querySelector('cms-editor').dataset })")
    assert (found["cite"], found["media"]) == ("asked", "asked")


async def test_without_a_picker_a_publication_is_named_by_what_is_pasted(write):
    at = await write(paragraph("Seguro"))
    await at.at("p")
    for given in ("https://doi.org/10.5555/DOR.2021.7", "PMC0012", "doi:10.5555/dor.2021.7"):
        await at.press("Control+Shift+c")
        await at.page.fill("[name=ref]", given)
        await at.answer("Enter")
    await at.press("Control+Shift+c")
    await at.page.fill("[name=ref]", "um livro")
    await at.answer("Enter")
    await at.said("não é o nome")
    mark = '<sup class="cms-citation" data-cms-ref="{}">{}</sup>'
    first, second = mark.format("doi:10.5555/dor.2021.7", 1), mark.format("pmcid:PMC12", 2)
    assert await at.value() == paragraph(f"Seguro{first}{second}{first}")


async def test_without_a_library_an_image_is_named_by_its_address(write):
    at = await write(paragraph("Texto"))
    await at.at("p")
    await at.page.click("[data-action=image]")
    await at.page.fill("[name=url]", "/m/b.png")
    await at.page.fill("[name=alt]", "Curva")
    await at.answer("Enter")
    assert '<img src="/m/b.png" alt="Curva"/>' in await at.value()


async def test_an_image_is_described(write):
    at = await write(document(paragraph("a"), IMAGE))
    await at.page.click(".ProseMirror img")
    await at.press("Enter")
    await at.page.fill("[name=alt]", "")
    await at.page.check("[name=decorative]")
    await at.page.fill("[name=x]", "30")
    await at.page.fill("[name=y]", "40")
    await at.answer(button="ok")
    assert await at.value() == document(
        paragraph("a"),
        '<!-- wp:image {"id":12,"focalPoint":{"x":0.3,"y":0.4}} -->\n'
        '<figure class="wp-block-image"><img src="/m/a.png" alt="" class="wp-image-12" '
        'style="object-position:30% 40%"/></figure>\n<!-- /wp:image -->',
    )


async def test_a_link_is_made_changed_and_removed(write):
    at = await write(paragraph("a bula"))
    await at.at("p")
    await at.select("p", 2, 6)
    await at.press("Control+k")
    await at.page.fill("[name=href]", "javascript:alert(1)")
    await at.answer("Enter")
    await at.said("não pode ser usado")
    await at.press("Control+k")
    await at.page.fill("[name=href]", 'https://example.org/?a=1&b="2"')
    await at.answer("Enter")
    linked = '<a href="https://example.org/?a=1&amp;b=&quot;2&quot;">bula</a>'
    assert await at.value() == paragraph(f"a {linked}")
    await at.select("a", 2, 2)
    await at.press("Control+k")
    await at.answer(button="remove")
    assert await at.value() == paragraph("a bula")


async def test_classic_texts_stay_classic(write):
    at = await write("Primeiro\nem duas linhas.\n\n<h3>Título</h3>\nSegundo.")
    await at.at("p:last-of-type")
    await at.press("Enter")
    await at.type("Novo")
    await at.press("Shift+Enter")
    await at.type("e mais")
    expected = "Primeiro\nem duas linhas.\n\n<h3>Título</h3>\nSegundo.\n\nNovo\ne mais"
    assert await at.value() == expected


async def test_blocks_move_with_the_alt_key(write):
    at = await write(document(paragraph("um"), FOREIGN, paragraph("dois")))
    await at.at("p:last-of-type")
    await at.press("Alt+ArrowUp")
    assert await at.value() == document(paragraph("um"), paragraph("dois"), FOREIGN)
    await at.press("Alt+ArrowUp", "Alt+ArrowUp", "Alt+ArrowDown")
    assert await at.value() == document(paragraph("um"), paragraph("dois"), FOREIGN)
    await at.type(", três")
    assert await at.value() == document(paragraph("um"), paragraph("dois, três"), FOREIGN)


async def test_a_foreign_block_goes_only_with_a_second_key(write):
    at = await write(document(FOREIGN, paragraph("um")))
    await at.at("p", end=False)
    await at.press("Backspace")
    await at.said("bloco acme/map, mantido como está")
    assert await at.value() == document(FOREIGN, paragraph("um"))
    await at.press("Backspace")
    await at.said("Mais uma vez")
    assert await at.value() == document(FOREIGN, paragraph("um"))
    await at.press("Backspace")
    assert await at.value() == paragraph("um")
    await at.press("Control+z")
    assert await at.value() == document(FOREIGN, paragraph("um"))


async def test_the_source_of_a_foreign_block_can_be_read_and_changed(write):
    at = await write(document(paragraph("um"), FOREIGN))
    await at.page.click(".cms-opaque")
    await at.press("Enter")
    assert await at.page.input_value("[name=source]") == FOREIGN
    await at.page.fill("[name=source]", "<!-- wp:acme/map --><b>")
    await at.answer(button="ok")
    await at.said("não foi aceito")
    await at.press("Enter")
    changed = FOREIGN.replace("-23.5", "-22.9")
    await at.page.fill("[name=source]", changed)
    await at.answer(button="ok")
    assert await at.value() == document(paragraph("um"), changed)


async def test_the_broken_rest_of_a_text_stays_at_its_end(write):
    rest = "<!-- wp:group -->\n<div>sem fim"
    at = await write(document(paragraph("um"), rest))
    await at.at("p")
    await at.press("Alt+ArrowDown")
    await at.said("precisa ficar no fim")
    await at.type("!")
    assert await at.value() == document(paragraph("um!"), rest)


async def test_a_text_can_be_read_only_and_open_again(write):
    at = await write(paragraph("um"))
    await at.call("setReadOnly", "Dra. Ana está editando.")
    await at.at("p")
    await at.type("x")
    await at.press("Control+b")
    assert await at.value() == paragraph("um")
    assert await at.page.inner_text(".cms-editor-notice") == "Dra. Ana está editando."
    await at.call("setReadOnly", None)
    await at.at("p")
    await at.type("!")
    assert await at.value() == paragraph("um!")


async def test_enter_twice_leaves_a_callout(write):
    at = await write()
    await at.at("p")
    await at.call("insertBlock", "callout", {"kind": "warning"})
    await at.type("Cuidado")
    await at.press("Enter")
    await at.type("dentro")
    await at.press("Enter", "Enter")
    await at.type("fora")
    assert (await at.value()).endswith(f"<!-- /wp:cms/callout -->\n\n{paragraph('fora')}")


async def test_behind_a_table_there_is_always_a_way_on(write):
    at = await write()
    await at.at("p")
    await at.call("insertBlock", "table", {"rows": 2, "columns": 1})
    await at.press("Control+Enter")
    await at.type("um")
    assert (await at.value()).endswith(f"<!-- /wp:table -->\n\n{paragraph('um')}")


async def test_a_click_below_a_table_begins_a_paragraph(write):
    at = await write(
        '<!-- wp:table -->\n<figure class="wp-block-table"><table><tbody><tr><td>a</td></tr>'
        "</tbody></table></figure>\n<!-- /wp:table -->"
    )
    box = await at.page.locator(".ProseMirror").bounding_box()
    await at.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 8)
    before = await at.value()
    await at.type("dois")
    assert await at.value() == document(before, paragraph("dois"))


async def test_enter_twice_leaves_a_quote_with_its_source(write):
    at = await write(
        '<!-- wp:quote -->\n<blockquote class="wp-block-quote">'
        f"{paragraph('Um')}<cite>Fonte</cite></blockquote>\n<!-- /wp:quote -->"
    )
    await at.at("p")
    await at.press("Enter", "Enter")
    await at.type("fora")
    expected = '<!-- wp:quote -->\n<blockquote class="wp-block-quote">'
    expected += f"{paragraph('Um')}<cite>Fonte</cite></blockquote>\n<!-- /wp:quote -->"
    assert await at.value() == document(expected, paragraph("fora"))


async def test_backspace_joins_items_and_lists_are_made_of_headings(write):
    at = await write("<!-- wp:heading -->\n<h2>um</h2>\n<!-- /wp:heading -->")
    await at.at("h2")
    await at.page.click("[data-action=bullets]")
    await at.press("Enter")
    await at.type("x")
    await at.select("li:last-child p", 0, 0)
    await at.press("Backspace")
    item = "<!-- wp:list-item -->\n<li>umx</li>\n<!-- /wp:list-item -->"
    assert await at.value() == f"<!-- wp:list -->\n<ul>{item}</ul>\n<!-- /wp:list -->"


async def test_a_text_of_which_all_is_deleted_is_empty(write):
    at = await write(document(paragraph("um"), FOREIGN))
    await at.at("p")
    await at.press("Control+a", "Delete")
    assert await at.value() == ""
