"""Writing a post without scripts: the form, its steps, and what is in the way."""

from typing import Any

from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic
from tests.support.visiting import Seen, Visitor


async def opened(page: Visitor, post_id: int) -> tuple[Seen, dict[str, str]]:
    """The form of a post, and what it would send as it stands."""
    seen = await page.get(f"/admin/posts/{post_id}")
    assert seen.status == 200, seen.words
    return seen, seen.fields(f"/admin/posts/{post_id}")


async def stored(cms: Clinic, login: str, post_id: int, base: str = "posts") -> Any:
    person = await cms.person(login)
    return (await person.get(f"/wp-json/wp/v2/{base}/{post_id}?context=edit")).json()


async def test_a_new_post_is_there_once_it_is_saved(cms: Clinic, visitor: Visiting) -> None:
    page = await visitor("ana")
    form = (await page.get("/admin/posts/new?type=post")).fields("/admin/posts/new")
    sent = {**form, "title": "Dor de cabeça", "content": "<p>Texto.</p>", "step": "save"}
    made = await page.send("/admin/posts/new", sent)
    seen = await page.follow(made)
    assert seen.title == "Dor de cabeça"
    assert "The text is saved." in seen.words
    post = await stored(cms, "ana", int(made.location.rpartition("/")[2]))
    assert (post["status"], post["content"]["raw"]) == ("draft", "<p>Texto.</p>")


async def test_an_empty_post_is_refused_with_what_was_typed(cms: Clinic, visitor: Visiting) -> None:
    page = await visitor("ana")
    form = (await page.get("/admin/posts/new?type=post")).fields("/admin/posts/new")
    seen = await page.send("/admin/posts/new", {**form, "slug": "dor"})
    assert seen.status == 422
    assert "Content, title, and excerpt are empty." in seen.words
    assert seen.fields("/admin/posts/new")["slug"] == "dor"


async def test_the_form_sent_back_as_it_came_changes_nothing(
    cms: Clinic, visitor: Visiting
) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    made = await cms.draft(
        eva, base="medical-articles", content="<p>a</p>\n\n<p>b</p>", evidence_level="II"
    )
    _, form = await opened(page, made["id"])
    before = await stored(cms, "eva", made["id"], "medical-articles")
    told = await page.send(f"/admin/posts/{made['id']}", {**form, "step": "save"})
    assert told.status == 303, told.words
    after = await stored(cms, "eva", made["id"], "medical-articles")
    assert {k: v for k, v in after.items() if v != before[k] and not k.startswith("modified")} == {}
    assert after["cms_revision"] == before["cms_revision"]
    assert after["version_number"] == 1


async def test_everything_of_a_post_is_changed_at_once(cms: Clinic, visitor: Visiting) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    term = (await eva.post("/wp-json/wp/v2/categories", {"name": "Cefaleia"})).json()["id"]
    made = await cms.draft(eva)
    _, form = await opened(page, made["id"])
    sent = {
        **form,
        "title": "Enxaqueca",
        "excerpt": "Resumo.",
        "slug": "enxaqueca",
        "in.category": ["", str(term)],
        "comment_status": "closed",
        "sticky": "1",
        "date": "2024-03-02T08:30",
    }
    assert (await page.send(f"/admin/posts/{made['id']}", sent)).status == 303
    post = await stored(cms, "eva", made["id"])
    assert post["title"]["raw"] == "Enxaqueca"
    assert post["excerpt"]["raw"] == "Resumo."
    assert (post["slug"], post["categories"]) == ("enxaqueca", [term])
    assert (post["comment_status"], post["sticky"]) == ("closed", True)
    assert post["date"] == "2024-03-02T08:30:00"


async def test_a_text_that_somebody_changed_meanwhile_is_not_saved_over(
    cms: Clinic, visitor: Visiting
) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    made = await cms.draft(eva)
    _, form = await opened(page, made["id"])
    await eva.post(f"/wp-json/wp/v2/posts/{made['id']}", {"content": "<p>De outra.</p>"})
    sent = {**form, "content": "<p>Meu texto.</p>", "step": "save"}
    seen = await page.send(f"/admin/posts/{made['id']}", sent)
    assert seen.status == 409
    assert "De outra." in seen.words
    assert "Meu texto." in seen.words
    assert (await stored(cms, "eva", made["id"]))["content"]["raw"] == "<p>De outra.</p>"
    again = await page.send(f"/admin/posts/{made['id']}", seen.fields(f"/admin/posts/{made['id']}"))
    assert again.status == 303
    assert (await stored(cms, "eva", made["id"]))["content"]["raw"] == "<p>Meu texto.</p>"


async def test_a_refused_step_leaves_the_text_saved_and_says_why(
    cms: Clinic, visitor: Visiting
) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    made = await cms.draft(eva, base="medical-articles")
    seen, form = await opened(page, made["id"])
    assert "Before “Submit for review”" in seen.words
    sent = {**form, "title": "Sinusite", "step": "submit"}
    seen = await page.send(f"/admin/posts/{made['id']}", sent)
    assert seen.status == 409
    assert "the step was not taken" in seen.words
    post = await stored(cms, "eva", made["id"], "medical-articles")
    assert (post["title"]["raw"], post["status"]) == ("Sinusite", "draft")


async def test_a_post_is_published_scheduled_and_taken_back(cms: Clinic, visitor: Visiting) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    made = await cms.draft(eva)
    path = f"/admin/posts/{made['id']}"
    for step, date, status in (
        ("publish", "", "publish"),
        ("draft", None, "draft"),
        ("publish", "2099-01-01T08:00", "future"),
        ("trash", None, "trash"),
        ("restore", None, "draft"),
    ):
        _, form = await opened(page, made["id"])
        dated = {} if date is None else {"date": date}
        told = await page.send(path, {**form, **dated, "step": step})
        assert told.status == 303, told.words
        assert (await stored(cms, "eva", made["id"]))["status"] == status


async def test_nobody_opens_the_draft_of_another(cms: Clinic, visitor: Visiting) -> None:
    made = await cms.draft(await cms.person("bea"))
    page = await visitor("ana")
    assert (await page.get(f"/admin/posts/{made['id']}")).status == 403
    sent = {"title": "Meu", "base": "", "step": "save"}
    assert (await page.send(f"/admin/posts/{made['id']}", sent)).status == 403
    assert (await page.get("/admin/posts/999999")).status == 404


async def test_what_was_typed_outlives_the_session(cms: Clinic, visitor: Visiting) -> None:
    ana, page = await cms.person("ana"), await visitor("ana")
    made = await cms.draft(ana)
    path = f"/admin/posts/{made['id']}"
    _, form = await opened(page, made["id"])
    cookies = dict(page.http.cookies)
    page.http.cookies.clear()
    typed = {**form, "content": "\n<p>Não se perde.</p>", "step": "save"}
    gone = await page.send(path, typed)
    assert gone.status == 401
    assert "nothing that you typed is lost" in gone.words
    page.http.cookies.update(cookies)
    # The page was drawn without a session, so its form is confirmed once more, with the new nonce.
    first = await page.send(path, {**gone.fields(path), "_wpnonce": "none"})
    assert first.status == 403
    again = await page.send(path, first.fields(path))
    assert again.status == 303
    post = await stored(cms, "ana", made["id"])
    assert post["content"]["raw"].strip() == "<p>Não se perde.</p>"
