"""Citations in a text, and the list of what it rests on, as readers get them."""

import re

from cms.jobs.worker import build_queue
from tests.plugins.medical_review.conftest import TEXT, Newsroom
from tests.plugins.medical_review.test_library import REFERENCES, TRIAL, added

FIRST, SECOND = "10.5555/primeiro", "10.5555/segundo"


async def work_off(cms) -> None:
    """Let a worker do what waits in the queue."""
    async with build_queue(cms.host).open_async() as queue:
        for _ in range(2):
            await queue.run_worker_async(wait=False, install_signal_handlers=False)


def cite(*names: str) -> str:
    return f'<sup class="cms-citation" data-cms-ref="{" ".join(names)}">9</sup>'


def paragraph(text: str) -> str:
    return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"


CITING = "\n\n".join(
    (
        paragraph(f"Dose de 5 mg{cite('doi:' + SECOND)} ao dia."),
        paragraph(f"Repouso ajuda{cite('doi:' + FIRST, 'doi:' + SECOND)}."),
    )
)


async def library(newsroom: Newsroom, by) -> None:
    await added(by, DOI=FIRST, title="Primeiro ensaio")
    await added(by, DOI=SECOND, title="Segundo ensaio")


def lines(html: str) -> list[str]:
    return re.findall(r"<li id=[^>]*>(.*)</li>", html)


def labels(html: str) -> list[str]:
    marks = re.findall(r'<(sup|span) class="cms-citation"[^>]*>(.*?)</\1>', html)
    return [re.sub("<[^>]*>", "", inner) for _, inner in marks]


async def test_citations_are_numbered_by_first_mention_and_listed_in_that_order(
    newsroom: Newsroom,
) -> None:
    ana = await newsroom.physician()
    await library(newsroom, ana)
    references = [{"doi": FIRST}, {"doi": SECOND}]
    article = await newsroom.article(ana, content=CITING, scientific_references=references)
    html = article["content"]["rendered"]
    assert labels(html) == ["1", "1,2"]
    assert [line.partition(". ")[2].partition(".")[0] for line in lines(html)] == [
        "Segundo ensaio",
        "Primeiro ensaio",
    ]
    said = "Inventada A, Fictício R. Segundo ensaio. Revista Inventada de Neurologia. 2021;12(3)"
    assert said in html
    assert 'href="https://doi.org/10.5555/segundo"' in html
    assert "<h2>Referências</h2>" in html
    # What is stored is what was written, also the number that says nothing.
    assert article["content"]["raw"] == CITING
    assert "5 mg ao dia" in article["excerpt"]["rendered"]


async def test_old_texts_without_citations_are_shown_as_before(newsroom: Newsroom) -> None:
    ana = await newsroom.physician()
    article = await newsroom.article(ana)
    assert "cms-references" not in article["content"]["rendered"]
    assert article["scientific_references"] == [{"title": "Diretriz inventada"}]


async def test_the_list_stands_where_its_block_or_shortcode_is(newsroom: Newsroom) -> None:
    ana = await newsroom.physician()
    block = f"{TEXT}\n\n<!-- wp:cms/references /-->\n\n{paragraph('Fim.')}"
    shown = (await newsroom.article(ana, content=block))["content"]["rendered"]
    assert shown.index("Diretriz inventada") < shown.index("Fim.")
    classic = "Texto.\n\n[medical_references]\n\nFim."
    shown = (await newsroom.article(ana, content=classic))["content"]["rendered"]
    assert shown.index("Texto.") < shown.index("Diretriz inventada") < shown.index("Fim.")
    assert "<p><section" not in shown


async def test_a_mark_of_any_wordpress_editor_survives_saving(newsroom: Newsroom) -> None:
    ana = await newsroom.physician()
    doi = "doi:10.1002/(sici)1097-0258(19980815/30)17:15/16"
    typed = paragraph(f"Área de 2 m<sup>2</sup>{cite(doi)}.")
    article = await newsroom.article(ana, content=typed)
    assert article["content"]["raw"] == typed
    assert "m<sup>2</sup>" in article["content"]["rendered"]
    assert labels(article["content"]["rendered"]) == ["?"]


async def test_an_author_cannot_smuggle_markup_through_a_reference(newsroom: Newsroom) -> None:
    ana = await newsroom.physician()
    evil = {"doi": FIRST, "csl": {"type": "book", "title": "<img src=x onerror=alert(1)>&lt;b"}}
    text = paragraph(f"Dor{cite('doi:' + FIRST, 'doi:x&quot;><script>')}.")
    answer = await newsroom.article(ana, content=text, scientific_references=[evil])
    html = answer["content"]["rendered"]
    assert "<script" not in html
    assert "onerror" not in html


async def test_an_approved_text_keeps_its_copy_whatever_the_library_says_later(
    newsroom: Newsroom,
) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    await library(newsroom, ana)
    article = await newsroom.article(
        ana, content=CITING, scientific_references=[{"doi": FIRST}, {"doi": SECOND}]
    )
    kept = article["scientific_references"][0]
    assert (kept["version"], kept["csl"]["title"], kept["title"]) == (
        1,
        "Primeiro ensaio",
        "Primeiro ensaio",
    )
    await newsroom.approve(article, ana, bruno)
    live = await newsroom.edit(article, ana, status="publish")
    entry = (await ana.get(f"{REFERENCES}?q=Primeiro")).json()["references"][0]
    changed = {"csl": {**TRIAL, "DOI": FIRST, "title": "Outro título"}, "version": 1}
    put = newsroom.cms.http.put
    answer = await put(f"{REFERENCES}/{entry['id']}", json=changed, headers=bruno.bearer)
    assert answer.status_code == 200
    await work_off(newsroom.cms)
    now = await newsroom.read(article)
    assert now["content"]["rendered"] == live["content"]["rendered"]
    # Sent back whole, or by a client that knows no copies: nothing has changed.
    for same in (
        now["scientific_references"],
        [{"doi": FIRST, "title": "Primeiro ensaio"}, {"doi": SECOND, "title": "Segundo ensaio"}],
    ):
        saved = await newsroom.edit(article, ana, scientific_references=same)
        assert saved["medical_approval_status"] == "approved"
    newer = [{**now["scientific_references"][0], "version": 2}, now["scientific_references"][1]]
    moved = await newsroom.edit(article, ana, scientific_references=newer)
    assert moved["medical_approval_status"] == "stale"
    assert "Outro título" in moved["content"]["rendered"]
    missing = await newsroom.change(
        article, ana, scientific_references=[{"doi": FIRST, "version": 7}]
    )
    assert missing.status_code == 400
    assert "no version 7" in missing.text


async def test_a_retraction_is_shown_to_readers_by_a_job_and_taken_back_too(
    newsroom: Newsroom,
) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    await library(newsroom, ana)
    references = [{"doi": FIRST}, {"doi": SECOND}]
    article = await newsroom.published(ana, bruno, content=CITING, scientific_references=references)
    entry = (await ana.get(f"{REFERENCES}?q=Primeiro")).json()["references"][0]
    path, put = f"{REFERENCES}/{entry['id']}", newsroom.cms.http.put
    uses = (await bruno.get(f"{path}/uses")).json()["uses"]
    assert [(use["post_id"], use["is_live"]) for use in uses] == [(article["id"], True)]
    said = {"notice": "retracted", "notice_doi": "10.5555/aviso"}
    await put(f"{path}/notice", json=said, headers=bruno.bearer)
    await work_off(newsroom.cms)
    shown = lines((await newsroom.read(article))["content"]["rendered"])
    assert ["Retratado" in line for line in shown] == [False, True]
    assert "https://doi.org/10.5555/aviso" in shown[1]
    await put(f"{path}/notice", json={"notice": None}, headers=bruno.bearer)
    await work_off(newsroom.cms)
    assert "Retratado" not in (await newsroom.read(article))["content"]["rendered"]


async def test_a_site_chooses_its_style_and_stored_texts_follow(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    admin = await newsroom.cms.person("dona.marina", ["administrator"])
    await library(newsroom, ana)
    references = [{"doi": FIRST}, {"doi": SECOND}]
    article = await newsroom.published(ana, bruno, content=CITING, scientific_references=references)
    put, path = newsroom.cms.http.put, f"{REFERENCES}/style"
    assert (await put(path, json={"style": "apa"}, headers=ana.bearer)).status_code == 403
    unknown = await put(path, json={"style": "x"}, headers=admin.bearer)
    assert unknown.status_code == 400, unknown.text
    for style, label, start in (
        ("abnt", "(Inventada; Fictício, 2021)", "FICTÍCIO, R"),
        ("apa", "(Inventada &amp; Fictício, 2021)", "Inventada, A., &amp; Fictício, R. (2021)"),
    ):
        assert (await put(path, json={"style": style}, headers=admin.bearer)).status_code == 200
        await work_off(newsroom.cms)
        html = (await newsroom.read(article))["content"]["rendered"]
        assert labels(html)[0] == label
        assert any(start in line for line in lines(html))
    assert (await ana.get(path)).json()["style"] == "apa"


async def test_drafts_of_others_are_not_told_by_what_they_rest_on(newsroom: Newsroom) -> None:
    ana, jo = await newsroom.physician(), await newsroom.journalist()
    await library(newsroom, ana)
    await newsroom.article(ana, content=CITING, scientific_references=[{"doi": FIRST}])
    entry = (await ana.get(f"{REFERENCES}?q=Primeiro")).json()["references"][0]
    path = f"{REFERENCES}/{entry['id']}/uses"
    assert len((await ana.get(path)).json()["uses"]) == 1
    assert (await jo.get(path)).json()["uses"] == []


async def test_a_merged_publication_changes_no_text_that_names_it(newsroom: Newsroom) -> None:
    """Saving without a change keeps the approval, and so does bringing back an older revision."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    gone = (await added(ana, DOI=None, PMID="123", title="Primeiro ensaio"))["reference"]
    stays = (await added(ana, DOI=FIRST, title="O mesmo ensaio"))["reference"]
    article = await newsroom.article(ana, scientific_references=[{"pmid": "123"}])
    await newsroom.approve(article, ana, bruno)
    path = f"{REFERENCES}/{gone['id']}/merge"
    assert (await bruno.post(path, {"into": stays["id"]})).status_code == 200
    kept = article["scientific_references"]
    changed = await newsroom.edit(article, ana, scientific_references=[])
    assert changed["medical_approval_status"] == "stale"
    back = await newsroom.edit(article, ana, scientific_references=kept)
    assert back["scientific_references"] == kept
    assert back["medical_approval_status"] == "approved"
    # A copy that the library never gave does not say that it did: it is the author's own.
    own = [{**kept[0], "csl": {**kept[0]["csl"], "title": "Inventado"}}]
    told = await newsroom.edit(article, ana, scientific_references=own)
    assert told["scientific_references"][0]["csl"]["title"] == "Inventado"
    assert "version" not in told["scientific_references"][0]
