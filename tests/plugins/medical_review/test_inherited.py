"""Medical texts that were public before they came here: live, marked, listed by risk, and with no
second way through the same door."""

import pytest

from cms.content import posts, transitions
from cms.content.saving import Changes, create
from cms.content.statuses import Status
from cms.errors import Conflict, Forbidden
from cms.exchange.report import lines_of
from cms.kernel.actors import IMPORTER, SYSTEM
from plugins.medical_review.articles.kinds import MEDICAL_ARTICLE
from tests.plugins.medical_review.conftest import (
    ARTICLES,
    COMPLETE,
    REVIEWS,
    codes,
    inherited_item,
)


async def test_what_was_public_stays_public_and_says_that_nobody_reviewed_it(cms, bring):
    await bring(inherited_item(9))
    found = (await cms.http.get(f"{ARTICLES}/9")).json()
    assert found["status"] == "publish"
    assert found["inherited"]["reviewed"] is False
    assert "not yet reviewed" in found["inherited"]["notice"]
    assert (found["medical_approval_status"], found["approval"]) == ("pending", None)


async def test_what_was_not_public_does_not_become_so(cms, bring):
    await bring(inherited_item(9, status="draft"))
    assert (await cms.http.get(f"{ARTICLES}/9")).status_code == 401


async def test_a_newer_export_of_an_untouched_text_is_inherited_too(cms, bring):
    await bring(inherited_item(9))
    await bring(inherited_item(9, content="<p>Dois.</p>"))
    found = (await cms.http.get(f"{ARTICLES}/9")).json()
    assert "Dois." in found["content"]["rendered"]
    assert found["inherited"] is not None


async def test_the_list_is_by_risk(newsroom, bring):
    old = {"modified": "2019-03-04 09:30:00"}
    new = {"modified": "2026-10-04 09:30:00", "modified_gmt": "2026-10-04 12:30:00"}
    await bring(
        inherited_item(1, **new),
        inherited_item(2, content="<p>Tome 500 mg de hora em hora.</p>", **old),
        inherited_item(3, content="<p>Em gestantes, procure ajuda.</p>", **old),
        inherited_item(4, status="draft"),
    )
    reviewer = await newsroom.reviewer()
    found = (await reviewer.get(f"{REVIEWS}/inherited")).json()
    assert [(t["post_id"], t["risk"]) for t in found["texts"]] == [(2, 9), (3, 8), (1, 4)]
    assert found["texts"][0]["reasons"] == [
        "doses",
        "for_patients",
        "no_references",
        "older_than_two_years",
    ]
    assert found["next"] is None
    page = (await reviewer.get(f"{REVIEWS}/inherited?limit=1")).json()
    rest = (await reviewer.get(f"{REVIEWS}/inherited?limit=2&after={page['next']}")).json()
    assert [t["post_id"] for t in rest["texts"]] == [3, 1]


async def test_strangers_and_authors_do_not_see_the_list(newsroom, bring):
    assert (await newsroom.cms.http.get(f"{REVIEWS}/inherited")).status_code == 401
    assert (await (await newsroom.journalist()).get(f"{REVIEWS}/inherited")).status_code == 403
    reviewer = await newsroom.reviewer()
    assert (await reviewer.get(f"{REVIEWS}/inherited?limit=0")).status_code == 400
    assert (await reviewer.get(f"{REVIEWS}/inherited?after=-1")).status_code == 400


async def test_once_reviewed_it_is_a_text_like_any_other(newsroom, bring):
    await bring(inherited_item(9))
    ana = await newsroom.physician(roles=("medical_professional", "editor"))
    post = {"id": 9}
    await newsroom.edit(post, ana, **COMPLETE, responsible_professional=ana.id)
    assert (await newsroom.read(post))["inherited"] is not None, "readers keep the inherited one"
    reviewer = await newsroom.reviewer()
    listed = (await reviewer.get(f"{REVIEWS}/inherited")).json()["texts"]
    assert [text["is_being_changed"] for text in listed] == [True]
    await newsroom.approve(post, ana, reviewer)
    await newsroom.edit(post, ana, status="publish")
    live = await newsroom.read(post)
    assert (live["inherited"], live["medical_approval_status"]) == (None, "approved")
    assert (await reviewer.get(f"{REVIEWS}/inherited")).json()["texts"] == []


async def test_taken_from_readers_it_comes_back_only_with_an_approval(newsroom, bring):
    await bring(inherited_item(9))
    editor = await newsroom.cms.person("edu", ["administrator"])
    await newsroom.edit({"id": 9}, editor, status="draft")
    refused = await newsroom.change({"id": 9}, editor, status="publish")
    assert "review.missing" in codes(refused)


@pytest.mark.parametrize("actor", [SYSTEM, "person"])
async def test_only_the_import_has_the_key(cms, bring, actor):
    await bring(inherited_item(9, status="draft"))
    if actor == "person":
        admin = await cms.person("edu", ["administrator"])
        opened = admin.work()
    else:
        opened = cms.host.shop.work(cms.tenant, actor)
    async with opened as work:
        post = await posts.lock(work, 9)
        with pytest.raises(Forbidden, match="Only an import"):
            await transitions.inherit(work, post, Status.PUBLISH)
    assert (await cms.http.get(f"{ARTICLES}/9")).status_code == 401


async def test_the_door_lets_no_text_through_that_was_written_here(cms):
    ana = await cms.person("ana", ["administrator"])
    async with cms.host.shop.work(cms.tenant, IMPORTER) as work:
        changes = Changes({"title": "Dor", "content": "<p>Um.</p>", "author_id": ana.id})
        post = await create(work, MEDICAL_ARTICLE, changes)
        with pytest.raises(Conflict, match="history here"):
            await transitions.inherit(work, post, Status.PUBLISH)


async def test_medical_fields_come_back_and_what_does_not_stand_is_left_out(cms, bring):
    meta = {
        "_cms_medical_evidence_level": '"II"',
        "_cms_medical_target_audience": '"everybody"',
        "_cms_medical_medical_keywords": '["dor", "crise"]',
        "_cms_medical_responsible_professional": '"ana"',
        "_cms_medical_seo_title": "no JSON",
    }
    report = await bring(inherited_item(9, meta=meta))
    found = (await cms.http.get(f"{ARTICLES}/9")).json()
    assert (found["evidence_level"], found["medical_keywords"]) == ("II", ["dor", "crise"])
    assert found["target_audience"] is None
    assert found["responsible_professional"] is None
    async with cms.as_system() as work:
        lines = await lines_of(work, report.run_id)
    said = " ".join(note for line in lines for note in line.notes)
    assert "target_audience" in said
    assert "responsible_professional" in said
    assert "is no JSON" in said
