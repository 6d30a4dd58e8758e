"""After publication: the next review, corrections, retraction and reinstatement, by forms."""

from tests.plugins.medical_review.aftercare import days_pass

DUE = "/admin/reviews/due"


def of(post, step=""):
    return f"/admin/reviews/of-post/{post['id']}{step}"


async def test_readers_are_told_of_a_correction(bruno, newsroom, live):
    seen = await bruno.get(of(live))
    sent = seen.fields(of(live, "/correction")) | {"wrong": "5 mg", "right": "0,5 mg"}
    done = await bruno.follow(await bruno.send(of(live, "/correction"), sent))
    assert "It said: 5 mg Right is: 0,5 mg" in done.words
    assert (await newsroom.read(live))["corrections"][0]["right"] == "0,5 mg"
    empty = await bruno.send(of(live, "/correction"), seen.fields(of(live, "/correction")))
    assert empty.status == 422
    assert "must be plain text of 1 to" in empty.words


async def test_who_retracted_a_text_does_not_reinstate_it(bruno, visitor, newsroom, live):
    seen = await bruno.get(of(live))
    sent = seen.fields(of(live, "/retraction")) | {"reason": "A dose está errada."}
    gone = await bruno.follow(await bruno.send(of(live, "/retraction"), sent))
    assert "A dose está errada." in (await newsroom.read(live))["content"]["rendered"]
    back = gone.fields(of(live, "/reinstatement")) | {"reason": "Estava certa."}
    refused = await bruno.send(of(live, "/reinstatement"), back)
    assert refused.status == 403
    assert "Another person than the one who retracted a text reinstates it." in refused.words
    lia = await visitor("lia.revisora", ["content_reviewer"])
    form = (await lia.get(of(live))).fields(of(live, "/reinstatement"))
    done = await lia.send(of(live, "/reinstatement"), form | {"reason": "Conferi."})
    assert "Readers have the text again." in (await lia.follow(done)).words
    assert "repouso" in (await newsroom.read(live))["content"]["rendered"]


async def test_a_due_text_is_found_and_reviewed_again(bruno, cms, live):
    assert "No text is due" in (await bruno.get(DUE)).words
    await days_pass(cms, 300)
    seen = await bruno.get(DUE)
    assert of(live) in seen.links
    asked = seen.fields(f"{DUE}/again") | {"post": str(live["id"])}
    done = await bruno.follow(await bruno.send(f"{DUE}/again", asked))
    assert "One text is reviewed again." in done.words
    assert "somebody asked for a new review" in done.words
    twice = await bruno.follow(await bruno.send(f"{DUE}/again", asked))
    assert "its new review was asked for already" in twice.words
    reopened = await bruno.get("/admin/reviews/reopened")
    [form] = reopened.tree.css("main form")
    path = form.attributes["action"]
    ended = await bruno.send(path, reopened.fields(path) | {"reason": "Está em dia."})
    assert "No text was reopened" in (await bruno.follow(ended)).words


async def test_the_next_review_is_moved_with_a_reason(bruno, live):
    step = of(live, "/due")
    seen = await bruno.get(of(live))
    wrong = await bruno.send(step, seen.fields(step) | {"due_on": "ontem", "due_reason": "x"})
    assert wrong.status == 422
    sent = seen.fields(step) | {"due_on": "2027-01-15", "due_reason": "Diretriz nova."}
    done = await bruno.follow(await bruno.send(step, sent))
    assert "Due on 15 Jan 2027" in done.words
    assert "Diretriz nova." in done.words


async def test_an_article_is_taken_from_its_readers(visitor, newsroom, ana, live):
    reader = await visitor(ana.login)
    seen = await reader.get(of(live))
    step = of(live, "/unpublish")
    done = await reader.follow(await reader.send(step, seen.fields(step)))
    assert "it is a draft again" in done.words
    gone = await newsroom.cms.http.get(f"/wp-json/wp/v2/medical-articles/{live['id']}")
    assert gone.status_code in {401, 404}


async def test_a_certificate_comes_in_both_forms(bruno, live):
    pdf = await bruno.get(f"/admin/reviews/certificates/{live['id']}.pdf")
    assert pdf.response.headers["content-type"] == "application/pdf"
    found = await bruno.get(f"/admin/reviews/certificates/{live['id']}.json")
    assert found.response.json()["document"]["text"]["title"] == "Dor de cabeça"
