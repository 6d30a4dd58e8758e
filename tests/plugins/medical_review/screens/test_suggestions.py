"""Suggested words in the editor: from the reviewer's request through the author's browser into the
text."""

import pytest

from tests.plugins.medical_review.talking import listed, say


@pytest.fixture
def post(review):
    return {"id": review["post_id"]}


@pytest.fixture
async def thread(bruno, post):
    """Other words of a reviewer for a passage of the text."""
    by = bruno.clinic.people["bruno.revisor"]
    words = {"quote": "costuma passar", "replacement": "passa quase sempre", "body": "Melhor."}
    return await say(by, post, **words)


async def opened(site, ana, post):
    page = await site.page(ana)
    await page.goto(f"/admin/posts/{post['id']}")
    return page


async def raw(newsroom, post, ana):
    return (await newsroom.read(post, ana))["content"]["raw"]


async def test_an_author_takes_words_over_in_the_editor(site, newsroom, ana, post, thread):
    before = await raw(newsroom, post, ana)
    page = await opened(site, ana, post)
    await page.locator(".cms-suggestion-old", has_text="costuma passar").wait_for()
    await page.locator(".cms-suggestion").get_by_role("button").first.click()
    await page.locator(".cms-suggestion").wait_for(state="detached")
    after = before.replace("costuma passar", "passa quase sempre")
    assert await page.evaluate("document.querySelector('cms-editor').value") == after
    assert await raw(newsroom, post, ana) == after
    [told] = await listed(ana, post)
    assert told["state"] == "accepted"
    # The form knows the text that it is typed over now.
    await page.locator("cms-editor .ProseMirror").press("Control+End")
    await page.keyboard.type(" Fim.")
    submit = "form => form.requestSubmit(form.querySelector('button[value=save]'))"
    await page.locator("#post-form").evaluate(submit)
    await page.get_by_text("The text is saved.").wait_for()
    assert " Fim." in await raw(newsroom, post, ana)


async def test_what_was_typed_has_to_be_saved_before(site, newsroom, ana, post, thread):
    page = await opened(site, ana, post)
    await page.locator(".cms-suggestion").wait_for()
    await page.locator("cms-editor .ProseMirror").press("Control+End")
    await page.keyboard.type(" Mais.")
    await page.keyboard.press("Control+Alt+n")
    await page.keyboard.press("Control+Alt+y")
    # The text is under review: what is typed is kept beside it, and not in it.
    await page.get_by_text("Save the text first").wait_for()
    assert "costuma passar" in await raw(newsroom, post, ana)
    written = await page.evaluate("document.querySelector('cms-editor').value")
    assert " Mais." in written
    assert "costuma passar" in written


async def test_an_author_declines_by_the_keyboard(site, ana, newsroom, post, thread):
    before = await raw(newsroom, post, ana)
    page = await opened(site, ana, post)
    await page.locator(".cms-suggestion").wait_for()
    await page.locator("cms-editor .ProseMirror").focus()
    await page.keyboard.press("Control+Alt+n")
    await page.keyboard.press("Control+Alt+u")
    await page.get_by_label("Why not").last.fill("Assim se diz.")
    await page.get_by_role("button", name="Apply").click()
    await page.locator(".cms-suggestion").wait_for(state="detached")
    [told] = await listed(ana, post)
    assert told["state"] == "rejected"
    assert await raw(newsroom, post, ana) == before


async def test_a_passage_that_is_typed_over_is_listed_as_gone(site, ana, post, thread):
    page = await opened(site, ana, post)
    await page.get_by_role("button", name="Show it in the text").click()
    await page.keyboard.type("vai")
    await page.get_by_text("the passage is not in this text any more").wait_for()
    take = page.get_by_role("button", name="Take these words into the text")
    assert not await take.is_visible()
    await page.keyboard.press("Control+z")
    await take.wait_for()


async def test_without_scripts_the_same_buttons_are_forms(visitor, newsroom, ana, post, thread):
    author = await visitor(ana.login)
    accept = f"/admin/reviews/threads/{thread['id']}/accept"
    seen = await author.get(f"/admin/posts/{post['id']}")
    taken = await author.follow(await author.send(accept, seen.fields(accept)))
    assert "passa quase sempre" in await raw(newsroom, post, ana)
    assert taken.tree.css_first("cms-suggestions") is None


async def test_words_are_not_taken_into_another_text(visitor, ana, newsroom, post, thread):
    author = await visitor(ana.login)
    take = f"/admin/reviews/threads/{thread['id']}/take-over"
    told = await author.send(take, {"base": "00"})
    assert told.status == 409
    assert "Somebody saved another text meanwhile" in told.response.json()["told"]
    assert "costuma passar" in await raw(newsroom, post, ana)


async def test_a_refusal_is_told_in_words(visitor, ana, post, thread):
    author = await visitor(ana.login)
    decline = f"/admin/reviews/threads/{thread['id']}/decline"
    assert (await author.send(decline, {"reason": ""})).status == 400
    assert (await author.send(decline, {"reason": "Não."})).status == 200
    again = await author.send(decline, {"reason": "Não."})
    assert again.status == 409
    assert again.response.json()["told"]
