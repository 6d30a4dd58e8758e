"""What reference managers export becomes entries of the library."""

from collections.abc import Callable
from itertools import islice

import pytest

from plugins.medical_review.references.formats.bibtex import read_bibtex
from tests.plugins.medical_review.conftest import REVIEWS, Newsroom
from tests.support.costs import assert_in_proportion

IMPORT = f"{REVIEWS}/references/import"
BIBTEX = r"""
% from a manager
@comment{nothing}
@article{inventada2021,
  title = {Cefaleia em {SP}: um estudo \& mais},
  author = {Inventada, Ana and Jo{\~a}o Fict{\'i}cio and {Minist{\'e}rio da Sa{\'u}de}},
  journal = "Revista Inventada",
  year = 2021, month = may, volume = {12}, number = {3}, pages = {100--109},
  doi = {10.5555/inventado_2021.1}
}
@book{livro, title = {Clínica {\"U}bung}, publisher = {Editora Inventada}, year = {2019},
  address = {São Paulo}, isbn = {978-85-00-00000-3}}
"""
RIS = """TY  - JOUR
AU  - Inventada, Ana
AU  - Fictício, Rui
TI  - Cefaleia em SP
JF  - Revista Inventada
PY  - 2021/05/03
VL  - 12
IS  - 3
SP  - 100
EP  - 109
DO  - 10.5555/ris.1
ER  -
TY  - BOOK
T1  - Livro sem autor
SN  - 9788500000003
ER  -
"""


async def imported(by, form: str, text: str):
    answer = await by.post(IMPORT, {"format": form, "text": text})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_bibtex_with_accents_braces_and_institutions(newsroom: Newsroom) -> None:
    jo = await newsroom.journalist()
    article, book = (one["csl"] for one in (await imported(jo, "bibtex", BIBTEX))["added"])
    assert article == {
        "type": "article-journal",
        "title": "Cefaleia em SP: um estudo & mais",
        "author": [
            {"family": "Inventada", "given": "Ana"},
            {"family": "Fictício", "given": "João"},
            {"literal": "Ministério da Saúde"},
        ],
        "container-title": "Revista Inventada",
        "issued": {"date-parts": [[2021, 5]]},
        "volume": "12",
        "issue": "3",
        "page": "100-109",
        "DOI": "10.5555/inventado_2021.1",
    }
    assert (book["type"], book["title"]) == ("book", "Clínica Übung")
    assert (book["ISBN"], book["publisher-place"]) == ("9788500000003", "São Paulo")


async def test_ris_and_what_is_known_already(newsroom: Newsroom) -> None:
    jo = await newsroom.journalist()
    first = await imported(jo, "ris", RIS)
    article, book = (one["csl"] for one in first["added"])
    assert (article["page"], article["issued"]) == ("100-109", {"date-parts": [[2021, 5, 3]]})
    assert [one["family"] for one in article["author"]] == ["Inventada", "Fictício"]
    assert book["ISBN"] == "9788500000003"
    again = await imported(jo, "ris", RIS)
    assert (again["added"], len(again["known"])) == ([], 2)


async def test_what_cannot_be_used_is_named_and_the_rest_is_added(newsroom: Newsroom) -> None:
    jo = await newsroom.journalist()
    text = '[{"type": "book", "title": "Bom"}, {"type": "book"}, 7]'
    done = await imported(jo, "csl-json", text)
    assert [one["title"] for one in done["added"]] == ["Bom"]
    assert [list(faults) for faults in done["refused"]] == [["items[1][title]"], ["items[2]"]]
    for form, wrong in (("csl-json", "{"), ("ris", "nothing"), ("endnote", "x")):
        refused = await jo.post(IMPORT, {"format": form, "text": wrong})
        assert refused.status_code == 400, form


@pytest.mark.parametrize(
    ("head", "unit", "end"),
    [
        ("@article{a,", " ", ""),
        ("", "@article{a, title = {", ""),
        ("@a{b,c={", "\\c ", ""),
        ("@a{b, author = {", " ", "and}}"),
        ("", "@", ""),
    ],
    ids=("spaces", "open braces", "accents", "authors", "at signs"),
)
def test_a_megabyte_of_nonsense_is_read_in_proportion(head: str, unit: str, end: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        text = head + unit * (size // len(unit)) + end
        return lambda: list(islice(read_bibtex(text), 500))

    assert_in_proportion(reading, 900_000)


async def test_a_file_is_bounded_and_deep_json_is_refused(newsroom: Newsroom) -> None:
    jo = await newsroom.journalist()
    book = '{"type": "book", "title": "Livro"}'
    for text in ("[" * 100_000, f"[{','.join([book] * 201)}]", " " * 1_000_001):
        refused = await jo.post(IMPORT, {"format": "csl-json", "text": text})
        assert refused.status_code == 400
        assert list(refused.json()["faults"]) == ["text"]
