"""The text editor on its screen: from the browser through the form into the database."""

from typing import Any

from playwright.async_api import Page

from tests.support.chromium import Site
from tests.support.clinic import Clinic, Person

FOREIGN = '<!-- wp:acme/map {"lat":-23.5} /-->'
ODD = "<!-- wp:paragraph   -->\n\n<p>Um</p>\n <!-- /wp:paragraph -->"


def paragraph(text: str) -> str:
    return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"


def document(*blocks: str) -> str:
    return "\n\n".join(blocks)


async def raw(person: Person, made: dict[str, Any]) -> str:
    stored = (await person.get(f"/wp-json/wp/v2/posts/{made['id']}?context=edit")).json()
    text: str = stored["content"]["raw"]
    return text


async def saved(page: Page) -> None:
    """What Enter in a line of the form does."""
    submit = "form => form.requestSubmit(form.querySelector('button[name=step][value=save]'))"
    async with page.expect_navigation():
        await page.locator("#post-form").evaluate(submit)


async def test_a_line_is_added_and_all_around_it_stays(cms: Clinic, site: Site) -> None:
    ana = await cms.person("ana")
    made = await cms.draft(ana, content=document(ODD, FOREIGN, paragraph("Dois")))
    page = await site.page(ana, language="pt-BR")
    await page.goto(f"/admin/posts/{made['id']}")
    text = page.locator("cms-editor .ProseMirror")
    await text.locator("p", has_text="Dois").click()
    await page.keyboard.press("End")
    await page.keyboard.type(" & três")
    await saved(page)
    expected = document(ODD, FOREIGN, paragraph("Dois &amp; três"))
    assert await raw(ana, made) == expected
    await text.wait_for()
    assert await page.evaluate("document.querySelector('cms-editor').value") == expected


async def test_a_text_that_was_only_looked_at_is_sent_as_it_was(cms: Clinic, site: Site) -> None:
    ana = await cms.person("ana")
    made = await cms.draft(ana, content=f"\n{ODD}\n\n\n<h2>Solto</h2>\ne classico")
    before = await raw(ana, made)
    page = await site.page(ana)
    await page.goto(f"/admin/posts/{made['id']}")
    await page.locator("cms-editor .ProseMirror").wait_for()
    await saved(page)
    assert await raw(ana, made) == before
