"""Somebody answers for every text, and may do so today."""

from datetime import UTC, datetime, timedelta

from plugins.professional_registry import registrations
from plugins.professional_registry.commands import import_roster
from plugins.professional_registry.demo_roster import write_roster
from tests.plugins.medical_review.conftest import REVIEWS, codes

AFFECTED = f"{REVIEWS}/affected"


async def test_a_journalist_writes_and_a_physician_answers(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    jo = await newsroom.journalist()
    post = await newsroom.published(jo, bruno, responsible_professional=ana.id)
    read = await newsroom.read(post)
    assert (read["author"], read["byline"]["user_id"]) == (jo.id, ana.id)


async def test_a_journalist_cannot_answer_for_a_medical_text(newsroom):
    jo = await newsroom.journalist()
    refused = await jo.post(
        "/wp-json/wp/v2/medical-articles", {"title": "Dor", "responsible_professional": jo.id}
    )
    assert refused.status_code == 400
    message = refused.json()["data"]["params"]["responsible_professional"]
    assert "has no professional registration" in message


async def test_nobody_unknown_answers_for_a_text(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    refused = await newsroom.change(post, ana, responsible_professional=999_999)
    assert "there is no user 999999" in refused.text


async def test_a_text_that_nobody_answers_for_is_not_submitted(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, responsible_professional=None)
    refused = await newsroom.change(post, ana, status="pending")
    assert codes(refused) == ["article.responsible_missing"]


async def test_an_empty_text_is_not_submitted(newsroom):
    ana = await newsroom.physician()
    empty = "<!-- wp:paragraph -->\n<p>&nbsp;</p>\n<!-- /wp:paragraph -->"
    post = await newsroom.article(ana, content=empty)
    refused = await newsroom.change(post, ana, status="pending")
    assert codes(refused) == ["article.empty"]
    assert "content" in refused.json()["data"]["objections"][0]["message"]


async def test_a_registration_that_nobody_verified_may_draft_only(newsroom, cms):
    jo = await newsroom.journalist()
    async with cms.as_system() as work:
        await registrations.register(work, jo.id, "CRM-SP 9900777", "Jo Jornalista Inventada")
    post = await newsroom.article(jo)
    assert post["byline"] is None
    refused = await newsroom.change(post, jo, status="pending")
    assert codes(refused) == ["registry.unverified"]


async def test_a_revoked_registration_stops_submitting_and_publishing(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    approved, draft = await newsroom.article(ana), await newsroom.article(ana, title="Outra")
    await newsroom.approve(approved, ana, bruno)
    await newsroom.revoke()
    assert codes(await newsroom.change(draft, ana, status="pending")) == ["registry.revoked"]
    assert codes(await newsroom.change(approved, ana, status="publish")) == ["registry.revoked"]


async def test_a_verification_that_ran_out_stops_publishing(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    path = write_roster(newsroom.folder / "old", newsroom.roster)
    long_ago = datetime.now(UTC) - timedelta(days=60)
    await import_roster(cms.host.shop, cms.tenant, path, taken_at=long_ago)
    assert codes(await newsroom.change(post, ana, status="publish")) == ["registry.expired"]


async def test_a_live_text_can_always_be_taken_from_its_readers(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    await newsroom.revoke()
    assert (await newsroom.read(post))["byline"] is None
    withdrawn = await newsroom.edit(post, ana, status="draft")
    assert withdrawn["status"] == "draft"


async def test_the_officer_sees_which_texts_carry_a_lost_registration(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    rita = await newsroom.physician("rita.medica")
    live = await newsroom.published(ana, bruno)
    waiting = await newsroom.article(ana, title="Em revisão")
    await newsroom.submit(waiting, ana)
    await newsroom.published(rita, bruno, title="De outra pessoa")
    assert (await bruno.get(AFFECTED)).json() == {"professionals": []}
    await newsroom.revoke()
    [person] = (await bruno.get(AFFECTED)).json()["professionals"]
    assert (person["user_id"], person["registration"]) == (ana.id, "CRM-SP 9900100")
    assert (person["may_sign"], person["reason"]) == (False, "registry.revoked")
    assert [(text["role"], text["post_id"]) for text in person["texts"]] == [
        ("responsible", live["id"]),
        ("under_review", waiting["id"]),
    ]


async def test_the_officer_asks_for_one_professional(newsroom):
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    post = await newsroom.published(ana, rui)
    asked = await rui.get(f"{AFFECTED}?professional_user_id={rui.id}")
    [person] = asked.json()["professionals"]
    assert [(t["role"], t["post_id"]) for t in person["texts"]] == [("approved_by", post["id"])]
    unknown = await rui.get(f"{AFFECTED}?professional_user_id=999999")
    assert unknown.status_code == 404


async def test_authors_do_not_see_whom_a_lost_registration_touches(newsroom):
    ana = await newsroom.physician()
    assert (await ana.get(AFFECTED)).status_code == 403
    assert (await newsroom.cms.http.get(AFFECTED)).status_code == 401
    bruno = await newsroom.reviewer()
    wrong = await bruno.get(f"{AFFECTED}?standing=found")
    assert (wrong.status_code, list(wrong.json()["faults"])) == (400, ["standing"])
