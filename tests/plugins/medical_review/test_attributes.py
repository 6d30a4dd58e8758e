"""What a medical text says of itself beside the seed's columns, and what that costs old texts."""

from typing import Any

from plugins.medical_review.articles.attributes import ATTRIBUTES
from plugins.professional_registry.names import fold
from plugins.professional_registry.specialties import code_of, specialties
from tests.plugins.medical_review.conftest import ARTICLES, COMPLETE, Newsroom, codes

SAID: dict[str, Any] = {
    "evidence_question": "therapy",
    "evidence_cebm": "2",
    "evidence_grade": "moderate",
    "evidence_recommendation": "weak",
    "evidence_reason": "Dois ensaios,\nimprecisos.",
    "evidence_cutoff_date": "2026-03-31",
    "conflict_of_interest": "Nenhum declarado.",
    "funding": "Fundo inventado.",
    "content_nature": "sponsored",
    "sponsor": "Laboratório Inventado",
    "specialties": ["neurologia", "clinica-medica"],
    "non_identification_confirmed": True,
    "ai_use": "assisted",
    "ai_use_statement": "Rascunho por um modelo; revisto por quem assina.",
    "change_note": "Nova dose.",
}


async def test_every_attribute_is_kept_as_it_was_said(newsroom: Newsroom) -> None:
    ana = await newsroom.physician()
    assert set(SAID) == set(ATTRIBUTES)
    post = await newsroom.article(ana, **SAID)
    assert {name: post[name] for name in SAID} == SAID


async def test_a_text_that_says_nothing_of_them_keeps_the_hash_it_always_had(
    newsroom: Newsroom,
) -> None:
    """A client that sends back the whole body after an upgrade voids no approval."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    nothing = {name: one.unset for name, one in ATTRIBUTES.items()}
    seen = await newsroom.read(post, ana)
    assert {name: seen[name] for name in nothing} == nothing
    again = await newsroom.edit(post, ana, **nothing)
    assert again["medical_approval_status"] == "approved"
    async with newsroom.cms.as_system() as work:
        (row,) = await work.all("select parts from cms.revisions")
    assert not set(row.parts["medical"]) & set(ATTRIBUTES)
    said = await newsroom.edit(post, ana, funding="Fundo inventado.")
    assert said["medical_approval_status"] == "stale"
    assert (await newsroom.edit(post, ana, funding=""))["medical_approval_status"] == "approved"


async def test_every_attribute_belongs_to_what_was_approved(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    for name, value in SAID.items():
        edited = await newsroom.edit(post, ana, **{name: value})
        assert edited["medical_approval_status"] == "stale", name
        back = await newsroom.edit(post, ana, **{name: ATTRIBUTES[name].unset})
        assert back["medical_approval_status"] == "approved", name


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"evidence_cebm": "6"}, "evidence_cebm"),
    ({"evidence_grade": "certain"}, "evidence_grade"),
    ({"content_nature": "advertising"}, "content_nature"),
    ({"evidence_cutoff_date": "31/03/2026"}, "evidence_cutoff_date"),
    ({"specialties": ["neurologia", "astrologia"]}, "specialties[1]"),
    ({"specialties": ["neurologia"] * 11}, "specialties"),
    ({"funding": "<b>x</b>"}, "funding"),
    ({"sponsor": "x" * 201}, "sponsor"),
    ({"ai_use": "everywhere"}, "ai_use"),
]


async def test_a_wrong_value_is_told_by_name(newsroom: Newsroom):
    ana = await newsroom.physician()
    for wrong, told in WRONG:
        refused = await ana.post(ARTICLES, {**COMPLETE, **wrong})
        assert refused.status_code == 400, (wrong, refused.text)
        assert told in refused.json()["data"]["params"], wrong


async def test_a_level_is_provisional_until_somebody_says_why(newsroom: Newsroom) -> None:
    ana, jo = await newsroom.physician(), await newsroom.cms.person("ed.itora", ["editor"])
    post = await newsroom.article(ana)
    assert (post["evidence_is_provisional"], post["evidence_judgement"]) == (True, None)
    judged = await newsroom.edit(post, ana, evidence_reason="Ensaio grande e cego.")
    first = judged["evidence_judgement"]
    assert (judged["evidence_is_provisional"], first["user_id"]) == (False, ana.id)
    other = await newsroom.edit(post, jo, title="Outra dor")
    assert other["evidence_judgement"] == first
    changed = await newsroom.edit(post, jo, evidence_grade="low")
    assert changed["evidence_judgement"]["user_id"] == jo.id
    none = await newsroom.edit(post, ana, evidence_reason="", evidence_level=None)
    assert none["evidence_judgement"] is None
    assert none["evidence_is_provisional"] is False or none["evidence_grade"] == "low"


async def test_who_judged_cannot_be_written(newsroom: Newsroom) -> None:
    ana = await newsroom.physician()
    forged = {"evidence_judged_by": 1, "non_identification_by": 1, "non_identification": {}}
    post = await newsroom.article(ana, non_identification_confirmed=True, **forged)
    assert post["non_identification"]["user_id"] == ana.id
    assert post["evidence_judgement"] is None


async def test_consent_never_releases_a_case_that_can_be_recognised(newsroom: Newsroom) -> None:
    """Code of Medical Ethics (CFM 2.217/2018), art. 75: not even with the patient's consent."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(
        ana, contains_patient_data=True, consent_for_publication=True, anonymization_applied=True
    )
    await newsroom.approve(post, ana, bruno)
    refused = await newsroom.change(post, ana, status="publish")
    assert codes(refused) == ["article.identifiable_case"]
    await newsroom.edit(post, ana, non_identification_confirmed=True)
    await newsroom.approve(post, ana, bruno)
    assert (await newsroom.change(post, ana, status="publish")).status_code == 200


async def test_who_pays_and_what_wrote_is_named(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content_nature="sponsored", ai_use="generated")
    await newsroom.approve(post, ana, bruno)
    refused = await newsroom.change(post, ana, status="publish")
    assert codes(refused) == ["article.sponsor_missing", "article.ai_statement_missing"]


async def test_a_specialty_may_be_given_as_the_council_writes_it(newsroom: Newsroom) -> None:
    ana = await newsroom.physician()
    said = ["Ginecologia e Obstetrícia", "CARDIOLOGY", "cardiologia"]
    post = await newsroom.article(ana, specialties=said)
    assert post["specialties"] == ["ginecologia-e-obstetricia", "cardiologia"]
    assert code_of("astrologia") is None
    assert len(specialties()) == 55
    # A quorum compares the codes of a text with the words of the register.
    assert {fold(one.code) for one in specialties().values()} == {
        fold(one.pt) for one in specialties().values()
    }
    listed = (await ana.get("/api/v1/reviews/specialties")).json()
    assert {one["code"] for one in listed} == set(specialties())
