"""What reviews add to the form of a text: its references, and checks while it is written."""

from tests.admin.conftest import Visiting
from tests.admin.test_posts_edit import opened, stored
from tests.support.clinic import Clinic

DOI = "10.1056/NEJMoa2034577"


async def test_references_are_listed_in_lines_and_keep_their_copies(
    cms: Clinic, visitor: Visiting
) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    made = await cms.draft(
        eva, base="medical-articles", scientific_references=[{"doi": DOI, "title": "Vacina"}]
    )
    seen, form = await opened(page, made["id"])
    assert form["references"] == f"doi:{DOI.lower()}"
    assert "not cited yet" in seen.words
    lines = f"{form['references']}\npmid:33301246\nUm livro antigo"
    told = await page.send(f"/admin/posts/{made['id']}", {**form, "references": lines})
    assert told.status == 303, told.words
    listed = (await stored(cms, "eva", made["id"], "medical-articles"))["scientific_references"]
    assert listed[0]["title"] == "Vacina"
    assert listed[1]["pmid"] == "33301246"
    assert listed[2]["title"] == "Um livro antigo"


async def test_the_library_is_searched_from_the_form(cms: Clinic, visitor: Visiting) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    csl = {"type": "article-journal", "title": "Safety of a vaccine", "DOI": DOI}
    added = await eva.post("/api/v1/reviews/references", {"csl": csl})
    assert added.status_code == 201, added.text
    found = (await page.get("/admin/reviews/references/find?q=vaccine")).response.json()
    assert [one["key"] for one in found] == [f"doi:{DOI.lower()}"]
    known = await page.send("/admin/reviews/references/add", {"value": f"https://doi.org/{DOI}"})
    assert known.response.json()["key"] == f"doi:{DOI.lower()}"
    refused = await page.send("/admin/reviews/references/add", {"value": "um título"})
    assert (refused.status, "DOI" in refused.response.json()["told"]) == (422, True)


async def test_a_text_is_checked_while_it_is_written(cms: Clinic, visitor: Visiting) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    made = await cms.draft(eva, base="medical-articles")
    seen, form = await opened(page, made["id"])
    assert "Checks while you write" in seen.words
    sent = {**form, "content": "<p>Cura garantida: resultado 100% garantido.</p>"}
    checked = await page.send("/admin/reviews/checks", sent)
    assert checked.status == 200
    assert checked.tree.css_first(".objections li") is not None
    assert "garanti" in checked.response.text


async def test_what_was_sent_back_waits_on_its_authors_first_page(
    newsroom, ana, review, visitor: Visiting
) -> None:
    at_home = await visitor(ana.login, ["author"])
    assert "Sent back to you" not in (await at_home.get("/admin")).words
    bruno = await newsroom.reviewer()
    sent = {
        "verdict": "send_back",
        "content_hash": review["content_hash"],
        "comment": "Falta dose.",
    }
    decided = await bruno.post(f"/api/v1/reviews/{review['id']}/decision", sent)
    assert decided.status_code == 200, decided.text
    seen = await at_home.get("/admin")
    assert "Sent back to you" in seen.words
    assert f"/admin/posts/{review['post_id']}" in seen.links
