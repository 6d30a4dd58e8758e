"""Moderating what readers write."""

from typing import Any

from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic


async def commented(cms: Clinic, text: str = "Obrigada pelo texto.") -> dict[str, Any]:
    """A comment that waits, on a published post of Ana's."""
    ana, rui = await cms.person("ana", ["editor"]), await cms.person("rui", ["subscriber"])
    post = await cms.draft(ana, status="publish", content=f"<p>{text}</p>")
    await cms.set_options(comment_moderation=True)
    answer = await rui.post("/wp-json/wp/v2/comments", {"post": post["id"], "content": text})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_comment_that_waits_is_approved(visitor: Visiting, cms: Clinic) -> None:
    made = await commented(cms)
    ana = await visitor("ana", ["editor"])
    assert "Obrigada pelo texto." in (await ana.get("/admin/comments")).words
    done = await ana.send("/admin/comments", {"one": f"approve:{made['id']}"})
    assert "One comment was changed." in (await ana.follow(done)).words
    assert "Obrigada" in (await ana.get("/admin/comments?status=approve")).words


async def test_many_are_moderated_at_once_and_taken_back(visitor: Visiting, cms: Clinic) -> None:
    made = await commented(cms)
    ana = await visitor("ana", ["editor"])
    ticked = {"ids": str(made["id"]), "step": "spam"}
    await ana.send("/admin/comments", ticked)
    assert "Obrigada" in (await ana.get("/admin/comments?status=spam")).words
    await ana.send("/admin/comments", {"one": f"unspam:{made['id']}"})
    assert "Obrigada" in (await ana.get("/admin/comments")).words
    assert (await ana.send("/admin/comments", {"step": "spam"})).status == 400


async def test_an_answer_approves_what_it_answers(visitor: Visiting, cms: Clinic) -> None:
    made = await commented(cms)
    ana = await visitor("ana", ["editor"])
    done = await ana.send(f"/admin/comments/{made['id']}/answer", {"answer": "De nada!"})
    assert "Your answer is published." in (await ana.follow(done)).words
    seen = (await ana.get("/admin/comments?status=approve")).words
    assert "De nada!" in seen
    assert "Obrigada" in seen


async def test_an_empty_text_is_refused_at_its_field(visitor: Visiting, cms: Clinic) -> None:
    made = await commented(cms)
    ana = await visitor("ana", ["editor"])
    seen = await ana.send(f"/admin/comments/{made['id']}", {"content": " "})
    assert seen.status == 422
    assert seen.tree.css_first("#content-fault") is not None


async def test_who_moderates_nothing_sees_nothing_of_it(visitor: Visiting, cms: Clinic) -> None:
    made = await commented(cms)
    other = await visitor("bia", ["author"])
    assert "Obrigada" not in (await other.get("/admin/comments")).words
    assert (await other.get(f"/admin/comments/{made['id']}")).status == 404
    refused = await other.send("/admin/comments", {"one": f"approve:{made['id']}"})
    assert "not allowed" in (await other.follow(refused)).words
    stranger = await visitor()
    assert (await stranger.get("/admin/comments")).status == 303


async def test_a_list_goes_on_after_the_last_that_was_seen(visitor: Visiting, cms: Clinic) -> None:
    made = await commented(cms)
    ana = await visitor("ana", ["editor"])
    after = f"2000-01-01T00:00:00+00:00.{made['id']}"
    seen = await ana.get("/admin/comments", params={"after": after})
    assert "No comments here" in seen.words
    assert (await ana.get("/admin/comments?after=x")).status == 400
