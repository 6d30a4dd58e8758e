"""Publications are looked up by name, and asked about again while live texts rest on them."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cms.jobs.worker import build_queue
from cms.settings import Settings
from plugins.medical_review.references.health import sources_answer
from plugins.medical_review.references.sources import asking
from plugins.medical_review.references.watching import watch_references
from tests.plugins.medical_review.conftest import Newsroom
from tests.plugins.medical_review.source_forms import (
    DOI,
    PMID,
    crossref,
    europe,
    searched,
    summary,
)
from tests.plugins.medical_review.test_citations import CITING, lines
from tests.plugins.medical_review.test_library import REFERENCES
from tests.plugins.professional_registry.wire import server
from tests.plugins.professional_registry.wire.server import Council, head_of


@dataclass
class World:
    """Three sources behind one address; `down` answer nothing but 503."""

    council: Council
    crossref: Any = field(default_factory=crossref)
    pubmed: Any = field(default_factory=summary)
    europe: Any = field(default_factory=europe)
    down: set[str] = field(default_factory=set)

    def will(self) -> None:
        async def answer(request: bytes, writer: Any) -> None:
            path = request.split(b" ")[1].decode()
            name = re.match("/(crossref|pubmed|europe)/", path)[1]
            said = searched(PMID) if "/esearch" in path else getattr(self, name)
            body = json.dumps(said).encode()
            status = "503 Down" if name in self.down else "200 OK"
            writer.write(head_of(len(body), "application/json", status) + body)

        self.council.answers = [answer]

    @property
    def asked(self) -> list[str]:
        return [one.split(b" ")[1].decode() for one in self.council.asked]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    asking._memory.said.clear()
    async with server.opened() as council:
        found = World(council)
        found.will()
        yield found


@pytest.fixture
def settings(tmp_path: Path, world: World) -> Settings:
    base = f"http://localhost:{world.council.port}"
    paths = {"crossref": "crossref", "pubmed": "pubmed", "europe_pmc": "europe"}
    endpoints = {
        name: {"url": f"{base}/{path}", "attempts": 1, "time_out": 20.0, "deadline": 60.0}
        for name, path in paths.items()
    }
    references = {"contact": "biblioteca@clinica.example", "endpoints": endpoints}
    return Settings(
        data_dir=str(tmp_path / "var"), plugins={"medical_review": {"references": references}}
    )


async def night(newsroom: Newsroom) -> None:
    """What the worker does at night, and what follows from it."""
    async with newsroom.cms.as_system() as work:
        await watch_references(work)
    async with build_queue(newsroom.cms.host).open_async() as queue:
        for _ in range(3):
            await queue.run_worker_async(wait=False, install_signal_handlers=False)


async def resolved(by, **names: str):
    return await by.post(f"{REFERENCES}/resolve", names)


async def test_a_publication_is_added_by_its_name_and_asked_about_once(
    newsroom: Newsroom, world: World
) -> None:
    jo = await newsroom.journalist()
    answer = await resolved(jo, doi=f"https://doi.org/{DOI.upper()}")
    assert answer.status_code == 200, answer.text
    one = answer.json()
    assert (one["is_new"], one["reference"]["origin"]) == (True, "crossref")
    assert one["reference"]["title"] == "Ensaio inventado da <i>dor</i>"
    again = (await resolved(jo, doi=DOI)).json()
    assert (again["is_new"], again["reference"]["id"]) == (False, one["reference"]["id"])
    assert len(world.asked) == 1


async def test_what_one_source_cannot_say_another_does(newsroom: Newsroom, world: World) -> None:
    world.down = {"crossref"}
    jo = await newsroom.journalist()
    assert (await resolved(jo, doi=DOI)).json()["reference"]["origin"] == "europe_pmc"
    world.down = {"crossref", "europe", "pubmed"}
    silent = await resolved(jo, pmid="1")
    assert silent.status_code == 503
    assert set(silent.json()["faults"]) == {"europe_pmc", "pubmed"}
    assert "by hand" in silent.text
    world.down = set()
    world.europe = {"hitCount": 0, "resultList": {"result": []}}
    world.pubmed = {"result": {"uids": ["1"], "1": {"uid": "1", "error": "none"}}}
    assert (await resolved(jo, pmid="1")).status_code == 404


async def test_one_name_and_a_right_one(newsroom: Newsroom, world: World) -> None:
    jo = await newsroom.journalist()
    for names in ({}, {"doi": DOI, "pmid": PMID}, {"doi": "11.1/x"}, {"isbn": "9788500000000"}):
        assert (await resolved(jo, **names)).status_code == 400, names
    off = await resolved(jo, url="https://exemplo.example/")
    assert (off.status_code, off.json()["type"]) == (409, "urn:cms:problem:sources-off")
    reader = await newsroom.cms.person("lia.leitora", ["subscriber"])
    assert (await resolved(reader, doi=DOI)).status_code == 403
    assert world.asked == []


async def test_who_adds_a_retracted_publication_is_told_at_once(
    newsroom: Newsroom, world: World
) -> None:
    world.crossref = crossref(**{"updated-by": [{"type": "retraction", "DOI": "10.5555/aviso"}]})
    jo = await newsroom.journalist()
    one = (await resolved(jo, doi=DOI)).json()["reference"]
    assert (one["notice"], one["notice_doi"]) == ("retracted", "10.5555/aviso")


async def test_a_retraction_after_publication_is_found_at_night_and_shown(
    newsroom: Newsroom, world: World
) -> None:
    """Also of a text that was written before there was a library, by its DOI alone."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    text = CITING.replace("10.5555/segundo", DOI).replace("10.5555/primeiro", DOI)
    article = await newsroom.published(
        ana, bruno, content=text, scientific_references=[{"doi": DOI}]
    )
    await night(newsroom)
    [entry] = (await ana.get(REFERENCES)).json()["references"]
    assert (entry["key"], entry["notice"]) == (f"doi:{DOI}", None)
    assert entry["asked_at"]
    before = len(world.asked)
    world.pubmed = summary(pubtype=["Retracted Publication"])
    await night(newsroom)
    assert len(world.asked) == before, "asked again before its week is over"
    async with newsroom.cms.as_system() as work:
        await work.execute("update medical_review.library_entries set asked_at = null")
        work._covered.add("medical_review.library_entries")
    await night(newsroom)
    [entry] = (await ana.get(f"{REFERENCES}?notice=retracted")).json()["references"]
    shown = lines((await newsroom.read(article))["content"]["rendered"])
    assert "Retratado" in shown[0]
    assert entry["version"] == 1


async def test_sources_add_to_what_is_known_and_take_nothing_back(
    newsroom: Newsroom, world: World
) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    entry = (await resolved(ana, doi=DOI)).json()["reference"]
    await newsroom.published(ana, bruno, scientific_references=[{"doi": DOI}])
    path = f"{REFERENCES}/{entry['id']}"
    said = {"notice": "concern", "notice_doi": "10.5555/aviso"}
    await newsroom.cms.http.put(f"{path}/notice", json=said, headers=bruno.bearer)
    await night(newsroom)
    one = (await ana.get(path)).json()
    assert (one["notice"], one["notice_doi"], bool(one["asked_at"])) == (
        "concern",
        "10.5555/aviso",
        True,
    )


async def test_a_publication_stays_due_while_every_source_is_down(
    newsroom: Newsroom, world: World
) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    entry = (await resolved(ana, doi=DOI)).json()["reference"]
    await newsroom.published(ana, bruno, scientific_references=[{"doi": DOI}])
    world.down = {"crossref", "europe", "pubmed"}
    await night(newsroom)
    assert (await ana.get(f"{REFERENCES}/{entry['id']}")).json()["asked_at"] is None


async def test_the_doctor_says_which_sources_do_not_answer(
    newsroom: Newsroom, world: World
) -> None:
    jo = await newsroom.journalist()
    well = await sources_answer(newsroom.cms.host)
    assert (well.is_well, well.message) == (True, "may be asked: crossref, europe_pmc, pubmed")
    world.down = {"crossref"}
    for _ in range(5):
        # A number that Crossref alone is asked about.
        assert (await resolved(jo, isbn="9788500000003")).status_code == 503
    ill = await sources_answer(newsroom.cms.host)
    assert (ill.is_well, ill.message) == (False, "do not answer: crossref")


async def test_slow_sources_take_no_connections_from_everybody_else(
    newsroom: Newsroom, world: World, monkeypatch
) -> None:
    jo = await newsroom.journalist()
    world.council.answers = [server.silence]
    monkeypatch.setattr(asking, "PATIENCE", 1.0)
    asked = [resolved(jo, doi=f"10.5555/lento-{number}") for number in range(8)]
    answers = await asyncio.gather(*asked)
    assert [one.status_code for one in answers] == [503] * 8
    assert sum("Many publications" in one.text for one in answers) == 4
    assert asking._room.taken == 0
