"""The library of a site: each publication once, whoever adds it, and what it said before."""

import asyncio

from tests.plugins.medical_review.conftest import REVIEWS, Newsroom
from tests.support.clinic import Person

REFERENCES = f"{REVIEWS}/references"
TRIAL = {
    "type": "article-journal",
    "title": "Ensaio inventado da cefaleia",
    "author": [{"family": "Inventada", "given": "Ana"}, {"family": "Fictício", "given": "Rui"}],
    "container-title": "Revista Inventada de Neurologia",
    "issued": {"date-parts": [[2021, 5, 3]]},
    "volume": "12",
    "issue": "3",
    "page": "100-109",
    "DOI": "10.5555/Inventado.2021.1",
}


async def added(by: Person, **fields):
    answer = await by.post(REFERENCES, {"csl": {**TRIAL, **fields}})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_publication_is_in_the_library_once_by_whichever_of_its_names(
    newsroom: Newsroom,
) -> None:
    jo = await newsroom.journalist()
    first = await added(jo, PMID="03330124")
    assert first["is_new"]
    reference = first["reference"]
    assert reference["key"] == "doi:10.5555/inventado.2021.1"
    assert reference["keys"] == ["doi:10.5555/inventado.2021.1", "pmid:3330124"]
    again = await added(jo, DOI="https://doi.org/10.5555/INVENTADO.2021.1", title="Outro título")
    assert (again["is_new"], again["reference"]) == (False, reference)
    by_pmid = await jo.post(
        REFERENCES, {"csl": {"type": "article-journal", "title": "x", "PMID": "3330124"}}
    )
    assert by_pmid.json()["reference"]["id"] == reference["id"]


async def test_without_identifiers_title_year_and_first_author_tell_two_apart(
    newsroom: Newsroom,
) -> None:
    jo = await newsroom.journalist()
    book = {"type": "book", "title": "Clínica da <i>Dor</i>", "DOI": None}
    first = await added(jo, **book)
    same = await added(jo, **{**book, "title": "clinica da dor."})
    newer = await added(jo, **book, issued={"date-parts": [[2024]]})
    assert same["reference"]["id"] == first["reference"]["id"]
    assert newer["is_new"]


async def test_two_people_who_add_one_publication_at_once_get_one_entry(
    newsroom: Newsroom,
) -> None:
    people = [await newsroom.journalist(f"jo.{n}") for n in range(6)]
    answers = await asyncio.gather(*(added(one) for one in people))
    assert len({one["reference"]["id"] for one in answers}) == 1
    assert sum(one["is_new"] for one in answers) == 1


async def test_every_fault_of_an_item_is_named_at_once(newsroom: Newsroom) -> None:
    jo = await newsroom.journalist()
    bad = {"type": "poema", "author": ["Ana"], "DOI": "11.1/x", "ISBN": "978-0-00-000000-1"}
    refused = await jo.post(REFERENCES, {"csl": bad})
    assert refused.status_code == 400
    faults = refused.json()["faults"]
    assert set(faults) == {"csl[type]", "csl[title]", "csl[author][0]", "csl[DOI]", "csl[ISBN]"}


async def test_scripts_in_an_item_are_not_stored(newsroom: Newsroom) -> None:
    jo = await newsroom.journalist()
    one = await added(jo, title="Dor <script>alert(1)</script><i>in vivo</i> & alívio")
    assert one["reference"]["title"] == "Dor <i>in vivo</i> & alívio"


async def test_the_library_is_searched_without_accents_and_read_page_by_page(
    newsroom: Newsroom,
) -> None:
    jo = await newsroom.journalist()
    ids = [(await added(jo, DOI=f"10.5555/{n}"))["reference"]["id"] for n in range(3)]
    page = (await jo.get(f"{REFERENCES}?q=ficticio 2021 CEFALEIA&limit=2")).json()
    rest = (await jo.get(f"{REFERENCES}?q=cefaleia&limit=2&before={page['next']}")).json()
    found = [one["id"] for one in (*page["references"], *rest["references"])]
    assert found == sorted(ids, reverse=True)
    assert rest["next"] is None
    assert (await jo.get(f"{REFERENCES}?q=nada")).json() == {"references": [], "next": None}
    assert (await jo.get(f"{REFERENCES}?limit=101")).status_code == 400
    assert (await jo.get(f"{REFERENCES}?notice=burnt")).status_code == 400


async def test_only_reviewers_change_an_entry_and_each_version_is_kept(newsroom: Newsroom) -> None:
    jo, bruno = await newsroom.journalist(), await newsroom.reviewer()
    one = (await added(jo))["reference"]
    wanted = {"csl": {**TRIAL, "title": "Título corrigido"}, "version": 1}
    path = f"{REFERENCES}/{one['id']}"
    answer = await newsroom.cms.http.put(path, json=wanted, headers=jo.bearer)
    assert answer.status_code == 403
    changed = await newsroom.cms.http.put(path, json=wanted, headers=bruno.bearer)
    assert (changed.json()["title"], changed.json()["version"]) == ("Título corrigido", 2)
    late = await newsroom.cms.http.put(path, json=wanted, headers=bruno.bearer)
    assert (late.status_code, late.json()["version"]) == (409, 2)
    kept = (await jo.get(f"{path}/versions")).json()
    assert [(v["version"], v["csl"]["title"], v["by"]) for v in kept] == [
        (2, "Título corrigido", bruno.id),
        (1, TRIAL["title"], jo.id),
    ]


async def test_merging_keeps_every_name_and_frees_nobody_elses(newsroom: Newsroom) -> None:
    jo, bruno = await newsroom.journalist(), await newsroom.reviewer()
    by_doi = (await added(jo))["reference"]
    by_pmid = (await added(jo, DOI=None, PMID="44444444"))["reference"]
    assert by_doi["id"] != by_pmid["id"]
    path = f"{REFERENCES}/{by_pmid['id']}"
    assert (await jo.post(f"{path}/merge", {"into": by_doi["id"]})).status_code == 403
    assert (await bruno.post(f"{path}/merge", {"into": by_pmid["id"]})).status_code == 400
    merged = await bruno.post(f"{path}/merge", {"into": by_doi["id"]})
    assert merged.status_code == 200, merged.text
    assert merged.json()["keys"] == ["doi:10.5555/inventado.2021.1", "pmid:44444444"]
    assert (await jo.get(path)).json()["merged_into"] == by_doi["id"]
    again = await bruno.post(f"{path}/merge", {"into": by_doi["id"]})
    assert again.status_code == 409
    assert not (await added(jo, DOI=None, PMID="44444444"))["is_new"]
    listed = (await jo.get(REFERENCES)).json()["references"]
    assert [one["id"] for one in listed] == [by_doi["id"]]


async def test_what_a_journal_said_later_is_noted_and_can_be_taken_back(newsroom: Newsroom) -> None:
    jo, bruno = await newsroom.journalist(), await newsroom.reviewer()
    path = f"{REFERENCES}/{(await added(jo))['reference']['id']}/notice"
    put = newsroom.cms.http.put
    said = {"notice": "retracted", "notice_doi": "doi:10.5555/Aviso"}
    assert (await put(path, json=said, headers=jo.bearer)).status_code == 403
    noted = (await put(path, json=said, headers=bruno.bearer)).json()
    assert (noted["notice"], noted["notice_doi"]) == ("retracted", "10.5555/aviso")
    assert noted["noticed_at"]
    assert len((await jo.get(f"{REFERENCES}?notice=retracted")).json()["references"]) == 1
    lifted = (await put(path, json={"notice": None}, headers=bruno.bearer)).json()
    assert (lifted["notice"], lifted["noticed_at"]) == (None, None)
    assert (await put(path, json={"notice": "x"}, headers=bruno.bearer)).status_code == 400


async def test_the_library_of_another_site_is_another_one(newsroom: Newsroom) -> None:
    jo = await newsroom.journalist()
    one = (await added(jo))["reference"]
    async with newsroom.cms.other() as other:
        stranger = await other.person("zeca.outro", ["editor"])
        assert (await stranger.get(REFERENCES)).json()["references"] == []
        assert (await stranger.get(f"{REFERENCES}/{one['id']}")).status_code == 404
    visitor = await newsroom.cms.http.get(REFERENCES)
    assert visitor.status_code == 401
    subscriber = await newsroom.cms.person("lia.leitora", ["subscriber"])
    assert (await subscriber.get(REFERENCES)).status_code == 403


async def test_without_a_contact_nobody_outside_is_asked(newsroom: Newsroom) -> None:
    jo = await newsroom.journalist()
    off = await jo.post(f"{REFERENCES}/resolve", {"doi": "10.5555/x"})
    assert off.status_code == 409
    assert "by hand" in off.json()["detail"]
    await added(jo, DOI="10.5555/x")
    assert (await jo.post(f"{REFERENCES}/resolve", {"doi": "10.5555/X"})).status_code == 200
