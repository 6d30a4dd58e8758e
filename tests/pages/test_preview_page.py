"""A text by its link, as readers would see it in the theme."""

import pytest

from tests.pages.conftest import Site
from tests.plugins.medical_review.conftest import Newsroom

PREVIEWS = "/api/v1/previews"


async def page_of(by, post_id, **more):
    answer = await by.post(PREVIEWS, {"post_id": post_id, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()["page"].removeprefix("http://clinica.example")


@pytest.mark.parametrize("is_served", [True, False])
async def test_a_draft_is_shown_as_readers_would_see_it(site: Site, is_served: bool) -> None:
    """Also for a site whose pages another front end draws."""
    await site.cms.set_options(serves_pages=is_served)
    draft = await site.cms.draft(site.editor, title="Em obras", content="<p>Segredo.</p>")
    seen = await site.see(await page_of(site.editor, draft["id"]))
    assert (seen.status, seen.text("h1")) == (200, "Em obras")
    assert "Segredo." in seen.text(".prose")
    assert seen.text(".preview-bar strong") == "Prévia"
    assert "vale até" in seen.text(".preview-bar p")
    headers = seen.answer.headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-src 'self'" in headers["content-security-policy"]
    assert seen.values("meta[name=robots]", "content") == ["noindex, nofollow"]
    assert seen.tree.css_first("link[rel=canonical]") is None
    assert seen.tree.css_first("script") is None


async def test_a_phone_is_a_frame_of_its_width(site: Site) -> None:
    draft = await site.cms.draft(site.editor, title="Em obras")
    address = await page_of(site.editor, draft["id"])
    seen = await site.see(f"{address}&width=phone")
    assert seen.values("iframe", "width") == ["390"]
    assert seen.values(".preview-bar [aria-current=page]", "href")[0].endswith("width=phone")
    (inside,) = seen.values("iframe", "src")
    framed = await site.see(inside)
    assert (framed.text("h1"), framed.texts(".preview-bar")) == ("Em obras", [])


async def test_a_link_that_opens_nothing_is_a_page_too(site: Site) -> None:
    draft = await site.cms.draft(site.editor)
    address = await page_of(site.editor, draft["id"])
    for nothing in ("/preview", "/preview?token=x", address[:-3] + "AAA"):
        seen = await site.see(nothing)
        assert (seen.status, seen.text("h1")) == (401, "Este link não abre nada")
        assert seen.answer.headers["referrer-policy"] == "no-referrer"
    await site.editor.delete(f"{PREVIEWS}/{draft['id']}")
    assert (await site.see(address)).status == 401


async def test_a_medical_text_says_who_answers_before_it_is_reviewed(site: Site, tmp_path) -> None:
    newsroom = Newsroom(site.cms, tmp_path / "rosters")
    physician = await newsroom.physician()
    article = await newsroom.article(
        physician, content_nature="sponsored", sponsor="Empresa & Inventada"
    )
    seen = await site.see(await page_of(physician, article["id"]))
    assert "CRM-SP" in seen.text("header .byline")
    assert seen.text(".mark") == "Conteúdo patrocinado · Empresa & Inventada"
    assert "Diretriz inventada" in seen.text(".cms-references")
    assert seen.text(".is-disclaimer") == "Este texto não substitui a consulta."
    assert seen.texts(".reviewer") == []
