"""Rules that a tenant adds, what counsel weighs, the list of medicines, and the bulk scan."""

from datetime import UTC, datetime

import pytest

from plugins.medical_review.checks.scanning import scan
from plugins.professional_registry import registrations
from tests.plugins.medical_review.aftercare import run_jobs
from tests.plugins.medical_review.conftest import COMPLETE, REVIEWS, TEXT, codes, inherited_item
from tests.plugins.medical_review.test_checks import CHECKS, PROMISE, checks_of

SAID = {"pt": "Previsão taxativa de resultado", "en": "Definite forecast of results"}
PSYCHOLOGY = {
    "id": "cfp-etica",
    "version": 1,
    "norm": "Código de Ética do Psicólogo (invented wording)",
    "layer": "council",
    "council": "CRP",
    "valid_from": "2020-01-01",
    "sources": ["an invented source"],
    "rules": [
        {
            "code": "cfp.forecast",
            "kind": "forbidden",
            "severity": "blocker",
            "title": SAID,
            "explanation": SAID,
            "remedy": SAID,
            "topic": "promise",
            "families": ["promise"],
            "phrases": ["terapia infalivel"],
        }
    ],
}
MEDICINES = (
    "nome;principio ativo;tarja\n"
    "Dorzinil;algidrona;vermelha\n"
    "Calmivex;zolpatina;preta\n"
    "Febrolin;febrona;sem tarja\n"
)


def with_rule(**changes):
    [rule] = PSYCHOLOGY["rules"]
    return {**PSYCHOLOGY, "rules": [{**rule, **changes}]}


@pytest.fixture
async def admin(cms):
    return await cms.person("dona.marina", ["administrator"])


@pytest.fixture
async def counsel(cms):
    return await cms.person("livia.juridico", ["legal_reviewer"])


async def registered(newsroom, person, registration):
    async with newsroom.cms.as_system() as work:
        await registrations.register(work, person.id, registration, "Ana Medica Inventada")


async def rules_found(by, content, **more):
    answer = await by.post(CHECKS, {"content": f"<p>{content}</p>", **more})
    assert answer.status_code == 200, answer.text
    return {f["rule"]: f for f in answer.json()["findings"]}


async def test_a_council_without_rules_is_said_to_be_unchecked(newsroom):
    """Silence about a council's rules is taken for consent, unless somebody says "not checked"."""
    ana = await newsroom.physician()
    await registered(newsroom, ana, "CRP 06/990077")
    found = await checks_of(await newsroom.article(ana), ana)
    assert (found["councils"], found["not_checked"]) == (["CRM", "CRP"], ["CRP"])


async def test_rules_of_a_council_are_added_without_a_release(newsroom, admin):
    ana = await newsroom.physician()
    await registered(newsroom, ana, "CRP 06/990077")
    added = await admin.post(f"{CHECKS}/rule-sets", PSYCHOLOGY)
    assert added.status_code == 201, added.text
    assert added.json()["is_in_force"]
    post = await newsroom.article(ana, content=TEXT.replace("repouso", "a terapia infalível"))
    found = await checks_of(post, ana)
    assert found["not_checked"] == []
    assert "cfp-etica@1" in found["rule_sets"]
    refused = await newsroom.change(post, ana, status="pending")
    assert codes(refused) == ["check.cfp.forecast"]


async def test_two_councils_give_the_union_and_the_stricter_wins(newsroom, admin):
    ana = await newsroom.physician()
    await admin.post(f"{CHECKS}/rule-sets", with_rule(severity="warning"))
    both = await rules_found(ana, "A cura é garantida.", councils=["CRM", "CRP"])
    assert both["cfm2336.promise"]["severity"] == "blocker"
    assert both["cfm2336.promise"]["also"] == ["cfp.forecast"]
    one = await rules_found(ana, "A cura é garantida.", councils=["CRP"])
    assert [rule for rule in one if not rule.startswith("house.")] == ["cfp.forecast"]


async def test_every_fault_of_a_rule_set_is_named(newsroom, admin):
    broken = with_rule(
        code="Bad Code",
        title={"pt": "", "en": "x"},
        phrases=["<9> cura", "cura ((a+)+)$"],
        families=["nowhere"],
    ) | {"council": "XYZ", "version": 0, "valid_until": "2019-01-01", "norm": " "}
    refused = await admin.post(f"{CHECKS}/rule-sets", broken)
    assert refused.status_code == 400, refused.text
    assert set(refused.json()["faults"]) == {
        "version",
        "norm",
        "valid_until",
        "council",
        "rules[0].code",
        "rules[0].title.pt",
        "rules[0].families[0]",
        "rules[0].phrases[0]",
        "rules[0].phrases[1]",
    }
    taken = with_rule(code="cfm2336.promise") | {"id": "cfm-2336-2023"}
    refused = await admin.post(f"{CHECKS}/rule-sets", taken)
    assert list(refused.json()["faults"]) == ["id"]
    twice = with_rule(code="cfm2336.promise")
    refused = await admin.post(f"{CHECKS}/rule-sets", twice)
    assert list(refused.json()["faults"]) == ["rules[0].code"]
    assert (await admin.post(f"{CHECKS}/rule-sets", PSYCHOLOGY)).status_code == 201
    assert (await admin.post(f"{CHECKS}/rule-sets", PSYCHOLOGY)).status_code == 409


async def test_a_new_version_counts_from_its_first_day(newsroom, admin):
    ana = await newsroom.physician()
    await admin.post(f"{CHECKS}/rule-sets", PSYCHOLOGY)
    later = with_rule(severity="note") | {"version": 2, "valid_from": "2999-01-01"}
    assert (await admin.post(f"{CHECKS}/rule-sets", later)).status_code == 201
    found = await rules_found(ana, "Terapia infalível.", councils=["CRP"])
    assert found["cfp.forecast"]["rule_set"] == "cfp-etica@1"
    ended = {**PSYCHOLOGY, "version": 3, "valid_until": datetime.now(UTC).date().isoformat()}
    await admin.post(f"{CHECKS}/rule-sets", ended)
    sets = {
        (one["id"], one["version"]): one["is_in_force"]
        for one in (await ana.get(f"{CHECKS}/rule-sets")).json()
    }
    assert sets["cfp-etica", 1]
    assert not sets["cfp-etica", 2]
    assert not sets["cfp-etica", 3]


async def test_who_writes_reads_the_rules_and_adds_none(newsroom, admin):
    ana = await newsroom.physician()
    shown = await ana.get(f"{CHECKS}/rule-sets/cfm-2336-2023")
    assert shown.status_code == 200
    assert len(shown.json()["rules"]) > 50
    assert (await ana.post(f"{CHECKS}/rule-sets", PSYCHOLOGY)).status_code == 403
    assert (await ana.get(f"{CHECKS}/rule-sets/nothing")).status_code == 404


async def test_counsel_weighs_what_no_statute_fixes_and_nothing_else(newsroom, counsel, admin):
    ana = await newsroom.physician()
    picture = "<img src='/a.png'> com alguma coisa escrita"
    assert (await rules_found(ana, picture))["house.alternative_text"]["severity"] == "warning"
    choice = {"rule": "house.alternative_text", "severity": "blocker", "reason": "LBI, art. 63"}
    chosen = await counsel.post(f"{CHECKS}/severities", choice)
    assert chosen.status_code == 201, chosen.text
    assert (chosen.json()["chosen_by"], chosen.json()["reason"]) == (counsel.id, "LBI, art. 63")
    assert (await rules_found(ana, picture))["house.alternative_text"]["severity"] == "blocker"
    assert (await counsel.post(f"{CHECKS}/severities", choice)).status_code == 409
    for rule in ("cfm2336.promise", "patient.cpf", "nothing.at_all"):
        refused = await counsel.post(
            f"{CHECKS}/severities", {"rule": rule, "severity": "note", "reason": "Prefiro"}
        )
        assert (refused.status_code, list(refused.json()["faults"])) == (400, ["rule"])
    assert (await admin.post(f"{CHECKS}/severities", choice)).status_code == 403
    assert len((await ana.get(f"{CHECKS}/severities")).json()) == 1


async def test_a_choice_of_counsel_reaches_texts_that_were_checked_before(newsroom, counsel):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, content=TEXT.replace("repouso.", "<img src='/a.png'>."))
    await newsroom.submit(post, ana)
    choice = {"rule": "house.alternative_text", "severity": "blocker", "reason": "LBI, art. 63"}
    await counsel.post(f"{CHECKS}/severities", choice)
    assert "check.house.alternative_text" in codes(
        await newsroom.change(post, ana, status="publish")
    )


async def test_a_prescription_medicine_is_not_advertised_to_patients(newsroom, admin):
    ana = await newsroom.physician()
    advert = "Compre Dorzinil com desconto."
    assert "medicines.prescription_advert" not in await rules_found(ana, advert)
    loaded = await admin.post(f"{CHECKS}/medicines", {"source": "Lista", "csv": MEDICINES})
    assert loaded.status_code == 201, loaded.text
    assert loaded.json()["names"] == 6
    found = await rules_found(ana, advert, target_audience="patients")
    assert found["medicines.prescription_advert"]["severity"] == "blocker"
    assert "rdc96.brand_named" in found
    to_doctors = await rules_found(ana, advert, target_audience="professionals")
    assert "medicines.prescription_advert" not in to_doctors
    neutral = await rules_found(ana, "A algidrona pode causar sonolência.")
    assert not [rule for rule in neutral if not rule.startswith("house.")]


async def test_a_broken_list_of_medicines_is_not_taken(newsroom, admin):
    address = f"{CHECKS}/medicines"
    for csv, fault in (
        ("nome;tarja\nDorzinil;lilás\n", "line 2.kind"),
        ("nome;tarja\n;vermelha\n", "line 2.name"),
        ("preço\n12\n", "csv"),
        ("nome\n", "csv"),
    ):
        refused = await admin.post(address, {"source": "Lista", "csv": csv})
        assert (refused.status_code, list(refused.json()["faults"])) == (400, [fault]), csv
    assert (await admin.get(address)).json() is None
    ana = await newsroom.physician()
    assert (await ana.post(address, {"source": "L", "csv": MEDICINES})).status_code == 403


async def test_another_list_takes_the_place_of_the_one_before(newsroom, admin):
    ana = await newsroom.physician()
    for csv in (MEDICINES, "nome;tarja\nGlicoslim;vermelha\n"):
        await admin.post(f"{CHECKS}/medicines", {"source": "Lista", "csv": csv})
    rule = "medicines.prescription_advert"
    assert rule not in await rules_found(ana, "Compre Dorzinil com desconto.")
    assert rule in await rules_found(ana, "Compre Glicoslim com desconto.")


async def test_many_posts_are_scanned_and_what_was_found_is_listed_page_by_page(newsroom, admin):
    ana = await newsroom.physician()
    posts = [
        await newsroom.article(ana, title=f"Texto {i}", content=PROMISE if i % 2 else TEXT)
        for i in range(6)
    ]
    ids = [post["id"] for post in posts]
    queued = await admin.post(f"{CHECKS}/scans", {"post_ids": ids})
    assert (queued.status_code, queued.json()) == (202, {"jobs": 1})
    await run_jobs(newsroom.cms, 1)
    found, after = [], ""
    while after is not None:
        answer = await admin.get(f"{CHECKS}/findings?severity=blocker&limit=2{after}")
        page = answer.json()
        found += page["findings"]
        after = f"&after={page['next']}" if page["next"] else None
    assert [(one["post_id"], one["rule"]) for one in found] == [
        (post_id, "cfm2336.promise") for post_id in ids[1::2]
    ]
    assert all(one["is_current"] for one in found)
    none = (await admin.get(f"{CHECKS}/findings?rule=cfm2336.fear")).json()
    assert none == {"findings": [], "next": None}


async def test_a_mended_text_loses_its_findings_with_the_next_scan(newsroom, admin):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, content=PROMISE)
    for content, count in ((PROMISE, 1), (TEXT, 0)):
        await newsroom.edit(post, ana, content=content)
        async with newsroom.cms.as_system() as work:
            await scan(work, [post["id"]])
        listed = (await admin.get(f"{CHECKS}/findings?severity=blocker")).json()
        assert len(listed["findings"]) == count


async def test_what_is_asked_of_a_scan_is_bounded(newsroom, admin):
    ana = await newsroom.physician()
    for ids in ([], list(range(1, 10_002))):
        refused = await admin.post(f"{CHECKS}/scans", {"post_ids": ids})
        assert (refused.status_code, list(refused.json()["faults"])) == (400, ["post_ids"])
    assert (await ana.post(f"{CHECKS}/scans", {"post_ids": [1]})).status_code == 403
    for query in ("limit=0", "limit=101", "severity=dire", "after=x"):
        assert (await admin.get(f"{CHECKS}/findings?{query}")).status_code == 400, query


async def test_a_scanned_post_can_be_erased(newsroom, admin, cms):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, content=PROMISE)
    async with cms.as_system() as work:
        await scan(work, [post["id"]])
    address = f"/wp-json/wp/v2/medical-articles/{post['id']}"
    await admin.delete(address)
    assert (await admin.delete(f"{address}?force=true")).status_code == 200
    assert (await admin.get(f"{CHECKS}/findings")).json()["findings"] == []


async def test_the_findings_of_one_site_are_not_those_of_another(newsroom, admin, cms):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, content=PROMISE)
    await admin.post(f"{CHECKS}/rule-sets", PSYCHOLOGY)
    async with cms.as_system() as work:
        await scan(work, [post["id"]])
    async with cms.other() as elsewhere:
        stranger = await elsewhere.person("ze.alheio", ["administrator"])
        assert (await stranger.get(f"{CHECKS}/findings")).json()["findings"] == []
        sets = {one["id"] for one in (await stranger.get(f"{CHECKS}/rule-sets")).json()}
        assert "cfp-etica" not in sets
        assert (await stranger.get(f"{CHECKS}/{post['id']}")).status_code == 404


async def test_ordinary_complete_articles_are_not_stopped(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    found = await checks_of(post, ana)
    assert found["findings"] == []
    assert COMPLETE["title"] == "Dor de cabeça"
    blocked = (await ana.get(f"{REVIEWS}/blockers/{post['id']}")).json()
    assert blocked["submit"]["is_possible"]


async def test_inherited_texts_are_scanned_and_say_where_to_begin(newsroom, admin, bring, cms):
    """A thousand texts come from the old site; nobody knows which of them names a patient."""
    told = "<p>A paciente Quitéria Imaginária Prado melhorou com cura garantida.</p>"
    await bring(inherited_item(1, content=told), inherited_item(2))
    assert (await admin.post(f"{REVIEWS}/inherited/scan")).status_code == 202
    await run_jobs(cms, 3)
    found = {
        one["post_id"]: one["findings"]
        for one in (await admin.get(f"{REVIEWS}/inherited")).json()["texts"]
    }
    assert (found[1]["blocker"], found[2].get("blocker", 0)) == (2, 0)
    listed = (await admin.get(f"{CHECKS}/findings?severity=blocker")).json()["findings"]
    assert [one["rule"] for one in listed] == ["cfm2336.promise", "patient.name"]
