"""Crossref, PubMed and Europe PMC: what they say, and everything that can go wrong on the way."""

from collections.abc import AsyncIterator

import pytest

from plugins.medical_review.references.csl import key_of, read_csl
from plugins.medical_review.references.models import Notice
from plugins.medical_review.references.sources.crossref import Crossref
from plugins.medical_review.references.sources.europe_pmc import EuropePmc
from plugins.medical_review.references.sources.pubmed import PubMed
from plugins.medical_review.references.sources.source import Manners
from plugins.professional_registry.resilience import Circuit, Line, Patience
from plugins.professional_registry.wire import Fault, HttpsWire, SourceFault
from tests.plugins.medical_review.source_forms import (
    DOI,
    PMCID,
    PMID,
    crossref,
    crossref_work,
    dripping,
    europe,
    reset,
    said,
    searched,
    summary,
)
from tests.plugins.professional_registry.wire import server
from tests.plugins.professional_registry.wire.server import Council, reply

CONTACT = "biblioteca@clinica.example"


@pytest.fixture
async def there() -> AsyncIterator[Council]:
    async with server.opened() as opened:
        yield opened


def asked(kind, there: Council, *, attempts: int = 1, per_second: float = 1000, time_out=60.0):
    line = Line(per_second, Patience(attempts=attempts, deadline=120.0, first_pause=0.01))
    wire = HttpsWire(time_out)
    return kind(wire, Manners(line), url=f"http://localhost:{there.port}", contact=CONTACT)


def item_of(found) -> dict:
    faults: dict[str, str] = {}
    item = read_csl("item", found.item, faults)
    assert faults == {}
    return item


EXPECTED = {
    "type": "article-journal",
    "container-title": "Revista Inventada de Neurologia",
    "container-title-short": "Rev Invent Neurol",
    "volume": "12",
    "issue": "3",
}


async def test_crossref_is_asked_politely_and_understood(there: Council) -> None:
    there.will(said(crossref()))
    item = item_of(await asked(Crossref, there).find("doi", DOI))
    assert item.items() >= {**EXPECTED, "title": "Ensaio inventado da <i>dor</i>"}.items()
    assert item["author"][1] == {"literal": "Grupo Inventado"}
    assert key_of(item) == f"doi:{DOI}"
    head = there.asked[0].decode()
    assert head.startswith("GET /works/10.5555%2Fdor.2021.7?mailto=biblioteca%40clinica.example ")
    assert f"mailto:{CONTACT}" in head


async def test_crossref_tells_of_the_gravest_notice(there: Council) -> None:
    updates = [
        {"type": "correction", "DOI": "10.5555/errata", "source": "publisher"},
        {"type": "Retraction", "DOI": "10.5555/AVISO", "source": "retraction-watch"},
        {"type": "new_version", "DOI": "10.5555/v2"},
    ]
    there.will(said(crossref(**{"updated-by": updates})))
    found = await asked(Crossref, there).find("doi", DOI)
    assert (found.notice, found.notice_doi) == (Notice.RETRACTED, "10.5555/aviso")


async def test_crossref_says_in_plain_text_that_it_knows_nothing(there: Council) -> None:
    there.will(reply(b"Resource not found.", "text/plain", "404 Not Found"))
    assert await asked(Crossref, there).find("doi", DOI) is None


async def test_crossref_finds_a_book_by_its_number_and_no_chapter_of_it(there: Council) -> None:
    isbn = "9788500000003"
    chapter = crossref_work(type="book-chapter", ISBN=[isbn])
    book = crossref_work(type="monograph", ISBN=["http://id.crossref.org/isbn/x", isbn])
    there.will(said({"message": {"items": [chapter, book]}}))
    item = item_of(await asked(Crossref, there).find("isbn", isbn))
    assert (item["type"], item["ISBN"]) == ("book", isbn)
    there.will(said({"message": {"items": [chapter]}}))
    assert await asked(Crossref, there).find("isbn", isbn) is None


async def test_pubmed_by_its_own_number_with_tool_and_address(there: Council) -> None:
    there.will(said(summary()))
    item = item_of(await asked(PubMed, there).find("pmid", PMID))
    assert item.items() >= {**EXPECTED, "title": "Ensaio inventado da dor"}.items()
    assert item["author"] == [
        {"family": "Inventada", "given": "A. M."},
        {"literal": "Grupo Inventado"},
    ]
    assert item["issued"] == {"date-parts": [[2021, 5, 3]]}
    assert (item["DOI"], item["PMID"], item["PMCID"]) == (DOI, PMID, PMCID)
    head = there.asked[0].decode()
    assert all(f"{one}=" in head for one in ("tool", "email", "retmode", "db"))


async def test_pubmed_by_doi_searches_first_and_keeps_its_pace(there: Council) -> None:
    there.will(said(searched(PMID)), said(summary()))
    source = asked(PubMed, there)
    turns: list[float] = []
    take = source._manners.line.bucket.take

    async def counted(until: float) -> None:
        turns.append(until)
        await take(until)

    source._manners.line.bucket.take = counted
    found = await source.find("doi", DOI)
    assert found.item["PMID"] == PMID
    assert len(turns) == len(there.asked) == 2
    there.asked.clear()
    there.will(said(searched()))
    assert await asked(PubMed, there).find("doi", DOI) is None
    there.asked.clear()
    there.will(said(searched("1", "2")))
    assert await asked(PubMed, there).find("doi", DOI) is None


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ({"pubtype": ["Journal Article", "Retracted Publication"]}, Notice.RETRACTED),
        ({"references": [{"reftype": "Retraction in", "pmid": 1}]}, Notice.RETRACTED),
        ({"references": [{"reftype": "Expression of concern in"}]}, Notice.CONCERN),
        ({"references": [{"reftype": "Erratum in"}, {"reftype": "Comment in"}]}, Notice.CORRECTED),
        ({"references": [{"reftype": "Retraction of"}]}, None),
    ],
)
async def test_pubmed_tells_what_became_of_a_publication(there: Council, changes, notice) -> None:
    there.will(said(summary(**changes)))
    found = await asked(PubMed, there).find("pmid", PMID)
    assert found.notice is notice


async def test_pubmed_has_no_such_record(there: Council) -> None:
    gone = {"uid": PMID, "error": "cannot get document summary"}
    there.will(said({"result": {"uids": [PMID], PMID: gone}}))
    assert await asked(PubMed, there).find("pmid", PMID) is None


@pytest.mark.parametrize(("kind", "value"), [("doi", DOI), ("pmid", PMID), ("pmcid", PMCID)])
async def test_europe_pmc_by_each_of_its_names(there: Council, kind: str, value: str) -> None:
    correction = {"commentCorrection": [{"type": "Retraction in", "id": "1", "source": "MED"}]}
    there.will(said(europe(commentCorrectionList=correction)))
    found = await asked(EuropePmc, there).find(kind, value)
    item = item_of(found)
    assert item.items() >= {**EXPECTED, "issued": {"date-parts": [[2021, 5]]}}.items()
    assert item["author"][0] == {"family": "Inventada", "given": "Ana Maria"}
    assert found.notice is Notice.RETRACTED
    there.will(said({"hitCount": 0, "resultList": {"result": []}}))
    assert await asked(EuropePmc, there).find(kind, value) is None


ASKED = [(Crossref, "doi", DOI), (PubMed, "pmid", PMID), (EuropePmc, "doi", DOI)]
FAULTS = [
    (said({"error": "API rate limit exceeded"}, "429 Too Many Requests"), Fault.TOO_MANY),
    (said("{}", "503 Service Unavailable"), Fault.HTTP_STATUS),
    (reply(b"<html>Wartung</html>", "text/html"), Fault.WRONG_TYPE),
    (said("<html>"), Fault.MALFORMED),
    (said("[]"), Fault.MALFORMED),
    (said("{}"), Fault.MALFORMED),
    (reply(b"", status="302 Found", Location="http://localhost/"), Fault.REDIRECT),
    (server.silence, Fault.TIME_OUT),
    (dripping, Fault.TIME_OUT),
    (reset, Fault.CONNECTION_LOST),
    (server.endless("application/json"), Fault.TOO_LARGE),
    (server.truncated(b'{"message": {}}', "application/json"), Fault.CONNECTION_LOST),
]


@pytest.mark.parametrize(("kind", "name", "value"), ASKED)
@pytest.mark.parametrize(("answer", "fault"), FAULTS)
async def test_a_fault_is_a_fault_and_never_a_publication(
    there: Council, kind, name: str, value: str, answer, fault: Fault
) -> None:
    there.will(answer)
    time_out = 0.5 if fault is Fault.TIME_OUT else 20.0
    with pytest.raises(SourceFault) as found:
        await asked(kind, there, time_out=time_out).find(name, value)
    assert found.value.fault is fault


@pytest.mark.parametrize(
    ("kind", "name", "value", "body"),
    [
        (Crossref, "doi", DOI, crossref(DOI="10.5555/outro")),
        (PubMed, "pmid", PMID, summary(uid="1")),
        (PubMed, "pmid", PMID, {"result": {"uids": ["1"], "1": {"uid": "1"}}}),
        (EuropePmc, "doi", DOI, europe(doi="10.5555/outro")),
    ],
)
async def test_an_answer_about_another_publication_is_no_answer(
    there: Council, kind, name: str, value: str, body
) -> None:
    there.will(said(body))
    source = asked(kind, there)
    for _ in range(6):
        with pytest.raises(SourceFault, match="another publication"):
            await source.find(name, value)
    assert source.circuit is Circuit.CLOSED, "the source is well"


async def test_a_source_that_asks_for_a_pause_gets_it(there: Council) -> None:
    """Retry-After is kept by every later question of the process, not by this one alone."""
    there.will(said("{}", "429 Too Many Requests", Retry_After="300"))
    source = asked(Crossref, there, attempts=3)
    with pytest.raises(SourceFault):
        await source.find("doi", DOI)
    there.will(said(crossref()))
    with pytest.raises(SourceFault, match="pause"):
        await source.find("doi", DOI)
    assert len(there.asked) == 1


async def test_what_passes_is_asked_again_and_what_lasts_opens_the_circuit(there: Council) -> None:
    there.will(said("{}", "500 Oops"), said(crossref()))
    assert await asked(Crossref, there, attempts=2).find("doi", DOI) is not None
    there.asked.clear()
    there.will(said("{}", "500 Oops"))
    source = asked(Crossref, there)
    for _ in range(5):
        with pytest.raises(SourceFault):
            await source.find("doi", DOI)
    with pytest.raises(SourceFault) as found:
        await source.find("doi", DOI)
    assert found.value.fault is Fault.CIRCUIT_OPEN
    assert len(there.asked) == 5


async def test_the_pace_is_the_slower_of_ours_and_theirs(there: Council) -> None:
    source = asked(Crossref, there, per_second=3.0)
    bucket = source._manners.line.bucket
    for headers, pace in (
        ({"x_rate_limit_limit": "50", "x_rate_limit_interval": "1s"}, 3.0),
        ({"x_rate_limit_limit": "1", "x_rate_limit_interval": "2s"}, 0.5),
        ({"x_rate_limit_limit": "many", "x_rate_limit_interval": "1s"}, 0.5),
        ({"x_rate_limit_limit": "50", "x_rate_limit_interval": "1s"}, 3.0),
    ):
        there.will(said(crossref(), **headers))
        bucket._next = 0.0
        await source.find("doi", DOI)
        assert bucket.per_second == pace
