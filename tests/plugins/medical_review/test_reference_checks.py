"""What is wrong with the references of a text: which of it stops the text, and which is said."""

import pytest

from plugins.medical_review.references.checks import Facts, Severity, findings
from plugins.medical_review.references.citations import marks
from plugins.medical_review.references.models import Notice
from tests.plugins.medical_review.conftest import REVIEWS, TEXT, Newsroom, codes
from tests.plugins.medical_review.test_citations import CITING, FIRST, SECOND, cite, library
from tests.plugins.medical_review.test_library import REFERENCES, TRIAL

NOW = Facts(2026)
COPY = {**TRIAL, "DOI": FIRST}


def found(entries, html="", facts=NOW) -> set[str]:
    return {one.objection.code for one in findings(entries, marks(html), facts)}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"author": []}, "reference.incomplete"),
        ({"container-title": ""}, "reference.incomplete"),
        ({"volume": "", "page": "", "DOI": ""}, "reference.incomplete"),
        ({"type": "book", "publisher": ""}, "reference.incomplete"),
        ({"type": "webpage", "URL": "https://a.example"}, "reference.incomplete"),
        ({"issued": {"date-parts": [[2027]]}}, "reference.future"),
        ({"DOI": SECOND}, "reference.mismatch"),
    ],
)
def test_each_type_has_what_it_needs(changes, code) -> None:
    entry = {"doi": FIRST, "csl": {**COPY, **changes}}
    assert found([entry]) == ({code} if code else set())


def test_a_publication_twice_in_a_list_is_seen_by_whichever_name() -> None:
    twice = [{"pmid": "1", "csl": COPY}, {"doi": FIRST}]
    assert found(twice) == {"reference.duplicate"}


def test_uncited_is_said_only_of_texts_that_cite() -> None:
    entries = [{"doi": FIRST}, {"doi": SECOND}]
    assert found(entries) == set()
    assert found(entries, cite("doi:" + FIRST)) == {"reference.uncited"}


def test_what_a_journal_said_weighs_by_what_it_said() -> None:
    entry = {"doi": FIRST}
    for notice, severity in (
        (Notice.RETRACTED, Severity.BLOCKER),
        (Notice.CONCERN, Severity.WARNING),
        (Notice.CORRECTED, Severity.NOTE),
    ):
        facts = Facts(2026, {f"doi:{FIRST}": (notice, None)})
        [one] = findings([entry], [], facts)
        assert (one.objection.code, one.severity) == (f"reference.{notice}", severity)
    facts = Facts(2026, {f"doi:{FIRST}": (Notice.RETRACTED, None)})
    assert findings([{**entry, "is_retracted": True}], [], facts) == []


async def test_a_citation_without_its_reference_stops_submission_and_says_which(
    newsroom: Newsroom,
) -> None:
    ana = await newsroom.physician()
    article = await newsroom.article(ana, content=CITING)
    refused = await newsroom.change(article, ana, status="pending")
    assert codes(refused) == ["reference.unknown"]
    assert SECOND in refused.text
    both = [{"doi": FIRST}, {"doi": SECOND}]
    await newsroom.submit(await newsroom.edit(article, ana, scientific_references=both), ana)


async def test_a_reference_retracted_after_the_approval_stops_publication(
    newsroom: Newsroom,
) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    await library(newsroom, ana)
    references = [{"doi": FIRST}, {"doi": SECOND}]
    article = await newsroom.article(ana, content=CITING, scientific_references=references)
    await newsroom.approve(article, ana, bruno)
    entry = (await ana.get(f"{REFERENCES}?q=Segundo")).json()["references"][0]
    path, put = f"{REFERENCES}/{entry['id']}/notice", newsroom.cms.http.put
    await put(path, json={"notice": "retracted"}, headers=bruno.bearer)
    refused = await newsroom.change(article, ana, status="publish")
    assert codes(refused) == ["reference.retracted"]
    blockers = (await ana.get(f"{REVIEWS}/blockers/{article['id']}")).json()
    assert [one["code"] for one in blockers["publish"]["objections"]] == ["reference.retracted"]
    kept = (await newsroom.read(article, ana))["scientific_references"]
    said = [kept[0], {**kept[1], "is_retracted": True}]
    changed = await newsroom.edit(article, ana, scientific_references=said)
    assert "Retratado" in changed["content"]["rendered"]
    await newsroom.approve(changed, ana, bruno)
    await newsroom.edit(article, ana, status="publish")


async def test_authors_see_what_their_text_rests_on_and_what_is_wrong_with_it(
    newsroom: Newsroom,
) -> None:
    ana, jo = await newsroom.physician(), await newsroom.journalist()
    await library(newsroom, ana)
    references = [{"doi": FIRST}, {"title": "Diretriz inventada"}, {"doi": SECOND}]
    article = await newsroom.article(ana, content=CITING, scientific_references=references)
    path = f"{REFERENCES}/of-post/{article['id']}"
    body = (await ana.get(path)).json()
    assert [(one["number"], one["is_cited"]) for one in body["references"]] == [
        (1, True),
        (2, True),
        (3, False),
    ]
    assert [one["key"] for one in body["references"][:2]] == [f"doi:{SECOND}", f"doi:{FIRST}"]
    assert "Segundo ensaio" in body["references"][0]["shown"]
    assert [(one["code"], one["place"]) for one in body["findings"]] == [("reference.uncited", 1)]
    assert (await jo.get(path)).status_code == 403
    by_title = body["references"][2]["key"]
    content = f"{TEXT}<p>{cite(by_title)}</p>"
    cited = await newsroom.edit(article, ana, content=content)
    assert ">1</a>" in cited["content"]["rendered"]
