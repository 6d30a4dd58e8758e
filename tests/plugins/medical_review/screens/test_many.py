"""Many texts of the list of posts at once: other reviewers, and new reviews."""

from tests.plugins.medical_review.screens.test_queue import titles

LIST = "/admin/posts?type=medical_article"
BULK, READERS, AGAIN = (
    "/admin/posts/bulk",
    "/admin/reviews/many/readers",
    "/admin/reviews/many/again",
)
OVERSEER = ["administrator", "content_reviewer"]


async def ticked(visitor, step, *posts):
    """The page between that the list leads to."""
    sent = {
        "query": "type=medical_article",
        "step": step,
        "post": [str(one["id"]) for one in posts],
    }
    return await visitor.follow(await visitor.send(BULK, sent))


def steps(seen):
    return [one.attributes["value"] for one in seen.tree.css("#step option")]


def hidden(seen, *prefixes):
    return {
        one.attributes["name"]: one.attributes.get("value") or ""
        for one in seen.tree.css("main input[type=hidden]")
        if one.attributes["name"].startswith(prefixes)
    }


async def test_steps_are_offered_to_whom_they_are_open(visitor, newsroom, ana):
    await newsroom.article(ana)
    marina, author = await visitor("dona.marina", OVERSEER), await visitor(ana.login)
    assert {"readers", "again"} <= set(steps(await marina.get(LIST)))
    assert "readers" not in steps(await author.get(LIST))
    assert "again" in steps(await author.get(LIST))
    await newsroom.cms.draft(newsroom.cms.people["dona.marina"])
    assert "again" not in steps(await marina.get("/admin/posts?type=post"))
    assert (await author.get(READERS)).status == 403


async def test_many_texts_get_another_reviewer_and_each_that_cannot_is_told(
    visitor, newsroom, ana, bruno, review
):
    lia = await newsroom.reviewer("lia.revisora")
    second = await newsroom.article(ana, title="Febre")
    of_second = await newsroom.submit(second, ana)
    idle = await newsroom.article(ana, title="Rascunho")
    await bruno.send(f"/admin/reviews/{review['id']}/claim")
    marina = await visitor("dona.marina", OVERSEER)
    shown = await ticked(marina, "readers", {"id": review["post_id"]}, second, idle)
    assert "One of the ticked texts is under no review" in shown.words
    assert "Bruno Revisor" in shown.words
    assert len(shown.tree.css("main tbody tr")) == 2
    sent = hidden(shown, "held.", "query")
    sent |= {"post": [str(review["post_id"]), str(second["id"])]}
    sent |= {"review": [str(review["id"]), str(of_second["id"])]}
    assert (await marina.send(READERS, sent)).status == 422, "nobody was chosen"
    # One of them is given back before the button is pressed: what was shown is not so any more.
    await bruno.send(f"/admin/reviews/{review['id']}/release")
    done = await marina.send(READERS, {**sent, "to_user_id": str(lia.id)})
    assert done.status == 409
    assert "One post was changed." in done.words
    assert "does not have it in hand" in done.words
    reader = await visitor("lia.revisora")
    assert await titles(reader, "hand") == ["Febre"]
    again = await ticked(marina, "readers", {"id": review["post_id"]})
    sent = hidden(again, "held.", "query") | {"post": [str(review["post_id"])]}
    sent |= {"review": [str(review["id"])], "to_user_id": str(lia.id)}
    told = await marina.send(READERS, sent)
    assert told.location == LIST
    assert sorted(await titles(reader, "hand")) == ["Dor de cabeça", "Febre"]


async def test_new_reviews_show_which_approvals_they_take_the_weight_from(
    visitor, newsroom, ana, live
):
    draft = await newsroom.article(ana, title="Rascunho")
    author = await visitor(ana.login)
    shown = await ticked(author, "again", live, draft)
    lines = [" ".join(one.text(separator=" ").split()) for one in shown.tree.css("tbody tr")]
    assert "by Bruno Revisor" in lines[0]
    assert "it goes into the queue" in lines[0]
    assert "readers do not have it" in lines[1]
    boxes = shown.tree.css("tbody input[type=checkbox]")
    assert [one.attributes["value"] for one in boxes] == [str(live["id"])]
    sent = hidden(shown, "query") | {"post": [str(live["id"]), str(draft["id"])]}
    done = await author.send(AGAIN, sent)
    assert done.status == 409
    assert "One post was changed." in done.words
    assert "This text is not published" in done.words
    assert (await newsroom.review_of(live, ana))["state"] == "open"
    later = await ticked(author, "again", live)
    assert "was asked for already" in later.words


async def test_the_texts_of_a_specialty_are_found_without_ticking(visitor, newsroom, ana, cms):
    admin = await cms.person("dona.marina", OVERSEER)
    made = await admin.post("/wp-json/wp/v2/categories", {"name": "Cardiologia"})
    term = made.json()["id"]
    reviewer = await newsroom.reviewer()
    heart = await newsroom.published(ana, reviewer, title="Coração", categories=[term])
    await newsroom.published(ana, reviewer, title="Pele")
    marina = await visitor("dona.marina", OVERSEER)
    empty = await ticked(marina, "again")
    assert "Nothing is ticked" in empty.words
    shown = await marina.get(f"{AGAIN}?specialty={term}&query=type%3Dmedical_article")
    assert [one.text(strip=True) for one in shown.tree.css("tbody th a")] == ["Coração"]
    sent = hidden(shown, "query") | {"post": [str(heart["id"])]}
    assert (await marina.send(AGAIN, sent)).location == LIST
    assert (
        "No text of this specialty is left" in (await marina.get(f"{AGAIN}?specialty={term}")).words
    )


async def test_texts_of_others_are_not_shown_to_who_may_not_edit_them(visitor, newsroom, live):
    other = await newsroom.physician("caio.medico")
    shown = await ticked(await visitor(other.login), "again", live)
    assert not shown.tree.css("tbody tr")
