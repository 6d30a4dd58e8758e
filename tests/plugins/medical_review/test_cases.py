"""What a lost licence does to the texts that carry it, and what an officer can do about them."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from cms.content import posts, transitions
from cms.content.statuses import Status
from cms.errors import TransitionRefused
from cms.identity.events import RolesFounded
from cms.identity.models import RoleRecord
from plugins.professional_registry import cases, registrations
from plugins.professional_registry.events import RegistrationVerified
from plugins.professional_registry.models import Professional
from plugins.professional_registry.roster import RosterSnapshot
from plugins.professional_registry.statuses import Status as Standing
from tests.plugins.medical_review.conftest import codes

MEDICAL = "/api/v1/medical"


@pytest.fixture
async def olga(cms):
    """An administrator manages registrations and edits everybody's texts."""
    return await cms.person("olga.oficial", ["administrator"])


async def whole(olga):
    [case] = (await olga.get(f"{MEDICAL}/cases")).json()["cases"]
    return (await olga.get(f"{MEDICAL}/cases/{case['id']}")).json()


async def act(olga, found, kind, **more):
    path = f"{MEDICAL}/cases/{found['case']['id']}/actions"
    return await olga.post(path, {"kind": kind, **more})


async def age(cms, days=2.0):
    """Everybody's last verification was some days ago."""
    async with cms.as_system() as work:
        await work.execute(
            update(Professional)
            .where(Professional.tenant_id == work.tenant_id)
            .values(last_validation_check=work.now - timedelta(days=days))
        )
        await work.emit(RegistrationVerified(professional_id=0, user_id=0, status=Standing.ACTIVE))


@pytest.fixture
def council(monkeypatch):
    """The source's own word, whatever roster is in use: the number of lookups and the status."""
    said = {"status": None, "asked": 0}
    honest = RosterSnapshot.lookup

    async def lookup(self, work, identity, name):
        said["asked"] += 1
        answer = await honest(self, work, identity, name)
        if said["status"] is None:
            return answer
        from msgspec.structs import replace as changed

        return changed(answer, status=said["status"], status_raw="dito agora")

    monkeypatch.setattr(RosterSnapshot, "lookup", lookup)
    return said


async def test_a_case_lists_what_carries_the_name_and_its_texts_can_be_dealt_with(newsroom, olga):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    caio = await newsroom.physician("caio.medico")
    live = await newsroom.published(ana, bruno)
    other = await newsroom.published(ana, bruno, title="Outra dor")
    waiting = await newsroom.article(ana, title="Em revisão")
    await newsroom.submit(waiting, ana)
    foreign = await newsroom.published(caio, bruno, title="De outra pessoa")
    await newsroom.revoke()
    found = await whole(olga)
    assert {(t["role"], t["post_id"]) for t in found["texts"]} == {
        ("responsible", live["id"]),
        ("responsible", other["id"]),
        ("under_review", waiting["id"]),
    }
    assert found["reviewed_with"] == "manage_registrations"
    assert [one["user_id"] for one in found["reviewers"]] == [olga.id]

    assert (await act(olga, found, "unpublish", post_id=live["id"])).status_code == 201
    gone = await newsroom.cms.http.get(f"/wp-json/wp/v2/medical-articles/{live['id']}")
    assert gone.status_code == 401
    restored = await act(olga, found, "restore", post_id=live["id"])
    assert "registry.revoked" in restored.text, "the guards still decide"

    assert (await act(olga, found, "re_review", post_id=waiting["id"])).status_code == 201
    assert (await newsroom.read(waiting, ana))["status"] == "draft"

    unable = await act(olga, found, "reassign", post_id=other["id"], to_user_id=bruno.id)
    assert (unable.status_code, list(unable.json()["faults"])) == (400, ["to_user_id"])
    done = await act(olga, found, "reassign", post_id=other["id"], to_user_id=caio.id)
    assert done.status_code == 201, done.text
    working = await newsroom.read(other, olga)
    assert working["responsible_professional"] == caio.id
    assert working["medical_approval_status"] == "stale", "a reviewer has to approve it anew"
    assert (await newsroom.read(other))["responsible_professional"] == ana.id

    strange = await act(olga, found, "unpublish", post_id=foreign["id"])
    assert (strange.status_code, list(strange.json()["faults"])) == (400, ["post_id"])
    kinds = [one["kind"] for one in (await whole(olga))["actions"]]
    assert kinds == ["unpublish", "re_review", "reassign"], "what failed has not happened"


async def test_a_live_text_that_stands_on_a_lost_approval_is_judged_anew(newsroom, olga):
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    post = await newsroom.published(ana, rui)
    await newsroom.revoke(1)
    found = await whole(olga)
    assert [(t["role"], t["post_id"]) for t in found["texts"]] == [("approved_by", post["id"])]
    assert (await act(olga, found, "re_review", post_id=post["id"])).status_code == 201
    review = await newsroom.review_of(post, ana)
    assert review["state"] == "open"
    sent_back = await newsroom.decide(
        review, await newsroom.reviewer(), "send_back", comment="Refazer."
    )
    assert sent_back.status_code == 200
    assert (await newsroom.read(post, ana))["medical_approval_status"] == "sent_back"


async def test_an_old_answer_is_asked_again_before_a_text_goes_live(newsroom, cms, council, olga):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    council["asked"], council["status"] = 0, Standing.REVOKED
    await age(cms)
    assert codes(await newsroom.change(post, ana, status="publish")) == ["registry.revoked"]
    assert council["asked"] == 1
    # The publication was rolled back; what was found out was not.
    async with cms.as_system() as work:
        person = await registrations.find(work, "CRM-SP 9900100")
        assert (person.status_normalised, person.status_raw) == ("REVOKED", "dito agora")
    assert (await whole(olga))["case"]["reason"] == "revoked"


async def test_a_fresh_answer_is_not_asked_again(newsroom, cms, council):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    council["asked"] = 0
    await newsroom.approve(post, ana, bruno)
    await newsroom.edit(post, ana, status="publish")
    assert council["asked"] == 0
    # To ask what is in the way asks no register either.
    await age(cms)
    assert (await ana.get(f"/api/v1/reviews/blockers/{post['id']}")).status_code == 200
    assert council["asked"] == 0


async def test_an_outage_keeps_yesterdays_truth(newsroom, cms, council):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    council["status"] = Standing.SOURCE_UNAVAILABLE
    await age(cms)
    assert (await newsroom.edit(post, ana, status="publish"))["status"] == "publish"


async def test_a_reviewer_who_lost_her_licence_approves_nothing(newsroom, cms, council):
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    review = await newsroom.submit(await newsroom.article(ana), ana)
    await age(cms)
    council["status"] = Standing.SUSPENDED
    refused = await newsroom.decide(review, rui)
    assert (refused.status_code, refused.json()["code"]) == (403, "registry.revoked")
    sent_back = await newsroom.decide(review, rui, "send_back", comment="Refazer.")
    assert sent_back.status_code == 200, "that puts nobody's name to it"


async def test_a_role_can_ask_for_a_registration(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    review = await newsroom.submit(await newsroom.article(ana), ana)
    async with cms.as_system() as work:
        await work.execute(
            update(RoleRecord)
            .where(RoleRecord.tenant_id == work.tenant_id, RoleRecord.name == "content_reviewer")
            .values(medical_scope={"requires_registration": True})
        )
        await work.emit(RolesFounded())
    refused = await newsroom.decide(review, bruno)
    assert (refused.status_code, refused.json()["code"]) == (403, "registry.missing")


@pytest.mark.parametrize("first", ["loss", "publication"])
async def test_nobody_publishes_over_a_loss_that_is_being_written(newsroom, cms, council, first):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    council["status"] = Standing.REVOKED
    async with cms.as_system() as work:
        professional_id = (await registrations.find(work, "CRM-SP 9900100")).id
    waits = asyncio.Event()

    async def lose():
        async with cms.as_system() as work:
            if first == "publication":
                await waits.wait()
            await registrations.verify(work, professional_id)
            waits.set()
            await asyncio.sleep(0.2 if first == "loss" else 0)

    async def publish():
        async with ana.work() as work:
            if first == "loss":
                await waits.wait()
            await transitions.move(work, await posts.lock(work, post["id"]), Status.PUBLISH)
            waits.set()
            await asyncio.sleep(0.2 if first == "publication" else 0)

    published = (await asyncio.gather(lose(), publish(), return_exceptions=True))[1]
    async with cms.as_system() as work:
        [case] = await cases.listed(work)
        is_live = (await posts.get(work, post["id"])).live_revision_id is not None
    if first == "loss":
        assert isinstance(published, TransitionRefused), published
        assert not is_live
    else:
        assert published is None
        assert is_live
        olga = await cms.person("olga.oficial", ["administrator"])
        assert [t["post_id"] for t in (await whole(olga))["texts"]] == [post["id"]]
    assert case.reason == "revoked"


async def test_the_person_reads_and_contests_her_case_over_http(newsroom, cms, olga):
    ana = await newsroom.physician()
    await newsroom.revoke()
    [case] = (await ana.get(f"{MEDICAL}/cases")).json()["cases"]
    assert case["criteria"]["status_raw"] == "C"
    contested = await ana.post(f"{MEDICAL}/cases/{case['id']}/contest", {"text": "Homônima."})
    assert contested.json()["case"]["state"] == "contested"
    told = (await olga.get(f"{MEDICAL}/notices")).json()["notices"]
    assert [one["kind"] for one in told] == ["contested", "opened"]
    ruling = {"outcome": "upheld", "reason": "O CRM confirma."}
    assert (await ana.post(f"{MEDICAL}/cases/{case['id']}/review", ruling)).status_code == 403
    assert (await olga.post(f"{MEDICAL}/cases/{case['id']}/review", ruling)).status_code == 200
    closed = await olga.post(f"{MEDICAL}/cases/{case['id']}/close")
    assert closed.json()["case"]["state"] == "closed"
    [first, *_] = (await ana.get(f"{MEDICAL}/notices")).json()["notices"]
    marked = await ana.post(f"{MEDICAL}/notices/{first['id']}/read")
    assert len([n for n in marked.json()["notices"] if n["read_at"]]) == 1
    assert (await cms.http.get(f"{MEDICAL}/cases")).status_code == 401
    async with cms.other() as there:
        theirs = await there.person("vera.oficial", ["administrator"])
        assert (await theirs.get(f"{MEDICAL}/cases")).json()["cases"] == []
        assert (await theirs.get(f"{MEDICAL}/cases/{case['id']}")).status_code == 404
        assert (await theirs.get(f"{MEDICAL}/notices")).json()["notices"] == []
