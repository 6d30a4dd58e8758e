"""Cells of tables that are merged and split, and tables that came so."""

from cms.markup.clean import clean_content
from tests.editor.texts import document, paragraph


def table(inside: str) -> str:
    figure = f'<figure class="wp-block-table"><table>{inside}</table></figure>'
    return f"<!-- wp:table -->\n{figure}\n<!-- /wp:table -->"


def rows(*texts: str, section: str = "tbody", cell: str = "td") -> str:
    made = ("".join(f"<{cell}>{one}</{cell}>" for one in text.split("|")) for text in texts)
    return f"<{section}>{''.join(f'<tr>{one}</tr>' for one in made)}</{section}>"


async def chosen(at, command: str) -> None:
    await at.press("Control+/")
    await at.type(command)
    await at.answer("Enter")


async def across(at, first: str, *keys: str) -> None:
    """From the end of a cell over others, as the keyboard selects them."""
    await at.at(first)
    await at.press(*keys)


async def test_cells_beside_each_other_become_one_and_two_again(write):
    source = document(table(rows("a <em>x</em>|b", "c|d")), paragraph("Fim"))
    at = await write(source)
    await across(at, "td", "Shift+ArrowRight")
    await chosen(at, "mesclar")
    merged = '<tbody><tr><td colspan="2">a <em>x</em><br>b</td></tr><tr><td>c</td><td>d</td></tr>'
    expected = document(table(f"{merged}</tbody>"), paragraph("Fim"))
    assert await at.value() == expected
    assert clean_content(expected) == expected
    await chosen(at, "dividir")
    assert await at.value() == source.replace("<td>b</td>", "<td></td>").replace(
        "a <em>x</em>", "a <em>x</em><br>b"
    )
    await at.press("Control+z", "Control+z")
    assert await at.value() == source


async def test_cells_over_each_other_become_one(write):
    at = await write(table(rows("a|b", "|d")))
    await across(at, "td", "Shift+ArrowDown")
    await chosen(at, "mesclar")
    expected = table('<tbody><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>d</td></tr></tbody>')
    assert await at.value() == expected
    assert clean_content(expected) == expected


async def test_no_cell_reaches_from_the_head_into_the_body(write):
    source = table(rows("a|b", section="thead", cell="th") + rows("c|d"))
    at = await write(source)
    await across(at, "th", "Shift+ArrowDown")
    await at.press("Control+/")
    await at.type("mesclar")
    assert await at.page.locator("[role=option]").count() == 0
    await at.answer("Escape")
    assert await at.value() == source


async def test_a_name_on_the_page_stays_with_one_cell(write):
    merged = '<tbody><tr><td colspan="2" id="a" class="x">a</td></tr><tr><td>c</td><td>d</td></tr>'
    at = await write(table(f"{merged}</tbody>"))
    await at.at("td")
    await chosen(at, "dividir")
    parts = '<td id="a" class="x">a</td><td class="x"></td>'
    assert await at.value() == table(
        f"<tbody><tr>{parts}</tr><tr><td>c</td><td>d</td></tr></tbody>"
    )


async def test_a_merged_table_that_is_edited_elsewhere_keeps_its_cells(write):
    head = '<thead><tr><th rowspan="2">Idade</th><th colspan="2">Dose</th></tr>'
    source = table(f"{head}<tr><th>mg</th><th>mL</th></tr></thead>{rows('Adulto|5|1')}")
    at = await write(source)
    await at.at("td")
    await at.type("s")
    assert await at.value() == source.replace("Adulto", "Adultos")
    await at.press("Backspace")
    assert await at.value() == source
