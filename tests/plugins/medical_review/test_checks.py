"""Findings in texts, through the door: while writing, on submitting and publishing, overridden."""

import asyncio

from sqlalchemy import text

from plugins.medical_review.roles import CAPABILITIES
from tests.plugins.medical_review.conftest import ARTICLES, DISCLAIMER, REVIEWS, TEXT, codes

CHECKS = f"{REVIEWS}/checks"
PROMISE = TEXT.replace("costuma passar com repouso", "tem cura garantida em uma sessão")
WHY = "O trecho cita o anúncio que o texto critica."


async def checks_of(post, by):
    found = await by.get(f"{CHECKS}/{post['id']}")
    assert found.status_code == 200, found.text
    return found.json()


async def overridden(post, by, **more):
    sent = {"rule": "cfm2336.promise", "justification": WHY, **more}
    if "content_hash" not in sent:
        sent["content_hash"] = (await checks_of(post, by))["content_hash"]
    return await by.post(f"{CHECKS}/{post['id']}/overrides", sent)


async def test_a_text_is_checked_while_it_is_being_written(newsroom):
    ana = await newsroom.physician()
    answer = await ana.post(CHECKS, {"title": "Dor de cabeça", "content": PROMISE})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["content_hash"], body["is_blocked"]) == (None, True)
    [finding] = [f for f in body["findings"] if f["severity"] == "blocker"]
    assert finding["rule"] == "cfm2336.promise"
    assert finding["norm"] == "Resolução CFM 2.336/2023"
    # The number of this article was never compared with the official text.
    assert finding["article"] is None
    assert finding["explanation"]["pt"]
    assert finding["explanation"]["en"]
    [place] = finding["places"]
    assert place == {"part": "content", "block": 0, "offset": 7, "quote": "tem cura garantida"}
    assert "cfm-2336-2023@1" in body["rule_sets"]
    assert "cfm2336.r43" in {rule["rule"] for rule in body["by_hand"]}


async def test_an_article_number_is_shown_where_it_is_certain(newsroom):
    ana = await newsroom.physician()
    answer = await ana.post(CHECKS, {"content": "<p>Somos os únicos da cidade com a técnica.</p>"})
    articles = {f["rule"]: f["article"] for f in answer.json()["findings"]}
    assert articles["cfm2336.exclusive"] == "11-IX"


async def test_faults_of_a_request_are_all_named(newsroom):
    ana = await newsroom.physician()
    answer = await ana.post(
        CHECKS, {"content": "", "language": "fr", "target_audience": "cats", "councils": ["XYZ"]}
    )
    assert answer.status_code == 400
    assert set(answer.json()["faults"]) == {"language", "target_audience", "councils"}


async def test_readers_have_no_business_with_the_checks(newsroom, cms):
    reader = await cms.person("rita.leitora", ["subscriber"])
    assert (await reader.post(CHECKS, {"content": "x"})).status_code == 403
    assert (await reader.get(f"{CHECKS}/rule-sets")).status_code == 403
    assert (await reader.get(f"{CHECKS}/findings")).status_code == 403
    assert (await cms.http.post(CHECKS, json={"content": "x"})).status_code in {401, 403}


async def test_a_promise_can_neither_be_submitted_nor_published(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=PROMISE)
    refused = await newsroom.change(post, ana, status="pending")
    assert codes(refused) == ["check.cfm2336.promise"]
    [objection] = refused.json()["data"]["objections"]
    assert "overrid" in objection["remedy"]
    assert "check.cfm2336.promise" in codes(await newsroom.change(post, ana, status="publish"))
    blocked = (await bruno.get(f"{REVIEWS}/blockers/{post['id']}")).json()
    assert [o["code"] for o in blocked["submit"]["objections"]] == ["check.cfm2336.promise"]


async def test_a_warning_is_shown_and_blocks_nothing(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=TEXT.replace("repouso.", "<img src='/a.png'>."))
    found = await checks_of(post, ana)
    assert [f["rule"] for f in found["findings"]] == ["house.alternative_text"]
    assert not found["is_blocked"]
    await newsroom.approve(post, ana, bruno)
    published = await newsroom.edit(post, ana, status="publish")
    assert published["cms_revision"]["state"] == "live"


async def test_data_of_a_patient_stand_in_the_way_and_are_not_repeated(newsroom):
    ana = await newsroom.physician()
    told = TEXT.replace("repouso.", "repouso. A paciente Quitéria Imaginária Prado melhorou.")
    post = await newsroom.article(ana, content=told)
    refused = await newsroom.change(post, ana, status="pending")
    assert codes(refused) == ["check.patient.name"]
    assert "Quitéria" not in refused.text


async def test_who_has_the_right_lets_a_finding_pass_for_exactly_one_text(newsroom):
    """An override that outlives the text that it was given for is a hole."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=PROMISE)
    done = await overridden(post, bruno)
    assert done.status_code == 201, done.text
    override = done.json()
    assert (override["overridden_by"], override["justification"]) == (bruno.id, WHY)
    found = await checks_of(post, ana)
    assert not found["is_blocked"]
    [finding] = [f for f in found["findings"] if f["rule"] == "cfm2336.promise"]
    assert finding["override"]["id"] == override["id"]
    await newsroom.submit(post, ana)

    await newsroom.edit(post, ana, title="Outro título")
    assert (await checks_of(post, ana))["is_blocked"]
    assert codes(await newsroom.change(post, ana, status="pending")) == ["check.cfm2336.promise"]
    history = (await ana.get(f"{CHECKS}/{post['id']}/overrides")).json()
    assert [one["id"] for one in history] == [override["id"]]


async def test_an_overridden_text_reaches_its_readers(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=PROMISE)
    await overridden(post, bruno)
    await newsroom.approve(post, ana, bruno)
    published = await newsroom.edit(post, ana, status="publish")
    assert published["cms_revision"]["state"] == "live"


async def test_an_override_is_signed_with_its_words(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=PROMISE)
    override = (await overridden(post, bruno)).json()
    [signature] = (await bruno.get(f"{REVIEWS}/signatures/of/override/{override['id']}")).json()
    record = signature["record"]
    assert signature["is_intact"]
    assert record["content_hash"] == override["content_hash"]
    assert record["statement"]["rule"] == "cfm2336.promise"
    assert record["statement"]["justification"] == WHY


async def test_an_old_sign_in_overrides_nothing(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=PROMISE)
    async with cms.as_system() as work:
        await work.execute(
            text(
                "update cms.tokens set authenticated_at = now() - interval '16 minutes' "
                "where tenant_id = :tenant and user_id = :user"
            ),
            {"tenant": work.tenant_id, "user": bruno.id},
        )
        work._covered.add("cms.tokens")
    refused = await overridden(post, bruno)
    assert refused.status_code == 401
    assert (await checks_of(post, ana))["is_blocked"]


async def test_nobody_lets_a_finding_pass_in_a_text_of_her_own(newsroom):
    """Elsewhere the author clicks her own warning away."""
    ana = await newsroom.physician(roles=("medical_professional", "content_reviewer"))
    bruno = await newsroom.reviewer()
    post = await newsroom.article(ana, content=PROMISE)
    refused = await overridden(post, ana)
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("own-text")
    # Who has edited it has a part in it too, also when his words are gone again.
    await newsroom.edit(post, bruno, title="De Bruno")
    await newsroom.edit(post, ana, title="Dor de cabeça")
    assert (await overridden(post, bruno)).status_code == 403


async def test_without_the_right_nobody_overrides(newsroom, cms):
    ana = await newsroom.physician()
    editor = await cms.person("edu.editor", ["editor"])
    post = await newsroom.article(ana, content=PROMISE)
    digest = (await checks_of(post, ana))["content_hash"]
    refused = await overridden(post, editor, content_hash=digest)
    assert refused.status_code == 403
    assert "override_content_checks" in CAPABILITIES


async def test_faults_of_an_override_are_named(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=PROMISE)
    bad = await overridden(post, bruno, content_hash="abc", justification="ok")
    assert (bad.status_code, set(bad.json()["faults"])) == (400, {"content_hash", "justification"})
    stale = await overridden(post, bruno, content_hash="0" * 64)
    assert (stale.status_code, stale.json()["code"]) == (409, "check.stale")
    unknown = await overridden(post, bruno, rule="cfm2336.fear")
    assert unknown.status_code == 404
    assert (await overridden(post, bruno)).status_code == 201
    assert (await overridden(post, bruno)).status_code == 409


async def test_two_who_override_at_once_leave_one_override(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    carla = await newsroom.reviewer("carla.revisora")
    post = await newsroom.article(ana, content=PROMISE)
    answers = await asyncio.gather(*(overridden(post, by) for by in (bruno, carla)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len((await ana.get(f"{CHECKS}/{post['id']}/overrides")).json()) == 1


async def test_the_edit_that_meets_an_override_needs_another_one(newsroom):
    """Whichever comes first: what goes out is either overridden or blocked."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=PROMISE)
    digest = (await checks_of(post, bruno))["content_hash"]
    await asyncio.gather(
        overridden(post, bruno, content_hash=digest),
        newsroom.edit(post, ana, content=PROMISE.replace("uma sessão", "duas sessões")),
    )
    assert (await checks_of(post, ana))["is_blocked"]
    assert codes(await newsroom.change(post, ana, status="pending")) == ["check.cfm2336.promise"]


async def test_a_text_with_an_override_cannot_be_erased_and_one_that_was_only_checked_can(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    admin = await newsroom.cms.person("dona.marina", ["administrator"])
    kept = await newsroom.article(ana, content=PROMISE)
    await overridden(kept, bruno)
    gone = await newsroom.article(ana, content=PROMISE, title="Outra")
    await newsroom.change(gone, ana, status="pending")
    for post in (kept, gone):
        await admin.delete(f"{ARTICLES}/{post['id']}")
    refused = await admin.delete(f"{ARTICLES}/{kept['id']}?force=true")
    assert codes(refused) == ["check.evidence"]
    assert (await admin.delete(f"{ARTICLES}/{gone['id']}?force=true")).status_code == 200


async def test_the_notice_of_an_article_is_read_too(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, medical_disclaimer="<p>Texto educativo.</p>")
    assert [f["rule"] for f in (await checks_of(post, ana))["findings"]] == ["house.notice"]
    await newsroom.edit(post, ana, medical_disclaimer=DISCLAIMER)
    assert (await checks_of(post, ana))["findings"] == []
