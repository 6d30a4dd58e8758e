"""One review on one screen, by forms alone: reading, signing, and why somebody cannot."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cms.identity.secrets import hash_password
from tests.identity.test_proofs import PASSWORD, as_owner


def decision(review):
    return f"/admin/reviews/{review['id']}/decision"


async def test_a_reviewer_approves_what_she_has_read(bruno, newsroom, review, ana):
    seen = await bruno.get(f"/admin/reviews/{review['id']}")
    assert (seen.status, seen.title) == (200, "Dor de cabeça")
    assert "A dor costuma passar com repouso." in seen.words
    assert review["content_hash"] in seen.words
    sent = seen.fields(decision(review)) | {"verdict": "approve"}
    done = await bruno.follow(await bruno.send(decision(review), sent))
    assert "You have signed. The text is approved." in done.words
    assert "Bruno Revisor" in done.words
    post = {"id": review["post_id"]}
    assert (await newsroom.review_of(post, ana))["state"] == "approved"


async def test_sending_back_without_a_reason_keeps_what_was_chosen(bruno, review):
    sent = {"verdict": "send_back", "content_hash": review["content_hash"]}
    refused = await bruno.send(decision(review), sent)
    assert refused.status == 422
    assert "must say what has to change" in refused.words
    assert refused.fields(decision(review))["verdict"] == "send_back"
    done = await bruno.send(decision(review), sent | {"comment": "Falta a dose."})
    assert "with its author again" in (await bruno.follow(done)).words


async def test_an_author_reads_why_she_cannot_decide_on_her_own_text(visitor, newsroom):
    """She has the role, and a part in the text."""
    roles = ("medical_professional", "content_reviewer")
    ana = await newsroom.physician("ana.medica", roles)
    own = await newsroom.submit(await newsroom.article(ana), ana)
    reader = await visitor("ana.medica")
    seen = await reader.get(f"/admin/reviews/{own['id']}")
    assert "You cannot decide on this text:" in seen.words
    assert "You have a part in this text (its author" in seen.words
    assert decision(own) not in [f.attributes.get("action") for f in seen.tree.css("form")]
    forced = {"verdict": "approve", "content_hash": own["content_hash"]}
    refused = await reader.send(decision(own), forced)
    assert refused.status == 403
    assert "Ask a reviewer who has none." in refused.words


async def test_an_author_follows_her_review_and_takes_it_back(visitor, review, ana):
    reader = await visitor(ana.login)
    seen = await reader.get(f"/admin/reviews/{review['id']}")
    assert seen.status == 200
    withdraw = f"/admin/reviews/{review['id']}/withdraw"
    done = await reader.follow(await reader.send(withdraw, seen.fields(withdraw)))
    assert "no longer under review" in done.words
    assert "Taken back by its author" in done.words


async def test_a_text_that_changed_meanwhile_is_not_approved_unread(bruno, newsroom, review, ana):
    seen = await bruno.get(f"/admin/reviews/{review['id']}")
    sent = seen.fields(decision(review)) | {"verdict": "approve"}
    await newsroom.edit({"id": review["post_id"]}, ana, title="Outra dor")
    refused = await bruno.send(decision(review), sent)
    assert refused.status == 409
    assert "This review has ended" in refused.words


async def test_signing_asks_again_who_she_is_and_goes_on_with_the_decision(
    cms, bruno, review, half_an_hour_later
):
    digest = await hash_password(PASSWORD)
    who = "where login = 'bruno.revisor'"
    as_owner(cms, f"update cms.users set password_hash = %s {who}", digest)
    sent = {"verdict": "approve", "content_hash": review["content_hash"], "comment": "Bom."}
    half_an_hour_later()
    asked = await bruno.send(decision(review), sent)
    assert asked.status == 401
    again = asked.fields("/admin/step-up")
    assert {name: again[name] for name in sent} == sent
    confirmed = await bruno.send("/admin/step-up", again | {"step_up_password": PASSWORD})
    assert (confirmed.status, confirmed.location) == (307, decision(review))
    done = await bruno.follow(await bruno.send(decision(review), again))
    assert "You have signed. The text is approved." in done.words


async def test_the_quorum_says_who_has_signed_and_who_is_missing(bruno, review_of_two):
    path = f"/admin/reviews/{review_of_two['id']}"
    seen = await bruno.get(path)
    assert "Seat “medical reviewers”: 0 of 2 have agreed." in seen.words
    sent = seen.fields(decision(review_of_two)) | {"verdict": "approve"}
    done = await bruno.follow(await bruno.send(decision(review_of_two), sent))
    assert "The review still waits for: 1 of 2 people for the seat medical" in done.words
    assert "Seat “medical reviewers”: 1 of 2 have agreed." in done.words
    assert "have decided in this review already" in done.words


async def test_what_changed_stands_there_without_colour(bruno, newsroom, live, ana):
    await newsroom.edit(live, ana, content="<p>A dor raramente passa com repouso.</p>")
    review = await newsroom.submit(live, ana)
    seen = await bruno.get(f"/admin/reviews/{review['id']}?part=changes")
    assert "raramente" in " ".join(one.text() for one in seen.tree.css(".comparison ins"))
    assert "costuma" in " ".join(one.text() for one in seen.tree.css(".comparison del"))
    assert "start of insertion" in seen.words
    levels = [one.tag for one in seen.tree.css("main h1, main h2, main h3, main h4")]
    assert levels[0] == "h1"
    assert all(int(b[1]) <= int(a[1]) + 1 for a, b in pairwise(levels))


async def test_the_script_gets_a_part_alone(bruno, review):
    bruno.headers["hx-request"] = "true"
    part = await bruno.get(f"/admin/reviews/{review['id']}?part=history")
    assert part.status == 200
    assert "<html" not in part.response.text
    assert part.tree.css_first("#review-part .tabs [aria-current]").text() == "History"


async def test_an_approved_text_goes_to_readers_with_its_certificate(visitor, newsroom, ana):
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, await newsroom.reviewer())
    approved = await newsroom.review_of(post, ana)
    reader = await visitor(ana.login)
    seen = await reader.get(f"/admin/reviews/{approved['id']}")
    assert "nothing stands between it and its readers" in seen.words
    publish = f"/admin/reviews/of-post/{post['id']}/publish"
    done = await reader.follow(await reader.send(publish, seen.fields(publish)))
    assert "Readers have this text now." in done.words
    assert f"/admin/reviews/certificates/{post['id']}.pdf" in done.links
    pdf = await reader.get(f"/admin/reviews/certificates/{post['id']}.pdf")
    assert pdf.response.content.startswith(b"%PDF")


async def test_a_delegate_signs_for_somebody_in_her_own_name(bruno, newsroom, review, cms):
    lia, person = await newsroom.reviewer("lia.revisora"), cms.people["bruno.revisor"]
    until = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    given = {"to_user_id": person.id, "ends_at": until}
    assert (await lia.post("/api/v1/reviews/delegations", given)).status_code == 201
    seen = await bruno.get(f"/admin/reviews/{review['id']}")
    assert "for Lia Revisora" in seen.words
    sent = seen.fields(decision(review)) | {"verdict": "approve", "on_behalf_of": str(lia.id)}
    done = await bruno.follow(await bruno.send(decision(review), sent))
    assert "Bruno Revisor" in done.words
    assert "for Lia Revisora" in done.words
