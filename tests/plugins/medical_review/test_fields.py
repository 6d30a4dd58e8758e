"""The seed's fields of a medical text: what is accepted, in which form it is kept, what is told."""

import pytest

from cms.content.draft import Draft
from plugins.medical_review.articles.kinds import MEDICAL_PART
from plugins.medical_review.references.identifiers import canonical_doi
from tests.plugins.medical_review.conftest import ARTICLES

# Frozen: whoever changes this voids every approval that was ever given.
GOLDEN = "b0df5e24cb6c0c5964e8eed0281f624504caf8255adb76c1c1cd6a32e34d24d7"


def test_the_hash_of_a_medical_text_is_what_it_always_was():
    draft = Draft(
        post_type="medical_article",
        language="pt-BR",
        author_id=7,
        title="Dor de cabeça",
        content="<!-- wp:paragraph -->\n<p>Repouso.</p>\n<!-- /wp:paragraph -->",
        terms={"category": [3, 1]},
        parts={"medical": dict(MEDICAL_PART.defaults)},
    ).with_part(
        "medical",
        evidence_level="II",
        scientific_references=[{"doi": "10.1000/182", "title": "Manual"}, {"pmid": "1"}],
        target_audience="patients",
        medical_disclaimer="<p>Não substitui a consulta.</p>",
        responsible_professional=7,
        medical_keywords=["cefaleia", "enxaqueca"],
        seo_title="Dor de cabeça: quando procurar ajuda",
    )
    assert draft.content_hash().hex() == GOLDEN


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("10.1000/182", "10.1000/182"),
        ("https://doi.org/10.1056/NEJMoa2034577", "10.1056/nejmoa2034577"),
        ("http://dx.doi.org/10.1000/182", "10.1000/182"),
        ("doi: 10.1000/182", "10.1000/182"),
        ("10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2", ...),
        ("10.100/182", None),
        ("11.1000/182", None),
        ("10.1000/", None),
        ("10.1000/a b", None),
        ("https://example.org/10.1000/182", None),
        ("10.1000/" + "x" * 300, None),
        ("", None),
    ],
)
def test_a_doi_is_kept_in_one_form(written, kept):
    assert canonical_doi(written) == (written.lower() if kept is ... else kept)


async def test_references_are_kept_in_canonical_form(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(
        ana,
        scientific_references=[
            {"doi": "https://doi.org/10.1000/ABC", "title": "  Um   <i>estudo</i> "},
            {"pmid": 12345},
        ],
        medical_keywords=["dor", " dor ", "cabeça"],
    )
    assert post["scientific_references"] == [
        {"doi": "10.1000/abc", "title": "Um <i>estudo</i>"},
        {"pmid": "12345"},
    ]
    assert post["medical_keywords"] == ["dor", "cabeça"]


async def test_every_wrong_field_is_named_with_its_fault_and_the_accepted_form(newsroom):
    ana = await newsroom.physician()
    refused = await ana.post(
        ARTICLES,
        {
            "title": "Dor",
            "scientific_references": [
                {"title": "Bom"},
                {"doi": "nenhum", "pmid": "12a"},
                {},
            ],
            "seo_title": "x" * 161,
            "seo_description": "<b>gordo</b>",
        },
    )
    assert refused.status_code == 400
    params = refused.json()["data"]["params"]
    assert set(params) == {
        "scientific_references[1][doi]",
        "scientific_references[1][pmid]",
        "scientific_references[2]",
        "seo_title",
        "seo_description",
    }
    assert "write it like 10." in params["scientific_references[1][doi]"]
    assert "1 to 8 digits" in params["scientific_references[1][pmid]"]


WRONG = [
    {"evidence_level": "V"},
    {"target_audience": "everybody"},
    {"contains_patient_data": "perhaps"},
    {"scientific_references": "10.1000/182"},
    {"scientific_references": [{"doi": 5.5}]},
    {"responsible_professional": "ana"},
    {"responsible_professional": -1},
    {"medical_keywords": ["x"] * 51},
    {"medical_disclaimer": ["a"]},
]


async def test_a_wrong_value_is_refused_and_nothing_is_saved(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    for wrong in WRONG:
        refused = await newsroom.change(post, ana, **wrong)
        assert refused.status_code == 400, (wrong, refused.text)
        [field] = wrong
        assert any(name.startswith(field) for name in refused.json()["data"]["params"]), wrong
        assert (await newsroom.read(post, ana))["version_number"] == 1, wrong


async def test_an_empty_choice_takes_the_value_away(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    for nothing in ("", None):
        edited = await newsroom.edit(post, ana, evidence_level=nothing, target_audience=nothing)
        assert (edited["evidence_level"], edited["target_audience"]) == (None, None)


async def test_the_disclaimer_is_cleaned_like_any_text(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, medical_disclaimer="<p>Aviso.<script>x()</script></p>")
    assert post["medical_disclaimer"] == "<p>Aviso.</p>"


async def test_what_reviews_say_cannot_be_written(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(
        ana, medical_approval_status="approved", professional_reviewer_id=ana.id, approval={}
    )
    assert post["medical_approval_status"] == "pending"
    assert (post["professional_reviewer_id"], post["approval"]) == (None, None)


async def test_the_editor_and_the_version_are_told_to_those_who_edit(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.edit(post, bruno, title="Dor")
    seen = await newsroom.read(post, ana)
    assert (seen["version_number"], seen["last_editor_id"]) == (2, bruno.id)


async def test_patient_data_needs_both_anonymity_and_consent(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, contains_patient_data=True, consent_for_publication=True)
    refused = await newsroom.change(post, ana, status="publish")
    said = {o["code"]: o["message"] for o in refused.json()["data"]["objections"]}
    assert "anonymization_applied" in said["article.patient_data"]
    await newsroom.edit(post, ana, anonymization_applied=True)
    refused = await newsroom.change(post, ana, status="publish")
    assert "article.patient_data" not in refused.text
