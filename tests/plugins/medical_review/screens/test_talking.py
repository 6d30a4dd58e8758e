"""Comments in the margin and suggestions, by forms."""

import pytest

from tests.plugins.medical_review.talking import said, say


@pytest.fixture
def post(review):
    return {"id": review["post_id"]}


def new(review):
    return f"/admin/reviews/of-post/{review['post_id']}/threads"


async def test_a_reviewer_comments_on_a_passage_that_must_be_fixed(bruno, visitor, ana, review):
    seen = await bruno.get(f"/admin/reviews/{review['id']}")
    sent = seen.fields(new(review)) | {
        "quote": "costuma passar",
        "body": "Com que frequência?",
        "severity": "must_fix",
    }
    done = await bruno.follow(await bruno.send(new(review), sent))
    [thread] = done.tree.css(".review-thread")
    assert thread.attributes["data-quote"] == "costuma passar"
    assert "must be fixed" in thread.text()
    author = await visitor(ana.login)
    seen = await author.get(f"/admin/reviews/{review['id']}")
    assert "Com que frequência?" in seen.words
    assert not seen.tree.css("[name=severity]")
    reply = seen.tree.css_first(".review-thread form").attributes["action"]
    answered = await author.send(reply, seen.fields(reply) | {"body": "Em um dia."})
    assert "Em um dia." in (await author.follow(answered)).words
    resolve = reply.replace("reply", "resolve")
    refused = await author.send(resolve, seen.fields(resolve))
    assert refused.status == 403
    assert "who asked for it resolves it" in refused.words
    settled = await bruno.send(resolve, done.fields(resolve) | {"reason": "Dito."})
    assert "resolved" in (await bruno.follow(settled)).tree.css_first(".review-thread h3").text()


async def test_a_passage_that_is_not_there_is_told_with_what_was_typed(bruno, review):
    sent = {"quote": "isto não está", "body": "Hum", "review": review["id"]}
    sent["revision"] = review["revision_id"]
    refused = await bruno.send(new(review), sent)
    assert refused.status == 422
    assert "these words are not in content of this revision" in refused.words
    form = refused.fields(new(review))
    assert (form["quote"], form["body"]) == ("isto não está", "Hum")


async def test_an_author_takes_suggested_words_over(bruno, visitor, ana, review, newsroom):
    sent = {"quote": "costuma passar", "replacement": "passa quase sempre", "body": "Melhor"}
    sent |= {"review": review["id"], "revision": review["revision_id"]}
    done = await bruno.follow(await bruno.send(new(review), sent))
    thread = done.tree.css_first(".review-thread")
    assert thread.css_first("ins").text(strip=True).endswith("passa quase sempre")
    author = await visitor(ana.login)
    seen = await author.get(f"/admin/reviews/{review['id']}")
    accept = f"/admin/reviews/threads/{thread.attributes['id'].removeprefix('thread-')}/accept"
    taken = await author.send(accept, seen.fields(accept))
    assert (taken.status, taken.location) == (303, f"/admin/posts/{review['post_id']}")
    body = await newsroom.read({"id": review["post_id"]}, ana)
    assert "passa quase sempre" in body["content"]["raw"]


async def test_a_suggestion_is_refused_with_a_reason(bruno, visitor, ana, review, post):
    thread = await say(at_the_api(bruno), post, quote="repouso", replacement="sono", body="Ou não?")
    author = await visitor(ana.login)
    reject = f"/admin/reviews/threads/{thread['id']}/reject"
    seen = await author.get(f"/admin/reviews/{review['id']}")
    done = await author.follow(await author.send(reject, seen.fields(reject) | {"reason": "Não."}))
    assert "The suggestion is refused." in done.words
    assert "refused" in done.tree.css_first(".review-thread h3").text()


async def test_what_people_write_is_text_and_never_markup(bruno, review, post):
    body = "<b>alto</b> <script>alert(1)</script> 100 %"
    await said(at_the_api(bruno), post, quote="repouso", body=body)
    seen = await bruno.get(f"/admin/reviews/{review['id']}")
    assert body in seen.tree.css_first(".review-comment").text()
    assert not seen.tree.css(".review-comment b, .review-comment script")


def at_the_api(visitor):
    return visitor.clinic.people["bruno.revisor"]
