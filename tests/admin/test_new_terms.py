"""New tags and categories while writing: with the form that is saved, and at once by its script."""

import asyncio
from typing import Any

import pytest

from cms.content import term_filing
from tests.admin.conftest import Visiting
from tests.admin.test_posts_edit import opened, stored
from tests.support.chromium import Site
from tests.support.clinic import Clinic, Person
from tests.support.visiting import Seen, Visitor


async def names(person: Person, kind: str) -> list[str]:
    return [one["name"] for one in (await person.get(f"/wp-json/wp/v2/{kind}?per_page=100")).json()]


async def filed(cms: Clinic, page: Visitor, post_id: int, **new: Any) -> Seen:
    _, form = await opened(page, post_id)
    return await page.send(f"/admin/posts/{post_id}", {**form, **new, "step": "save"})


@pytest.mark.parametrize(
    ("text", "found"),
    [(" Dor,, dor \n de  cabeça ", ["Dor", "dor", "de cabeça"]), ("", []), (", ,", [])],
)
def test_names_stand_between_commas(text: str, found: list[str]) -> None:
    assert term_filing.names_in(text) == found


async def test_tags_are_typed_with_the_text(cms: Clinic, visitor: Visiting) -> None:
    ana, page = await cms.person("ana"), await visitor("ana")
    old = (await ana.post("/wp-json/wp/v2/tags", {"name": "Gestação"})).json()["id"]
    made = await cms.draft(ana)
    new = {"new.post_tag": "gestacao, Náusea, NAUSEA, Vômito"}
    assert (await filed(cms, page, made["id"], **new)).status == 303
    assert sorted(await names(ana, "tags")) == ["Gestação", "Náusea", "Vômito"]
    post = await stored(cms, "ana", made["id"])
    assert old in post["tags"]
    assert len(post["tags"]) == 3


async def test_a_new_text_brings_its_tags_along(cms: Clinic, visitor: Visiting) -> None:
    ana, page = await cms.person("ana"), await visitor("ana")
    form = (await page.get("/admin/posts/new?type=post")).fields("/admin/posts/new")
    sent = {**form, "title": "Dor", "new.post_tag": "Aguda", "step": "save"}
    assert (await page.send("/admin/posts/new", sent)).status == 303
    assert await names(ana, "tags") == ["Aguda"]


async def test_what_is_refused_keeps_everything_that_was_typed(
    cms: Clinic, visitor: Visiting
) -> None:
    page = await visitor("ana")
    made = await cms.draft(await cms.person("ana"))
    new = {"title": "Outro", "new.post_tag": "Boa, !!!"}
    seen = await filed(cms, page, made["id"], **new)
    assert seen.status == 422
    assert "The term !!! was not made" in seen.words
    form = seen.fields(f"/admin/posts/{made['id']}")
    assert (form["title"], form["new.post_tag"]) == ("Outro", "Boa, !!!")
    # Neither the text nor the one that could have been made was kept.
    assert await names(await cms.person("ana"), "tags") == []


async def test_categories_are_made_by_editors_below_another(cms: Clinic, visitor: Visiting) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    top = (await eva.post("/wp-json/wp/v2/categories", {"name": "Dor"})).json()["id"]
    made = await cms.draft(eva)
    new = {"new.category": "Lombar", "new-below.category": str(top)}
    assert (await filed(cms, page, made["id"], **new)).status == 303
    found = (await eva.get("/wp-json/wp/v2/categories?search=Lombar")).json()
    assert [(one["name"], one["parent"]) for one in found] == [("Lombar", top)]
    assert (await stored(cms, "eva", made["id"]))["categories"] == [found[0]["id"]]


async def test_authors_find_categories_and_make_none(cms: Clinic, visitor: Visiting) -> None:
    ana, page = await cms.person("ana"), await visitor("ana")
    made = await cms.draft(ana)
    seen, _ = await opened(page, made["id"])
    assert seen.tree.css_first('[name="new.category"]') is None
    seen = await filed(cms, page, made["id"], **{"new.category": "Inventada"})
    assert seen.status == 422
    assert "There is no Inventada; ask an editor to add it." in seen.words


async def test_two_who_want_the_same_tag_get_one(cms: Clinic, visitor: Visiting) -> None:
    ana = await cms.person("ana")
    pages = [await visitor("ana"), await visitor("eva", ["editor"])]
    made = [await cms.draft(ana), await cms.draft(await cms.person("eva", ["editor"]))]
    both = zip(pages, made, ("Asma", "ásma"), strict=True)
    done = await asyncio.gather(
        *(filed(cms, page, post["id"], **{"new.post_tag": name}) for page, post, name in both)
    )
    assert [one.status for one in done] == [303, 303]
    assert len(await names(ana, "tags")) == 1


async def test_a_tag_is_added_without_leaving_the_text(site: Site, cms: Clinic) -> None:
    ana = await cms.person("ana")
    await ana.post("/wp-json/wp/v2/tags", {"name": "Gestação"})
    made = await cms.draft(ana)
    page = await site.page(ana)
    await page.goto(f"/admin/posts/{made['id']}")
    tags = page.get_by_role("group", name="Tags")
    await tags.get_by_label("New ones, with commas between them").fill("GESTACAO, Febre")
    await page.keyboard.press("Enter")
    await tags.get_by_text("2 terms are chosen.").wait_for()
    assert await tags.get_by_label("Gestação").is_checked()
    assert await tags.get_by_label("Febre").is_checked()
    await page.get_by_role("button", name="Save draft").click()
    await page.get_by_text("The text is saved.").wait_for()
    assert len((await stored(cms, "ana", made["id"]))["tags"]) == 2
