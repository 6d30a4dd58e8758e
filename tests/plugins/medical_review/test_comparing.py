"""Any two revisions of a post, compared through the real door."""

from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.plugins.medical_review.conftest import REVIEWS, TEXT


def paragraph(words: str) -> str:
    return f"<!-- wp:paragraph -->\n<p>{words}</p>\n<!-- /wp:paragraph -->"


async def diff(person, post, **query):
    found = await person.get(f"{REVIEWS}/diff/{post['id']}", params=query)
    assert found.status_code == 200, found.text
    return found.json()


async def test_a_changed_dose_is_seen_word_by_word(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, content=paragraph("Tome 2,5 mg ao dia."))
    await newsroom.edit(post, ana, content=paragraph("Tome 25 mg ao dia."))
    found = await diff(ana, post)
    [block] = found["blocks"]
    told = [(one["op"], one["before"], one["after"]) for one in block["words"]]
    assert (block["op"], ("replace", " 2,5", " 25") in told) == ("change", True)
    assert found["totals"]["words_inserted"] == found["totals"]["words_deleted"] == 1
    assert (found["before"]["editor"], found["is_same"]) == ("Ana Medica", False)


async def test_any_two_revisions_can_be_compared_in_both_directions(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, content=paragraph("Um."))
    for words in ("Um. Dois.", "Um. Dois. Três."):
        await newsroom.edit(post, ana, content=paragraph(words))
    now = await diff(ana, post)
    middle, last = now["before"]["revision_id"], now["after"]["revision_id"]
    first = (await diff(ana, post, to=middle))["before"]["revision_id"]
    forth = await diff(ana, post, **{"from": first, "to": last})
    back = await diff(ana, post, **{"from": last, "to": first})
    assert forth["totals"]["words_inserted"] == back["totals"]["words_deleted"] == 2
    assert (await diff(ana, post, **{"from": last, "to": last}))["is_same"]


async def test_a_live_text_is_what_a_working_one_is_compared_with(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    live = (await diff(ana, post))["after"]["revision_id"]
    for words in ("Um.", "Dois."):
        await newsroom.edit(post, ana, content=paragraph(words))
    assert (await diff(bruno, post))["before"]["revision_id"] == live


async def test_terms_are_told_by_name_and_pictures_by_their_words(newsroom):
    """A version that forgets what it was filed under, or which picture it showed, proves
    nothing."""
    ana = await newsroom.physician()
    admin = await newsroom.cms.person("rita.admin", ["administrator"])
    term = (await admin.post("/wp-json/wp/v2/categories", {"name": "Neurologia"})).json()["id"]
    image = '<!-- wp:image -->\n<figure><img src="/a.png" alt="{}"/></figure>\n<!-- /wp:image -->'
    post = await newsroom.article(ana, content=image.format("Um rim"))
    changed = {"content": image.format("Dois rins"), "categories": [term]}
    await newsroom.edit(post, ana, **changed, scientific_references=[{"pmid": "12"}])
    found = await diff(ana, post)
    [filed] = found["terms"]
    assert (filed["taxonomy"], filed["added"]) == ("category", [{"id": term, "name": "Neurologia"}])
    [picture] = found["media"]
    assert (picture["op"], picture["alt_before"], picture["alt_after"]) == (
        "change",
        "Um rim",
        "Dois rins",
    )
    ops = {(one["op"], one["after_place"]) for one in found["references"]}
    assert ops == {("delete", None), ("insert", 1)}
    assert not [one for one in found["fields"] if "references" in one["field"]]


async def test_the_page_tells_each_change_without_colour(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, content=TEXT)
    await newsroom.edit(post, ana, content=TEXT.replace("repouso", "<b>sono</b>"), title="Outra")
    address = f"{REVIEWS}/diff/{post['id']}/page"
    read = await ana.get(address)
    assert read.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src" not in read.headers["content-security-policy"]
    assert "default-src 'none'" in read.headers["content-security-policy"]
    assert '<html lang="pt-BR">' in read.text
    assert "início do trecho inserido" in read.text
    assert '<del><span class="unseen"> [início do trecho excluído: </span> repouso' in read.text
    assert "<code>&lt;b&gt;</code>" in read.text
    assert "<b>" not in read.text
    assert '<th scope="row">Título</th>' in read.text
    assert 'href="#a0"' in read.text
    assert 'id="a0"' in read.text
    assert "Blocos sem alteração: 1" in read.text
    english = await ana.get(f"{address}?language=en")
    assert '<html lang="en">' in english.text
    assert "start of insertion" in english.text


async def test_nothing_that_a_text_holds_is_run_by_the_page(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, content=paragraph("Um."))
    await newsroom.edit(post, ana, title="A <em>dor</em>", seo_title="5 > 4 & 3")
    read = (await ana.get(f"{REVIEWS}/diff/{post['id']}/page")).text
    assert "<em>" not in read
    assert "5 &gt; 4 &amp; 3" in read


async def test_strangers_see_no_difference(newsroom, cms):
    ana, jo = await newsroom.physician(), await newsroom.journalist()
    post, other = await newsroom.article(ana), await newsroom.article(ana)
    plain = await cms.draft(ana, "posts")
    theirs = (await diff(ana, other))["after"]["revision_id"]
    for address in (f"{REVIEWS}/diff/{post['id']}", f"{REVIEWS}/diff/{post['id']}/page"):
        assert (await jo.get(address)).status_code == 403
        assert (await cms.http.get(address)).status_code == 401
        assert (await ana.get(f"{address}?from={theirs}")).status_code == 404
        assert (
            await ana.get(address.replace(str(post["id"]), str(plain["id"])))
        ).status_code == 404


@pytest.mark.parametrize("query", ["from=x", "to=99999999999999999999"])
async def test_a_revision_is_named_by_its_number(newsroom, query):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    refused = await ana.get(f"{REVIEWS}/diff/{post['id']}?{query}")
    assert refused.status_code == 400


async def test_who_hears_the_page_hears_every_change_and_finds_it(newsroom):
    ana = await newsroom.physician()
    group = "<!-- wp:group -->\n<div>{}</div>\n<!-- /wp:group -->"
    old = group.format(paragraph("A dor de cabeça passa.") + paragraph("Beba muita água."))
    new = group.format(paragraph("A dor de cabeça fica.") + paragraph("Durma.")) + paragraph("Fim.")
    post = await newsroom.article(ana, content=old)
    await newsroom.edit(post, ana, content=new, title="Outra")
    read = await ana.get(f"{REVIEWS}/diff/{post['id']}/page?language=en")
    page = LexborHTMLParser(read.text)
    for marked in page.css("ins, del"):
        spoken = [one.attributes for one in marked.css("span.unseen")]
        assert [one["lang"] for one in spoken] == ["en", "en"]
    assert {one.attributes["lang"] for one in page.css("main p[lang]")} == {"pt-BR"}
    levels = [int(one.tag[1]) for one in page.css("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    targets = [one.attributes["href"] for one in page.css("td a, th a")]
    assert targets
    assert all(page.css_first(target) is not None for target in targets)
    ids = [one.attributes["id"] for one in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert {one.attributes["scope"] for one in page.css("th")} == {"col", "row"}
