"""Who sees which reviews, what is still missing, and what that costs."""

import psycopg
import pytest
from sqlalchemy import text

from plugins.medical_review.reviewing.models import DecisionRecord
from plugins.medical_review.signing.signatures import is_intact
from tests.plugins.medical_review.conftest import ARTICLES, REVIEWS, Newsroom


async def test_an_author_sees_at_once_what_still_stands_in_the_way(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, medical_disclaimer="", title="")
    found = (await ana.get(f"{REVIEWS}/blockers/{post['id']}")).json()
    submit, publish = found["submit"], found["publish"]
    assert [o["code"] for o in submit["objections"]] == ["article.empty"]
    assert [o["code"] for o in publish["objections"]] == [
        "review.missing",
        "article.empty",
        "article.disclaimer_missing",
    ]
    await newsroom.edit(post, ana, title="Dor")
    after = (await ana.get(f"{REVIEWS}/blockers/{post['id']}")).json()
    assert after["submit"] == {"is_possible": True, "objections": []}


async def test_a_missing_right_is_a_reason_too(newsroom, cms):
    ana = await newsroom.physician()
    ivo = await cms.person("ivo.ajudante", ["contributor"])
    post = await newsroom.article(ivo, responsible_professional=ana.id)
    found = (await ivo.get(f"{REVIEWS}/blockers/{post['id']}")).json()
    assert found["submit"]["is_possible"]
    assert found["publish"]["objections"][0]["code"] == "role.may_not"


async def test_others_do_not_read_what_is_under_review(newsroom, cms):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    stranger = await newsroom.journalist()
    paths = [
        f"{REVIEWS}/{review['id']}",
        f"{REVIEWS}/of-post/{post['id']}",
        f"{REVIEWS}/blockers/{post['id']}",
    ]
    for path in paths:
        assert (await stranger.get(path)).status_code == 403
        assert (await cms.http.get(path)).status_code == 401
        assert (await ana.get(path)).status_code == 200
    assert (await ana.get(REVIEWS)).status_code == 403
    assert (await stranger.post(REVIEWS, {"post_id": post["id"]})).status_code == 403


async def test_the_legal_reviewer_reads_what_was_submitted(newsroom, cms):
    ana = await newsroom.physician()
    review = await newsroom.submit(await newsroom.article(ana), ana)
    legal = await cms.person("lia.juridica", ["legal_reviewer"])
    assert (await legal.get(REVIEWS)).status_code == 200
    assert (await legal.get(f"{REVIEWS}/{review['id']}")).status_code == 200


async def test_the_queue_is_paged_from_the_oldest(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    ids = [(await newsroom.submit(await newsroom.article(ana), ana))["id"] for _ in range(3)]
    first = (await bruno.get(f"{REVIEWS}?limit=2")).json()
    assert [line["review"]["id"] for line in first["reviews"]] == ids[:2]
    rest = (await bruno.get(f"{REVIEWS}?limit=2&after={first['next']}")).json()
    assert ([line["review"]["id"] for line in rest["reviews"]], rest["next"]) == (ids[2:], None)
    refused = await bruno.get(f"{REVIEWS}?limit=0")
    assert (refused.status_code, list(refused.json()["faults"])) == (400, ["limit"])


async def test_two_tenants_never_meet(newsroom, cms, tmp_path):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    waiting = await newsroom.article(ana)
    review = await newsroom.submit(waiting, ana)
    await newsroom.revoke()
    async with cms.other() as outra:
        other = Newsroom(outra, tmp_path / "other")
        nora = await other.reviewer("nora.revisora")
        assert (await nora.get(REVIEWS)).json()["reviews"] == []
        assert (await nora.get(f"{REVIEWS}/affected")).json() == {"professionals": []}
        assert (await nora.get(f"{REVIEWS}/{review['id']}")).status_code == 404
        assert (await other.decide(review, nora)).status_code == 404
        for path in (f"of-post/{post['id']}", f"blockers/{post['id']}"):
            assert (await nora.get(f"{REVIEWS}/{path}")).status_code == 404
        asked = await nora.post(REVIEWS, {"post_id": waiting["id"]})
        assert asked.status_code == 404
        rosa = await other.physician("rosa.medica")
        refused = await rosa.post(ARTICLES, {"title": "Dor", "responsible_professional": ana.id})
        assert refused.status_code == 400 or ana.id == rosa.id


async def test_a_page_of_articles_costs_no_more_than_one(newsroom, statements):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    address = f"{ARTICLES}?per_page=100"
    for number in (1, 2, 3):
        await newsroom.published(ana, bruno, title=f"Artigo {number}")
    costs = []
    for amount in (1, 3):
        statements.clear()
        read = await newsroom.cms.http.get(f"{address}&per_page={amount}")
        assert len(read.json()) == amount
        costs.append(len(statements))
    # The page, its decisions, its open reviews, its registrations.
    assert costs == [5, 5]


@pytest.mark.parametrize(("path", "budget"), [("", 3), ("/{review}", 7), ("/blockers/{post}", 12)])
async def test_each_reading_keeps_to_its_budget(newsroom, statements, path, budget):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    review = await newsroom.submit(post, ana)
    statements.clear()
    read = await bruno.get(REVIEWS + path.format(review=review["id"], post=post["id"]))
    assert read.status_code == 200
    assert len(statements) <= budget, "\n".join(statements)


async def test_a_decision_can_be_checked_and_not_be_changed(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    decided = await newsroom.approve(post, ana, bruno)
    with pytest.raises(Exception, match="permission denied"):
        async with cms.as_system() as work:
            await work.execute(text("update medical_review.decisions set comment = 'x'"))
    async with cms.as_system() as work:
        key = (cms.tenant.id, decided["decision"]["id"])
        decision = await work.session.get(DecisionRecord, key)
        assert is_intact(decision)
    with psycopg.connect(cms.host.addresses.owner, autocommit=True) as owner:
        owner.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        owner.execute("update medical_review.decisions set reviewer_name = 'Outra Pessoa'")
    [course] = (await ana.get(f"{REVIEWS}/of-post/{post['id']}")).json()
    assert course["decisions"][0]["is_intact"] is False
