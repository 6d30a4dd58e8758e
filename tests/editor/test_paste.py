"""Paste from Word, Google Docs and pages; the two files are written in the shape that both have."""

from pathlib import Path

from tests.editor.texts import FOREIGN, document, paragraph

PASTED = Path(__file__).parent / "pasted"


async def _pasted(write, name: str):
    at = await write()
    await at.at("p")
    await at.paste((PASTED / name).read_text())
    return at


def _item(text: str) -> str:
    return f"<!-- wp:list-item -->\n<li>{text}</li>\n<!-- /wp:list-item -->"


async def test_word_comes_in_clean(write):
    at = await _pasted(write, "word.html")
    inner = (
        f'<!-- wp:list {{"ordered":true}} -->\n<ol>{_item("Jejum")}\n\n{_item("Noite")}</ol>\n'
        "<!-- /wp:list -->"
    )
    expected = document(
        "<!-- wp:heading -->\n<h2>Posologia</h2>\n<!-- /wp:heading -->",
        paragraph(
            "Superfície de 1,73&nbsp;m<sup>2</sup>, H<sub>2</sub>O, <strong>forte</strong>,"
            " <em>leve</em>, <u>sob</u> e <s>fora</s>."
        ),
        f"<!-- wp:list -->\n<ul>{_item(f'Adultos{inner}')}\n\n{_item('Crianças')}</ul>\n"
        "<!-- /wp:list -->",
        '<!-- wp:table -->\n<figure class="wp-block-table"><table><tbody><tr>'
        "<td><strong>Idade</strong></td><td>Dose<br>diária</td></tr><tr><td>Adulto</td>"
        "<td>5 mg</td></tr></tbody></table></figure>"
        "\n<!-- /wp:table -->",
        paragraph('perigo <a href="https://example.org/bula">bula</a>'),
    )
    assert await at.value() == expected
    await at.said("1 imagem(ns) sem endereço")


async def test_google_docs_comes_in_clean(write):
    at = await _pasted(write, "docs.html")
    inner = f"<!-- wp:list -->\n<ul>{_item('Dentro')}</ul>\n<!-- /wp:list -->"
    assert await at.value() == document(
        "<!-- wp:heading -->\n<h2>Interações</h2>\n<!-- /wp:heading -->",
        paragraph(
            "Evite <strong>álcool</strong><em> sempre</em>, 10<sup>6</sup><u> sob</u><s> fora</s>"
        ),
        f'<!-- wp:list {{"ordered":true}} -->\n<ol>{_item(f"Um{inner}")}\n\n{_item("Dois")}</ol>\n'
        "<!-- /wp:list -->",
        '<!-- wp:table -->\n<figure class="wp-block-table"><table><tbody><tr><td>Célula</td></tr>'
        "</tbody></table></figure>\n<!-- /wp:table -->",
    )


async def test_a_page_brings_neither_scripts_nor_forms(write):
    at = await write()
    await at.at("p")
    await at.paste(
        '<div style="position:fixed" onclick="x()"><p id="a" class="y">um<script>x()</script></p>'
        '<iframe src="https://example.org"></iframe><form><input value="z"></form>'
        '<div class="cms-opaque" data-src="&lt;script&gt;x()&lt;/script&gt;">dois</div></div>'
    )
    assert await at.value() == document(paragraph("um"), paragraph("dois"))


async def test_what_the_editor_copied_comes_back(write):
    source = document(
        paragraph('Um<sup class="cms-citation" data-cms-ref="doi:10.5555/a">1</sup>'), FOREIGN
    )
    at = await write(document(source, paragraph("fim")))
    await at.at("p")
    html = await at.page.evaluate(
        """() => {
            const { view } = document.querySelector('cms-editor')
            const end = view.state.doc.content.size - view.state.doc.lastChild.nodeSize
            return view.serializeForClipboard(view.state.doc.slice(0, end)).dom.innerHTML
        }"""
    )
    await at.at("p:last-of-type")
    await at.press("Enter")
    await at.paste(html)
    assert await at.value() == document(source, paragraph("fim"), source)


async def test_plain_text_makes_paragraphs(write):
    at = await write()
    await at.at("p")
    await at.paste("", "um\n\ndois <b>")
    assert await at.value() == document(paragraph("um"), paragraph("dois &lt;b&gt;"))


async def test_a_paste_into_a_cell_stays_in_it(write):
    at = await write()
    await at.at("p")
    await at.call("insertBlock", "table", {"rows": 2, "columns": 1})
    await at.paste("<p>um</p><ul><li><b>dois</b></li></ul>")
    assert "<th>um<br><strong>dois</strong></th>" in await at.value()


async def test_a_paste_into_a_title_is_its_text(write):
    at = await write()
    await at.at("p")
    await at.call("insertBlock", "callout", {"kind": "warning"})
    await at.paste("<p>um</p><p><b>dois</b></p>")
    assert '<p class="wp-block-cms-callout__title">um dois</p>' in await at.value()
