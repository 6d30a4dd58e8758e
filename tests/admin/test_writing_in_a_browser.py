"""Writing in a real browser: what is typed is kept, fields follow their conditions, rows move."""

from typing import Any

from tests.admin.test_post_fields import described
from tests.admin.test_posts_edit import stored
from tests.support.chromium import Site
from tests.support.clinic import Clinic


async def test_what_is_typed_is_saved_by_itself(site: Site, cms: Clinic) -> None:
    ana = await cms.person("ana")
    made = await cms.draft(ana)
    page = await site.page(ana)
    await page.goto(f"/admin/posts/{made['id']}")
    await page.get_by_label("Title", exact=True).fill("Enxaqueca")
    await page.get_by_text("Saved at").wait_for()
    assert (await stored(cms, "ana", made["id"]))["title"]["raw"] == "Enxaqueca"
    # The form knows the text that it is typed over now: the next save is no clash.
    await page.get_by_label("Title", exact=True).fill("Enxaqueca com aura")
    await page.get_by_role("button", name="Save draft").click()
    await page.get_by_text("The text is saved.").wait_for()
    assert (await stored(cms, "ana", made["id"]))["title"]["raw"] == "Enxaqueca com aura"


async def test_fields_follow_their_conditions_and_rows_move(site: Site, cms: Clinic) -> None:
    await described(cms)
    ana = await cms.person("ana")
    made = await cms.draft(ana)
    page = await site.page(ana)
    await page.goto(f"/admin/posts/{made['id']}")
    routes: Any = page.locator('[data-field="field_route"]')
    assert await routes.is_visible()
    await page.get_by_label("Via oral").check()
    assert not await routes.is_visible()
    await page.get_by_label("Fármaco").fill("Dipirona")
    await (
        page.get_by_role("button", name="Adicionar linha")
        .or_(page.get_by_role("button", name="Add Row"))
        .click()
    )
    await page.get_by_label("Dia").fill("1")
    await page.get_by_role("button", name="Add Row").click()
    await page.get_by_label("Dia").nth(1).fill("2")
    await page.get_by_role("button", name="Up", exact=True).nth(1).click()
    await page.get_by_role("button", name="Save draft").click()
    await page.get_by_text("The text is saved.").wait_for()
    acf = (await stored(cms, "ana", made["id"]))["acf"]
    assert [row["day"] for row in acf["steps"]] == [2, 1]
    assert acf["oral"] is True


async def test_other_texts_are_found_by_words(site: Site, cms: Clinic) -> None:
    await described(cms)
    eva = await cms.person("eva", ["editor"])
    other = await cms.draft(
        eva, title="Náusea matinal", status="publish", acf={"drug": "Ondansetrona"}
    )
    made = await cms.draft(eva)
    page = await site.page(eva)
    await page.goto(f"/admin/posts/{made['id']}")
    await page.locator('[data-field="field_also"]').get_by_label("Search").fill("nausea")
    await page.get_by_role("button", name="Náusea matinal").click()
    await page.get_by_label("Fármaco").fill("Dipirona")
    await page.get_by_role("button", name="Save draft").click()
    await page.get_by_text("The text is saved.").wait_for()
    assert (await stored(cms, "eva", made["id"]))["acf"]["also"] == [other["id"]]


async def test_the_second_one_at_a_text_sees_the_first(site: Site, cms: Clinic) -> None:
    ana, eva = await cms.person("ana"), await cms.person("eva", ["editor"])
    path = f"/admin/posts/{(await cms.draft(ana))['id']}"
    first, second = await site.page(ana), await site.page(eva)
    await first.goto(path)
    await second.goto(path)
    await second.get_by_text("Ana is writing in this text.").first.wait_for()
    await second.get_by_role("button", name="Take it over").click()
    await second.get_by_text("The text is yours now.").wait_for()


async def test_a_text_is_written_in_the_editor_and_cites_the_library(
    site: Site, cms: Clinic
) -> None:
    eva = await cms.person("eva", ["editor"])
    csl = {"type": "article-journal", "title": "Safety of a vaccine", "DOI": "10.1000/a1"}
    assert (await eva.post("/api/v1/reviews/references", {"csl": csl})).status_code == 201
    made = await cms.draft(eva, base="medical-articles", content="<p>A</p>")
    page = await site.page(eva)
    await page.goto(f"/admin/posts/{made['id']}")
    await page.get_by_role("textbox", name="Text", exact=True).click()
    await page.keyboard.type("A vacina protege.")
    await page.keyboard.press("Control+Shift+c")
    await page.get_by_label("Words of the library, or a DOI").fill("vaccine")
    await page.get_by_role("button", name="Safety of a vaccine").click()
    await page.get_by_role("button", name="Save draft").click()
    await page.get_by_text("The text is saved.").wait_for()
    post = await stored(cms, "eva", made["id"], "medical-articles")
    assert "A vacina protege." in post["content"]["raw"]
    assert 'data-cms-ref="doi:10.1000/a1"' in post["content"]["raw"]
    assert [one["doi"] for one in post["scientific_references"]] == ["10.1000/a1"]
